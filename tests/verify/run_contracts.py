"""`krait run --contracts`: values that break annotations are reported with the checker's codes and both places.

usage: run_contracts.py KRAIT
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

# A line's comment is what is reported there: `E: code`, several separated by blanks.
PROGRAM = """\
from typing import Any, Callable, ClassVar, Final, Literal, Protocol, TypedDict, TypeIs, cast
from collections.abc import Sequence
from dataclasses import dataclass
import helper

class Person(TypedDict):
    name: str
    age: int

def join(a: int, b: str = "x", *rest: int, flag: bool = False, **more: float) -> str:
    return b  # return-value

def maybe(x: "int | None") -> list[int]:
    if x is None:
        return ["a"]  # return-value
    return [x]

def greet(p: Person, mode: Literal["r", "w"], call: Callable[[int], int]) -> None:
    pass

class Shape:
    def scale(self, by: float) -> "Shape":
        return self if by else None  # return-value

class Sized(Protocol):
    def size(self) -> int: ...

def first(items: Sequence[int], sized: Sized, pair: tuple[int, str]) -> int:
    return items[0]

def numbers(count: int):
    yield count

async def later(x: int) -> int:
    return x

def cell(n: int) -> Callable[[], int]:
    return lambda: n

def kept(n: int, m: int | str) -> int:
    return n

join(1)
join("a")  # arg-type
join(1, 2)  # arg-type
join(1, "a", 1, "b")  # arg-type
join(1, more=1, other="a")  # arg-type
join(1, flag=3)  # arg-type
maybe(None)
maybe("a")  # arg-type
greet({"name": "a", "age": 1}, "r", len)
greet({"name": "a"}, "x", 3)  # arg-type arg-type arg-type
Shape().scale(3).scale(2.5)
Shape().scale("a")  # arg-type
Shape().scale(0)
first([1, 2], 3, (1, "a"))
first(["a"], 3, (1, 2))  # arg-type arg-type
list(numbers("a"))  # arg-type
cell(3)()
kept(True, "a")
kept(1, 2)
helper.run()
for i in range(3):
    kept("a", None)  # arg-type arg-type

def anything() -> Any:
    return "text"

count: int = anything()  # assignment
count = 3
count = anything()  # assignment
count = 5
for count in (1, "a"):  # assignment
    pass

def variables(n: int) -> int:
    total: int = 0
    total = anything()  # assignment
    names: "list[str]" = []
    names = [1]  # assignment
    n = anything()  # assignment
    first, total = 1, anything()  # assignment
    def inner() -> int:
        nonlocal total
        total = 2
        return total
    return inner()

variables(1)

@dataclass
class Point:
    x: int
    label: str = ""
    shared: ClassVar[int] = 0
    limit: Final[int] = 3
    @property
    def wide(self) -> int:
        return self.x
    def move(self, by: Any) -> None:
        self.x += by  # assignment

class Slotted:
    __slots__ = ("size",)
    size: int
    def __init__(self, size: Any) -> None:
        self.size = size  # assignment

Slotted("a")
point = Point(1)
point.x = anything()  # assignment
point.label = "b"
point.label = anything()
point.x = 2
point.move(2.5)

class Open:
    size: int
    def set(self, size: Any) -> None:
        self.size = size  # assignment

Open().set(1)
Open().set("a")
Point("a")  # assignment

class Late:
    def __init__(self, size: Any) -> None:
        self.size: int = size  # assignment
    def grow(self, by: Any) -> None:
        self.size = by  # assignment

class Later(Late):
    pass

late = Late(1)
late.grow(2)
late.grow("much")
Later("a").size = 3
later = Later(1)
later.size = anything()  # assignment

def is_small(n: object) -> TypeIs[int]:
    return n != 3  # return-value return-value

is_small(1)
is_small("a")
is_small(3)
cast(int, anything())  # cast
cast("list[int]", [1])
"""
HELPER = "def double(x: int) -> int:\n    return x\n\ndef run():\n    double('a')  # arg-type\n"


def expected(name, text):
    found = set()
    for number, line in enumerate(text.splitlines(), 1):
        for code in line.partition("# ")[2].split():
            found.add((name, number, code))
    return found


def main():
    krait = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder, "program.py").write_text(PROGRAM, encoding="utf-8")
        pathlib.Path(folder, "helper.py").write_text(HELPER, encoding="utf-8")
        for _ in range(2):  # what an ordinary run keeps of a module does not take its tests away
            plain = subprocess.run([krait, "run", "program.py"], cwd=folder, capture_output=True, text=True)
            assert plain.returncode == 0 and not plain.stderr, plain
            result = subprocess.run([krait, "run", "--contracts", "program.py"], cwd=folder, capture_output=True, text=True)
            assert result.returncode == 1, result
            seen = {(os.path.basename(m[0]), int(m[1]), m[2]) for m in re.findall(r"^(.+?):(\d+): error: .* \[([a-z-]+)\]$", result.stderr, re.MULTILINE)}
            wanted = expected("program.py", PROGRAM) | expected("helper.py", HELPER)
            # What the wrong argument returns is reported too.
            follow = {place for place in seen if place[2] == "return-value"}
            assert wanted <= seen, (sorted(wanted - seen), result.stderr)
            assert seen <= wanted | follow, (sorted(seen - wanted), result.stderr)
            declared = len(re.findall(r"\[(?:arg-type|return-value)\]$", result.stderr, re.MULTILINE))
            assert result.stderr.count("note: ") >= declared, result.stderr
    print(f"{len(wanted)} places")
    return 0


if __name__ == "__main__":
    sys.exit(main())
