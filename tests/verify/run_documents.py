"""Documents of every kind: what is found in them, what their claims are judged to be, what --fix and --html write.

usage: run_documents.py KRAIT    exit code 77 (skipped) where the kernel cannot enforce the sandbox.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

# Each document with the verdicts of its claims, by line.
DOCUMENTS = {
    "myst.md": (
        """\
```{code-block} python
:linenos:

x = 1
print(x)  # 2
```

```{code-cell} ipython3
---
tags: [a]
---
%matplotlib inline
print(3)  # 3
```

```{doctest}
:options: +NORMALIZE_WHITESPACE
>>> print("a   b")
a b
```

```{testsetup}
base = 4
```

```{testcode}
print(base)
```

```{testoutput}
5
```

=== "Tab"

    ```python title="a.py"
    print(13)  # 14
    ```

Without a fence:

    >>> 1 + 2
    3

    >>> print("long text")
    long...

```ipython
In [1]: def twice(x):
   ...:     return 2 * x

In [2]: twice(4)
Out[2]: 8

In [3]: print("a"); twice(1)
a
Out[3]: 3
```

```{note}
nothing = to run
```
""",
        {5: "wrong", 13: "holds", 19: "holds", 31: "wrong", 37: "wrong", 43: "holds", 46: "holds", 53: "holds", 56: "wrong"},
    ),
    "sphinx.rst": (
        """\
Forms
=====

.. testsetup::

    base = 4

.. testcode::

    print(base)

.. testoutput::

    5

.. doctest::
   :options: +NORMALIZE_WHITESPACE

   >>> print("a   b")
   a b
   >>> print("abc")
   a...d

.. testcode:: other

    print(base + 1)

.. code-block:: python
   :caption: some

   print(1)  # 2

.. testoutput:: other

    5

.. code-block::

    $ ls
""",
        {14: "wrong", 20: "holds", 22: "wrong", 31: "wrong", 35: "holds"},
    ),
    "loops.md": (
        """\
```python
for i in range(3):
    print(i)  # 0, 1, 2
    print(i * 2)  # 0, 2, 5

def area(side):
    result = side ** 2  # 9
    return result

area(3)  # 9
total, rest = divmod(17, 5)
# (3, 2)
for word in ("a", "b"):
    print(word)

# Output:
# a
# b
print(total)  # three, roughly
```
""",
        {3: "holds", 4: "wrong", 7: "holds", 10: "holds", 12: "holds", 16: "holds"},
    ),
    # A Python file is a program when its own statements claim something; what a library says of calls in its functions is not.
    "script.py": (
        '''\
LIMIT = 3  # 4


def double(value):
    """
    >>> double(2)
    5
    """
    return value * 2  # 6


print(double(2))  # 4
if __name__ == "__main__":
    print(double(3))
    # Output: 7
''',
        {1: "wrong", 7: "wrong", 12: "holds", 15: "wrong"},
    ),
    "library.py": (
        '''\
LIMIT = 3  # 4


def double(value):
    if value < 0:
        raise ValueError(value)  # raises ValueError
    return value * 2  # 6
''',
        {},
    ),
    "errors.md": (
        """\
```python
pair = (1, 2)
# pair[0] = 5  # TypeError: tuples do not change
# pair[1]  # raises IndexError
try:
    pair[7]  # IndexError
except IndexError:
    print("caught")  # caught
int("x")  # raises ValueError
```
""",
        {3: "holds", 4: "wrong", 6: "holds", 8: "holds", 9: "holds"},
    ),
    # What a statement does besides its output, and what is claimed of lines that are not reached.
    "doings.md": (
        """\
# Caches

```python
import asyncio, functools

def cached(f):
    cache = {}
    @functools.wraps(f)
    async def wrapper(n):
        if n in cache:
            return cache[n]
        cache[n] = await f(n)
        return cache[n]
    return wrapper

@cached
async def op(n):
    await asyncio.sleep(0.01)
    return n

async def main():
    results = await asyncio.gather(
        op(100),
        op(200),
        op(100),  # Cache hit
    )
    again = await op(100)  # from the cache
    other = await op(3)  # from the cache
    return results

asyncio.run(main())
```

