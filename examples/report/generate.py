"""Writes sales.csv, the same on every machine: python3 generate.py > sales.csv"""

import csv
import sys

REGIONS = ["Åland", "Bavaria", "Cornwall", "Dalarna", "Emilia", "Frisia", "Galicia"]
PRODUCTS = [("tea, green", "3.20"), ("tea, black", "2.80"), ("coffee", "7.45"), ('mug "large"', "11.90"), ("kettle", "38.50")]


def numbers(seed=2463534242):
    """Marsaglia's xorshift, 32 bits: small, and the same everywhere."""
    while True:
        seed ^= (seed << 13) & 0xFFFFFFFF
        seed ^= seed >> 17
        seed ^= (seed << 5) & 0xFFFFFFFF
        yield seed


def main(rows=7000):
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["order", "region", "product", "units", "price"])
    random = numbers()
    for order in range(1, rows + 1):
        region = REGIONS[min(next(random) % 9, len(REGIONS) - 1)]
        product, price = PRODUCTS[next(random) % len(PRODUCTS)]
        out.writerow([order, region, product, 1 + next(random) % 12, price])


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    main()
