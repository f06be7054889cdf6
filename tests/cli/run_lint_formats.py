#!/usr/bin/env python3
"""Checks the output formats of `krait lint`: frames for people, and what other tools read.

    run_lint_formats.py KRAIT
"""
import json
import pathlib
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml

SOURCE = 'import os\nimport sys\n\nname = "é", missing\n'

UNUSED = """F401 [*] `os` imported but unused
 --> a.py:1:8
  |
1 | import os
  |        ^^
2 | import sys
  |
help: Remove unused import: `os`
  |
  - import os
1 | import sys
2 |
3 | name = "é", missing
  |

"""

UNDEFINED = """F821 Undefined name `missing`
 --> a.py:4:13
  |
2 | import sys
3 |
4 | name = "é", missing
  |             ^^^^^^^
  |
"""

OVER_LINES = "import d\nimport c\n\nprint(c,\n\td, [\n    i\n    for i in range(c)])\n"

BLOCK = """I001 [*] Import block is un-sorted or un-formatted
 --> a.py:1:1
  |
1 | / import d
2 | | import c
  | |________^
3 |
4 |   print(c,
  |
help: Organize imports
  |
  - import d
1 | import c
2 + import d
3 |
4 | print(c,
5 |     d, [
  |

"""

LIST = """C416 [*] Unnecessary list comprehension (rewrite using `list()`)
 --> a.py:5:5
  |
4 |   print(c,
5 |       d, [
  |  ________^
6 | |     i
7 | |     for i in range(c)])
  | |______________________^
  |
help: Rewrite using `list()`
  |
2 | import c
3 |
4 | print(c,
  -     d, [
  -     i
  -     for i in range(c)])
5 +     d, list(range(c)))
  |
note: This is an unsafe fix and may change runtime behavior
"""


class Faults:
    def __init__(self):
        self.count = 0

    def expect(self, what, expected, got):
        if expected != got:
            print(f"{what}: expected {expected!r}\n  got {got!r}")
            self.count += 1


def lint(krait, folder, select, *arguments):
    command = [krait, "lint", "--isolated", "--select", select, *arguments, "a.py"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True)


def check_frames(krait, folder, faults):
    full = lint(krait, folder, "F").stdout
    faults.expect("a frame and its fix", UNUSED, full[: len(UNUSED)])
    faults.expect("a frame without a fix", UNDEFINED + "\nFound 3 errors.\n[*] 2 fixable with the `--fix` option.\n", full[full.index("F821") :])
    (folder / "a.py").write_text(OVER_LINES)
    full = lint(krait, folder, "I001,C416", "--unsafe-fixes").stdout
    faults.expect("marks over lines", BLOCK + LIST + "\nFound 2 errors.\n[*] 2 fixable with the `--fix` option.\n", full)
    hints = lint(krait, folder, "I001,C416").stdout.splitlines()[-1]
    faults.expect("hidden fixes", "[*] 1 fixable with the `--fix` option (1 hidden fix can be enabled with the `--unsafe-fixes` option).", hints)
    faults.expect("hidden fixes only", "No fixes available (1 hidden fix can be enabled with the `--unsafe-fixes` option).", lint(krait, folder, "C416").stdout.splitlines()[-1])
    faults.expect("no hint", "Found 1 error.", lint(krait, folder, "C416", "--no-unsafe-fixes").stdout.splitlines()[-1])
    faults.expect("nothing to show", "No errors would be fixed (1 fix available with `--unsafe-fixes`).\n", lint(krait, folder, "C416", "--diff").stderr)
    faults.expect("some to show", "Would fix 1 error (1 additional fix available with `--unsafe-fixes`).\n", lint(krait, folder, "I001,C416", "--diff").stderr)
    faults.expect("nothing fixed", "No errors fixed (1 fix available with `--unsafe-fixes`).\n", lint(krait, folder, "C416", "--fix-only").stdout)
    (folder / "a.py").write_text(SOURCE)