```python
@functools.lru_cache
def square(n):
    return n * n

square(2)  # Cache miss
square(2)  # Cache hit
print(square(3))  # uses the cached value
square(3)  # cache miss
squares = [n * n for n in range(100_000)]  # everything in memory
lazy = (n * n for n in range(100_000))  # nothing in memory
some = range(100_000)  # loads the whole range into memory
pair = (1, 2)
# pair[0] = 5  # works
# pair + pair  # works
print(pair)  # (1, 2)
```

```
x = 3
print("x", x)

[*] Output
x: 3
```

```python
try:
    int("x")
    print("never")  # tells the number
except ValueError:
    print("caught")
```

```python
import time
print(time.ctime(5))  # Thu Jan 01 00:00:05 1970
print(time.ctime())  # Sat Nov 07 10:00:00 2025
print(time.ctime())  # Fri Nov  7 10:00:00 2025
time.sleep(60)
print("slept")  # slept
```

```python
def report(count):
    total = count * 2
    print(total)  # 6
    print(total + 1)  # 8

# report(3)
```

```python
print([i / 3 for i in range(5)])  # [0.0, 0.333..., 0.666..., 1.0, 1.333...]
print((1, 2))  # (1, 3) or (1, 2)
```
""",
        {25: "wrong", 27: "holds", 28: "wrong", 39: "holds", 40: "holds", 41: "wrong", 42: "wrong", 43: "holds", 44: "holds", 45: "wrong", 47: "wrong", 48: "holds", 49: "holds", 57: "wrong", 63: "unreached", 70: "wrong", 71: "wrong", 72: "sample", 74: "holds", 80: "holds", 81: "wrong", 87: "holds", 88: "holds"},
    ),
    # An import of another section is made without the rest of its block, and what a guard keeps from being imported does not run.
    "sections.md": (
        """\
# One

```python
import random

random.seed(1)
while False:
    pass
```

```python
def serve():
    while True:
        pass

def handle(text):
    return text.upper()

if __name__ == "__main__":
    serve()
```

# Two

```python
random.random()  # 0.13436424411240122
handle("a")  # 'A'
names = [name for name in globals()]
```
""",
        {26: "sample", 27: "holds"},
    ),
    "session.md": (
        """\
>>> is not read outside of a block

```
>>> 2 + 3
5
>>> print("a b")
a  b
>>> [][0]
Traceback (most recent call last):
    ...
IndexError: list index out of range
>>> print(list(range(20)))  # doctest: +ELLIPSIS
[0, 1, ..., 19]
```
""",
        {5: "holds", 7: "wrong", 9: "holds", 13: "holds"},
    ),
    "files.md": (
        """\
### Create `shapes/area.py`
```python
# area.py
def square(side):
    return side * side
```
#### `sides.json`
```json
[2, 3]
```
### Use it
```python
import json
from shapes.area import square

print([square(side) for side in json.load(open("sides.json"))])  # => [4, 9]
```
**Output:**
```
[4, 9]
```
```python
with open("out.txt", "w") as file:
    file.write("kept")
```
```python
print(open("out.txt").read())  # kept
```
""",
        {16: "holds", 18: "holds", 27: "holds"},
    ),
    "sections.md": (
        """\
# Fruits
```python
fruits = ["apple"]
```
```python
fruits.append("pear")
```
```python
print(len(fruits))  # 2
```
""",
        {9: "holds"},
    ),
    "needs.md": (
        """\
```python
import sys
# stdin: Ada
print(input())  # Ada
print(sys.argv[1:])  # ['--all']
```
```python
print(open("given.txt").read())  # given
```
```python
raise SystemExit(3)
```
""",
        {4: "holds", 5: "holds", 8: "holds"},
    ),
    "lost.md": (
        """\
```python
numbers = [1, 2]
print(sum(numbers))   Output: 3
```
""",
        {3: "holds"},
    ),
    "clock.md": (
        """\
```python
import datetime, random
print(datetime.date.today().year)  # 1999
print(random.random())  # 0.5
print({"a", "b"})  # {'b', 'a'}
print(datetime.date(2024, 1, 31).year)  # 2023
```
""",
        {3: "sample", 4: "sample", 5: "holds", 6: "wrong"},
    ),
    "remarks.md": (
        """\
