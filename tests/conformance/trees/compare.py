#!/usr/bin/env python3
"""Compares the trees that our build of tree-sitter's library makes with those of the library as it is.

usage: compare.py OURS ITS_OWN FOLDER...

The two are builds of tree_hash.cpp. Every Python file below the folders is parsed, edited and parsed again by both. Exit
code 1 when a line of theirs differs.
"""

import pathlib
import subprocess
import sys

FILES_AT_ONCE = 500


def hashes(tool, files):
    """The lines that the tool prints for the files."""
    return subprocess.run([tool, *files], check=True, capture_output=True, text=True).stdout.splitlines()


def main():
    ours, its_own, *folders = sys.argv[1:]
    files = sorted(str(path) for folder in folders for path in pathlib.Path(folder).rglob("*.py"))
    different = []
    for begin in range(0, len(files), FILES_AT_ONCE):
        some = files[begin : begin + FILES_AT_ONCE]
        left, right = hashes(ours, some), hashes(its_own, some)
        assert len(left) == len(right) == len(some)
        different += [file for file, a, b in zip(some, left, right) if a != b]
    print(f"{len(files)} files, {len(different)} with other trees", *different[:20], sep="\n")
    return 1 if different or not files else 0


if __name__ == "__main__":
    sys.exit(main())
