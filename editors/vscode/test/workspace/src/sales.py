"""The sales of the shops."""

SALES = {
    "north": [("apples", 120, 9.5), ("pears", 80, 12.0)],
    "south": [("apples", 60, 9.5), ("plums", 40, 15.5)],
}


def read_sales(shop: str) -> list:
    """The sales of a shop.

    Each is a list: what was sold, how many, and the price.
    """
    return SALES[shop]


def total(rows: list) -> float:
    """What the rows have earned together."""
    return sum(units * price for _, units, price in rows)
