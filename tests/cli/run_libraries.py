"""The shared libraries that every start loads: no others than these. What few programs need is loaded by its first call
(runtime/modules/lazy_libraries.def); a function that is missing there brings its library back into every start.

usage: run_libraries.py KRAIT    exit code 77 (skipped) without readelf, and for another processor than x86-64.
"""

import platform
import re
import shutil
import subprocess
import sys

ALLOWED = {"libc", "libm", "libgmp", "ld-linux-x86-64", "libgcc_s", "libstdc++"}


def main():
    if shutil.which("readelf") is None or platform.machine() != "x86_64":
        print("skipped: readelf and x86-64 are needed")
        return 77
    told = subprocess.run(["readelf", "-d", sys.argv[1]], capture_output=True, text=True, check=True).stdout
    needed = set(re.findall(r"\(NEEDED\).*\[([^]]+?)\.so", told))
    assert needed, told
    assert needed <= ALLOWED, f"loaded at every start: {sorted(needed - ALLOWED)}"
    print("loaded at every start: " + ", ".join(sorted(needed)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
