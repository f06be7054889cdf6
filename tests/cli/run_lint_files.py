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


def writes_what_it_may(krait):
    """Fixes keep byte order marks and other names of a file; what must not be written stays, and is not counted as fixed; a disk that is full is no success."""
    faults = []
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        fix = [krait, "lint", "--isolated", "--select", "F401", "--fix"]
        (root / "marked.py").write_bytes(b"\xef\xbb\xbfimport os\nx = 1\n")
        (root / "named.py").write_text("import os\nx = 1\n")
        os.link(root / "named.py", root / "other.py")
        (root / "latin.py").write_bytes(b"# coding: latin-1\nimport os\nx = '\xe4'\n")
        for name, wanted in {"marked.py": b"\xef\xbb\xbfx = 1\n", "named.py": b"x = 1\n", "latin.py": b"# coding: latin-1\nimport os\nx = '\xe4'\n"}.items():
            subprocess.run([*fix, name], cwd=folder, capture_output=True)
            if (root / name).read_bytes() != wanted:
                faults.append(f"{name}: {(root / name).read_bytes()!r}")
        if (root / "other.py").read_text() != "x = 1\n":
            faults.append("a hard link was cut")
        if os.path.exists("/dev/full"):
            for command in ("lint", "fmt"):
                with open("/dev/full", "w") as full:
                    done = subprocess.run([krait, command, "--isolated", "-"], input="x  =  1\n", stdout=full, stderr=subprocess.PIPE, text=True)
                if done.returncode != 2 or "cannot write standard output" not in done.stderr:
                    faults.append(f"{command} on a full disk: exit {done.returncode}, {done.stderr!r}")
        if os.geteuid() != 0:
            (root / "locked.py").write_text("import os\n")
            (root / "locked.py").chmod(0o444)
            (root / "closed").mkdir(mode=0)
            done = subprocess.run([*fix, "--output-format", "concise", "locked.py"], cwd=folder, capture_output=True, text=True)
            if done.returncode != 2 or "Permission denied" not in done.stderr or "F401" not in done.stdout or "1 fixed" in done.stdout:
                faults.append(f"a locked file: exit {done.returncode}, {done.stdout!r}, {done.stderr!r}")
            for command in ("lint", "fmt", "check"):
                done = subprocess.run([krait, command, "closed"], cwd=folder, capture_output=True, text=True)
                if done.returncode != 2 or "can't read directory 'closed': Permission denied" not in done.stderr:
                    faults.append(f"{command} of a closed folder: exit {done.returncode}, {done.stderr!r}")
    for fault in faults:
        print(fault)
    return not faults


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
    faults = (not says_what_is_missing(krait)) + (not writes_what_it_may(krait))
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
