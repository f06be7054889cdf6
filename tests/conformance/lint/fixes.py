#!/usr/bin/env python3
"""What the fixes of `krait lint` leave behind: applied to copies of source trees until nothing changes.

usage: fixes.py [--krait BIN] [--select CODES] [--ignore CODES] [--show N] [--at-least PERCENT] [PATH...]

The safe fixes are applied to one copy, all of them to another (of the default rules, or of CODES). Then every file that could be
read before must be readable, a second run must change nothing, and `krait check` is asked what it finds after the safe fixes that it
did not find before. After all fixes the texts are compared with ruff's (ruff.mjs beside this file, the pinned WebAssembly build,
which does not say which of its fixes are safe), over the files that either changed. Left out unless --ignore says otherwise: ERA001,
whose fix is only ever shown, and TID252, whose fix needs the folders, which the peer does not see. Exit code 1 when a file is broken, a second run changes something, or fewer files than --at-least (95) are equal;
77 without the peer.
"""
import argparse
import collections
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]


def texts_of(folder):
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*.py"))}


def broken_files(krait, folder):
    listed = subprocess.run([krait, "dump", "ast", "--syntax-only", *texts_of(folder)], capture_output=True, text=True, errors="replace")
    return {each["file"] for each in map(json.loads, listed.stdout.splitlines()) if not each["ok"]}


def check_findings(krait, folder):
    """How often each message is found in each file; lines move, so they do not count."""
    result = subprocess.run([krait, "check", "--no-incremental", "--config-file=", "--no-error-summary", str(folder)], capture_output=True, text=True, errors="replace")
    found = collections.Counter()
    for line in result.stdout.splitlines():
        if match := re.match(r"(.+?):\d+: (error: .*)", line):
            found[match[1], re.sub(r"line \d+", "line", match[2])] += 1
    return found


def rule_options(arguments):
    return [*(["--select", arguments.select] if arguments.select else []), *(["--ignore", arguments.ignore] if arguments.ignore else [])]


def fix(krait, folder, rules, is_unsafe):
    command = [krait, "lint", "--isolated", "--fix", *(["--unsafe-fixes"] if is_unsafe else []), "--exit-zero", *rules, str(folder)]
    result = subprocess.run(command, capture_output=True, text=True, errors="replace")
    refused = [line for line in result.stderr.splitlines() if "would not parse" in line]
    for line in refused:
        print(line)
    if result.returncode != (2 if refused else 0):
        sys.exit(f"krait lint --fix: exit {result.returncode}\n{result.stderr}")
    return len(refused)


def peer_texts(folder, rules):
    command = ["node", str(HERE / "ruff.mjs"), "--fix", *rules, str(folder)]
    result = subprocess.run(command, capture_output=True, text=True, errors="replace")
    if result.returncode != 0:
        return None
    return {each["file"]: each["text"] for each in map(json.loads, result.stdout.split("\n")[:-1])}


def difference(ours, theirs):
    """The first line that differs, of both."""
    for left, right in zip(ours.splitlines() + [""], theirs.splitlines() + [""]):
        if left != right:
            return f"    ours   {left}\n    theirs {right}"
    return ""


def settle(krait, folder, rules, is_unsafe):
    """Applies the fixes twice: (files that cannot be read any more, or could not if all were applied; files that the second run changed)."""
    broken = broken_files(krait, folder)
    refused = fix(krait, folder, rules, is_unsafe)
    after = texts_of(folder)
    broken = broken_files(krait, folder) - broken
    fix(krait, folder, rules, is_unsafe)
    again = texts_of(folder)
    restless = [path for path in after if after[path] != again[path]]
    for path in sorted(broken):
        print(f"broken: {path}")
    for path in restless:
        print(f"changed by a second run: {path}\n{difference(after[path].decode(), again[path].decode())}")
    return len(broken) + refused, len(restless)


def compare_tree(krait, source, arguments):
    """(broken, changed by a second run, new findings, equal files, files that either changed)"""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name, pathlib.Path(source).name)
        shutil.copytree(source, folder, ignore=shutil.ignore_patterns("__pycache__", "*.so"))
        before = texts_of(folder)
        found = check_findings(krait, folder)
        theirs = peer_texts(folder, rule_options(arguments))
        if theirs is None:
            print("skipped: there is no peer (npm ci)")
            sys.exit(77)
        broken, restless = settle(krait, folder, rule_options(arguments), False)
        new = check_findings(krait, folder) - found
        for (path, message), count in list(new.items())[: arguments.show]:
            print(f"found only now: {path}: {message} ({count})")
        for path, text in before.items():
            pathlib.Path(path).write_bytes(text)
        more_broken, more_restless = settle(krait, folder, rule_options(arguments), True)
        after = texts_of(folder)
        touched = [path for path in before if after[path] != before[path] or path in theirs]
        different = [path for path in touched if after[path].decode("utf-8", "replace") != theirs.get(path, before[path].decode("utf-8", "replace"))]
        for path in different[: arguments.show]:
            print(f"{path}\n{difference(after[path].decode('utf-8', 'replace'), theirs.get(path, before[path].decode('utf-8', 'replace')))}")
        row = broken + more_broken, restless + more_restless, sum(new.values()), len(touched) - len(different), len(touched)
        print(f"{source}: {len(before)} files, {row[4]} changed, {row[3]} as ruff changes them, {row[0]} broken, {row[1]} changed again, {row[2]} new findings", flush=True)
        return row


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--krait", default=str(ROOT / "build/release/bin/krait"))
    parser.add_argument("--select", default="")
    parser.add_argument("--ignore", default="ERA001,TID252")
    parser.add_argument("--show", type=int, default=0)
    parser.add_argument("--at-least", type=float, default=95)
    parser.add_argument("paths", nargs="*", default=["/usr/lib/python3/dist-packages/django", "/usr/lib/python3/dist-packages/sqlalchemy", "/usr/lib/python3/dist-packages/jinja2"])
    arguments = parser.parse_args()
    krait = os.path.abspath(arguments.krait)
    rows = [compare_tree(krait, path, arguments) for path in arguments.paths if os.path.isdir(path)]
    broken, restless, new, equal, touched = (sum(column) for column in zip(*rows)) if rows else (0, 0, 0, 0, 0)
    share = 100 * equal / touched if touched else 100
    print(f"{touched} changed files, {share:.1f} % as ruff changes them, {broken} broken, {restless} changed again, {new} new findings")
    return 0 if broken == 0 and restless == 0 and share >= arguments.at_least else 1


if __name__ == "__main__":
    sys.exit(main())
