#!/usr/bin/env python3
"""Findings that are accepted for now (--baseline, comments that krait writes), and --watch. usage: run_accepted.py KRAIT"""
import os
import subprocess
import sys
import tempfile

KRAIT = os.path.abspath(sys.argv[1])
TEXT = '''x: int = "a"
y = x.foo + 1  # keep this
s = """
multi""" + 1
z = 1  # type: ignore
w: str = 1  # type: ignore[assignment, misc]
'''
IGNORED = '''x: int = "a"  # type: ignore[assignment]
y = x.foo + 1  # type: ignore[attr-defined]  # keep this
s = """
multi""" + 1
z = 1  # type: ignore
w: str = 1  # type: ignore[assignment, misc]
'''
CLEANED = IGNORED.replace("z = 1  # type: ignore\n", "z = 1\n").replace("[assignment, misc]", "[assignment]")


def check(folder, *arguments):
    done = subprocess.run([KRAIT, "check", "--no-site-packages", "a.py", *arguments], cwd=folder, capture_output=True, text=True)
    return done.returncode, done.stdout, done.stderr


def write(folder, text):
    with open(f"{folder}/a.py", "w") as out:
        out.write(text)


def read(folder):
    with open(f"{folder}/a.py") as file:
        return file.read()


def baseline(folder):
    code, _, error = check(folder, "--baseline", "b.txt")
    assert code == 2 and "--write-baseline" in error, error
    assert check(folder, "--baseline", "b.txt", "--write-baseline")[0] == 0
    assert check(folder, "--baseline", "b.txt")[0] == 0
    write(folder, "\n\n" + TEXT + "v: int = b''\n")
    code, out, _ = check(folder, "--baseline", "b.txt")
    assert code == 1 and out.count(": error:") == 1 and '"bytes"' in out, out
    write(folder, TEXT.replace('x: int = "a"', "x: int = 1"))
    code, _, error = check(folder, "--baseline", "b.txt")
    assert code == 0 and "1 findings are gone" in error, error
    assert check(folder, "--baseline", "b.txt", "--shrink-baseline")[0] == 0
    write(folder, TEXT)
    assert check(folder, "--baseline", "b.txt")[0] == 1
    with open(f"{folder}/b.txt", "a") as out:
        out.write("nonsense\n")
    code, _, error = check(folder, "--baseline", "b.txt")
    assert code == 2 and "b.txt:4: not a line of a baseline" in error, error


def comments(folder):
    write(folder, TEXT)
    code, out, error = check(folder, "--add-ignore")
    assert code == 1 and "a.py:3: this line cannot carry a comment" in error, error
    assert read(folder) == IGNORED, read(folder)
    assert check(folder, "--remove-unused-ignores")[0] == 0
    assert read(folder) == CLEANED, read(folder)


def watching(folder):
    write(folder, "x: int = 1\n")
    process = subprocess.Popen([KRAIT, "check", "--no-site-packages", "--watch", "a.py"], cwd=folder, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout.readline().startswith("Success"), "the first check"
        assert process.stdout.readline().startswith("-- watching")
        write(folder, "x: int = 'changed'\n")
        line = process.stdout.readline()
        # A check may fall between the file's being emptied and written.
        while line.startswith(("Success", "--")):
            line = process.stdout.readline()
        assert "Incompatible types" in line, line
    finally:
        process.kill()
        process.wait()


with tempfile.TemporaryDirectory() as folder:
    watching(folder)
    write(folder, TEXT)
    baseline(folder)
    comments(folder)
