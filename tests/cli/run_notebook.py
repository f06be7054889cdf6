"""`krait check` of notebooks: cells are one module, findings name the cell and its line.

usage: run_notebook.py KRAIT
"""

import json
import pathlib
import subprocess
import sys
import tempfile

KRAIT = sys.argv[1]
CELLS = [
    ("markdown", ["# A *title*\n", "x = 1 + 'text'"]),
    ("code", ["%matplotlib inline\n", "import os\n", "files = !ls\n", "total: int = 0"]),
    ("code", "%%bash\nthis is no python (\n"),
    ("code", ["def f(n: int) -> str:\n", "    !echo\n", "    return n\n", "\n", "f?\n", "f('x')\n", "files.anything"]),
    ("code", ["%%time\n", "total = ''", ]),
    ("raw", "not code"),
    ("code", "text = '''\n%not magic\n'''\nreveal_type(text)\nundefined"),
]
WANTED = """\
nb.ipynb:cell 3:3: error: Incompatible return value type (got "int", expected "str")  [return-value]
nb.ipynb:cell 3:6: error: Argument 1 to "f" has incompatible type "str"; expected "int"  [arg-type]
nb.ipynb:cell 4:2: error: Incompatible types in assignment (expression has type "str", variable has type "int")  [assignment]
nb.ipynb:cell 5:4: note: Revealed type is "str"
nb.ipynb:cell 5:5: error: Name "undefined" is not defined  [name-defined]
"""


def check(folder, *arguments):
    done = subprocess.run([KRAIT, "check", "--no-site-packages", "--no-error-summary", *arguments], cwd=folder, capture_output=True, text=True)
    return done.returncode, done.stdout, done.stderr


with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name)
    notebook = json.dumps({"cells": [{"cell_type": kind, "source": source, "metadata": {}} for kind, source in CELLS], "nbformat": 4})
    (folder / "nb.ipynb").write_text(notebook)
    for what in ("nb.ipynb", "nb.ipynb", "."):  # cold, warm, as a file of a folder
        code, out, error = check(folder, what)
        assert (code, out, error) == (1, WANTED, ""), (code, out, error)
    code, out, _ = check(folder, "--show-column-numbers", "nb.ipynb")
    assert out.startswith("nb.ipynb:cell 3:3:12: error: "), out
    code, out, _ = check(folder, "--output", "json", "nb.ipynb")
    first = json.loads(out.splitlines()[0])
    assert (first["file"], first["cell"], first["line"]) == ("nb.ipynb", 3, 3), first
    # The formats of CI: the line is the cell's own, the cell is named wherever the format has a place for it.
    wanted = [(3, 3), (3, 6), (4, 2), (5, 4), (5, 5)]
    _, out, _ = check(folder, "--output", "github", "nb.ipynb")
    for (cell, line), text in zip(wanted, out.splitlines(), strict=True):
        assert f"file=nb.ipynb,line={line}," in text and f"::nb.ipynb:cell {cell}:{line}:" in text, text
    _, out, _ = check(folder, "--output", "gitlab", "nb.ipynb")
    lines = [finding["location"]["positions"]["begin"]["line"] for finding in json.loads(out)]
    assert lines == [3, 6, 2, 5], out  # notes are no findings there
    _, out, _ = check(folder, "--output", "junit", "nb.ipynb")
    assert all(f"nb.ipynb:cell {cell}:{line}: " in out for cell, line in wanted if line != 4) and 'line="3"' in out, out
    _, out, _ = check(folder, "--output", "sarif", "nb.ipynb")
    places = [result["locations"][0] for result in json.loads(out)["runs"][0]["results"]]
    found = [(int(place["logicalLocations"][0]["name"].split()[1]), place["physicalLocation"]["region"]["startLine"]) for place in places]
    assert found == wanted, out
    code, out, error = check(folder, "--add-ignore", "nb.ipynb")
    assert code == 1 and "not written into notebooks" in error and (folder / "nb.ipynb").read_text() == notebook, error
    (folder / "bad.ipynb").write_text("{}")
    code, out, error = check(folder, "bad.ipynb")
    assert code == 2 and "not a notebook" in error, error
    (folder / "broken.ipynb").write_text(json.dumps({"cells": [{"cell_type": "code", "source": "x = (\n"}]}))
    code, out, error = check(folder, "broken.ipynb")
    assert out.startswith("broken.ipynb:cell 1:1: error: "), (code, out, error)
