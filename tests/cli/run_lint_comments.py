#!/usr/bin/env python3
"""Checks `krait lint` where it writes suppression comments or looks past them, notebooks with it, and lists what holds.

    run_lint_comments.py KRAIT
"""
import json
import pathlib
import subprocess
import sys
import tempfile

# arguments, text, text afterwards, standard error
ADDED = [
    (["--add-noqa"], "import os\n", "import os  # noqa: F401\n", "Added 1 noqa directive.\n"),
    (["--add-noqa=see below"], "import os\nx = missing \n", "import os  # noqa: F401 see below\nx = missing  # noqa: F821 see below\n", "Added 2 noqa directives.\n"),
    (["--add-noqa"], "import os, sys\n", "import os, sys  # noqa: F401\n", "Added 1 noqa directive.\n"),
    (["--add-noqa"], "import os; x = missing  # noqa: F401 text\n", "import os; x = missing  # noqa: F401, F821 text\n", "Added 1 noqa directive.\n"),
    (["--add-noqa"], "import os; x = missing  # noqa:F821\n", "import os; x = missing  # noqa: F401, F821\n", "Added 1 noqa directive.\n"),
    (["--add-noqa"], "import os  # noqa\n", "import os  # noqa\n", "Added 0 noqa directives.\n"),
    (["--add-noqa"], "x = missing + '''\n'''\n", "x = missing + '''\n'''  # noqa: F821\n", "Added 1 noqa directive.\n"),
    (["--add-noqa"], "x = f'''{missing}\n'''\n", "x = f'''{missing}\n'''  # noqa: F821\n", "Added 1 noqa directive.\n"),
    (["--add-noqa"], "x = missing + \\\n    1\n", "x = missing + \\\n    1  # noqa: F821\n", "Added 1 noqa directive.\n"),
    (["--add-noqa"], "x = 1  # noqa: F401\n", "x = 1  # noqa: F401\n", "Added 0 noqa directives.\n"),
    (["--add-noqa"], "x = = 1\n", "x = = 1\n", "Added 0 noqa directives.\n"),
    (["--add-ignore"], "import os, sys\nx = missing\n", "import os, sys  # ruff: ignore[F401]\nx = missing  # ruff: ignore[F821]\n", "Added 2 ignore comments.\n"),
    (["--add-ignore=why", "--preview"], "import os\n", "import os  # ruff: ignore[unused-import] why\n", "Added 1 ignore comment.\n"),
]

SEEN = "import os  # noqa\nimport re  # ruff: ignore[F401]\n# ruff: disable[F821]\nx = missing\n"


def lint(krait, folder, *arguments):
    return subprocess.run([krait, "lint", "--isolated", *arguments], cwd=folder, capture_output=True, text=True)


def notebook(*cells):
    return json.dumps({"cells": [{"cell_type": "markdown", "metadata": {}, "source": ["# text"]}] + [
        {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": cell.splitlines(True)} for cell in cells],
        "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def check_notebook(krait, folder):
    path = folder / "book.ipynb"
    path.write_text(notebook("%time\nimport os\nimport re", "print(re, missing)\n"))
    faults = []
    diff = lint(krait, folder, "--select", "F", "--diff", "book.ipynb")
    if diff.stdout != "--- book.ipynb:cell 2\n+++ book.ipynb:cell 2\n@@ -1,3 +1,2 @@\n %time\n-import os\n import re\n" or diff.returncode != 1:
        faults.append(f"notebook, --diff: exit {diff.returncode}, {diff.stdout!r} {diff.stderr!r}")
    added = lint(krait, folder, "--select", "F", "--add-noqa", "book.ipynb")
    sources = ["".join(cell["source"]) for cell in json.loads(path.read_text())["cells"]]
    if sources[1:] != ["%time\nimport os  # noqa: F401\nimport re", "print(re, missing)  # noqa: F821\n"] or added.stderr != "Added 2 noqa directives.\n":
        faults.append(f"notebook, --add-noqa: {sources} {added.stderr!r}")
    if (again := lint(krait, folder, "--select", "F", "book.ipynb")).returncode != 0:
        faults.append(f"notebook, silenced: {again.stdout!r}")
    path.write_text(notebook("x   = 1\n"))
    (folder / "a.py").unlink()
    formatted = subprocess.run([krait, "fmt", "."], cwd=folder, capture_output=True, text=True)
    if "x = 1" not in path.read_text():
        faults.append(f"fmt of a folder: exit {formatted.returncode} {formatted.stderr!r}")
    return faults


def main(krait):
    faults = []
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name).resolve()
        for arguments, text, expected, said in ADDED:
            for _ in range(2):
                (folder / "a.py").write_text(text)
                result = lint(krait, folder, "--select", "F,RUF100", *arguments, "a.py")
            got = (folder / "a.py").read_text()
            if got != expected or result.stderr != said or result.returncode != 0:
                faults.append(f"{arguments} {text!r}: exit {result.returncode}, {got!r}, {result.stderr!r}")
        (folder / "a.py").write_text(SEEN)
        for arguments, codes in (([], []), (["--ignore-noqa"], ["F401", "F401", "F821"])):
            result = lint(krait, folder, "--select", "F,RUF100", "--output-format", "concise", *arguments, "a.py")
            found = [line.split()[1] for line in result.stdout.splitlines() if line.startswith("a.py:")]
            if found != codes:
                faults.append(f"{arguments}: {found}")
        shown = lint(krait, folder, "--select", "F401", "--line-length", "99", "--show-settings", "a.py").stdout
        if f'"{folder}/a.py"' not in shown or "linter.rules.enabled = [\n\tunused-import (F401),\n]\n" not in shown or "linter.line_length = 99\n" not in shown:
            faults.append(f"settings: {shown!r}")
        # The first half of a line end of two characters is no part of a comment.
        (folder / "a.py").write_bytes(b"x = 1  # type: ignore\r\n# TODO(me):\r\n")
        ends = lint(krait, folder, "--select", "PGH003,TD005", "--output-format", "json-lines", "a.py").stdout.splitlines()
        places = [(found["code"], found["end_location"]["column"]) for found in map(json.loads, ends)]
        if places != [("PGH003", 22), ("TD005", 7)]:
            faults.append(f"line ends of two characters: {places}")
        (folder / "a.py").write_text(SEEN)
        (folder / "b.xy").write_text("import os\n")
        read = lint(krait, folder, "--select", "F", "--extension", "xy:python", "--show-files").stdout.split()
        if read != [f"{folder}/a.py", f"{folder}/b.xy"]:
            faults.append(f"extensions: {read}")
        (folder / "empty").mkdir()
        if "no Python files found" not in lint(krait, folder, "empty").stderr:
            faults.append("an empty folder: nothing is said")
        faults += check_notebook(krait, folder)
    for fault in faults:
        print(fault)
    print(f"{len(ADDED) + 10} cases, {len(faults)} faults")
    return 1 if faults else 0


sys.exit(main(sys.argv[1]))
