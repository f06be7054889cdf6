"""Runs the typing specification's conformance tests through `krait check`, one file a run.

usage: check.py --krait BINARY [--update] [--all]

The tests are looked for in $KRAIT_CORPORA/typing, else in ../shared/corpora/typing beside the checkout; without them
the run is skipped. A test passes when each line it marks is reported and no other is: `# E` an error must be told here,
`# E?` may be, `# E[tag]` on exactly one of the lines with the tag, `# E[tag+]` on at least one. passing.txt lists what
must pass; --update adds what passes now (nothing is ever taken out), --all tells of each failing test what is wrong.
"""

import argparse
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
PASSING = HERE / "passing.txt"
MARK = re.compile(r"# E(?:(?P<maybe>\?)|\[(?P<tag>[^\]+]+)(?P<many>\+?)\]|(?=:|$| ))")
FINDING = re.compile(r"^([^:\n]+\.pyi?):(\d+):(?:\d+:)* error: (.*)$", re.MULTILINE)


def corpus() -> pathlib.Path:
    root = os.environ.get("KRAIT_CORPORA") or HERE.parents[3] / "shared" / "corpora"
    return pathlib.Path(root) / "typing"


def read_marks(path: pathlib.Path) -> tuple[set[int], set[int], dict[str, tuple[list[int], bool]]]:
    required: set[int] = set()
    allowed: set[int] = set()
    tags: dict[str, tuple[list[int], bool]] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.split("#", 1)[0].strip():
            continue
        for mark in MARK.finditer(line):
            if mark["tag"]:
                tags.setdefault(mark["tag"], ([], bool(mark["many"])))[0].append(number)
            else:
                allowed.add(number)
                if not mark["maybe"]:
                    required.add(number)
    return required, allowed, tags


def run(krait: str, path: pathlib.Path) -> list[str]:
    """What is wrong with the answer to this test."""
    try:
        done = subprocess.run([krait, "check", path.name], cwd=path.parent, capture_output=True, text=True, timeout=60)
    except subprocess.TimeoutExpired:
        return ["took more than 60 s"]
    if done.returncode not in (0, 1):
        return [f"exit code {done.returncode}"]
    found = {int(number): text for file, number, text in FINDING.findall(done.stdout) if file == path.name}
    required, allowed, tags = read_marks(path)
    problems = [f"line {line}: an error is missing" for line in sorted(required - found.keys())]
    for tag, (lines, many) in tags.items():
        count = sum(line in found for line in lines)
        if count == 0 or (count > 1 and not many):
            problems.append(f"lines {lines}: {count} errors with the tag {tag}")
        allowed.update(lines)
    problems += [f"line {line}: not expected: {found[line]}" for line in sorted(found.keys() - allowed)]
    return problems


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--krait", required=True)
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--all", action="store_true")
    options = parser.parse_args()
    folder = corpus()
    if not folder.is_dir():
        print("skipped: no conformance tests at hand (set KRAIT_CORPORA)")
        return 77
    listed = set(PASSING.read_text().split())
    names = sorted(path.name for path in folder.iterdir() if path.suffix in (".py", ".pyi") and not path.name.startswith("_"))
    krait = str(pathlib.Path(options.krait).resolve())
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        results = dict(zip(names, pool.map(lambda name: run(krait, folder / name), names)))
    passed = {name for name, problems in results.items() if not problems}
    lost = sorted(listed - passed)
    for name in sorted(names) if options.all else lost:
        for problem in results.get(name, ["the test is gone"]):
            print(f"{name}: {problem}")
    print(f"{len(passed)} of {len(names)} passed; {len(listed)} are listed, {len(lost)} of them fail")
    if options.update:
        PASSING.write_text("".join(f"{name}\n" for name in sorted(listed | passed)))
    elif passed - listed:
        print("not listed yet (--update): " + ", ".join(sorted(passed - listed)))
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
