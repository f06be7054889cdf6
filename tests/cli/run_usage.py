"""Wrong command lines and odd files: the exit code and the words of the message, never a crash.

usage: run_usage.py KRAIT
"""

import os
import subprocess
import sys
import tempfile

# What every command finds in its standard input.
INPUT = "import sys\nprint(sys.argv)\n"
# command line, exit code, part of the output
CASES = [
    ([], 2, "usage: krait COMMAND"),
    (["frob"], 2, "unknown command: frob"),
    (["--version"], 0, "krait 0"),
    (["check"], 2, "Missing target"),
    (["check", "--help"], 0, "--warn-unreachable"),
    (["check", "empty"], 2, "There are no .py[i] files in directory 'empty'"),
    (["check", "nowhere.py"], 2, "can't read file 'nowhere.py': No such file or directory"),
    (["check", "--nope", "one.py"], 2, "unrecognized arguments: --nope"),
    (["check", "--stri", "one.py"], 2, "ambiguous option: --stri"),
    (["check", "--warn-unreach", "one.py"], 0, "Success: no issues found in 1 source file"),
    (["check", "--config-file", "nope.ini", "one.py"], 2, "Cannot find config file 'nope.ini'"),
    (["check", "--config-file=", "one.py"], 0, "Success: no issues found in 1 source file"),
    (["check", "--config-file", "bad.ini", "one.py"], 0, "bad.ini:1: section header"),
    (["check", "--config-file", "odd.ini", "one.py"], 0, "odd.ini:2: [mypy]: Unrecognized option: nope = 1"),
    (["check", "--config-file", "sections.ini", "imports.py"], 0, "sections.ini: note: unused section(s): [mypy-never], [mypy-one.*]\n"),
    (["check", "--python-version", "3.9", "one.py"], 2, "Python 3.9 is not supported (must be 3.10 or higher)"),
    (["check", "--follow-imports", "maybe", "one.py"], 2, "invalid choice 'maybe'"),
    (["check", "--num-workers", "x", "one.py"], 2, "invalid int value: 'x'"),
    (["check", "--output", "nope", "one.py"], 2, "invalid choice: 'nope'"),
    (["check", "--enable-error-code", "nope", "one.py"], 2, "Invalid error code(s): nope"),
    (["check", "--exclude", "(", "."], 2, "exclude: ("),
    (["check", "--always-true", "A", "--always-false", "A", "one.py"], 2, "always true and always false (A)"),
    (["check", "--shadow-file", "one.py"], 2, "takes two values"),
    (["check", "-c", "x", "one.py"], 2, "May only specify one of"),
    (["check", "-c", "x = nope"], 1, '<string>:1: error: Name "nope" is not defined  [name-defined]'),
    (["check", "-m", "nowhere"], 2, "can't find module 'nowhere'"),
    (["check", "-p", "nowhere"], 2, "Can't find package 'nowhere'"),
    (["check", "loop"], 0, "Success: no issues found in 1 source file"),
    (["check", "--junit-xml", "no/such/folder.xml", "one.py"], 2, "cannot write no/such/folder.xml"),
    (["check", "--mypy", "broken.py"], 2, "Found 1 error in 1 file (errors prevented further checking)"),
    (["check", "broken.py"], 1, "broken.py:1: error: Invalid syntax  [syntax]"),
    (["check", "bytes.py"], 1, "bytes.py:1: error: "),
    (["check", "--mypy", "one.py", "other/one.py"], 2, 'other/one.py: error: Duplicate module named "one" (also at "one.py")'),
    (["check", "one.py", "other/one.py"], 0, "Success: no issues found in 2 source files"),
    (["lint", "--isolated", "--select", "D212,D213", "docstring.py", "--output-format", "concise"], 0, ""),
    (["lint", "--isolated", "--select", "D213", "docstring.py", "--output-format", "concise"], 1, "docstring.py:1:1: D213"),
    (["lint", "--select", "NOPE", "one.py"], 2, "no rule is called NOPE"),
    (["lint", "bytes.py", "--output-format", "concise"], 1, "bytes.py:1:1: invalid-syntax: "),
    (["verify", "no-such-file.md"], 2, "no-such-file.md"),
    (["verify", "picture.png"], 2, "picture.png: not a document"),
    (["verify", "--allow-read", "no-such-folder", "one.py"], 2, "argument --allow-read: no-such-folder"),
    (["verify", "--with", "/usr/bin/python3", "--contracts", "one.py"], 2, "argument --with: not with"),
    (["verify", "--no-run", "one.py"], 0, ""),
    (["run", "--seed", "x", "one.py"], 2, "argument --seed: expected a number"),
    (["run", "-", "a", "b"], 0, "['-', 'a', 'b']"),
    (["run", "--check", "-"], 2, "--check needs a script"),
    (["dump", "nope", "one.py"], 2, "STAGE is one of"),
    (["coverage", "typed.py"], 0, " 60.0%  3 of 5  typed.py"),
    (["coverage", "typed.py", "--fail-under", "80"], 1, "3 of 5"),
    (["coverage", "typed.py", "--format", "json"], 0, '{"line":1,"name":"f(b)"}'),
    (["coverage", "typed.py", "--format", "cobertura"], 0, '<line number="3" hits="1"/>'),
    (["coverage", "typed.py", "--format", "html"], 0, "<li>line 1: f return</li>"),
    (["coverage", "typed.py", "--fail-under", "x"], 2, "a number from 0 to 100"),
    (["coverage", "broken.py"], 2, "broken.py:1: "),
    (["explain", "attr-define"], 2, "did you mean attr-defined?"),
    (["explain", "F401"], 0, "imported but unused"),
    (["explain", "all"], 0, "W605 (krait lint)"),
]


