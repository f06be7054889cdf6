"""Checks what no compiler sees: file sizes, include style, named files, fixtures for every code, no absolute paths.

usage: check.py ROOT    prints one line for each fault; exit code 1 when there are any. Warnings do not count.
"""

import ast
import pathlib
import re
import subprocess
import sys

CEILING = 800
TARGET = 400
ROOT = {  # what stands at the root; anything else there is somebody's output
    ".ci", ".clang-format", ".gitignore", "ARCHITECTURE.md", "CMakeLists.txt", "CMakePresets.json", "CONTRIBUTING.md", "LICENSE", "README.md",
    "analyzer", "checker", "cli", "cmake", "fixtures", "krait", "lsp", "package-lock.json", "package.json", "runtime", "tests",
}
SOURCE_SUFFIXES = {".cpp", ".h", ".def", ".inc"}
SOURCE_FOLDERS = ("analyzer", "checker", "runtime", "lsp", "cli", "tests")
THIRD_PARTY = {  # header prefix -> the files that may include it
    "CLI/": {"cli/arguments.cpp"},
    "toml++/": {"analyzer/config/read_toml.cpp"},
    "regex>": {"analyzer/config/path_regex.cpp"},
    "nlohmann/": {"lsp/json.h", "lsp/json.cpp"},
    "catch2/": {"tests/unit/catch.h", "tests/unit/main.cpp"},
    "iostream>": set(),
}


def tracked(root):
    listing = subprocess.run(["git", "-C", root, "ls-files"], capture_output=True, text=True)
    if listing.returncode == 0:
        return [root / line for line in listing.stdout.splitlines() if (root / line).is_file()]
    skipped = {"build", "node_modules", ".git"}
    return [p for p in root.rglob("*") if p.is_file() and not skipped & set(p.relative_to(root).parts)]


def check_sizes(name, lines, faults, warnings):
    if len(lines) > CEILING:
        faults.append(f"{name}: {len(lines)} lines; the ceiling is {CEILING}")
    elif len(lines) > TARGET:
        warnings.append(f"{name}: {len(lines)} lines; the target is {TARGET}")


def check_includes(name, lines, faults):
    for number, line in enumerate(lines, 1):
        if m := re.match(r'#include "([^"]+)"', line):
            if "/" not in m[1]:
                faults.append(f"{name}:{number}: include {m[1]} by its path from the root")
        if m := re.match(r"#include <([^>]+>)", line):
            for prefix, allowed in THIRD_PARTY.items():
                if m[1].startswith(prefix) and name not in allowed:
                    faults.append(f"{name}:{number}: only {sorted(allowed) or 'nobody'} may include <{m[1]}")


def check_unlocked(name, lines, faults):
    """Nothing that may touch an object stands where a WithoutLock has given the isolate's lock away: it would wait for itself."""
    for i, line in enumerate(lines):
        begin = re.search(r"\bWithoutLock \w+\(", line)
        depth, rest = 0, line[begin.end():] if begin else "}"
        for j in range(i, len(lines)):
            end = len(rest)
            for at, c in enumerate(rest):
                depth += (c == "{") - (c == "}")
                if depth < 0:
                    end = at
                    break
            called = re.search(r"\b(?:\w+_py|raise\w*|TRY)\(", rest[:end])
            if called:
                faults.append(f"{name}:{j + 1}: {called[0]}...) while the lock is given away")
            if depth < 0 or j + 1 == len(lines):
                break
            rest = lines[j + 1]


def check_header(name, lines, faults):
    text = "\n".join(lines)
    if not text.startswith("//"):
        faults.append(f"{name}:1: a header starts with a paragraph that says what it is")
    if name.endswith(".h") and "#pragma once" not in text:
        faults.append(f"{name}: #pragma once is missing")


def check_paths(name, lines, faults):
    for number, line in enumerate(lines, 1):
        if re.search(r"(?<![\w.$}])/(work|home|root)/\w", line):
            faults.append(f"{name}:{number}: an absolute path of one machine: {line.strip()[:80]}")


def check_document(root, path, name, lines, faults):
    for number, line in enumerate(lines, 1):
        for target in re.findall(r"\]\(([^)#:]+)\)", line):
            if not (path.parent / target).exists():
                faults.append(f"{name}:{number}: {target} does not exist")
        for named in re.findall(r"`((?:analyzer|checker|runtime|lsp|cli|tests|fixtures|cmake)/[\w./-]+)`", line):
            if not (root / named).exists():
                faults.append(f"{name}:{number}: {named} does not exist")


def check_lint_fixtures(root, faults):
    """Each code of the linter has a fixture; tests/cli/run_lint_files.py shows what a fixture cannot."""
    codes = "".join(path.read_text() for path in (root / "analyzer/diagnostics").glob("lint_codes_*.def"))
    others = (root / "tests/cli/run_lint_files.py").read_text()
    for code in re.findall(r'^CODE\(\w+, "([A-Z]+[0-9]+)"', codes, re.M):
        folder = root / "fixtures/lint" / code
        if not (folder.is_dir() and any(folder.iterdir())) and f'"{code}"' not in others:
            faults.append(f"fixtures/lint/{code}: the rule has no fixture")


def check_lsp_fixtures(root, faults):
    """Each request of the language server stands behind a directive of its fixtures, and a fixture uses that."""
    runner = (root / "tests/lsp/run_fixtures.py").read_text()
    methods = ast.literal_eval(re.search(r"^METHODS = (\{.*?^\})", runner, re.M | re.S)[1])
    texts = "\n".join(path.read_text() for path in sorted((root / "fixtures/lsp").rglob("*.py")))
    tested = set()
    for directive, sent in methods.items():
        if re.search(rf"\^ {directive}:", texts) or re.search(rf"^# {directive}(?: [^\n]*)?:", texts, re.M):
            tested.update(sent)
    for method in re.findall(r'^HANDLER\("([^"]+)"', (root / "lsp/handlers.def").read_text(), re.M):
        if method not in tested:
            faults.append(f"fixtures/lsp: {method} has no fixture")


def main():
    root = pathlib.Path(sys.argv[1]).resolve()
    faults, warnings = [], []
    for path in tracked(root):
        name = str(path.relative_to(root))
        if name.split("/")[0] not in ROOT:
            faults.append(f"{name}: does not belong into the repository")
        if path.suffix not in SOURCE_SUFFIXES | {".md", ".py", ".cmake", ".txt", ".sh"} or name.startswith("fixtures/"):
            continue
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
        if path.suffix in SOURCE_SUFFIXES and name.startswith(SOURCE_FOLDERS):
            check_sizes(name, lines, faults, warnings)
            check_includes(name, lines, faults)
        if path.suffix == ".cpp" and name.startswith("runtime/"):
            check_unlocked(name, lines, faults)
        if path.suffix == ".h" and name.startswith(SOURCE_FOLDERS):
            check_header(name, lines, faults)
        if path.suffix == ".md":
            check_document(root, path, name, lines, faults)
        if name != "tests/structure/check.py":
            check_paths(name, lines, faults)
    check_lint_fixtures(root, faults)
    check_lsp_fixtures(root, faults)
    for warning in warnings:
        print("warning:", warning)
    for fault in faults:
        print(fault)
    print(f"{len(faults)} faults, {len(warnings)} warnings")
    return 1 if faults else 0


sys.exit(main())
