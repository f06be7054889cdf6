#!/usr/bin/env python3
"""Run the checker's fixtures through the language server: it must find what `krait check` finds, at the same places,
when a file is opened, and again after an edit that was taken back. Of a file that does not parse the server says that
alone: while somebody types, what else is found would come and go with every key.

usage: run_checked.py KRAIT FOLDER...     (fixtures with arguments of their own are left out)
"""
import json
import os
import re
import subprocess
import sys
import tempfile

from cases import run_all, split_files, write_files
from client import Client

# Said by the command line only, or by the linter as well.
SETTINGS = {"diagnostics": {"lint": False}}


def checked(krait, root, names):
    """[(file, line, column, code)] of `krait check`."""
    run = subprocess.run([krait, "check", "--no-incremental", "--output", "json", *names], cwd=root, capture_output=True, text=True)
    found = []
    for line in run.stdout.splitlines():
        one = json.loads(line)
        if one["severity"] == "error":
            found.append((os.path.normpath(one["file"]), one["line"], one["code"]))
    return sorted(found, key=str)


def served(client, root, names):
    found = []
    for name in names:
        answer = client.request("textDocument/diagnostic", {"textDocument": {"uri": f"file://{root}/{name}"}})["result"]
        for one in answer["items"]:
            if one["severity"] == 1:
                found.append((name, one["range"]["start"]["line"] + 1, one.get("code")))
    return sorted(found, key=str)


def without_broken(wanted, got):
    """What is wanted, of files that do not parse the syntax errors alone, where the server says no more of them."""
    def of(found, name, is_syntax=False):
        return [one for one in found if one[0] == name and (one[2] == "syntax" or not is_syntax)]

    names = {one[0] for one in wanted}
    broken = {name for name in names if of(wanted, name, True) and of(got, name) == of(wanted, name, True)}
    return [one for one in wanted if one[2] == "syntax" or one[0] not in broken]


def run_case(krait, path):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    if re.search(r"^# (args|config|typeshed|test: (?!check$)|todo)", text, re.M):
        return None
    files = split_files(text)
    files = {os.path.basename(path) if name == "main.py" else name: body for name, body in files.items()}
    names = [name for name in files if name.endswith((".py", ".pyi"))]
    with tempfile.TemporaryDirectory() as folder:
        root = os.path.realpath(folder)
        write_files(root, files)
        wanted = checked(krait, root, names)
        client = Client([krait, "lsp"], root)
        client.request("initialize", {"processId": None, "rootUri": "file://" + root, "initializationOptions": SETTINGS,
                                      "capabilities": {"textDocument": {"diagnostic": {}}}})
        client.notify("initialized", {})
        for name in names:
            client.notify("textDocument/didOpen", {"textDocument": {
                "uri": f"file://{root}/{name}", "languageId": "python", "version": 1, "text": files[name]}})
        opened = served(client, root, names)
        start = {"line": 0, "character": 0}
        for name in names:
            for version, (end, put) in enumerate([(start, "x = (\n"), ({"line": 1, "character": 0}, "")], 2):
                client.notify("textDocument/didChange", {"textDocument": {"uri": f"file://{root}/{name}", "version": version},
                                                         "contentChanges": [{"range": {"start": start, "end": end}, "text": put}]})
                if version == 2:
                    served(client, root, [name])
        again = served(client, root, names)
        code = client.stop()
    failures = []
    for title, got in (("opened", opened), ("after an edit and back", again)):
        due = without_broken(wanted, got)
        if got != due:
            failures.append(f"{title}: missing {[one for one in due if one not in got]}, more {[one for one in got if one not in due]}")
    return failures + ([f"exit code {code}"] if code else [])


def main():
    if len(sys.argv) < 3:
        print(__doc__, file=sys.stderr)
        return 2
    krait = os.path.abspath(sys.argv[1])
    return run_all(sys.argv[2:], lambda path: run_case(krait, path), "agree")


if __name__ == "__main__":
    sys.exit(main())
