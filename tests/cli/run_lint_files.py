#!/usr/bin/env python3
"""Checks findings of `krait lint` that no fixture can show: blanks at line ends, bytes, modes of files, broken files.

    run_lint_files.py KRAIT
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

# what is selected, text (None: a link to nowhere), mode, arguments, findings as (code, row, column), text after --fix (None: not tried)
FILES = [
    ("W291", "x = 1 \ny = 2\t\nz = '''a \nb'''\n", 0o644, [], [("W291", 1, 6), ("W291", 2, 6), ("W291", 3, 9)], None),
    ("W293", "x = 1\n  \ny = 2\n", 0o644, [], [("W293", 2, 1)], "x = 1\n\ny = 2\n"),
    ("W293,W291", "x = '''a  \n  \n'''  \n", 0o644, [], [("W291", 1, 9), ("W293", 2, 1), ("W291", 3, 4)], "x = '''a  \n  \n'''\n"),
    ("W391", "x = 1\n\n\n", 0o644, ["--preview"], [("W391", 2, 1)], "x = 1\n"),
    ("W391", "x = 1\n", 0o644, ["--preview"], [], "x = 1\n"),
    ("W191", "if 1:\n\tx = 1\n\t\n", 0o644, [], [("W191", 2, 1), ("W191", 3, 1)], None),
    ("E101", "x = '''\n \ta\n'''\n", 0o644, [], [("E101", 2, 1)], None),
    # Blocks that are open where the last line has no end are ended by one more line.
    ("E111", "if 1:\n   x = 1", 0o644, ["--preview"], [("E111", 2, 1), ("E111", 2, 1)], None),
    ("E111", "if 1:\n    '''\n  x'''", 0o644, ["--preview"], [("E111", 3, 1)], None),
    ("E111", "if 1:\n    x = 1\n   # c", 0o644, ["--preview"], [], None),
    ("E111", "x = (1,\n   2)", 0o644, ["--preview"], [], None),
    ("EXE002", "x = 1\n", 0o755, [], [("EXE002", 1, 1)], None),
    ("PLE2514", "x = 'a\0b'\n", 0o644, [], [("invalid-syntax", 1, 1)], None),
    ("E902", None, 0o644, [], [("E902", 1, 1)], None),
    # Rules of lines and tokens hold for what Python rejects; nothing is fixed there.
    ("W", "x = = 3 \n  \ny = 1\n", 0o644, [], [("invalid-syntax", 1, 5), ("W291", 1, 8), ("W293", 2, 1)], "x = = 3 \n  \ny = 1\n"),
    # What the compiler rejects has its message where no rule has one.
    ("F", "def f(a, a): ...\n__debug__ = 1\nreturn 1\n", 0o644, [],
     [("invalid-syntax", 1, 10), ("invalid-syntax", 2, 1), ("F706", 3, 1)], None),
]


def lint(krait, select, path, arguments):
    command = [krait, "lint", "--isolated", "--select", select, "--output-format", "json-lines", *arguments, str(path)]
    result = subprocess.run(command, capture_output=True, text=True)
    findings = [json.loads(line) for line in result.stdout.splitlines() if line.startswith("{")]
    return [(found["code"] or "invalid-syntax", found["location"]["row"], found["location"]["column"]) for found in findings], result


def says_what_is_missing(krait):
    """Without its share folder nobody knows the builtins: the linter says so and goes on, the checker has failed, a program has no library."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "module.py"
        path.write_text("print(1)\n")
        result = subprocess.run([krait, "lint", "--isolated", "--select", "E501", str(path)], capture_output=True, text=True,
                                env={**os.environ, "KRAIT_SHARE": folder})
        for _ in range(2):
            checked = subprocess.run([krait, "check", "--config-file=", "--cache-dir", folder + "/cache", str(path)], capture_output=True, text=True,
                                     env={**os.environ, "KRAIT_SHARE": folder})
            if checked.returncode != 2 or "builtins are not found in " + folder not in checked.stderr or "Success" in checked.stdout:
                print(f"krait check without a share folder: exit {checked.returncode}, {checked.stdout!r}, {checked.stderr!r}")
                return False
        program = subprocess.run([krait, "run", "-c", "import json"], capture_output=True, text=True, env={**os.environ, "KRAIT_SHARE": folder})
        if program.returncode != 1 or "standard library is not found in " + folder not in program.stderr:
            print(f"krait run without a share folder: exit {program.returncode}, {program.stderr!r}")
            return False
    if result.returncode == 0 and "builtins are not found" in result.stderr:
        return True
    print(f"no share folder: exit {result.returncode}, {result.stderr!r}")
    return False


def main(krait):
    faults = 0 if says_what_is_missing(krait) else 1
    for select, text, mode, arguments, expected, fixed in FILES:
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "module.py"
            if text is None:
                os.symlink("nowhere.py", path)
            else:
                path.write_bytes(text.encode())
                path.chmod(mode)
            found, result = lint(krait, select, path, arguments)
            if found != expected or result.returncode != (1 if expected else 0):
                print(f"{select}: exit {result.returncode}, expected {expected}, found {found} {result.stderr}")
                faults += 1
            if fixed is not None:
                lint(krait, select, path, [*arguments, "--fix"])
                if path.read_text() != fixed:
                    print(f"{select}: fixed to {path.read_text()!r}, expected {fixed!r}")
                    faults += 1
    print(f"{len(FILES)} files, {faults} faults")
    return 1 if faults else 0


sys.exit(main(sys.argv[1]))
