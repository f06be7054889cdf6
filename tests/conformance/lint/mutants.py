#!/usr/bin/env python3
"""Holds the linter to ruff on code that nobody wrote: the fixtures of the rules, changed by small rewrites.

usage: mutants.py [--krait BIN] [--peer RUFF_PEER] [--seed N] [--count N] [--keep FOLDER]

Each rewrite puts a fixture into another place (a function, class, handler, loop) or another form (aliases of imports,
other quotes, annotations, starred arguments, comments); what does not parse is dropped. compare.py then compares the
findings rule by rule. Exit code 77 when there is no peer; 1 when fewer than 98.5 percent are equal.
"""

import argparse
import ast
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import warnings

ROOT = pathlib.Path(__file__).resolve().parents[3]
ENOUGH = 98.5


def inside(*heads, tail=""):
    def rewrite(text):
        body = text
        for head in reversed(heads):
            body = head + "\n" + "\n".join("    " + line if line.strip() else line for line in body.split("\n"))
        return body + tail

    return rewrite


def imported_under_alias(text):
    for name in re.findall(r"^import (\w+)$", text, re.M):
        text = re.sub(rf"^import {name}$", f"import {name} as alias_{name}", text, flags=re.M)
        text = re.sub(rf"(?<![\w.]){name}\.", f"alias_{name}.", text)
    return text


def imported_by_name(text):
    for name in re.findall(r"^import (\w+)$", text, re.M):
        used = sorted(set(re.findall(rf"(?<![\w.]){name}\.(\w+)", text)))
        if used:
            text = re.sub(rf"^import {name}$", f"from {name} import {', '.join(used)}", text, flags=re.M)
            text = re.sub(rf"(?<![\w.]){name}\.(\w+)", r"\1", text)
    return text


def replaced(pattern, replacement):
    return lambda text: re.sub(pattern, replacement, text, flags=re.M)


REWRITES = [
    inside("def wrapper(self, arg=None):"),
    inside("async def wrapper(self, arg=None):"),
    inside("class Wrapper:"),
    inside("class Wrapper(Base):", "def wrapper(self) -> int:"),
    inside("if wrapper:", tail="\nelse:\n    pass\n"),
    inside("try:", tail="\nexcept ValueError as error:\n    raise\n"),
    inside("try:\n    pass\nexcept ValueError as error:"),
    inside("try:\n    pass\nfinally:"),
    inside("for wrapper in []:"),
    inside("with open(x) as wrapper:"),
    inside("match wrapper:", "case 1:"),
    inside("from typing import TYPE_CHECKING\nif TYPE_CHECKING:"),
    lambda text: "from __future__ import annotations\n" + text,
    imported_under_alias,
    imported_by_name,
    replaced(r"""(?<!["'\\])"([^"'\\\n{}]*)"(?!")""", r"'\1'"),
    replaced(r"= ([^=\n(){}\[\]]+)$", r"= (\1)"),
    replaced(r"^(\s+)(\w+) = (.+)$", r"\1\2 = \3\n\1return \2"),
    replaced(r"^(\s*)(\w+) = (.+)$", r"\1\2: int = \3"),
    replaced(r"^(\s*)(\w+) = ([^=\n]+)$", r"\1(\2 := \3)"),
    replaced(r"(\w)\(([^()\n]+)\)$", r"\1(\2, *args, **kwargs)"),
    replaced(r'(\w)\((\w+|"[^"\n]*")\)$', r"\1(key=\2)"),
    replaced(r"^(\s*)if (.+):", r"\1if not (\2):"),
    replaced(r"^(\s*)def ", r"\1async def "),
    replaced(r"([(\[{])([^()\[\]{}\n]+[)\]}])$", r"\1  # comment\n\2"),
]


def plain_text(path):
    """The fixture without what it expects; none when it is not one plain module."""
    text = path.read_text(encoding="utf-8", errors="replace")
    if "# --- " in text or "# config:" in text or "# args:" in text:
        return None
    lines = [re.sub(r"\s*# (error|warning|note)\b.*", "", line) for line in text.split("\n") if not re.match(r"# (test|python|fixed|stdout|\|)", line)]
    return "\n".join(lines)


def parses(text):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return False
    return True


def write_mutants(folder, seed, count):
    chance = random.Random(seed)
    fixtures = [path for path in sorted((ROOT / "fixtures/lint").glob("*/*.py"))]
    written = 0
    for path in chance.sample(fixtures, len(fixtures)):
        text = plain_text(path)
        if text is None or not parses(text):
            continue
        changed = chance.choice(REWRITES)(text)
        if chance.random() < 0.4:
            changed = chance.choice(REWRITES)(changed)
        if changed == text or not parses(changed):
            continue
        (folder / f"{path.parent.name}_{path.stem}_{written}.py").write_text(changed, encoding="utf-8")
        written += 1
        if written == count:
            break
    return written


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--krait", default=str(ROOT / "build/dev/bin/krait"))
    parser.add_argument("--peer")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=250)
    parser.add_argument("--keep", help="leave the mutants in this folder")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(args.keep or scratch)
        folder.mkdir(parents=True, exist_ok=True)
        count = write_mutants(folder, args.seed, args.count)
        command = [sys.executable, str(pathlib.Path(__file__).with_name("compare.py")), "--krait", args.krait]
        command += ["--peer", args.peer] if args.peer else []
        result = subprocess.run([*command, str(folder)], capture_output=True, text=True)
    total = re.search(r"^all: .*?, ([\d.]+) percent", result.stdout, re.M)
    if result.returncode == 77 or total is None:
        print(result.stdout.strip()[-300:] or result.stderr[-300:])
        return 77 if result.returncode == 77 else 1
    for line in result.stdout.splitlines():
        columns = re.match(r"\s*\d+ [A-Z]+\d+ +\d+ +(\d+) +(\d+) ", line)
        if columns and columns.groups() != ("0", "0"):
            print(line)
    print(f"{count} mutants of seed {args.seed}: {total.group(0)}")
    return 0 if float(total.group(1)) >= ENOUGH else 1


sys.exit(main())
