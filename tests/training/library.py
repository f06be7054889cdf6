"""The library's workhorses over data made here and over the library's own sources."""
import argparse
import ast
import copy
import csv
import dataclasses
import datetime
import decimal
import difflib
import enum
import fractions
import functools
import hashlib
import io
import json
import logging
import pathlib
import pickle
import random
import re
import statistics
import string
import struct
import textwrap
import tokenize
import zlib


class Colour(enum.Enum):
    RED = 1
    GREEN = 2


@dataclasses.dataclass(order=True)
class Order:
    number: int
    name: str = ""
    colour: Colour = dataclasses.field(default=Colour.RED, compare=False)
    lines: list = dataclasses.field(default_factory=list, compare=False)


@functools.lru_cache(maxsize=None)
def ways(amount, coins):
    if amount == 0:
        return 1
    return sum(ways(amount - coin, coins[i:]) for i, coin in enumerate(coins) if coin <= amount)


def main():
    draw = random.Random(7)
    orders = [Order(draw.randrange(1000), f"name{i}", Colour(i % 2 + 1), [draw.random() for _ in range(3)]) for i in range(800)]
    orders.sort()
    rows = [dataclasses.asdict(order) | {"colour": order.colour.name} for order in orders]
    assert json.loads(json.dumps(rows, indent=1)) == rows
    assert pickle.loads(pickle.dumps(orders)) == orders and copy.deepcopy(orders[:200]) == orders[:200]
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    buffer.seek(0)
    assert len(list(csv.DictReader(buffer))) == 800
    source = pathlib.Path(textwrap.__file__).read_text() + pathlib.Path(string.__file__).read_text()
    assert len(re.findall(r"\bdef\s+(\w+)\s*\(([^)]*)\)", source)) > 10
    pattern = re.compile(r"(?P<name>[A-Za-z_]\w*)|(?P<number>\d+)|(?P<space>\s+)|(?P<other>.)", re.DOTALL)
    kinds = [match.lastgroup for match in pattern.finditer(source)]
    assert kinds.count("name") > 500 and re.sub(r"\s+", " ", source).split(" ")
    tree = ast.parse(source)
    assert ast.dump(tree) and sum(isinstance(node, ast.Name) for node in ast.walk(tree)) > 100
    assert len(list(tokenize.generate_tokens(io.StringIO(source).readline))) > 1000
    compile(tree, "source", "exec")
    assert textwrap.fill(" ".join(source.split()[:2000]), 60)
    old, new = source.splitlines()[:200], source.splitlines()[20:220]
    assert list(difflib.unified_diff(old, new))
    decimal.getcontext().prec = 40
    assert sum(decimal.Decimal(1) / n for n in range(1, 600)) > 6
    assert sum(fractions.Fraction(1, n) for n in range(1, 120)) > 5
    day = datetime.datetime(2024, 2, 27, 12, 30)
    days = [day + datetime.timedelta(days=i, minutes=i) for i in range(1500)]
    assert max(days).isoformat() and all(d.strftime("%Y-%m-%d") for d in days[:400])
    assert datetime.datetime.fromisoformat("2024-02-29T01:02:03+01:00") and days[1] > days[0]
    assert ways(150, (1, 2, 5, 10, 20, 50)) > 1000
    assert statistics.mean(draw.gauss(0, 1) for _ in range(2000)) < 1
    digest = hashlib.sha256()
    packed = b"".join(struct.pack("<IdH", i, i / 3, i % 65536) for i in range(3000))
    digest.update(packed)
    assert zlib.decompress(zlib.compress(packed)) == packed and len(digest.hexdigest()) == 64
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", type=int, default=3)
    parser.add_argument("names", nargs="*")
    for i in range(60):
        assert parser.parse_args(["--size", str(i), "a", "b"]).size == i
    logger = logging.getLogger("training")
    logger.propagate = False
    logger.addHandler(logging.StreamHandler(stream := io.StringIO()))
    for i in range(1500):
        logger.warning("line %d of %s", i, "log")
    assert stream.getvalue().count("\n") == 1500


for _ in range(8):
    main()