def check_json(krait, folder, faults):
    found = json.loads(lint(krait, folder, "F", "--output-format", "json").stdout)
    faults.expect("json", 3, len(found))
    first = {"cell": None, "code": "F401", "end_location": {"column": 10, "row": 1}, "filename": str(folder / "a.py"),
             "fix": {"applicability": "safe", "edits": [{"content": "", "end_location": {"column": 1, "row": 2}, "location": {"column": 1, "row": 1}}],
                     "message": "Remove unused import: `os`"},
             "location": {"column": 8, "row": 1}, "message": "`os` imported but unused", "noqa_row": 1,
             "url": "https://docs.astral.sh/ruff/rules/unused-import"}
    faults.expect("json, first", first, found[0])
    faults.expect("json, last", ({"column": 13, "row": 4}, None), (found[2]["location"], found[2]["fix"]))
    faults.expect("json-lines", found, [json.loads(line) for line in lint(krait, folder, "F", "--output-format", "json-lines").stdout.splitlines()])
    faults.expect("empty json", "[]\n", lint(krait, folder, "E7", "--output-format", "json").stdout)
    counts = [{"code": "F401", "name": "unused-import", "count": 2, "fixable": True, "fixable_count": 2},
              {"code": "F821", "name": "undefined-name", "count": 1, "fixable": False, "fixable_count": 0}]
    faults.expect("statistics", counts, json.loads(lint(krait, folder, "F", "--statistics", "--output-format", "json").stdout))


def check_services(krait, folder, faults):
    path = str(folder / "a.py")
    github = lint(krait, folder, "F821", "--output-format", "github").stdout
    faults.expect("github", f"::error title=krait (F821),file={path},line=4,col=13,endLine=4,endColumn=20::a.py:4:13: F821 Undefined name `missing`\n", github)
    faults.expect("pylint", "a.py:4: [F821] Undefined name `missing`\n", lint(krait, folder, "F821", "--output-format", "pylint").stdout)
    azure = f"##vso[task.logissue type=error;sourcepath={path};linenumber=4;columnnumber=13;code=F821;]Undefined name `missing`\n"
    faults.expect("azure", azure, lint(krait, folder, "F821", "--output-format", "azure").stdout)
    gitlab = json.loads(lint(krait, folder, "F", "--output-format", "gitlab").stdout)
    faults.expect("gitlab, fingerprints", 3, len({finding.pop("fingerprint") for finding in gitlab}))
    place = {"path": "a.py", "positions": {"begin": {"column": 13, "line": 4}, "end": {"column": 20, "line": 4}}}
    faults.expect("gitlab", {"check_name": "F821", "description": "F821: Undefined name `missing`", "severity": "major", "location": place}, gitlab[2])
    suites = xml.fromstring(lint(krait, folder, "F", "--output-format", "junit").stdout.encode())
    faults.expect("junit", ("3", "3", path), (suites.get("tests"), suites.get("failures"), suites[0].get("name")))
    case = suites[0][2]
    faults.expect("junit, case", ("org.krait.F821", path[:-3], "4", "13"), tuple(case.get(key) for key in ("name", "classname", "line", "column")))
    faults.expect("junit, failure", ("Undefined name `missing`", "line 4, col 13, Undefined name `missing`"), (case[0].get("message"), case[0].text))
    faults.expect("junit, nothing", "No errors found", xml.fromstring(lint(krait, folder, "E7", "--output-format", "junit").stdout.encode())[0][0].get("name"))
    review = json.loads(lint(krait, folder, "F401", "--output-format", "rdjson").stdout)
    faults.expect("rdjson", {"range": {"start": {"line": 1, "column": 1}, "end": {"line": 2, "column": 1}}, "text": ""}, review["diagnostics"][0]["suggestions"][0])
    faults.expect("rdjson, code", {"url": "https://docs.astral.sh/ruff/rules/unused-import", "value": "F401"}, review["diagnostics"][0]["code"])
    sarif = json.loads(lint(krait, folder, "F", "--output-format", "sarif").stdout)["runs"][0]
    region = sarif["results"][2]["locations"][0]["physicalLocation"]
    faults.expect("sarif", ({"uri": "file://" + path}, {"startLine": 4, "startColumn": 13, "endLine": 4, "endColumn": 20}), (region["artifactLocation"], region["region"]))
    replaced = sarif["results"][0]["fixes"][0]["artifactChanges"][0]["replacements"][0]
    faults.expect("sarif, fix", ({"startLine": 1, "startColumn": 1, "endLine": 2, "endColumn": 1}, {"text": ""}), (replaced["deletedRegion"], replaced["insertedContent"]))
    faults.expect("sarif, rules", ["F401", "F821"], [rule["id"] for rule in sarif["tool"]["driver"]["rules"]])


def main(krait):
    faults = Faults()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name).resolve()
        (folder / "a.py").write_text(SOURCE)
        check_frames(krait, folder, faults)
        check_json(krait, folder, faults)
        check_services(krait, folder, faults)
    print(f"{faults.count} faults")
    return 1 if faults.count else 0


sys.exit(main(sys.argv[1]))