# The same of krait-python, beside krait.
PYTHON_CASES = [
    (["-c", "\n  def f(): 1/0\n  f()"], 1, "    f()\n    ~^^\n"),
    (["-c", "  print('\"a')\n\n  print(2)"], 0, "\"a\n2\n"),
    (["-c", "import traceback\ntry: 1/0\nexcept ZeroDivisionError: traceback.print_exc()"], 0, "    try: 1/0\n         ~^~\n"),
    (["-b", "-c", "str(b''); b'' == ''; b'' == 1"], 0, "BytesWarning: Comparison between bytes and string\n"),
    (["-bb", "-c", "str(bytearray())"], 1, "BytesWarning: str() on a bytearray instance"),
    (["-x", "two_lines.py"], 1, "line 2, in <module>"),
    (["--check-hash-based-pycs", "maybe", "one.py"], 2, "must be one of 'default', 'always', or 'never'"),
    (["-i", "-c", "print(7)"], 0, "7\n['-c']\n>>> "),  # prompts go to stderr
]


def lay_out():
    os.makedirs("empty")
    os.makedirs("loop/inner")
    os.makedirs("other")
    os.symlink("..", "loop/inner/up")
    texts = {"one.py": b"x = 1\n", "two_lines.py": b"x = 1\nprint(x)\n", "loop/inner/m.py": b"x = 1\n", "other/one.py": b"y = 1\n", "broken.py": b"x = = 1\n", "bytes.py": b"\xff\xfe\x00\n",
             "typed.py": b"def f(a: int, b): ...\nclass C:\n  def m(self, c: str) -> None: ...\n", "docstring.py": b'"""First.\n\nSecond.\n"""\n', "bad.ini": b"[mypy\n", "imports.py": b"import json.decoder, missing.inner, typed  # type: ignore\n",
             "sections.ini": b"[mypy]\nwarn_unused_configs = True\n[mypy-never]\n[mypy-missing.*]\n[mypy-json]\n[mypy-typed]\n[mypy-one.*]\n", "odd.ini": b"[mypy]\nnope = 1\n"}
    for path, text in texts.items():
        with open(path, "wb") as file:
            file.write(text)


def main():
    krait = os.path.abspath(sys.argv[1])
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        lay_out()
        python = os.path.join(os.path.dirname(krait), "krait-python")
        for program, arguments, exit_code, part in [(krait, *case) for case in CASES] + [(python, *case) for case in PYTHON_CASES]:
            result = subprocess.run([program, *arguments], input=INPUT, capture_output=True, text=True, timeout=60, errors="replace")
            output = result.stdout + result.stderr
            if result.returncode != exit_code or part not in output:
                failures += 1
                print(f"{os.path.basename(program)} {' '.join(arguments)}: expected {exit_code} and {part!r}, got {result.returncode}:\n{output[:600]}")
        os.chdir("/")
    count = len(CASES) + len(PYTHON_CASES)
    print(f"{count - failures} of {count} command lines")
    return 1 if failures else 0


sys.exit(main())
