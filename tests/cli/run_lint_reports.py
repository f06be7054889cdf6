#!/usr/bin/env python3
"""Checks `krait lint --metrics` and `krait lint --project` on small programs.

    run_lint_reports.py KRAIT

Numbers are counted by hand from the texts below; those of ODD are what radon 5.1 prints, too.
"""
import json
import pathlib
import subprocess
import sys
import tempfile

MEASURED = '''"""One line."""
import os


class Store:
    """Holds things."""

    def put(self, key, value):
        if key and value:  # both
            return key + value
        for item in value:
            os.remove(item)
        else:
            return None

    def get(self):
        return [x for x in self.items if x]


def free(a):
    try:
        return a - 1
    except ValueError:
        return -a
'''

# What counters disagree on: strings alone, comments and blank lines in brackets, colons of all kinds, code in conditions.
ODD = '''"""Several
lines.

"""
import os; import sys
if os.name == "nt":
    def chosen(a=lambda: 1 or 2):
        def closure(b):
            return b if b else 1
        return closure
    class Held:
        class Inner:
            def lost(self):
                return 1 and 2
        if sys.platform:
            def found(self): return self
table = {  # opens
    # inside
    1: True,

    'name': 1.0,
}
assert table and not table or 1
value = [x for x in table if x if x > 1]; table[1:]; part = "a" "b"
f"alone {value:>3}"
name = 'name' + name + 1 - -1
async def waits():
    async for x in table:
        pass
    else:
        pass
'''

MODULES = {
    "one.py": '''import os
import sys
from two import helper


class Used:
    def called(self):
        self.kept = 1
        self.lost = 2
        return self.kept

    def never(self):
        return sys.argv


def main():
    Used().called()
    return helper()
    print("late")


main()
''',
    "two.py": '''def helper():
    return 1


def forgotten():
    return 2
''',
}

UNUSED = {("one.py", 1, "import", "os", 90), ("one.py", 9, "attribute", "lost", 60), ("one.py", 12, "method", "never", 60),
          ("one.py", 19, "code", "return", 100), ("two.py", 5, "function", "forgotten", 60)}


def run(krait, folder, *arguments):
    return subprocess.run([krait, "lint", *arguments], cwd=folder, capture_output=True, text=True, timeout=60)


def main():
    krait = str(pathlib.Path(sys.argv[1]).resolve())
    faults = []

    def expect(what, wanted, got):
        if wanted != got:
            faults.append(f"{what}: expected {wanted}, got {got}")

    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "measured.py").write_text(MEASURED)
        result = run(krait, folder, "--metrics", "--output-format", "json", "measured.py")
        expect("metrics exit code", 0, result.returncode)
        measured = json.loads(result.stdout)["measured.py"]
        blocks = [(b["type"], b["name"], b["lineno"], b["complexity"], b["rank"]) for b in measured["blocks"]]
        expect("blocks", [("class", "Store", 5, 5, "A"), ("method", "Store.put", 8, 5, "A"), ("method", "Store.get", 16, 3, "A"),
                          ("function", "free", 20, 2, "A")], blocks)
        expect("raw", {"loc": 24, "lloc": 18, "sloc": 16, "comments": 1, "single_comments": 2, "multi": 0, "blank": 6}, measured["raw"])
        expect("halstead", (4, 4), (measured["halstead"]["h1"], measured["halstead"]["N1"]))
        (folder / "odd.py").write_text(ODD)
        odd = json.loads(run(krait, folder, "--metrics", "--output-format", "json", "odd.py").stdout)["odd.py"]
        blocks = [(b["type"], b["name"], b["lineno"], b["col_offset"], b["complexity"]) for b in odd["blocks"]]
        expect("odd blocks", [("function", "chosen", 7, 4, 1), ("class", "Held", 11, 4, 3), ("method", "Held.found", 16, 12, 1),
                              ("function", "waits", 27, 0, 3)], blocks)
        expect("odd raw", {"loc": 31, "lloc": 28, "sloc": 25, "comments": 2, "single_comments": 1, "multi": 3, "blank": 2}, odd["raw"])
        expect("odd halstead", (8, 12, 10, 18), tuple(odd["halstead"][key] for key in ("h1", "h2", "N1", "N2")))
        expect("odd index", 75.8834, odd["mi"])
        expect("text", True, "F 20:0 free - A (2)" in run(krait, folder, "--metrics", "measured.py").stdout)

    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for path, text in MODULES.items():
            (folder / path).write_text(text)
        result = run(krait, folder, "--project", "--output-format", "json", "one.py", "two.py")
        expect("project exit code", 1, result.returncode)
        expect("unused", UNUSED, {(u["file"], u["line"], u["kind"], u["name"], u["confidence"]) for u in json.loads(result.stdout)})
        sure = run(krait, folder, "--project", "--min-confidence", "95", "one.py", "two.py").stdout
        expect("sure", "one.py:19: unreachable code after 'return' (100% confidence)\n", sure)
        expect("wrong format", 2, run(krait, folder, "--project", "--output-format", "xml", "one.py").returncode)
    for fault in faults:
        print(fault)
    print(f"{len(faults)} faults")
    return 1 if faults else 0


sys.exit(main())
