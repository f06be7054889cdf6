#!/usr/bin/env python3
"""Checks which configuration file `krait lint` reads, and what it says about what it cannot use.

    run_lint_config.py KRAIT
"""
import pathlib
import subprocess
import sys
import tempfile

SOURCE = 'import os\nx = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"\n'

# `own` is the project's.
SECTIONS = "import os\n\nimport numpy\n\nimport own\n\nprint(os, numpy, own)\n"

# name, files, codes found, parts of standard error (each once)
CASES = [
    ("our own file", {"krait.toml": '[lint]\nselect = ["F"]\n', "ruff.toml": '[lint]\nselect = ["E501"]\n'}, ["F401"], []),
    ("ruff's file", {"ruff.toml": 'line-length = 20\n[lint]\nselect = ["E501"]\n'}, ["E501"], []),
    ("hidden before shown", {".ruff.toml": 'lint.select = ["F"]\n', "ruff.toml": 'lint.select = ["E501"]\n'}, ["F401"], []),
    ("beside mypy.ini", {"mypy.ini": "[mypy]\n", "pyproject.toml": '[tool.ruff.lint]\nselect = ["F"]\n'}, ["F401"], []),
    ("beside krait.toml without [lint]", {"krait.toml": "strict = true\n", "pyproject.toml": '[tool.ruff]\nline-length = 20\nlint.select = ["E501"]\n'}, ["E501"], []),
    ("ours before ruff's", {"pyproject.toml": '[tool.krait.lint]\nselect = ["E501"]\nline-length = 20\n[tool.ruff.lint]\nselect = ["F"]\n'}, ["E501"], []),
    ("extended", {"ruff.toml": 'extend = "base.toml"\nline-length = 20\n', "base.toml": '[tool.ruff.lint]\nselect = ["E501"]\n'}, ["E501"], []),
    ("extends nothing", {"ruff.toml": 'extend = "none.toml"\nlint.select = ["F"]\n'}, ["F401"], ["ruff.toml:1: extend: "]),
    ("extends itself", {"ruff.toml": 'extend = "ruff.toml"\nlint.select = ["F"]\n'}, ["F401"], ["too many files extend each other"]),
    ("unknown codes", {"ruff.toml": '[lint]\nselect = ["F", "FOO1"]\n[lint.per-file-ignores]\n"b.py" = ["XYZ"]\n'}, None,
     ["ruff.toml:2: [lint]: no rule is called FOO1", "ruff.toml:4: [lint]: no rule is called XYZ"]),
    ("a preview that is off", {"ruff.toml": 'lint.select = ["F", "E225"]\n'}, ["F401"], ["selecting E225 has no effect without --preview"]),
    ("a preview that is on", {"ruff.toml": 'preview = true\nlint.select = ["E26"]\n', "a.py": "x = 1 # c\n"}, ["E261"], []),
    ("explicit preview", {"ruff.toml": 'preview = true\nlint.select = ["E2", "E265"]\nlint.explicit-preview-rules = true\n', "a.py": "#c\nx = 1 # c\n"}, ["E265"], []),
    ("the project's Python", {"pyproject.toml": '[project]\nname = "x"\nrequires-python = ">=3.9,<4"\n[tool.ruff.lint]\nselect = ["UP045"]\n',
                              "a.py": "import typing\nx: typing.Optional[int] = 1\n"}, [], []),
    ("a newer Python", {"pyproject.toml": '[project]\nname = "x"\nrequires-python = ">= 3.10"\n[tool.ruff.lint]\nselect = ["UP045"]\n',
                        "a.py": "import typing\nx: typing.Optional[int] = 1\n"}, ["UP045"], []),
    ("source folders", {"ruff.toml": 'src = ["lib"]\nlint.select = ["I"]\n', "lib/own/data.txt": "", "a.py": SECTIONS}, [], []),
    ("source folders by a pattern", {"ruff.toml": 'src = ["parts/*"]\nlint.select = ["I"]\n', "parts/one/own.py": "", "a.py": SECTIONS}, [], []),
    ("the usual source folders", {"ruff.toml": 'lint.select = ["I"]\n', "src/own.py": "", "a.py": SECTIONS}, [], []),
    ("no source folder", {"ruff.toml": 'src = []\nlint.select = ["I"]\n', "src/own.py": "", "a.py": SECTIONS}, ["I001"], []),
    ("a rule that is gone", {"ruff.toml": 'lint.select = ["ANN101"]\n'}, None, ["ruff.toml:1: [lint]: the rule ANN101 is gone and cannot be selected"]),
    ("a rule that is gone, ignored", {"ruff.toml": 'lint.select = ["F"]\nlint.ignore = ["ANN101"]\n'}, ["F401"], ["the rule ANN101 is gone: to ignore it does nothing"]),
    ("a name of a rule", {"ruff.toml": 'preview = true\nlint.select = ["unused-import", "line-too-long"]\nlint.ignore = ["line-too-long"]\n'}, ["F401"], []),
    ("a name without the preview", {"ruff.toml": 'lint.select = ["unused-import"]\n'}, None, ["rules can be selected by name in the preview only: unused-import"]),
    ("an unknown code in the preview", {"ruff.toml": 'preview = true\nlint.select = ["F", "FOO"]\n'}, ["F401"], ["no rule is called FOO"]),
    ("on top of what is extended", {"ruff.toml": 'extend = "base.toml"\nlint.extend-select = ["F"]\n', "base.toml": 'line-length = 20\nlint.select = ["E501"]\nlint.ignore = ["F401"]\n'},
     ["F401", "E501"], []),
    ("less than what is extended", {"ruff.toml": 'extend = "base.toml"\nlint.ignore = ["E"]\n', "base.toml": 'line-length = 20\nlint.select = ["E501", "F"]\n'}, ["F401"], []),
    ("ignored in what extends an empty selection", {"ruff.toml": 'extend = "base.toml"\nlint.select = ["F", "E501"]\nline-length = 20\n',
                                                    "base.toml": 'lint.select = []\nlint.ignore = ["F401"]\n'}, ["E501"], []),
    ("other files ignored than in what is extended", {"ruff.toml": 'extend = "base.toml"\n[lint.per-file-ignores]\n"b.py" = ["F"]\n',
                                                      "base.toml": 'lint.select = ["F"]\n[lint.per-file-ignores]\n"a.py" = ["F"]\n'}, ["F401"], []),
    ("more files ignored than in what is extended", {"ruff.toml": 'extend = "base.toml"\n[lint.per-file-ignores]\n"b.py" = ["F"]\n',
                                                     "base.toml": 'lint.select = ["F"]\n[lint.extend-per-file-ignores]\n"a.py" = ["F"]\n'}, [], []),
    ("unknown settings", {"pyproject.toml": '[tool.ruff]\nshow-source = true\n[tool.ruff.lint]\nline-length = 3\n[tool.ruff.lint.isort]\nforce = true\n[tool.ruff.rules]\n'}, None,
     ["pyproject.toml:2: unknown setting `show-source`", "pyproject.toml:4: unknown setting `line-length` in `lint`", "pyproject.toml:6: unknown setting `force` in `isort`",
      "pyproject.toml:7: unknown table `rules`"]),
    ("values of other types", {"ruff.toml": 'preview = "yes"\nline-length = 999\ntarget-version = "3.9"\n[lint]\nselect = "F"\nper-file-ignores = []\n[lint.mccabe]\nmax-complexity = -1\n'}, None,
     ["ruff.toml:1: `preview` must be true or false", "ruff.toml:2: `line-length` must be a whole number from 1 to 320", "ruff.toml:3: `target-version` must be one of `py37`,",
      "ruff.toml:5: `select` must be a list", "ruff.toml:6: `per-file-ignores` must be a table", "ruff.toml:8: `max-complexity` must be a whole number from 0 on"]),
    ("files ignored by alternatives", {"ruff.toml": 'lint.select = ["F"]\n[lint.per-file-ignores]\n"{a,b}.py" = ["F"]\n'}, [], []),
    ("files ignored but for those of a folder", {"ruff.toml": 'lint.select = ["F"]\n[lint.per-file-ignores]\n"!pack/**.py" = ["F"]\n'}, [], []),
    ("values in lists and tables", {"ruff.toml": 'exclude = [1]\n[per-file-target-version]\n"a.py" = "py27"\n[lint]\ntask-tags = [["x"]]\n[lint.per-file-ignores]\n"a.py" = "F"\n'
                                    '[lint.isort.sections]\nmine = "a"\n[lint.flake8-import-conventions.aliases]\na = ["b"]\n[lint.flake8-tidy-imports.banned-api]\n"a.b" = "no"\n'
                                    '[lint.pylint]\nallow-magic-value-types = ["integer"]\nallow-magic-values = 3\n[format]\ndocstring-code-line-length = "wide"\n'}, None,
     ["ruff.toml:1: `exclude` must be a list of texts", "ruff.toml:3: `a.py` in `per-file-target-version` must be one of `py37`,", "ruff.toml:5: `task-tags` must be a list of texts",
      "ruff.toml:7: `a.py` in `per-file-ignores` must be a list of texts", "ruff.toml:9: `mine` in `sections` must be a list of texts", "ruff.toml:11: `a` in `aliases` must be a text",
      "ruff.toml:13: `a.b` in `banned-api` must be a table with `msg`", "ruff.toml:15: `allow-magic-value-types` must be a list of some of `bytes`,", "ruff.toml:16: `allow-magic-values` must be a list",
      "ruff.toml:18: `docstring-code-line-length` must be `dynamic` or a whole number"]),
    ("a version of ruff that these rules are of", {"ruff.toml": 'required-version = ">=0.9, <99, !=0.10.*, ~=0.17"\nlint.select = ["F"]\n'}, ["F401"], []),
    ("another version of ruff", {"ruff.toml": 'required-version = "0.1.2"\nlint.select = ["F"]\n'}, None, ["ruff.toml:1: `required-version` wants `0.1.2`, but the rules here are those of ruff "]),
    ("a later version of ruff", {"ruff.toml": 'required-version = ">=0.15,>=98"\n'}, None, ["ruff.toml:1: `required-version` wants `>=98`"]),
    ("no version", {"ruff.toml": 'required-version = "new"\n'}, None, ["ruff.toml:1: `required-version` must be versions such as"]),
    ("tables of one's own", {"ruff.toml": 'lint.select = ["F"]\n[per-file-target-version]\n"x" = "py39"\n[extension]\nx = "python"\n[lint.isort.sections]\nmine = ["a"]\n'
                             '[lint.flake8-tidy-imports.banned-api]\n"a.b".msg = "no"\n[lint.flake8-import-conventions.aliases]\na = "b"\n[format]\ndocstring-code-line-length = "dynamic"\n'
                             '[analyze]\ndirection = "x"\n'}, ["F401"], []),
    ("not TOML", {"pyproject.toml": "[tool.ruff\n"}, None, ["pyproject.toml:1: "]),
]


