#!/usr/bin/env python3
"""Drives a real client, headless Neovim, against the server (neovim.lua). Without Neovim: exit code 77, skipped.

usage: run_neovim.py KRAIT
"""
import os
import shutil
import subprocess
import sys
import tempfile

TEXT = '''def twice(x: int) -> int:
    return x * 2


print(twice("a"))
number: str = twice( 2 )
'''


def main():
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    editor = shutil.which("nvim")
    if editor is None:
        print("no nvim: skipped")
        return 77
    with tempfile.TemporaryDirectory() as folder:
        root = os.path.realpath(folder)
        with open(os.path.join(root, "main.py"), "w", encoding="utf-8") as file:
            file.write(TEXT)
        script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "neovim.lua")
        run = subprocess.run([editor, "--headless", "--clean", "-n", "-u", "NONE", "-i", "NONE", "-c", f"luafile {script}"],
                             env={**os.environ, "KRAIT": os.path.abspath(sys.argv[1]), "ROOT": root}, timeout=120)
    print("neovim: ok" if run.returncode == 0 else "neovim: failed")
    return 1 if run.returncode else 0


if __name__ == "__main__":
    sys.exit(main())
