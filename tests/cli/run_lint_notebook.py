#!/usr/bin/env python3
"""Checks `krait lint` and `krait fmt` over notebooks: places within cells, what cells change for the rules, cells that are written back.

    run_lint_notebook.py KRAIT
"""
import json
import pathlib
import subprocess
import sys
import tempfile

# rules, code cells, findings, cells after --fix
CASES = [
    ("F", ["import os\nx = f''\n", "%matplotlib inline\nimport sys\nprint(y)"], ["1:1:8 F401", "1:2:5 F541", "2:2:8 F401", "2:3:7 F821"],
     ["x = ''\n", "%matplotlib inline\nprint(y)"]),
    # A cell shows its last value; a semicolon there keeps it from that.
    ("B015,B018,E703", ["x = 1\nx\n", "x == 1\nx\n", "x;\n", "x = 2;\nx"], ["2:1:1 B015", "4:1:6 E703"], ["x = 1\nx\n", "x == 1\nx\n", "x;\n", "x = 2\nx"]),
    # Each cell begins with its imports.
    ("E402,I001", ["import os\n\nx = os\n", "import sys\nimport abc\n\nprint(sys, abc)\nimport re\n"], ["2:1:1 I001", "2:5:1 E402"],
     ["import os\n\nx = os\n", "import abc\nimport sys\n\nprint(sys, abc)\nimport re\n"]),
    ("F821,F704,PLE1142,D100,INP001", ["display(get_ipython())\nawait display(1)\n"], [], None),
    ("F401", ["import os  # noqa: F401\nimport re\n"], ["1:2:8 F401"], ["import os  # noqa: F401\n"]),
    ("F541", ["!ls\nfor x in '':\n    %time f''\n    f''\n?x\ny = !ls\nf''\n"], ["1:4:5 F541", "1:7:1 F541"], ["!ls\nfor x in '':\n    %time f''\n    ''\n?x\ny = !ls\n''\n"]),
    # What the rules read for a value of the shell's is nobody's code.
    ("S307,Q000,F821", ["y = !ls\nz = %pwd\nprint(y, z)\n"], [], None),
    # What a fix would do to a line that is no Python is not done at all.
    ("F841", ["def f():\n    y = !ls\n    z = 1\n"], ["1:2:5 F841", "1:3:5 F841"], None),
    ("F401", ["import os\n"], ["1:1:8 F401"], [""]),
    ("F", ["x = = 1\n", "import os\n"], ["1:1:5 invalid-syntax:"], None),
]


# code cells, the same after `krait fmt` (None: an error)
FORMATTED = [
    (["x=1\n", "y = f( a )", "", "\n\n"], ["x = 1", "y = f(a)", "", "\n\n"]),
    (["%matplotlib inline\nx=1", "!ls", "x=1;", "x=1;y=2 ;\n", "x=1; # shown\n"], ["%matplotlib inline\nx=1", "!ls", "x = 1;", "x = 1\ny = 2;", "x=1; # shown\n"]),
    (["x = 1"], ["x = 1"]),
    (["x=1", "x = = 1"], None),
]


def notebook(cells, as_text):
    made = [{"cell_type": "code", "execution_count": None, "id": f"c{n}", "metadata": {}, "outputs": [], "source": cell if as_text else cell.splitlines(True)}
            for n, cell in enumerate(cells)]
    made.insert(1, {"cell_type": "markdown", "id": "m", "metadata": {}, "source": ["import nothing\n", "é"]})
    return {"cells": made, "metadata": {"z": 1, "a": []}, "nbformat": 4, "nbformat_minor": 5}


def lint(krait, root, arguments):
    return subprocess.run([krait, "lint", "--isolated", "--output-format", "concise", *arguments], cwd=root, capture_output=True, text=True)