# values of --config, codes found, exit code
SETTINGS = [
    (["line-length = 20", 'lint.select = ["E501"]'], ["E501"], 1),
    (['lint.select = ["E501"]', "lint.pycodestyle.max-line-length = 20"], ["E501"], 1),
    (["base.toml"], ["E501"], 1),
    (["base.toml", 'lint.select = ["F"]'], ["F401"], 1),
    (["line-length = "], [], 2),
    (["line-length = 0"], [], 2),
    (["lint.selekt = []"], [], 2),
    (["nowhere.toml"], [], 2),
]


def lint(krait, folder, arguments):
    result = subprocess.run([krait, "lint", "--output-format", "concise", *arguments, "a.py"], cwd=folder, capture_output=True, text=True)
    return [line.split()[1] for line in result.stdout.splitlines() if line.startswith("a.py:")], result


def check_settings(krait):
    faults = 0
    for values, codes, exit_code in SETTINGS:
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            (root / "a.py").write_text(SOURCE)
            (root / "base.toml").write_text('line-length = 20\n[lint]\nselect = ["E501"]\n')
            found, result = lint(krait, folder, [part for value in values for part in ("--config", value)])
            if found != codes or result.returncode != exit_code or (exit_code != 2 and result.stderr):
                print(f"{values}: found {found}, exit {result.returncode}; standard error: {result.stderr!r}")
                faults += 1
    return faults


