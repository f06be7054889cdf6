#!/usr/bin/env python3
"""Random code actions over other people's files: what each edit makes is Python, and brings no name that is not bound.

usage: run_actions.py KRAIT [--steps N] [--seed N] FILE...

For each file N times (--steps, 25) some statements or an expression are selected, and each action that the server offers
there is tried.
"""
import ast
import collections
import os
import random
import sys
import tempfile

from client import Client
from options import read_options

WRONG = {"invalid-syntax", "name-defined", "F821", "F823", "used-before-def"}
CAPABILITIES = {"textDocument": {"diagnostic": {}, "codeAction": {"resolveSupport": {"properties": ["edit"]}}},
                "workspace": {"workspaceEdit": {"documentChanges": True, "resourceOperations": ["create"]}}}


class Trial:
    def __init__(self, client, root, path):
        self.client = client
        with open(path, encoding="utf-8", newline="") as file:
            self.text = file.read().replace("\r\n", "\n")
        self.uri = f"file://{root}/{os.path.basename(path)}"
        tree = ast.parse(self.text)
        self.nodes = [node for node in ast.walk(tree) if hasattr(node, "lineno")]
        lists = (getattr(node, name, None) for node in ast.walk(tree) for name in ("body", "orelse", "finalbody"))
        self.bodies = [one for one in lists if isinstance(one, list) and one and isinstance(one[0], ast.stmt)]
        self.version = 1
        client.notify("textDocument/didOpen", {"textDocument": {"uri": self.uri, "languageId": "python", "version": 1, "text": self.text}})
        self.wrong = self.findings()

    def findings(self):
        items = self.client.request("textDocument/diagnostic", {"textDocument": {"uri": self.uri}})["result"]["items"]
        return collections.Counter(item["message"] for item in items if item["code"] in WRONG)

    def show(self, text):
        self.version += 1
        self.client.notify("textDocument/didChange", {"textDocument": {"uri": self.uri, "version": self.version}, "contentChanges": [{"text": text}]})

    def offset(self, lines, place):
        head = lines[place["line"]].encode("utf-16-le")[:2 * place["character"]].decode("utf-16-le")
        return sum(len(line) + 1 for line in lines[:place["line"]]) + len(head)

    def edited(self, edits):
        text, lines = self.text, self.text.split("\n")
        for _, edit in sorted(enumerate(edits), key=lambda one: (self.offset(lines, one[1]["range"]["start"]), one[0]), reverse=True):
            begin, end = (self.offset(lines, edit["range"][key]) for key in ("start", "end"))
            text = text[:begin] + edit["newText"] + text[end:]
        return text

    def place(self, line, column):
        # Python counts bytes.
        text = self.text.split("\n")[line - 1].encode()[:column].decode()
        return {"line": line - 1, "character": len(text.encode("utf-16-le")) // 2}

    def selection(self, chance):
        if chance.random() < 0.5:
            body = chance.choice(self.bodies)
            first = chance.randrange(len(body))
            last = min(len(body) - 1, first + chance.randrange(3))
            return {"start": self.place(body[first].lineno, body[first].col_offset), "end": self.place(body[last].end_lineno, body[last].end_col_offset)}
        node = chance.choice(self.nodes)
        start = self.place(node.lineno, node.col_offset)
        return {"start": start, "end": start if chance.random() < 0.2 else self.place(node.end_lineno, node.end_col_offset)}

    def actions(self, selection):
        """(title, text) of each action that edits this file alone."""
        found = self.client.request("textDocument/codeAction", {"textDocument": {"uri": self.uri}, "range": selection, "context": {"diagnostics": []}})["result"]
        for action in found or []:
            edit = action.get("edit") or self.client.request("codeAction/resolve", action)["result"].get("edit")
            changes = (edit or {}).get("documentChanges", [])
            if len(changes) == 1 and changes[0].get("textDocument", {}).get("uri") == self.uri:
                yield action["title"], self.edited(changes[0]["edits"])

    def run(self, chance, steps):
        faults, count = [], 0
        for _ in range(steps):
            selection = self.selection(chance)
            for title, text in self.actions(selection):
                count += 1
                self.show(text)
                more = self.findings() - self.wrong
                if more:
                    faults.append(f"{os.path.basename(self.uri)} {selection}: {title}: {dict(more)}")
            self.show(self.text)
        return faults, count


def main():
    options = {"--steps": 25, "--seed": 1}
    rest = read_options(sys.argv[1:], options)
    if len(rest) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    faults, count, chance = [], 0, random.Random(options["--seed"])
    with tempfile.TemporaryDirectory() as folder:
        root = os.path.realpath(folder)
        client = Client([os.path.abspath(rest[0]), "lsp"], root)
        client.request("initialize", {"processId": None, "rootUri": "file://" + root, "capabilities": CAPABILITIES})
        client.notify("initialized", {})
        for path in rest[1:]:
            trial = Trial(client, root, path)
            more, tried = trial.run(chance, options["--steps"])
            faults += more
            count += tried
            client.notify("textDocument/didClose", {"textDocument": {"uri": trial.uri}})
        code = client.stop()
    for fault in faults[:20]:
        print(fault)
    print(f"{count} actions, {len(faults)} wrong")
    return 1 if faults or code != 0 or count == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
