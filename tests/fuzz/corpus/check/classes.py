import enum
from abc import ABC, abstractmethod
from dataclasses import InitVar, dataclass, field
from typing import ClassVar, Final, NamedTuple, NotRequired, Self, TypedDict


class Color(enum.Enum):
    RED = 1
    BLUE = "b"

    @property
    def low(self) -> str:
        return self.name.lower()


@dataclass(order=True, slots=True)
class Point:
    x: int
    y: int = field(default=0, kw_only=True)
    scale: InitVar[float] = 1.0
    count: ClassVar[int] = 0

    def __post_init__(self, scale: float) -> None:
        self.x *= int(scale)


class Movie(TypedDict, total=False):
    name: str
    year: NotRequired[int]


class Pair(NamedTuple):
    a: int
    b: "Pair | None" = None


class Base(ABC):
    limit: Final = 3

    @abstractmethod
    def area(self) -> float: ...

    @classmethod
    def make(cls) -> Self:
        return cls()

    def __add__(self, other: "Base") -> Self: ...


class Square(Base):
    @property
    def side(self) -> int:
        return self._side

    @side.setter
    def side(self, value: int) -> None:
        self._side = value

    def area(self) -> str:
        return super().area() + 1


m: Movie = {"name": "x", "yeer": 1}
Point(1, y=2) < Point(2)
Square().limit = 4
Pair(1)[2]
