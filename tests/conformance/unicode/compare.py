"""Compares the Unicode tables with Python 3.14's str and unicodedata, over all code points.

    compare.py path/to/unicode_dump PYTHON...

PYTHON... is the command of an interpreter with Unicode 16 (CPython 3.14). Prints the first differences of each field;
exit code 1 if there are any.
"""
import subprocess
import sys
from collections import Counter
from pathlib import Path

FIELDS = ("code category bidirectional combining east_asian_width mirrored decimal digit numeric predicates lower upper "
          "title casefold lower_after lower_inside decomposition nfc nfc_check nfd nfd_check nfkc nfkc_check nfkd "
          "nfkd_check name").split()
SHOWN = 5


def main():
    script = Path(__file__).with_name("dump_unicode.py")
    ours = subprocess.run(sys.argv[1:2], stdout=subprocess.PIPE, check=True, text=True).stdout.splitlines()
    theirs = subprocess.run([*sys.argv[2:], str(script)], stdout=subprocess.PIPE, check=True, text=True).stdout.splitlines()
    differences = Counter()
    theirs = [line for line in theirs if line]
    if len(ours) != len(theirs):
        print(f"{len(ours)} lines here, {len(theirs)} from Python")
        differences["lines"] = 1
    for our_line, their_line in zip(ours, theirs):
        if our_line == their_line:
            continue
        for field, a, b in zip(FIELDS, our_line.split("|"), their_line.split("|")):
            if a != b:
                differences[field] += 1
                if differences[field] <= SHOWN:
                    print(f"U+{our_line.split('|')[0]} {field}: {a!r}, Python says {b!r}")
    print(f"{len(ours)} code points, {sum(differences.values())} differences", dict(differences) or "")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
