"""The library's files, CPython's test files and changed copies of both, checked: never a crash or a hang, always the same findings.

usage: run_files.py KRAIT [--every N] [--mutants N] [--seed N] [--seconds N] [FILE...]

Files are checked in groups of forty with one limit of time; a group that breaks it (or crashes) is checked again file by file,
and those that break it alone are named. Each group runs twice, in another order and with another number of workers: both must
print the same. Changed copies lose, double, swap or replace tokens and lines; most of them still parse. Without FILE: every
N-th file of the standard library and, where it is installed, of Debian's libpython3.11-testsuite.
"""

import argparse
import glob
import io
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import tokenize

TESTS = "/usr/lib/python3.11/test"
GROUP = 40


def replaced(rng, tokens):
    """One name, operator, number or string takes the place of another of its kind."""
    kinds = (tokenize.NAME, tokenize.OP, tokenize.NUMBER, tokenize.STRING)
    at = rng.choice([n for n, token in enumerate(tokens) if token.type in kinds])
    other = rng.choice([token for token in tokens if token.type == tokens[at].type])
    return [(tokens[at], other.string)]


def swapped(rng, tokens):
    """Two names change places."""
    names = [token for token in tokens if token.type == tokenize.NAME]
    first, second = rng.choice(names), rng.choice(names)
    return [(first, second.string), (second, first.string)] if first.start != second.start else []


def doubled(rng, tokens):
    token = rng.choice(tokens)
    return [(token, token.string + " " + token.string)]


def dropped(rng, tokens):
    return [(rng.choice(tokens), "")]


def with_changes(text, changes):
    lines = text.splitlines(keepends=True)
    for token, string in sorted(changes, key=lambda change: change[0].start, reverse=True):
        (line, first), (end, last) = token.start, token.end
        if line == end and line <= len(lines):
            lines[line - 1] = lines[line - 1][:first] + string + lines[line - 1][last:]
    return "".join(lines)


def moved_lines(rng, text):
    """Some lines are doubled, dropped or put elsewhere at the same depth."""
    lines = text.splitlines(keepends=True) or ["pass\n"]
    depth = [len(line) - len(line.lstrip()) for line in lines]
    at = rng.randrange(len(lines))
    same = [n for n in range(len(lines)) if depth[n] == depth[at]]
    moved = lines[at]
    if rng.random() < 0.5:
        del lines[at]
    lines.insert(min(rng.choice(same), len(lines)), moved)
    return "".join(lines)


def mutant(rng, text):
    """The text with up to eight changes."""
    for _ in range(rng.choice([1, 2, 4, 8])):
        if rng.random() < 0.3:
            text = moved_lines(rng, text)
            continue
        try:
            tokens = [token for token in tokenize.generate_tokens(io.StringIO(text).readline) if token.string.strip()]
        except (tokenize.TokenError, SyntaxError):
            return text
        # Nothing to change in what holds no name.
        if not any(token.type == tokenize.NAME for token in tokens):
            return text
        text = with_changes(text, rng.choices([replaced, swapped, doubled, dropped], [8, 4, 1, 1])[0](rng, tokens))
    return text


class Checker:
    def __init__(self, krait, seconds):
        self.krait = krait
        self.seconds = seconds
        self.failures = []

    def parsed(self, files):
        """Those of the files that have no syntax error: the first such error ends a check in mypy mode."""
        out = []
        for at in range(0, len(files), GROUP):
            some = files[at:at + GROUP]
            done = subprocess.run([self.krait, "dump", "ast", "--syntax-only", *some], capture_output=True, timeout=self.seconds)
            out += [name for name, line in zip(some, done.stdout.splitlines()) if json.loads(line)["ok"]]
        return out

    def run(self, mode, workers, files):
        """What the check prints, or None after a crash or too long a time."""
        command = [self.krait, "check", *mode, "--cache-dir=/dev/null", "-j", str(workers), "--no-site-packages", "--config-file", "", *files]
        try:
            done = subprocess.run(command, capture_output=True, timeout=self.seconds)
        except subprocess.TimeoutExpired:
            return None, f"no end after {self.seconds} s"
        # 2: a finding that keeps mypy mode from checking on, as a relative import in a file without a package.
        is_blocked = done.returncode == 2 and b"errors prevented further checking" in done.stdout
        if done.returncode not in (0, 1) and not is_blocked:
            return None, f"exit code {done.returncode}: {done.stderr.decode(errors='replace')[-300:]}"
        # One link to the documentation is printed for all of a run's imports, at the first.
        return sorted(line for line in done.stdout.splitlines() if b": note: See https://" not in line), ""

    def group(self, mode, files, rng):
        first, why = self.run(mode, 1, files)
        turned = files[:]
        rng.shuffle(turned)
        second, second_why = self.run(mode, 2, turned)
        if first is None or second is None:
            self.blame(mode, files, why or second_why)
        elif first != second:
            self.failures.append(f"{' '.join(mode) or 'specification mode'}: another order and two workers print other findings, for example:\n  "
                                 + "\n  ".join(line.decode(errors="replace") for line in sorted(set(first) ^ set(second))[:4]))

    def blame(self, mode, files, why):
        found = [(name, alone) for name in files for lines, alone in [self.run(mode, 1, [name])] if lines is None]
        for name, alone in found or [("the group that begins with " + files[0], why)]:
            self.failures.append(f"{' '.join(mode) or 'specification mode'}: {name}: {alone}")


def tested_files(krait, every):
    """The library's files, and CPython's test files where they are installed: every N-th of each."""
    library = pathlib.Path(krait).resolve().parent.parent / "share/krait/stdlib"
    files = sorted(glob.glob(f"{library}/**/*.py", recursive=True))[::every]
    if not os.path.isdir(TESTS):
        print(f"{TESTS} is not installed: the library's files alone")
    return files + sorted(glob.glob(f"{TESTS}/test_*.py"))[::every]


def copied(number, name, folder, change=lambda text: text):
    """A copy under a name of its own: modules of the library must not take the place of their stubs."""
    copy = folder / f"m{number}_{pathlib.Path(name).stem}.py"
    copy.write_text(change(pathlib.Path(name).read_text(encoding="utf-8", errors="replace")), encoding="utf-8")
    return str(copy)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("krait")
    parser.add_argument("files", nargs="*")
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--mutants", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=int, default=120)
    parser.add_argument("--keep", help="a folder that keeps the changed copies")
    options = parser.parse_intermixed_args()
    rng = random.Random(options.seed)
    files = options.files or tested_files(options.krait, options.every)
    checker = Checker(options.krait, options.seconds)
    count = 0
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(options.keep or temporary)
        folder.mkdir(exist_ok=True)
        copies = [copied(n, name, folder) for n, name in enumerate(files)]
        for n in range(options.mutants):
            copies.append(copied(len(files) + n, rng.choice(files), folder, lambda text: mutant(rng, text)))
        for mode in ([], ["--mypy", "--check-untyped-defs"]):
            checked = checker.parsed(copies) if mode else copies
            for at in range(0, len(checked), GROUP):
                checker.group(mode, checked[at:at + GROUP], rng)
            count += len(checked)
    print(*checker.failures, sep="\n")
    print(f"{count} checks of files, {len(checker.failures)} failures")
    return 1 if checker.failures or count == 0 else 0


sys.exit(main())
