#!/usr/bin/env python3
"""Prints a Python file of some 10,000 lines: the same few modules over and over, under other names.

usage: long_file.py [LINES]

It has what long files have: typed and untyped functions, classes with attributes that their methods define, calls across
classes, and some findings.
"""
import sys

HEAD = '''"""A long file."""
from __future__ import annotations

import collections
import dataclasses
import json
import os
import re
from typing import Any, Callable, Generic, Iterable, Iterator, TypeVar

T = TypeVar("T")
'''

PART = '''

KIND_{n} = "kind {n}"
LIMITS_{n} = {{"small": 10, "large": {n}000}}


class Error{n}(Exception):
    """What this part raises."""

    def __init__(self, message: str, code: int = {n}) -> None:
        super().__init__(message)
        self.code = code


@dataclasses.dataclass
class Item{n}:
    """One thing in the stock."""

    name: str
    price: float
    count: int = 0
    tags: list[str] = dataclasses.field(default_factory=list)

    @property
    def total(self) -> float:
        return self.price * self.count

    def renamed(self, name: str) -> Item{n}:
        return dataclasses.replace(self, name=name)

    def describe(self, width: int = 20) -> str:
        line = f"{{self.name:<{{width}}}} {{self.price:8.2f}} x {{self.count}}"
        if self.tags:
            line += " [" + ", ".join(sorted(self.tags)) + "]"
        return line


class Stock{n}(Generic[T]):
    """Things by name, with those who want to know of changes."""

    limit = LIMITS_{n}["large"]

    def __init__(self, owner: str, parent: Stock{before}[T] | None = None) -> None:
        self.owner = owner
        self.parent = parent
        self.items: dict[str, Item{n}] = {{}}
        self.listeners: list[Callable[[str], None]] = []
        self.changes = 0
        self.last = None
        self.extra = {{}}

    def add(self, item: Item{n}) -> None:
        if len(self.items) >= self.limit:
            raise Error{n}(f"{{self.owner}} is full")
        self.items[item.name] = item
        self.last = item
        self.changed(item.name)

    def changed(self, name: str) -> None:
        self.changes += 1
        for listener in self.listeners:
            listener(name)

    def find(self, pattern: str) -> Iterator[Item{n}]:
        matcher = re.compile(pattern)
        for name, item in self.items.items():
            found = matcher.match(name)
            if found is not None and found.end() > 0:
                yield item

    def take(self, name: str, count: int = 1) -> Item{n}:
        item = self.items.get(name)
        if item is None:
            raise Error{n}(f"no {{name}}", code=404)
        if item.count < count:
            raise Error{n}(f"only {{item.count}} of {{name}}")
        item.count -= count
        self.changed(name)
        return item

    def worth(self) -> float:
        total = 0.0
        for item in self.items.values():
            total += item.total
        if self.parent is not None:
            total += self.parent.worth()
        return total

    def report(self, out=None):
        lines = [item.describe() for item in self.items.values()]
        if out is None:
            out = collections.deque()
        for line in lines:
            out.append(line)
        self.extra["lines"] = len(lines)
        return out

    @classmethod
    def load(cls, path: str) -> Stock{n}[Any]:
        stock: Stock{n}[Any] = cls(os.path.basename(path))
        with open(path, encoding="utf-8") as file:
            for record in json.load(file):
                stock.add(Item{n}(record["name"], float(record["price"]), int(record.get("count", 0))))
        return stock

    @staticmethod
    def key(item: Item{n}) -> tuple[str, float]:
        return item.name, item.price


def cheapest_{n}(items: Iterable[Item{n}], most: int = 3) -> list[Item{n}]:
    """The cheapest of the items."""
    ordered = sorted(items, key=lambda item: item.price)
    return ordered[:most]


def summary_{n}(stock, width=40):
    counts = collections.Counter()
    for item in stock.items.values():
        counts[item.name] += item.count
    rows = []
    for name, count in counts.most_common():
        rows.append(name.ljust(width) + str(count))
    return rows


def parse_{n}(text: str) -> dict[str, int | str]:
    result: dict[str, int | str] = {{}}
    for line in text.splitlines():
        key, _, value = line.partition("=")
        key = key.strip()
        if not key or key.startswith("#"):
            continue
        try:
            result[key] = int(value)
        except ValueError:
            result[key] = value.strip()
    return result


async def refresh_{n}(stock: Stock{n}[T], names: list[str]) -> int:
    count = 0
    for name in names:
        item = stock.items.get(name)
        if item is not None:
            item.price = item.price + "1"
            count += 1
    return count


stock_{n}: Stock{n}[int] = Stock{n}("owner {n}")
stock_{n}.add(Item{n}("screw", 0.1, 100))
first_{n} = cheapest_{n}(stock_{n}.items.values(), most="{n}")
'''


def main() -> None:
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 10000
    parts = [HEAD]
    lines, number = HEAD.count("\n"), 0
    while lines < wanted:
        parts.append(PART.format(n=number, before=max(number - 1, 0)))
        lines += parts[-1].count("\n")
        number += 1
    sys.stdout.write("".join(parts))


if __name__ == "__main__":
    main()
