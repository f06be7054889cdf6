#!/usr/bin/env python3
"""Compare krait's symbol tables with CPython 3.14's, block by block.

usage: compare.py --dump SYMTABLE_DUMP --pyodide FOLDER [--library] [PATH...] [--show N]

SYMTABLE_DUMP is the test executable symtable_dump, FOLDER the npm package pyodide, whose CPython 3.14 answers and whose
standard library is compared with --library.
Prints the first differing block of each differing file and a summary; exit code 1 when any differ.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile
import zipfile


def python_files(paths):
    for path in paths:
        if os.path.isdir(path):
            for folder, folders, names in os.walk(path):
                folders.sort()
                yield from (os.path.join(folder, name) for name in sorted(names) if name.endswith(".py"))
        else:
            yield path


def first_difference(ours, theirs, where=""):
    where += "/" + theirs[1]
    if ours[:3] != theirs[:3]:
        return f"{where}: block {ours[:3]} against {theirs[:3]}"
    if ours[3] != theirs[3]:
        names = sorted(name for name in {**ours[3], **theirs[3]} if ours[3].get(name) != theirs[3].get(name))
        shown = ", ".join(f"{n}: {ours[3].get(n)} against {theirs[3].get(n)}" for n in names[:6])
        return f"{where}: {shown}"
    if len(ours[4]) != len(theirs[4]):
        return f"{where}: children {[c[1] for c in ours[4]]} against {[c[1] for c in theirs[4]]}"
    for mine, other in zip(ours[4], theirs[4]):
        found = first_difference(mine, other, where)
        if found:
            return found
    return None


def count_blocks(table):
    return 1 + sum(map(count_blocks, table[4]))


def run(arguments):
    lines = subprocess.run(arguments, check=True, capture_output=True, text=True).stdout.splitlines()
    return dict(line.split("\t", 1) for line in lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dump", required=True)
    parser.add_argument("--pyodide", required=True)
    parser.add_argument("--library", action="store_true")
    parser.add_argument("--show", type=int, default=20)
    parser.add_argument("paths", nargs="*")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        paths = list(arguments.paths)
        if arguments.library:
            with zipfile.ZipFile(os.path.join(arguments.pyodide, "python_stdlib.zip")) as library:
                library.extractall(os.path.join(folder, "lib"))
            paths.append(os.path.join(folder, "lib"))
        files = list(python_files(paths))
        listing = os.path.join(folder, "files.txt")
        with open(listing, "w", encoding="utf-8") as out:
            out.write("\n".join(files))
        script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "symtable_oracle.mjs")
        theirs = run(["node", "--stack-size=4000", "--no-warnings", script, os.path.abspath(arguments.pyodide), listing])
        ours = run([arguments.dump, *files])
    sys.setrecursionlimit(10000)
    equal = blocks = rejected = 0
    shown = 0
    for path in files:
        if theirs[path].startswith("SyntaxError"):
            rejected += 1
            continue
        their_table = json.loads(theirs[path])
        difference = first_difference(json.loads(ours[path]), their_table)
        blocks += count_blocks(their_table)
        if difference is None:
            equal += 1
        elif shown < arguments.show:
            shown += 1
            print(f"{path}: {difference}")
    compared = len(files) - rejected
    print(f"{equal} of {compared} files equal ({blocks} blocks; {rejected} files that CPython rejects)")
    return 0 if equal == compared else 1


if __name__ == "__main__":
    sys.exit(main())
