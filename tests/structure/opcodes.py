#!/usr/bin/env python3
"""Checks that the fixtures of `krait run` are compiled to every opcode that the compiler emits.

    opcodes.py KRAIT ROOT

The specialised forms, which the interpreter writes over an instruction while it runs, count by the form that they specialise;
those of contracts and observation are in code that only `--contracts` and `infer --from-run` compile (tests/verify/run_contracts.py).
"""
import pathlib
import re
import subprocess
import sys

WATCHED = {"CheckType", "CheckInt", "CheckAttr", "Observe", "Nop"}


def opcodes(root):
    text = (root / "runtime/bytecode/opcodes.def").read_text()
    text = re.sub(r"#define OP\(.*", "", text)
    names, specialised = [], set()
    macros = {m[1]: m[2] for m in re.finditer(r"#define (\w+)\(Name\) (.*)", text)}
    for line in text.splitlines():
        if line.startswith(("#", "//")):
            continue
        for macro, body in macros.items():
            for name in re.findall(rf"\b{macro}\((\w+)\)", line):
                names += [part.replace("##", "").replace("Name", name) for part in re.findall(r"OP\(([\w#]+),", body)]
        found = re.findall(r"\bOP\((\w+),", line)
        names += found
        if "specialised" in line:
            specialised.update(found)
    return set(names) - specialised - WATCHED


def main(krait, root):
    wanted = opcodes(root)
    for path in sorted((root / "fixtures/run").rglob("*.py")):
        result = subprocess.run([krait, "dump", "bytecode", str(path)], capture_output=True, text=True, errors="replace")
        wanted -= set(re.findall(r"^ *\d*  +\d+ (\w+)", result.stdout, re.M))
    for name in sorted(wanted):
        print(f"fixtures/run: no program is compiled to {name}")
    print(f"{len(wanted)} opcodes without a fixture")
    return 1 if wanted else 0


sys.exit(main(sys.argv[1], pathlib.Path(sys.argv[2]).resolve()))