# settings, arguments, codes found: what the command line says comes on top of the configuration
LAYERS = [
    ('lint.select = ["F"]\nlint.ignore = ["E501"]\nline-length = 20', ["--select", "E501"], ["E501"]),
    ('lint.select = ["F401", "E501"]\nline-length = 20', ["--ignore", "F"], ["E501"]),
    ('lint.select = ["F401"]\nlint.ignore = ["E501"]\nline-length = 20', ["--extend-select", "E501"], ["F401", "E501"]),
    ('lint.select = ["F"]', ["--select", "F401", "--select", "E501", "--line-length", "20"], ["F401", "E501"]),
    ('lint.select = ["F"]', ["--select", "F", "--ignore", "F401"], []),
    ('lint.select = ["F"]\n[lint.per-file-ignores]\n"a.py" = ["F"]', ["--per-file-ignores", "b.py:F", "--per-file-ignores", "c.py:F"], ["F401"]),
    ('lint.select = ["F"]', ["--per-file-ignores", "a.py:F", "--per-file-ignores", "c.py:F"], []),
    ('preview = true\nlint.select = ["E501"]', ["--select", "unused-import"], ["F401"]),
]


def check_layers(krait):
    faults = 0
    for settings, arguments, codes in LAYERS:
        with tempfile.TemporaryDirectory() as folder:
            (pathlib.Path(folder) / "a.py").write_text(SOURCE)
            (pathlib.Path(folder) / "ruff.toml").write_text(settings + "\n")
            found, result = lint(krait, folder, arguments)
            if found != codes or result.stderr:
                print(f"{settings!r} {arguments}: found {found}, expected {codes}; standard error: {result.stderr!r}")
                faults += 1
    return faults


