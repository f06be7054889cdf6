#!/usr/bin/env python3
"""Compare krait's syntax trees with CPython 3.14's, node by node, positions included.

usage: compare.py --dump AST_DUMP [--readers READER_CHECK] [--zip LIBRARY.zip] [--programs N [--seed S]] [PATH...] [--show N]

AST_DUMP and READER_CHECK are test executables; the second one compares our two readers with each other. --programs adds N
random programs (make_programs.py). CPython 3.14 comes from the npm package pyodide. Files that CPython rejects or
that are not UTF-8 are left out. Prints the first difference of each differing file and a summary; exit code 1 when any
differ.
"""
import argparse
import difflib
import os
import re
import subprocess
import sys
import tempfile
import zipfile

import make_programs

HERE = os.path.dirname(os.path.abspath(__file__))
# Nodes to which CPython's tree gives no position or another one (a keyword's includes its value), and identifiers.
UNPLACED = re.compile(r"^(\s*(?:\w+=)?(?:Identifier|Parameters|Parameter|Keyword|Alias|WithItem|Comprehension|ExceptHandler"
                      r"|MatchCase|TypeVar|ParamSpec|TypeVarTuple)) \d+:\d+-\d+:\d+")


def python_files(paths):
    for path in paths:
        if not os.path.isdir(path):
            yield path
            continue
        for folder, folders, names in os.walk(path):
            folders.sort()
            yield from (os.path.join(folder, name) for name in sorted(names) if name.endswith(".py"))


def simplify(line):
    line = UNPLACED.sub(r"\1", line).replace(" isElif", "")
    return re.sub(r" int base\d+ \w+$", " int big", line)


def split_dump(text):
    found, current = {}, None
    for line in text.split("\n"):
        if line.startswith("### "):
            current = found.setdefault(line[4:], [])
        elif current is not None and line:
            current.append(simplify(line))
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dump", required=True)
    parser.add_argument("--zip")
    parser.add_argument("--readers")
    parser.add_argument("--programs", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--show", type=int, default=10)
    parser.add_argument("paths", nargs="*")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        paths = list(options.paths)
        if options.zip:
            zipfile.ZipFile(options.zip).extractall(os.path.join(scratch, "library"))
            paths.append(os.path.join(scratch, "library"))
        if options.programs:
            make_programs.make(os.path.join(scratch, "programs"), options.programs, options.seed)
            paths.append(os.path.join(scratch, "programs"))
        listing = os.path.join(scratch, "listing")
        with open(listing, "w", encoding="utf-8") as file:
            file.write("\n".join(python_files(paths)) + "\n")
        readers = subprocess.run([options.readers, listing]).returncode if options.readers else 0
        ours = subprocess.run([options.dump, listing], check=True, capture_output=True).stdout
        node = ["node", "--stack-size=4000", "--no-warnings", os.path.join(HERE, "..", "python314.mjs")]
        theirs = subprocess.run([*node, os.path.join(HERE, "ast_oracle.py"), listing], check=True,
                                stdout=subprocess.PIPE).stdout
    ours, theirs = (split_dump(output.decode("utf-8", "surrogateescape")) for output in (ours, theirs))
    different = [path for path in theirs if ours.get(path) != theirs[path]]
    for path in different[:options.show]:
        print(f"== {path}")
        diff = difflib.unified_diff(theirs[path], ours.get(path, []), "CPython", "krait", n=1, lineterm="")
        print("\n".join(list(diff)[:14]))
    print(f"{len(theirs) - len(different)} of {len(theirs)} trees equal CPython's")
    return 1 if different or readers or not theirs else 0


if __name__ == "__main__":
    sys.exit(main())
