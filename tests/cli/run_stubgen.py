"""`krait stubgen`: stubs of modules and packages, what its options change, and that what it writes is accepted by `krait check`.

usage: run_stubgen.py KRAIT
"""

import pathlib
import subprocess
import sys
import tempfile

SHAPES = '''\
"""Shapes."""
from __future__ import annotations
import contextlib
import enum
import os
import sys
from abc import ABC, abstractmethod
from collections import namedtuple
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Generic, List, NamedTuple, TypeVar, overload

if TYPE_CHECKING:
    from decimal import Decimal

T = TypeVar("T")
_Item = TypeVar("_Item", bound="_Hidden")
LIMIT: Final = 3
Names = List[str]
sizes = [1, 2]
nothing = []
left, right = 1, "x"
_cache = {}
Pair = namedtuple("Pair", "key value")


class _Hidden:
    """Needed by _Item."""


class Color(enum.Enum):
    RED = 1
    GREEN = enum.auto()


class Point(NamedTuple):
    x: int
    y: int = 0


@dataclass(frozen=True)
class Box(Generic[T]):
    name: str
    items: list[T] = field(default_factory=list)
    price: "Decimal | None" = None


class Shape(ABC):
    """A shape."""
    count = 0

    def __init__(self, name, sides=(), *, closed=False, **extra):
        """Make it."""
        self.name = name
        self.sides: "List[int]" = list(sides)
        self.total = 0
        self._secret = extra

    @property
    def size(self):
        return len(self.sides)

    @size.setter
    def size(self, value):
        self.total = value

    @abstractmethod
    def area(self, scale: float, /, unit: str = "m", *more: int) -> float: ...

    @staticmethod
    def double(n=1):
        return n * 2

    def corners(self):
        yield 1

    async def load(self):
        return "text"

    edges = corners

    def _inner(self): ...

    def __repr__(self):
        return "Shape"

    def __enter__(self):
        return self

    def __exit__(self, kind, value, traceback):
        pass

    def _get_title(self):
        return self.name

    title = property(_get_title)


@overload
def same(x: int) -> int: ...
@overload
def same(x: str) -> str: ...
def same(x):
    return x


def first(x: _Item) -> _Item:
    return x


@contextlib.contextmanager
def opened(path: "str" = "a", *, sep=os.sep, big=-1.5, opaque=object()):
    yield path


if sys.version_info >= (3, 8):
    def version():
        return "new"
else:
    def version():
        return 0
'''

STUB = '''\
from typing import Self, Final, Generic, List, NamedTuple, TypeVar, overload
from _typeshed import Incomplete
import types
from collections.abc import Generator
import contextlib
import enum
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from decimal import Decimal

T = TypeVar("T")
_Item = TypeVar("_Item", bound="_Hidden")
LIMIT: Final = 3
Names = List[str]
sizes: list[int]
nothing: list[Incomplete]
left: int
right: str

class Pair(NamedTuple):
    key: Incomplete
    value: Incomplete

class _Hidden: ...

class Color(enum.Enum):
    RED = 1
    GREEN = ...

class Point(NamedTuple):
    x: int
    y: int = 0

@dataclass(frozen=True)
class Box(Generic[T]):
    name: str
    items: list[T] = field(default_factory=list)
    price: Decimal | None = None

class Shape(ABC):
    count: int
    name: Incomplete
    sides: List[int]
    total: Incomplete
    def __init__(self, name, sides=(), *, closed: bool = False, **extra) -> None: ...
    @property
    def size(self) -> int: ...
    @size.setter
    def size(self, value) -> None: ...
    @abstractmethod
    def area(self, scale: float, /, unit: str = "m", *more: int) -> float: ...
    @staticmethod
    def double(n: int = 1) -> int: ...
    def corners(self) -> Generator[int, Incomplete]: ...
    async def load(self) -> str: ...
    edges = corners
    def __enter__(self) -> Self: ...
    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, traceback: types.TracebackType | None) -> None: ...
    def _get_title(self): ...
    title = property(_get_title)

@overload
def same(x: int) -> int: ...
@overload
def same(x: str) -> str: ...
def first(x: _Item) -> _Item: ...
@contextlib.contextmanager
def opened(path: str = "a", *, sep: str = ..., big: float = -1.5, opaque=...) -> Generator[str, Incomplete]: ...
def version() -> str: ...
'''