def check_folders(krait):
    """Each file by the nearest configuration above it; the command line on top."""
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        (root / ".git").mkdir()
        for name, text in {"ruff.toml": 'lint.select = ["F"]\n', "b/ruff.toml": 'extend = "../ruff.toml"\nlint.extend-select = ["E501"]\nline-length = 20\n',
                           "b/c/pyproject.toml": '[tool.ruff.lint]\nselect = ["E501"]\n', "d/pyproject.toml": '[project]\nname = "d"\n'}.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text)
        for name in ("a.py", "b/a.py", "b/c/a.py", "d/a.py"):
            (root / name).write_text(SOURCE)
        expected = {(): ["a.py F401", "b/a.py F401", "b/a.py E501", "d/a.py F401"],
                    ("--line-length", "10"): ["a.py F401", "b/a.py F401", "b/a.py E501", "b/c/a.py E501", "d/a.py F401"],
                    ("--isolated", "--select", "E501", "--line-length", "20"): [f"{place}a.py E501" for place in ("", "b/", "b/c/", "d/")]}
        faults = 0
        for arguments, findings in expected.items():
            result = subprocess.run([krait, "lint", "--output-format", "concise", *arguments], cwd=folder, capture_output=True, text=True)
            found = [line.replace(":", " ").split() for line in result.stdout.splitlines() if ".py:" in line]
            if sorted(f"{words[0]} {words[3]}" for words in found) != sorted(findings):
                print(f"{arguments}: found {result.stdout!r} {result.stderr!r}")
                faults += 1
        return faults


def main(krait):
    faults = check_folders(krait) + check_layers(krait)
    for name, files, codes, parts in CASES:
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            (root / ".git").mkdir()
            (root / "a.py").write_text(SOURCE)
            for path, text in files.items():
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                (root / path).write_text(text)
            found, result = lint(krait, folder, [])
            said = [part for part in parts if result.stderr.count(part) == 1]
            is_stopped = codes is None and name != "not TOML" and (found or result.returncode != 2)
            if (codes is not None and found != codes) or is_stopped or said != parts or (not parts and result.stderr):
                print(f"{name}: found {found}, expected {codes}; standard error: {result.stderr!r}")
                faults += 1
    faults += check_settings(krait)
    print(f"{len(CASES) + len(SETTINGS)} cases, {faults} faults")
    return 1 if faults else 0


sys.exit(main(str(pathlib.Path(sys.argv[1]).resolve())))
