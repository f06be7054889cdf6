#!/usr/bin/env python3
"""Drives a real client, Emacs with eglot, against the server (eglot.el). Without Emacs or eglot: exit code 77, skipped.

usage: run_emacs.py KRAIT
"""
import os
import shutil
import subprocess
import sys
import tempfile

from run_neovim import TEXT


def main():
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    editor = shutil.which("emacs")
    if editor is None:
        print("no emacs: skipped")
        return 77
    with tempfile.TemporaryDirectory() as folder:
        root = os.path.realpath(folder)
        with open(os.path.join(root, "main.py"), "w", encoding="utf-8") as file:
            file.write(TEXT)
        script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "eglot.el")
        run = subprocess.run([editor, "--batch", "--no-init-file", "--load", script], timeout=180,
                             env={**os.environ, "KRAIT": os.path.abspath(sys.argv[1]), "ROOT": root, "HOME": root})
    print("emacs: " + {0: "ok", 77: "skipped"}.get(run.returncode, "failed"))
    return run.returncode if run.returncode in (0, 77) else 1


if __name__ == "__main__":
    sys.exit(main())