```python
import re
text = "code password123"
match = re.search(r"code \\w+", text)  # Matches "code password"
other = re.search(r"[0-9]+", text)  # Matches "123"
print(0.1 + 0.2 == 0.3)  # False due to rounding
print(1 + 2 == 3)  # False because of rounding
numbers = range(1, 6)  # 1, 2, 3, 4, 5
print({"all": {"x", "y", "z"}})  # {'all': {'z', 'x', 'y'}}
print({"all": {"x", "y"}})  # {'all': {'z', 'y'}}
print(None)  # None of them
```
""",
        {4: "wrong", 5: "holds", 6: "holds", 7: "wrong", 8: "holds", 9: "holds", 10: "wrong"},
    ),
    "arguments.md": (
        """\
```python
import sys
print("Name:", sys.argv[0])
print("Arguments:", sys.argv[1:])

# python script.py one two
# Output:
# Name: script.py
# Arguments: ['one', 'two']
```
""",
        {7: "holds"},
    ),
    "guide.rst": (
        """\
Guide
=====

.. code-block:: python

    print(6 * 7)  # 42

A session:

>>> 6 * 7
43
""",
        {6: "holds", 11: "wrong"},
    ),
    "shapes.py": (
        '''\
"""Shapes.

>>> double(4)
8
"""

def double(x):
    """Twice.

    >>> double("ab")
    'abab'
    >>> double(2)
    5
    """
    return x * 2
''',
        {4: "holds", 11: "holds", 13: "wrong"},
    ),
    "cells.ipynb": (
        json.dumps(
            {
                "nbformat": 4,
                "nbformat_minor": 5,
                "metadata": {},
                "cells": [
                    {"cell_type": "markdown", "source": ["text"]},
                    {"cell_type": "code", "source": ["x = 4\n"], "outputs": []},
                    {"cell_type": "code", "source": ["print(x)\n"], "outputs": [{"output_type": "stream", "name": "stdout", "text": ["4\n"]}]},
                    {"cell_type": "code", "source": ["%time\n", "x + 1\n"], "outputs": [{"output_type": "execute_result", "data": {"text/plain": ["6"]}}]},
                ],
            },
            indent=1,
        ),
        {21: "holds", 38: "wrong"},
    ),
}


SIDE_FILE = """\
[files]
"given.txt" = "given"
[[block]]
document = "needs.md"
line = 1
args = ["--all"]
[[block]]
document = "needs.md"
line = 10
skip = true
"""


def verify(krait, *arguments):
    result = subprocess.run([krait, "verify", *arguments], capture_output=True, text=True, timeout=300)
    if "does not offer" in result.stderr:
        print(result.stderr)
        sys.exit(77)
    assert result.returncode in (0, 1), (result.returncode, result.stderr)
    return result


def main():
    krait = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        for name, (text, _) in DOCUMENTS.items():
            pathlib.Path(folder, name).write_text(text, encoding="utf-8")
        pathlib.Path(folder, "verify.toml").write_text(SIDE_FILE, encoding="utf-8")
        answer = json.loads(verify(krait, "--output", "json", folder).stdout)
        for name, (text, expected) in DOCUMENTS.items():
            claims = {claim["line"]: claim["verdict"] for claim in answer["claims"] if os.path.basename(claim["file"]) == name}
            seen = {line: verdict for line, verdict in claims.items() if line in expected or not expected}
            assert seen == expected, (name, claims, [b for b in answer["blocks"] if os.path.basename(b["file"]) == name])

        # Text that was read with the wrong encoding is told once, with what it was; other languages are left alone.
        pathlib.Path(folder, "damaged.md").write_text("Itâ€™s â†’ here, thereâ€™s more. Ã©t\u00c3\u00a9 ðŸ”’\n\nEnsimmäinen «Öl» Â° ñ naïve €5 日本\n", encoding="utf-8")
        damaged = verify(krait, "--output", "json", os.path.join(folder, "damaged.md"))
        told = [(one["line"], one["severity"], one["code"], one["message"].split(" read ")[0]) for one in json.loads(damaged.stdout)["findings"]]
        pieces = [("â€™", "’"), ("â†’", "→"), ("Ã©", "é"), ("ðŸ”’", "🔒"), ("Â°", "°")]
        assert told == [(3 if piece == "Â°" else 1, "warning", "mojibake", f'"{piece}" is "{meant}"') for piece, meant in pieces], told
        assert damaged.returncode == 1, damaged

        # What claims cannot be wrong about does not fail, and a claimed error is none.
        errors = [block for block in answer["blocks"] if block["file"].endswith("errors.md")]
        assert errors[0]["status"] == "failed", errors
        text = verify(krait, os.path.join(folder, "errors.md")).stdout
        assert "Block failed" not in text, text

        # A claimed error ran as the text says, and the checker's finding there is what is meant. Its traceback is the program's.
        shown = pathlib.Path(folder, "shown_error.md")
        shown.write_text("```python\ndef double(n: int) -> int:\n    return n.upper()  # type: ignore\n```\n\n"
                         "```python\ndouble(\"a\" + 1)  # raises TypeError\n```\n\n```python\ndouble(3)  # raises AttributeError\n```\n")
        own = json.loads(verify(krait, "--output", "json", str(shown)).stdout)
        assert own["findings"] == [], own
        assert (own["documents"][0]["ran"], own["documents"][0]["failed"]) == (3, 0), own
        assert [claim["actual"] for claim in own["claims"]] == ["TypeError", "AttributeError"], own
        for block in own["blocks"]:
            assert "__krait__" not in block["stderr"] and folder not in block["stderr"] and "krait-verify" not in block["stderr"], block
        assert '    double("a" + 1)  # raises TypeError\n' in own["blocks"][1]["stderr"], own
        shown.unlink()

        assert [b["status"] for b in answer["blocks"] if b["file"].endswith("needs.md")] == ["ok", "ok", "unrun"]
        pathlib.Path(folder, "verify.toml").write_text("[[block]]\nlnie = 3\n", encoding="utf-8")
        result = subprocess.run([krait, "verify", os.path.join(folder, "needs.md")], capture_output=True, text=True)
        assert result.returncode == 2 and 'verify.toml:2: "lnie" is not known' in result.stderr, result
        pathlib.Path(folder, "verify.toml").unlink()

        # --fix changes wrong claims and nothing else; afterwards all hold.
        for name in ("session.md", "loops.md", "shapes.py"):
            path = pathlib.Path(folder, name)
            before = path.read_text(encoding="utf-8").splitlines()
            verify(krait, "--fix", str(path))
            after = path.read_text(encoding="utf-8").splitlines()
            assert len(before) == len(after), name
            changed = [i + 1 for i, (a, b) in enumerate(zip(before, after)) if a != b]
            wrong = [line for line, verdict in DOCUMENTS[name][1].items() if verdict == "wrong"]
            assert changed == ([] if name == "loops.md" else wrong), (name, changed, after)
        assert verify(krait, str(pathlib.Path(folder, "session.md"))).returncode == 0

        # What was counted or measured is not written down; what was printed is.
        path = pathlib.Path(folder, "doings.md")
        before = path.read_text(encoding="utf-8").splitlines()
        verify(krait, "--fix", str(path))
        after = path.read_text(encoding="utf-8").splitlines()
        changed = [(i + 1, b) for i, (a, b) in enumerate(zip(before, after)) if a != b]
        assert [line for line, _ in changed] == [70, 71, 81], changed
        assert changed[0][1] == "print(time.ctime(5))  # Thu Jan  1 00:00:05 1970", changed

        # A file that is no Python says so.
        pathlib.Path(folder, "broken.py").write_text("def f(:\n", encoding="utf-8")
        broken = verify(krait, str(pathlib.Path(folder, "broken.py")))
        assert broken.returncode == 1 and "broken.py:1: error: " in broken.stdout, broken

        page = pathlib.Path(folder, "page.html")
        verify(krait, "--html", str(page), str(pathlib.Path(folder, "loops.md")))
        html = page.read_text(encoding="utf-8")
        assert html.startswith("<!doctype html>") and 'class="wrong"' in html and "http" not in html

        # The same run twice, and no waiting.
        path = pathlib.Path(folder, "clock.md")
        path.write_text("```python\nimport random, time\ntime.sleep(100)\nprint(random.random(), time.time(), {'a', 'b', 'c'})\n```\n", encoding="utf-8")
        first, second = (json.loads(verify(krait, "--deterministic", "--output", "json", str(path)).stdout)["blocks"][0]["stdout"] for _ in range(2))
        assert first == second and first, (first, second)
    print(f"{len(DOCUMENTS)} documents")
    return 0


if __name__ == "__main__":
    sys.exit(main())
