"""Annotated programs full of calls; each checks its own result and prints its CPU seconds."""

import time
from collections.abc import Callable


def fib(n: int) -> int:
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def total(numbers: list[int], scale: int | None = None) -> int:
    return len(numbers) * (scale or 1)


class Vector:
    x: float
    y: float

    def __init__(self, x: float, y: float) -> None:
        self.x = x
        self.y = y

    def add(self, other: "Vector") -> "Vector":
        return Vector(self.x + other.x, self.y + other.y)


def words(text: str, least: int = 2) -> dict[str, int]:
    out: dict[str, int] = {}
    for word in text.split():
        if len(word) >= least:
            out[word] = out.get(word, 0) + 1
    return out


def collatz(n: int) -> int:
    steps: int = 0
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return steps


def vectors() -> None:
    v, step = Vector(0.0, 0.0), Vector(1.0, 2.0)
    for _ in range(1_000_000):
        v = v.add(step)
    assert (v.x, v.y) == (1_000_000.0, 2_000_000.0)


def lists() -> None:
    numbers, seen = list(range(50)), 0
    for i in range(1_500_000):
        seen += total(numbers, i % 7)
    assert seen == 235_714_050, seen


def texts() -> None:
    for _ in range(200_000):
        assert words("the quick brown fox jumps over the lazy dog")["the"] == 2


def timed(name: str, work: Callable[[], None]) -> None:
    start = time.process_time()
    work()
    print(name, time.process_time() - start)


def calls() -> None:
    assert fib(30) == 832040


def loops() -> None:
    assert sum(collatz(n) for n in range(1, 60_000)) == 6_134_916


for job in (calls, lists, vectors, texts, loops):
    timed(job.__name__, job)
