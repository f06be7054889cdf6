import enum
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

T = TypeVar("T")


class Color(enum.Enum):
    RED = 1
    GREEN = 2

    @property
    def dark(self) -> bool:
        return self is Color.RED


@dataclass
class Point:
    x: int
    y: int = 0
    tags: list[str] = field(default_factory=list)

    def shifted(self, by: int) -> "Point":
        total = self.x + by
        return Point(total, self.y)


class Box(Generic[T]):
    def __init__(self, item: T) -> None:
        self.item = item
        self.count = 0
        self.seen = []

    def get(self) -> T:
        self.count += 1
        self.seen.append(self.count)
        return self.item

    def wrong(self) -> int:
        value = self.get()
        return value


class Named(Protocol):
    name: str

    def shout(self) -> str: ...


class Dog:
    name = "dog"
    legs: int = "four"

    def shout(self) -> str:
        def inner(times):
            return self.name * times

        return inner(3)


limit = 3
names = []
names.append("a")
box = Box(limit)
point = Point(1, "2")
if limit > 2:
    other = box.get()
else:
    other = None
print(other + 1)


def use(thing: Named) -> None:
    for i in range(limit):
        if i == 2:
            last = i
    print(last, thing.name.upper(), thing.missing)


use(Dog())
use(point)
