import csv

def regions(path):
    with open(path, newline="") as f:
        return sorted({row["region"] for row in csv.DictReader(f)})

def revenue(path, region):
    with open(path, newline="") as f:
        rows = csv.DictReader(f)
        return sum(int(r["units"]) * float(r["price"]) for r in rows if r["region"] == region)