def check(krait, rules, cells, findings, fixed, as_text):
    faults = []
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "book.ipynb"
        before = json.dumps(notebook(cells, as_text), indent=1, ensure_ascii=False) + "\n"
        path.write_text(before)
        result = lint(krait, folder, ["--select", rules, "."])
        found = [line.removeprefix("book.ipynb:cell ").split(" ") for line in result.stdout.splitlines() if line.startswith("book.ipynb:")]
        if [f"{words[0].rstrip(':')} {words[1]}" for words in found] != findings or result.stderr:
            faults.append(f"found {found} {result.stderr}")
        lint(krait, folder, ["--select", rules, "--fix", "--unsafe-fixes" if rules == "F841" else "--no-unsafe-fixes", "book.ipynb"])
        wanted = before if fixed is None else json.dumps(notebook(fixed, as_text), indent=1, ensure_ascii=False) + "\n"
        if path.read_text() != wanted:
            faults.append(f"--fix made {path.read_text()}")
    return faults


def main(krait):
    faults = []
    for case in CASES:
        for as_text in (False, True):
            faults += [f"{case[0]} {case[1]}: {fault}" for fault in check(krait, *case, as_text)]
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / "book.ipynb").write_text(json.dumps(notebook(["x = 1\n", "a = 1\nprint(é)\n"], False)))
        found = [json.loads(line) for line in lint(krait, folder, ["--select", "F", "--output-format", "json-lines", "."]).stdout.splitlines()]
        places = [(one["cell"], one["location"]["row"], one["end_location"]["row"], one["noqa_row"]) for one in found]
        if places != [(2, 2, 2, 2)]:
            faults.append(f"json: {places}")
        (pathlib.Path(folder) / "book.ipynb").write_text('{"cells": [{"cell_type": 3, "source": "import os"}, 4, {"cell_type": "code"}, {"cell_type": "code", "source": 5}]}')
        for command in (["lint", "--isolated"], ["fmt"], ["check", "--config-file="], ["verify", "--no-run"]):
            result = subprocess.run([krait, *command, "book.ipynb"], cwd=folder, capture_output=True, text=True)
            if result.returncode != 0:
                faults.append(f"odd cells, {command[0]}: exit {result.returncode} {result.stdout} {result.stderr}")
        # Cells of another language are nobody's business.
        other = notebook(["library(stats)\nx <- c(1,2)\n"], False)
        other["metadata"]["language_info"] = {"name": "R"}
        (pathlib.Path(folder) / "book.ipynb").write_text(json.dumps(other))
        for command in (["lint", "--isolated"], ["fmt"], ["check", "--config-file="]):
            result = subprocess.run([krait, *command, "book.ipynb"], cwd=folder, capture_output=True, text=True)
            if result.returncode != 0 or (pathlib.Path(folder) / "book.ipynb").read_text() != json.dumps(other):
                faults.append(f"another language, {command[0]}: exit {result.returncode} {result.stdout} {result.stderr}")
        (pathlib.Path(folder) / "book.ipynb").write_text("import os\n")
        result = lint(krait, folder, ["book.ipynb"])
        if result.returncode == 0 or "not a notebook" not in result.stdout + result.stderr:
            faults.append(f"no notebook: exit {result.returncode} {result.stdout} {result.stderr}")
    for cells, formatted in FORMATTED:
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "book.ipynb"
            path.write_text(json.dumps(notebook(cells, False)))
            for _ in range(2):
                result = subprocess.run([krait, "fmt", "book.ipynb"], cwd=folder, capture_output=True, text=True)
            got = [cell["source"] for cell in json.loads(path.read_text())["cells"]]
            if got != [cell["source"] for cell in notebook(formatted or cells, False)["cells"]] or result.returncode != (formatted is None):
                faults.append(f"fmt {cells}: exit {result.returncode} {result.stderr} {got}")
            if formatted is None and "book.ipynb:cell 2:1:5" not in result.stderr:
                faults.append(f"fmt {cells}: {result.stderr}")
    for fault in faults:
        print(fault)
    print(f"{2 * len(CASES) + 9 + len(FORMATTED)} cases, {len(faults)} faults")
    return 1 if faults else 0


sys.exit(main(str(pathlib.Path(sys.argv[1]).resolve())))
