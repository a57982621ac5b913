"""Sources that fail on purpose, each in its own way."""

import os
import tempfile
import time

PRICES = {"market": {"tea": "3.20"}, "archive": {"coffee": "7.45"}, "drafty": {"tea": "3.10"}}


class Overloaded(ConnectionError):
    """A subclass: `on="ConnectionError"` covers it."""


def fetch(source, name):
    if source == "market" and times(source, name) <= 2:
        raise Overloaded(f"{source} is overloaded")
    if source == "drafty" and times(source, name) <= 2:
        return "not yet"
    if name not in PRICES[source]:
        raise KeyError(name)
    return PRICES[source][name]


def parse(text):
    return float(text)


def slow(seconds):
    time.sleep(seconds)


def times(source, name):
    """How often this was asked for by now, by any worker process of this run."""
    path = os.path.join(tempfile.gettempdir(), f"hark-retries-{os.getppid()}-{source}-{name}")
    with open(path, "a+") as f:
        f.write(".")
        f.seek(0)
        count = len(f.read())
    if count > 2:
        os.remove(path)
    return count
