from collections import namedtuple
from enum import Enum

class Colour(Enum):
    RED = 1
    GREEN = 2

Pixel = namedtuple("Pixel", "x y colour")
total = 0
for i in range(150_000):
    p = Pixel(i, i + 1, Colour.GREEN if i % 2 else Colour.RED)
    total += p.y - p.x + (p.colour is Colour.RED)
assert total == 225_000