PACKAGE = {
    "pkg/__init__.py": "from .core import run\nfrom .core import helper\nimport json\n__version__ = '1'\nuse = helper\n",
    "pkg/core.py": "import threading\n__all__ = ['run']\ndef run(n: int) -> None: ...\ndef helper(): return json\ndef unseen(): ...\ndef _deep(): return 1\n",
    "pkg/other.py": "from pkg.core import threading, _deep\nlock = threading.Lock()\n",
}
PACKAGE_STUBS = {
    "pkg/__init__.pyi": "from _typeshed import Incomplete\nfrom .core import run as run\n\n__version__: str\nuse: Incomplete\n",
    "pkg/core.pyi": "import threading as threading\n\n__all__ = ['run']\n\ndef run(n: int) -> None: ...\ndef helper(): ...\ndef _deep() -> int: ...\n",
    "pkg/other.pyi": None,
}

KRAIT = sys.argv[1]


def krait(folder, *arguments):
    done = subprocess.run([KRAIT, *arguments], cwd=folder, capture_output=True, text=True)
    return done.returncode, done.stdout, done.stderr


def same(got, wanted, what):
    assert got == wanted, f"{what}: got\n{got}\nwanted\n{wanted}"


def module(folder):
    (folder / "shapes.py").write_text(SHAPES)
    same(krait(folder, "stubgen", "shapes.py"), (0, "Processed 1 modules\nGenerated out/shapes.pyi\n", ""), "what is printed")
    same((folder / "out/shapes.pyi").read_text(), STUB, "the stub")
    code, out, _ = krait(folder, "check", "--no-site-packages", "out/shapes.pyi")
    assert code == 0, out
    assert krait(folder, "stubgen", "-q", "-o", "all", "-m", "shapes", "--include-private", "--include-docstrings") == (0, "", "")
    text = (folder / "all/shapes.pyi").read_text()
    for part in ('"""Shapes."""\n', "_cache: dict[", "    def _inner(self): ...\n", "    def __repr__(self) -> str: ...\n", '    """A shape."""\n',
                 'closed: bool = False, **extra) -> None:\n        """Make it."""\n'):
        assert part in text, f"{part!r} is not in\n{text}"
    assert krait(folder, "stubgen", "-q", "-o", "text", "--parse-only", "shapes.py") == (0, "", "")
    text = (folder / "text/shapes.pyi").read_text()
    assert "sizes: list[Incomplete]\n" in text and "def size(self): ..." in text, text


def package(folder):
    for path, text in PACKAGE.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(text)
    code, out, error = krait(folder, "stubgen", "-p", "pkg")
    assert (code, error) == (0, "") and out == "Processed 3 modules\nGenerated files under out/\n", (code, out, error)
    for path, text in PACKAGE_STUBS.items():
        if text is not None:
            same((folder / "out" / path).read_text(), text, path)
    assert krait(folder / "out", "check", "--no-site-packages", "pkg")[0] == 0
    assert krait(folder, "stubgen", "-q", "-p", "pkg", "-o", "less", "--export-less") == (0, "", "")
    assert "as run" not in (folder / "less/pkg/__init__.pyi").read_text()


def wrong_use(folder):
    assert krait(folder, "stubgen")[0] == 2
    assert "can't find module 'no_such'" in krait(folder, "stubgen", "-m", "no_such")[2]
    (folder / "bad.py").write_text("def f(:\n")
    (folder / "good.py").write_text("x = 1\n")
    code, _, error = krait(folder, "stubgen", "bad.py", "good.py")
    assert code == 2 and "bad.py: line 1: " in error, error
    code, out, _ = krait(folder, "stubgen", "--ignore-errors", "bad.py", "good.py")
    assert code == 0 and (folder / "out/good.pyi").read_text() == "x: int\n", out


for test in (module, package, wrong_use):
    with tempfile.TemporaryDirectory() as name:
        test(pathlib.Path(name))
