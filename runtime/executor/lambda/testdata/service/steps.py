import os
import time
import urllib.request


def double(x):
    print("doubling", x)
    return 2 * x


def flaky(folder, x):
    """Fails once, whoever calls."""
    try:
        os.mkdir(os.path.join(folder, "failed"))
    except FileExistsError:
        return 10 * x
    raise ConnectionError("not yet")


def ask(url):
    """Takes as long as the one takes who answers."""
    print("asking")
    with urllib.request.urlopen(url) as answer:
        return answer.read().decode()


def forever():
    print("for ever")
    time.sleep(3600)


def append(path, text):
    with open(path, "a") as f:
        f.write(text + "\n")
    return text


def append_and_wait(path):
    append(path, "x")
    time.sleep(3600)


def secrets():
    return [name for name in os.environ if "RUNTIME_API" in name]
