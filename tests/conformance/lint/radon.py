#!/usr/bin/env python3
"""Compares `krait lint --metrics` with Debian's radon, file by file.

usage: radon.py [--krait BIN] PATH...

Compared are the blocks (kind, name, place, complexity), Halstead's counts, the raw counts and the maintainability index of every
Python file below the paths. Where radon 5.1 knows no `match`, numbers differ. Exit code 77 when there is no radon; 1 when
less than 99 percent of the numbers are equal.
"""

import argparse
import collections
import json
import pathlib
import shutil
import subprocess
import sys

HALSTEAD = "h1 h2 N1 N2 vocabulary length calculated_length volume difficulty effort time bugs".split()
FILES_AT_ONCE = 300


def output_of(command, files):
    return json.loads(subprocess.run([*command, *files], capture_output=True, text=True).stdout)


def is_near(left, right):
    return abs(left - right) < 1e-3 * max(1, abs(right))


def blocks_of(listed):
    for block in listed:
        name = f"{block['classname']}.{block['name']}" if block["type"] == "method" else block["name"]
        yield block["type"], name, block["lineno"], block["col_offset"], block["complexity"]


class Comparison:
    def __init__(self):
        self.equal = collections.Counter()
        self.all = collections.Counter()
        self.examples = []

    def add(self, what, file, ours, theirs, is_equal):
        self.all[what] += 1
        self.equal[what] += is_equal
        if not is_equal:
            self.examples.append(f"{file}: {what}: ours {ours}, radon's {theirs}")

    def add_files(self, krait, files):
        measured = output_of([krait, "lint", "--metrics", "--output-format", "json"], files)
        complexity, index, raw, halstead = (output_of(["radon", part, "-j"], files) for part in ("cc", "mi", "raw", "hal"))
        for file in files:
            if "error" in raw.get(file, {"error": ""}) or file not in measured:
                continue
            ours = measured[file]
            blocks = {(b["type"], b["name"], b["lineno"], b["col_offset"], b["complexity"]) for b in ours["blocks"]}
            theirs = set(blocks_of(complexity.get(file, [])))
            for block in blocks | theirs:
                self.add("block", file, block in blocks and block, block in theirs and block, block in blocks and block in theirs)
            self.add("index", file, ours["mi"], index[file]["mi"], is_near(ours["mi"], index[file]["mi"]))
            for name, value in raw[file].items():
                self.add("raw", file, (name, ours["raw"][name]), value, ours["raw"][name] == value)
            for name, value in zip(HALSTEAD, halstead[file]["total"]):
                self.add("halstead", file, (name, ours["halstead"][name]), value, is_near(ours["halstead"][name], value))


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--krait", default=str(pathlib.Path(__file__).resolve().parents[3] / "build/release/bin/krait"))
    parser.add_argument("paths", nargs="+")
    arguments = parser.parse_args()
    if shutil.which("radon") is None:
        print("radon is not installed: apt-get install radon")
        return 77
    files = sorted(str(file) for path in arguments.paths for file in pathlib.Path(path).rglob("*.py"))
    comparison = Comparison()
    for begin in range(0, len(files), FILES_AT_ONCE):
        comparison.add_files(arguments.krait, files[begin : begin + FILES_AT_ONCE])
    print(*comparison.examples[:20], sep="\n")
    for what, count in sorted(comparison.all.items()):
        print(f"{what:10} {comparison.equal[what]:8,} of {count:8,} equal")
    return 0 if comparison.equal.total() >= 0.99 * comparison.all.total() > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
