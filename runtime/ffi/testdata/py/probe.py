"""What the tests of ffi call."""
import sys


def check(value, expression):
    """Value, if it is exactly what the expression makes: repr tells types, order, -0.0 and nan apart."""
    want = eval(expression, {"inf": float("inf"), "nan": float("nan")})
    if hasattr(sys, "set_int_max_str_digits"):
        sys.set_int_max_str_digits(0)
    assert repr(value) == repr(want), "%r is not %r" % (value, want)
    return value


def run(code, *args, **named):
    """Executes code, which knows args and named, and returns what it calls result."""
    names = {"__name__": __name__, "args": args, "named": named, "result": None}
    exec(code, names)
    return names["result"]


def echo(value):
    return value


def depth(value):
    """How deep value is nested in lists and dicts with a key "k", and what lies innermost, wrapped as deep."""
    levels = 0
    while value:
        value = value[0] if type(value) is list else value["k"]
        levels += 1
    result = []
    for _ in range(levels - 1):
        result = [result] if levels % 2 else {"k": result}
    return [levels, result]


def fails(how):
    try:
        return {}[how]
    except KeyError as error:
        raise Outer.Inner("cannot " + how) from error


class Outer:
    class Inner(ValueError, OSError):
        pass

    @classmethod
    def method(cls, a, *rest, flag=False, **named):
        return [cls.__name__, a, rest, flag, named]


class Callable:
    def __call__(self, x):
        return x + 1


plus_one = Callable()
not_callable = 3


async def fetch(url):
    import asyncio

    await asyncio.sleep(0)
    return url
