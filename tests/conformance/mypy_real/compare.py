"""Compares `krait check --mypy` with what mypy prints over real packages, line by line.

usage: compare.py --krait BINARY [--strict] [--lines]

mypy's output is looked for in $KRAIT_CORPORA/mypy-real, else in ../shared/corpora/mypy-real beside the checkout, the
packages (jinja2, werkzeug, flask) among Debian's; without them the run is skipped. Both modes run; a mode fails when it
prints fewer of mypy's lines, or more of its own, than BOUNDS allow. Differences are told by the shape of the message;
--lines tells each line, --strict only that mode.
"""

import argparse
import collections
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
PACKAGES = ("jinja2", "werkzeug", "flask")
INSTALLED = pathlib.Path("/usr/lib/python3/dist-packages")
# Least share of mypy's lines, most lines of our own, in per cent of mypy's. They only tighten.
BOUNDS = {"default": (93, 25), "strict": (87, 13)}


def corpus() -> pathlib.Path:
    root = os.environ.get("KRAIT_CORPORA") or HERE.parents[3] / "shared" / "corpora"
    return pathlib.Path(root) / "mypy-real"


def shape(line: str) -> str:
    """The message without its place and its names."""
    return re.sub(r'"[^"]*"', '"…"', line.split(": ", 1)[-1])


def tell(title: str, lines: collections.Counter, every: bool) -> None:
    counted = sorted(lines.elements()) if every else [
        f"{count:4} {text}" for text, count in collections.Counter(shape(line) for line in lines.elements()).most_common()]
    for text in counted:
        print(f"  {title} {text}")


def compare(krait: str, mode: str, every: bool) -> bool:
    expected = collections.Counter((corpus() / f"{mode}.txt").read_text(encoding="utf-8").splitlines())
    with tempfile.TemporaryDirectory() as folder:
        for package in PACKAGES:
            shutil.copytree(INSTALLED / package, pathlib.Path(folder) / package, ignore=shutil.ignore_patterns("__pycache__"))
        strict = ["--strict"] if mode == "strict" else []
        command = [os.path.abspath(krait), "check", "--mypy", *strict, "--python-version", "3.12", "--no-error-summary", "--no-site-packages",
                   "--no-incremental", *PACKAGES]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300)
    if done.returncode not in (0, 1):
        print(f"{mode}: exit code {done.returncode}\n{done.stderr}")
        return False
    found = collections.Counter(done.stdout.splitlines())
    missing, own = expected - found, found - expected
    total = expected.total()
    share, extra = 100 * (1 - missing.total() / total), 100 * own.total() / total
    print(f"{mode}: {share:.1f} % of mypy's {total} lines, {extra:.1f} % of our own")
    tell("missing", missing, every)
    tell("own", own, every)
    least, most = BOUNDS[mode]
    return share >= least and extra <= most


def main() -> int:
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--krait", required=True)
    parser.add_argument("--strict", action="store_true")
    parser.add_argument("--lines", action="store_true")
    options = parser.parse_args()
    if not corpus().is_dir() or not all((INSTALLED / package).is_dir() for package in PACKAGES):
        print("skipped: mypy's output or the packages are not here")
        return 77
    modes = ["strict"] if options.strict else list(BOUNDS)
    results = [compare(options.krait, mode, options.lines) for mode in modes]
    return 0 if all(results) else 1


sys.exit(main())
