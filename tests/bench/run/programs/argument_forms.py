"""Calls with *args, **named, keyword-only parameters and decorators that pass everything on."""
import functools


def counted(function):
    @functools.wraps(function)
    def wrapper(*args, **named):
        wrapper.calls += 1
        return function(*args, **named)
    wrapper.calls = 0
    return wrapper


@counted
def area(width, height=2, *, scale=1):
    return width * height * scale


def collect(first, *rest, **named):
    return first + len(rest) + len(named)


def options(a, b=1, *, c=2, d=3):
    return a + b + c + d


total = 0
for i in range(60000):
    total += area(i, scale=2) + area(1, height=3)
    total += collect(i, 1, 2, x=3)
    total += options(i, d=1, c=5) + options(*(1, 2), **{"c": 3})
assert area.calls == 120000
assert total == 60000 * (3 + 3 + 7 + 9) + 6 * sum(range(60000)), total
