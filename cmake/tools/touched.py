"""What a start and a few imports touch of a release binary beyond what profiles know: tables, and functions of static libraries.

usage: touched.py BINARY OUT

BINARY (build/release/bin/krait-python, not stripped) runs under valgrind's lackey, which tells each address that is read or run. OUT
gets the symbols that hold them, in the order of their first use, one a line, as cmake/symbol_order.cmake reads them: FILE:NAME for
those that get their file's path behind their name. Functions that the profile knows are in startup.order already.
"""
import bisect
import os
import re
import subprocess
import sys

PROGRAMS = (
    ["-I", "-c", "pass"],
    ["-I", "-c", "import json, re, typing, dataclasses, asyncio"],
)
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def symbols(binary):
    """The symbols of a binary as sorted (address, end, name)."""
    found = []
    for line in subprocess.run(["nm", "-S", binary], capture_output=True, text=True, check=True).stdout.splitlines():
        fields = line.split()
        if len(fields) == 4 and fields[2] not in "bB":
            start = int(fields[0], 16)
            found.append((start, start + int(fields[1], 16), fields[3]))
    return sorted(found)


def touched(binary, arguments, end):
    """The addresses below `end` that a run reads or runs, each rounded down to 16 bytes, in the order of first use."""
    read, write = os.pipe()
    command = ["valgrind", "--tool=lackey", "--trace-mem=yes", f"--log-fd={write}", binary, *arguments]
    run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, pass_fds=(write,))
    os.close(write)
    seen = {}
    with os.fdopen(read, "rb", buffering=1 << 20) as lines:
        for line in lines:
            if line[:1] == b"=":
                continue
            key = line[3:-1].split(b",", 1)[0][:-1]  # without its last digit: sixteen bytes
            seen.setdefault(key)
    if run.wait() != 0:
        sys.exit(f"touched.py: {' '.join(command)} failed")
    for key in seen:
        try:
            address = int(key, 16) << 4
        except ValueError:
            continue
        if address < end:
            yield address


def sourceNames():
    """What the linker's suffix of a promoted name becomes without its leading folders, and the file it names."""
    names = {}
    for folder in ("analyzer", "checker", "cli", "lsp", "runtime"):
        for where, _, files in os.walk(os.path.join(ROOT, folder)):
            for name in files:
                if name.endswith((".cpp", ".c")):
                    path = os.path.relpath(os.path.join(where, name), ROOT)
                    names[re.sub("[^A-Za-z0-9]", "_", path)] = name
    return names


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    binary, out = sys.argv[1:]
    table = symbols(binary)
    starts = [entry[0] for entry in table]
    sources = sourceNames()
    names = {}
    for arguments in PROGRAMS:
        subprocess.run([binary, *arguments], check=True)  # compiled modules are kept from here on
        for address in touched(binary, arguments, table[-1][1]):
            place = bisect.bisect_right(starts, address + 15) - 1
            if place >= 0 and address < table[place][1]:
                names.setdefault(table[place][2])
    with open(out, "w", encoding="utf-8") as file:
        for name in names:
            plain, dot, suffix = name.partition(".llvm.")
            source = sources.get(suffix.lstrip("_"))
            file.write(f"{source}:{plain}\n" if dot and source else f"{name}\n")


if __name__ == "__main__":
    main()
