# Findings that cite lines, which edits move.
from typing import Callable


def first(a: int) -> int:
    return a


def second(b: str) -> str:
    x: int = 1
    x: str = "a"
    return b + x


def first(a: str) -> str:
    total = a + "1"
    return total


class Shape:
    sides: int = 3
    sides: str = "three"

    def area(self) -> float:
        width = 1.0
        return width * 2

    def area(self, scale: int) -> float:
        height = 2
        return scale * height

    def name(self) -> str:
        self.label: str = "shape"
        self.label: str = "form"
        return self.label


class Shape:
    pass


def third() -> Callable[[], int]:
    def inner() -> int:
        return 1

    def inner() -> int:
        return 2

    return inner


limit = 1
limit: int = 2
print(third()() + 1)
