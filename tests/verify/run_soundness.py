"""`krait verify --soundness`: values that the checker's types leave out are found, and nothing else is.

usage: run_soundness.py KRAIT FIXTURES

FIXTURES are programs of all kinds: over them the checker must be right everywhere.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

# Every kind of expression with a type that holds: nothing may be found here.
SOUND = '''\
# Sound

```python
from __future__ import annotations
import collections, dataclasses, enum, math, re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Generic, Literal, NamedTuple, NewType, Protocol, Self, TypedDict, TypeVar

T = TypeVar("T")
UserId = NewType("UserId", int)

class Colour(enum.Enum):
    RED = 1
    BLUE = "b"

class Row(TypedDict):
    name: str
    size: float

class Pair(NamedTuple):
    left: int
    right: str = ""

class Shape(Protocol):
    def area(self) -> float: ...

class Base:
    def me(self) -> Self:
        return self

class Square(Base):
    def __init__(self, side: float) -> None:
        self.side = side
    def area(self) -> float:
        return self.side ** 2

class Box(Generic[T]):
    def __init__(self, item: T) -> None:
        self.item = item
    def get(self) -> T:
        return self.item

@dataclasses.dataclass(order=True)
class Point:
    x: int = 0
    tags: list[str] = dataclasses.field(default_factory=list)

def count(n: int) -> Iterator[int]:
    for i in range(n):
        yield i

def total(shapes: Iterable[Shape]) -> float:
    return sum(shape.area() for shape in shapes)

def first(items: Sequence[T], default: T | None = None) -> T | None:
    return items[0] if items else default

def apply(f: Callable[[int], str], n: int) -> str:
    return f(n)

def outer(n: int) -> Callable[[], int]:
    class Local:
        value = n
    found = Local()
    return lambda: found.value

def kind(x: int | str | None) -> Literal["number", "text", "none"]:
    if x is None:
        return "none"
    return "number" if isinstance(x, int) else "text"

row: Row = {"name": "a", "size": 2}
words: dict[str, list[int]] = collections.defaultdict(list)
for number, word in enumerate("a b a".split()):
    words[word].append(number)
pairs = [Pair(1), Pair(2, "b")]
squares = {n: n * n for n in range(4)}
user = UserId(7)
box = Box([1, 2])
matched = re.match(r"(a)(b)?", "ab")
assert matched is not None
print(total([Square(2), Square(1.5)]), first([1, 2]), first([]), apply(str, 3), outer(4)(), kind(None), kind(1), kind("a"))
print(row["size"] + 1, dict(words), pairs[0].left, [p.right for p in pairs], squares[2], user + 1, box.get()[0], matched.groups())
print(sorted([Point(2), Point(1)]), Colour.RED.value, Colour("b").name, math.floor(2.5), list(count(3)), Square(1).me().area())
print(type(box), Square, collections.Counter("abca").most_common(1), max(squares, key=lambda k: -k), [*zip("ab", [1, 2])])
try:
    int("x")
except ValueError as error:
    print(error.args)
with open(__file__) as stream:
    print(len(stream.readline()) > 0)
```
'''

# Where the checker is led astray on purpose, and what came by instead.
UNSOUND = '''\
# Unsound

```python
from typing import Any, cast

def load() -> Any:
    return "seven"

number: int = load()
print(number)
wrong = cast(list[int], ["a"])
print(wrong[0])

class Holder:
    size: int = 0

holder = Holder()
setattr(holder, "size", None)
print(holder.size)
```
'''

# What is not the checker's fault: a guess from a default, and a stub that says something else than its function does.
EXCUSED = '''\
# Excused

```python
import asyncio
from typing import Any

def wait(times, pause=1):
    slow = pause * times
    slower = pause
    slower *= 2
    size: int = load()
    print(size)
    return slow, slower

def load() -> Any:
    return "seven"

print(wait(2, 0.5))

async def nothing() -> None:
    pass

async def both() -> None:
    await asyncio.gather(nothing(), nothing())

asyncio.run(both())
```
'''


def run(krait, folder, text):
    path = pathlib.Path(folder, "note.md")
    path.write_text(text, encoding="utf-8")
    result = subprocess.run([krait, "verify", "--soundness", path.name], cwd=folder, capture_output=True, text=True)
    if "blocks are not run" in result.stderr:
        print("skipped: " + result.stderr.strip())
        sys.exit(77)
    return result.stdout


def main():
    krait = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        said = run(krait, folder, SOUND)
        assert "[unsound]" not in said and "1 ran, 0 failed" in said, said
        said = run(krait, folder, UNSOUND)
        places = set(re.findall(r'^note\.md:(\d+): error: Type of "(.+?)" is ".*\[unsound\]$', said, re.MULTILINE))
        lines = UNSOUND.splitlines()
        wanted = {(str(lines.index(text) + 1), name) for text, name in (("print(number)", "number"), ("print(wrong[0])", "wrong"), ("print(wrong[0])", "wrong[0]"), ("print(holder.size)", "holder.size"))}
        assert wanted <= places, (wanted - places, said)
        assert places <= wanted | {(str(lines.index('wrong = cast(list[int], ["a"])') + 1), 'cast(list[int], ["a"])')}, (places - wanted, said)
        assert "[any-hides]" in said, said
        said = run(krait, folder, EXCUSED)
        # A fault of another kind in the same function stays one.
        assert re.findall(r'^note\.md:(\d+): error: Type of "(\w+)" is "int", but "str" came by  \[unsound\]$', said, re.MULTILINE) == [("12", "size")], said
        assert said.count("[unsound]") == 1, said
        for line, name, code in ((8, "pause", "guessed"), (13, "slower", "guessed"), (24, "await asyncio.gather(nothing(), nothing())", "stub-differs")):
            assert re.search(rf'^note\.md:{line}: note: Type of "{re.escape(name)}" .*\[{code}\]$', said, re.MULTILINE), said
        path = pathlib.Path(folder, "lint.md")
        path.write_text("```python\nimport os\n```\n\n```python\nprint(os.sep, f'plain')\n```\n", encoding="utf-8")
        plain, linted = (subprocess.run([krait, "verify", "--no-run", *options, path.name], cwd=folder, capture_output=True, text=True).stdout for options in ((), ("--lint",)))
        assert "F541" not in plain and "lint.md:6: error: " in linted and "[F541]" in linted and "F401" not in linted, (plain, linted)
    watched = 0
    for name in ("functions", "generators", "match", "comprehensions", "with"):
        folder = os.path.join(sys.argv[2], name)
        result = subprocess.run([krait, "verify", "--soundness", "--timeout", "60", folder], capture_output=True, text=True)
        said = [line for line in result.stdout.splitlines() if "[unsound]" in line]
        assert not said, said
        watched += result.stdout.count("[any-hides]")
    assert watched > 50, watched  # the programs ran and were looked at
    print(f"{len(wanted)} places; {watched} hidden by Any in the fixtures")
    return 0


if __name__ == "__main__":
    sys.exit(main())
