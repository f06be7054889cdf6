"""Functions, methods and builtins called from within generators and generator expressions, and generators that C++ code drives."""


def scaled(x, factor=3):
    return x * factor


class Filter:
    def __init__(self, least):
        self.least = least

    def accepts(self, x, most=1000):
        return self.least <= x < most


def numbers(n, keep):
    for i in range(n):
        if keep.accepts(i % 1500):
            yield scaled(i), abs(-i), len("abc")


total = 0
for first, second, third in numbers(120_000, Filter(10)):
    total += first + second + third
total += sum(scaled(i) for i in range(120_000))
total += max(scaled(i, 2) for i in range(120_000))
assert any(scaled(i) == 299_997 for i in range(120_000)) and all(isinstance(x, int) for x in (i for i in range(120_000)))
assert total == 40_530_523_198, total
