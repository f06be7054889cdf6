#!/usr/bin/env python3
"""Checks which files `krait lint` reads, by its settings and flags, and what it does without being asked on the command line.

    run_lint_exclude.py KRAIT
"""
import pathlib
import subprocess
import sys
import tempfile

FILES = ["a.py", "foo/a.py", "foo/bar/a.py", "src/foo/a.py", "baz/skip_me.py", "baz/a.py", ".hidden/a.py", "dist/a.py", "venv/lib/a.py", "kept/ignored/a.py"]
USUAL = [path for path in FILES if not path.startswith(("dist", "venv", "kept"))]


def without(*starts):
    return [path for path in USUAL if not path.startswith(starts)]


# settings, arguments, files read
READ = [
    ("", ["."], USUAL),
    ('exclude = ["foo"]', ["."], [p for p in FILES if "foo" not in p and not p.startswith("kept")]),
    ('extend-exclude = ["foo"]', ["."], without("foo", "src")),
    ('extend-exclude = ["src/foo"]', ["."], without("src")),
    ('extend-exclude = ["./src/"]', ["."], without("src")),
    ('extend-exclude = ["skip*.py"]', ["."], without("baz/skip")),
    ('extend-exclude = ["foo/*/a.py"]', ["."], without("foo/bar")),
    ('lint.exclude = ["foo"]', ["."], without("foo", "src")),
    ('extend-exclude = ["foo"]', ["foo/a.py", "dist/a.py"], ["foo/a.py", "dist/a.py"]),
    ('extend-exclude = ["foo"]\nforce-exclude = true', ["foo/a.py", "dist/a.py", "a.py"], ["a.py"]),
    ('extend-exclude = ["foo"]\nforce-exclude = true', ["--no-force-exclude", "foo/a.py"], ["foo/a.py"]),
    ('extend-exclude = ["foo"]', ["--force-exclude", "foo/a.py", "a.py"], ["a.py"]),
    ('extend-exclude = ["src"]', ["--extend-exclude", "baz,a.py"], []),
    ("", ["--exclude", "a.py,foo", "."], ["baz/skip_me.py"]),
    # Who names a folder wants what is in it.
    ("", ["dist", "venv/lib"], ["dist/a.py", "venv/lib/a.py"]),
    ('extend-exclude = ["foo", "bar"]', ["foo"], ["foo/a.py"]),
    ('extend-exclude = ["foo"]\nforce-exclude = true', ["src", "foo/bar"], []),
    ('include = ["foo/*.py"]', ["."], ["foo/a.py", "foo/bar/a.py"]),
    ('include = ["foo/**", "ruff.toml"]\nextend-exclude = ["bar"]', ["."], ["foo/a.py", "ruff.toml"]),
    ('include = ["skip*"]\nextend-include = ["ruff.toml"]', ["."], ["baz/skip_me.py", "ruff.toml"]),
    ('extend-include = ["*.toml"]', ["."], USUAL + ["ruff.toml"]),
    ('include = []', ["foo/a.py"], ["foo/a.py"]),
    ("respect-gitignore = false", ["."], USUAL + ["kept/ignored/a.py"]),
    ("", ["--no-respect-gitignore", "--no-cache", "--cache-dir", "x", "."], USUAL + ["kept/ignored/a.py"]),
]

SOURCE = "import os\nimport sys\nprint(y)\n"
FIXED = "print(y)\n"
REST = "a.py:3:7: F821 Undefined name `y`\n"
COUNTS = "\nFixed 2 errors:\n- a.py:\n    2 × F401 (unused-import)\n\n"
# settings, arguments, text afterwards, exit code, standard output (None: not compared)
FIXES = [
    ("fix = true", [], "print(y)\n", 1, REST.replace(":3:", ":1:") + "Found 3 errors (2 fixed, 1 remaining).\n"),
    ("fix = true", ["--no-fix"], SOURCE, 1, None),
    ("fix = true", ["--diff"], SOURCE, 1, None),
    ("fix-only = true", [], FIXED, 0, "Fixed 2 errors.\n"),
    ("", ["--fix-only"], FIXED, 0, "Fixed 2 errors.\n"),
    ("show-fixes = true", ["--fix-only"], FIXED, 0, COUNTS + "Fixed 2 errors.\n"),
    ("", ["--fix", "--show-fixes"], FIXED, 1, REST.replace(":3:", ":1:") + COUNTS + "Found 3 errors (2 fixed, 1 remaining).\n"),
    ("", ["--unfixable", "F401", "--fix"], SOURCE, 1, None),
    ('lint.fixable = ["E"]', ["--extend-fixable", "F", "--fix"], FIXED, 1, None),
    ("", ["--output-format", "grouped"], SOURCE, 1, "a.py:\n  1:8 F401 [*] `os` imported but unused\n  2:8 F401 [*] `sys` imported but unused\n"
     "  3:7 F821 Undefined name `y`\n\nFound 3 errors.\n[*] 2 fixable with the `--fix` option.\n"),
    ("", ["--statistics"], SOURCE, 1, "2\tF401\t[*] unused-import\n1\tF821\t[ ] undefined-name\nFound 3 errors.\n[*] 2 fixable with the `--fix` option.\n"),
    ("", ["--extend-per-file-ignores", "a.py:F401,a.py:F821"], SOURCE, 0, "All checks passed!\n"),
]


def run(krait, folder, arguments):
    return subprocess.run([krait, "lint", *arguments], cwd=folder, capture_output=True, text=True)


def main(krait):
    faults = 0
    for settings, arguments, expected in READ:
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            for path in FILES:
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                (root / path).write_text("x = 1\n")
            (root / ".gitignore").write_text("ignored\n")
            (root / "ruff.toml").write_text(settings + "\n")
            result = run(krait, folder, ["--show-files", *arguments])
            listed = [path.removeprefix(f"{root.resolve()}/") for path in result.stdout.split()]
            if sorted(listed) != sorted(expected) or result.returncode != 0:
                print(f"{settings!r} {arguments}: {sorted(listed)} instead of {sorted(expected)} {result.stderr}")
                faults += 1
    for settings, arguments, text, code, output in FIXES:
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            (root / "a.py").write_text(SOURCE)
            (root / "ruff.toml").write_text('output-format = "concise"\nlint.select = ["F"]\n' + settings + "\n")
            result = run(krait, folder, [*arguments, "a.py"])
            got = (root / "a.py").read_text()
            if got != text or result.returncode != code or (output is not None and result.stdout != output):
                print(f"{settings!r} {arguments}: exit {result.returncode}, {result.stdout!r} {result.stderr!r}, text {got!r}")
                faults += 1
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / "ruff.toml").write_text('output-format = "pretty"\n')
        result = run(krait, folder, ["."])
        if result.returncode != 2 or "invalid choice: 'pretty'" not in result.stderr:
            print(f"an unknown format: exit {result.returncode}, {result.stderr!r}")
            faults += 1
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        (root / "new").mkdir()
        for path in ("a.py", "new/a.py"):
            (root / path).write_text("type X = int\n")
        (root / "ruff.toml").write_text('target-version = "py310"\n[per-file-target-version]\n"new/*.py" = "py312"\n')
        result = run(krait, folder, ["--output-format", "concise", "."])
        if [line.split(" ")[0] for line in result.stdout.splitlines() if ":" in line] != ["a.py:1:1:"]:
            print(f"per-file-target-version: {result.stdout!r}")
            faults += 1
    print(f"{len(READ) + len(FIXES) + 2} cases, {faults} faults")
    return 1 if faults else 0


sys.exit(main(str(pathlib.Path(sys.argv[1]).resolve())))
