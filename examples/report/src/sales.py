"""Reading a large CSV file by parts, with the csv module."""

import csv
import io
import os


def parts(path, count):
    """Cuts the file behind its header into about `count` byte ranges that end at line ends."""
    size = os.path.getsize(path)
    with open(path, "rb") as f:
        start = len(f.readline())
        ranges, step = [], max(1, (size - start) // count)
        while start < size:
            f.seek(min(size, start + step))
            f.readline()
            end = f.tell()
            ranges.append([start, end])
            start = end
    return ranges


def summarise(path, start, end):
    """Orders, units and revenue (in cents) by region, of one part."""
    with open(path, "rb") as f:
        header = f.readline().decode()
        f.seek(start)
        text = f.read(end - start).decode()
    totals = {}
    for row in csv.DictReader(io.StringIO(header + text, newline="")):
        t = totals.setdefault(row["region"], {"orders": 0, "units": 0, "cents": 0})
        units = int(row["units"])
        t["orders"] += 1
        t["units"] += units
        t["cents"] += units * round(float(row["price"]) * 100)
    return totals


def table(title, rows):
    """The rows as lines of text."""
    lines = [f"{title:<12}{'orders':>8}{'units':>8}{'revenue':>12}"]
    lines += [f"{region:<12}{orders:>8}{units:>8}{cents / 100:>12.2f}" for region, orders, units, cents in rows]
    return lines
