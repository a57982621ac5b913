"""Python functions that leave a trace of each call in a file."""

import os


def trace(what):
    with open(os.environ["HARK_EFFECTS"], "ab", buffering=0) as file:
        file.write(f"{what}\n".encode())


def step(group, i, before):
    trace(f"step {group} {i} {before}")
    print(f"step {group} {i} works")
    return before * 2 + group + i + 1


def flaky(group, name):
    """Fails when it is called for the first time, whoever called it."""
    what = f"flaky {group} {name}"
    trace(what)
    with open(os.environ["HARK_EFFECTS"], encoding="utf-8") as file:
        if file.read().splitlines().count(what) < 2:
            raise ConnectionError(what)
    return len(name)
