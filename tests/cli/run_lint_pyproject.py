#!/usr/bin/env python3
"""Checks what `krait lint` says of dependencies and versions in a `pyproject.toml`: messages of several lines, marks below the place.

    run_lint_pyproject.py KRAIT
"""
import json
import pathlib
import subprocess
import sys
import tempfile

DEPENDENCIES = [  # what a dependency says, the message, the marks below it ("": no message)
    ("crab", "", ""),
    (" crab>1 ", "", ""),
    ("crab @ file:///x;y ; os_name == 'nt'", "", ""),
    ("", "Empty field is not allowed for PEP508", "^"),
    ("_crab", "Expected package name starting with an alphanumeric character, found `_`", "^"),
    ("crab_", "Package name must end with an alphanumeric character, not '_'", "    ^"),
    ("콘스 > 1", "Expected package name starting with an alphanumeric character, found `콘`", "^^"),
    ("./crab", "URL requirement must be preceded by a package name. Add the name of the package before the URL (e.g., `package_name @ /path/to/file`).", "^^^^^^"),
    ("https://example.com/crab.zip", "URL requirement must be preceded by a package name. Add the name of the package before the URL (e.g., `package_name @ https://...`).", "^" * 28),
    ("crab-1.0.tar.gz", "URL requirement must be preceded by a package name. Add the name of the package before the URL (e.g., `package_name @ https://...`).", "^" * 15),
    ("crab[", "Missing closing bracket (expected ']', found end of dependency specification)", "    ^"),
    ("crab[,a]", "Expected either alphanumerical character (starting the extra name) or `]` (ending the extras section), found `,`", "     ^"),
    ("crab[a b]", "Expected either `,` (separating extras) or `]` (ending the extras section), found `b`", "       ^"),
    ("crab[a,b!]", "Invalid character in extras name, expected an alphanumeric character, `-`, `_`, `.`, `,` or `]`, found `!`", "        ^"),
    ("crab[]", "", ""),
    ("crab 1.0", "Expected one of `@`, `(`, `<`, `=`, `>`, `~`, `!`, `;`, found `1`", "     ^"),
    ("crab >=", "Unexpected end of version specifier, expected version", "     ^^"),
    ("crab >1,", "Unexpected end of version specifier, expected operator", "        ^"),
    ("crab (>=1", "Missing closing parenthesis (expected ')', found end of dependency specification)", "     ^"),
    ("crab =>1", 'no such comparison operator "=>", must be one of ~= == != <= >= < > ===', "     ^^^"),
    ("crab >=1.*", "Operator >= cannot be used with a wildcard version specifier", "     ^^^^^"),
    ("crab ==1.*.2", "wildcards in versions must be at the end", "     ^^^^^^^"),
    ("crab ~=1", "The ~= operator requires at least two segments in the release version", "     ^^^"),
    ("crab >=1+a-1", "Operator >= is incompatible with versions containing non-empty local segments (`+a.1`)", "     ^^^^^^^"),
    ("crab >=1 2", "Trailing `2` is not allowed", "     ^^^^^"),
    ("crab >=x", "expected version to start with a number, but no leading ASCII digits were found", "     ^^^"),
    ("crab >=99999999999999999999", 'expected number less than or equal to 18446744073709551615, but number found in "99999999999999999999" exceeds it', "     " + "^" * 22),
    ("crab @", "Expected URL", "      ^"),
    ("crab @ https://x; os_name == 'nt'", "Missing space before ';', the end of the URL is ambiguous", "                ^"),
    ("crab ; python", "Expected a quoted string or a valid marker name, found `python`", "       ^^^^^^"),
    ("crab ; os_name", "Expected a valid marker operator (such as `>=` or `not in`), found ``", "              ^"),
    ("crab ; os_name = 'a'", "Expected a valid marker operator (such as `>=` or `not in`), found `=`", "               ^"),
    ("crab ; os_name == 'a", "Expected ''', found end of dependency specification", "                  ^"),
    ("crab ; (os_name == 'a'", "Expected ')', found end of dependency specification", "       ^"),
    ("crab ; " + "(" * 5000, "Too many parentheses in a marker", None),
]

PYTHONS = [  # requires-python, the message, the marks below it
    (">=3.9", "", ""),
    ("", "", ""),
    ("3.9", "Unexpected end of version specifier, expected operator", "^^^"),
    (">=3.9,<4,=5", 'no such comparison operator "=", must be one of ~= == != <= >= < > ===', "         ^^"),
    (">=3.9,", "Unexpected end of version specifier, expected operator", "      "),
]


def message_of(krait, folder, text):
    (pathlib.Path(folder) / "pyproject.toml").write_text(text)
    result = subprocess.run([krait, "lint", "--isolated", "--select", "RUF200", "--output-format", "json-lines"], cwd=folder, capture_output=True, text=True)
    return [json.loads(line)["message"].removeprefix("Failed to parse pyproject.toml: ") for line in result.stdout.splitlines()], result


def check_stdin(krait):
    command = [krait, "lint", "--isolated", "--stdin-filename", "some/pyproject.toml", "--output-format", "concise", "-"]
    result = subprocess.run(command, input="[project]\n", capture_output=True, text=True)
    if result.returncode == 1 and result.stdout.startswith("some/pyproject.toml:1:1: RUF200 Failed to parse pyproject.toml: missing field `name`\n"):
        return True
    print(f"from standard input: exit {result.returncode}, {result.stdout!r}, {result.stderr!r}")
    return False


def check_fix(krait):
    """Codes among selectors become names; what lies around them stays."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "ruff.toml"
        path.write_text("lint.select = ['F401',\n  \"E7\"] # F401\n[lint.per-file-ignores]\n'a.py' = [\"S101\"]\n")
        command = [krait, "lint", "--isolated", "--preview", "--select", "RUF201", "--fix", "--quiet", "ruff.toml"]
        for _ in range(2):
            result = subprocess.run(command, cwd=folder, capture_output=True, text=True)
            expected = "lint.select = ['unused-import',\n  \"E7\"] # F401\n[lint.per-file-ignores]\n'a.py' = [\"assert\"]\n"
            if result.returncode != 0 or path.read_text() != expected:
                print(f"fixed: exit {result.returncode}, {path.read_text()!r}, {result.stderr!r}")
                return False
    return True


def main(krait):
    faults = (0 if check_stdin(krait) else 1) + (0 if check_fix(krait) else 1)
    with tempfile.TemporaryDirectory() as folder:
        for text, message, marks in DEPENDENCIES:
            found, result = message_of(krait, folder, '[project]\nname = "x"\ndependencies = ["' + text + '"]\n')
            expected = [f"{message}\n{text}\n{marks}"] if message else []
            if found != expected and not (marks is None and found and found[0].startswith(message)):
                print(f"{text[:60]!r}: {found}, expected {expected} {result.stderr}")
                faults += 1
        for text, message, marks in PYTHONS:
            found, result = message_of(krait, folder, f'[project]\nname = "x"\nrequires-python = "{text}"\n')
            expected = [f"Failed to parse version: {message}:\n{text}\n{marks}\n"] if message else []
            if found != expected:
                print(f"{text!r}: {found}, expected {expected} {result.stderr}")
                faults += 1
    print(f"{len(DEPENDENCIES) + len(PYTHONS)} values, {faults} faults")
    return 1 if faults else 0


sys.exit(main(sys.argv[1]))
