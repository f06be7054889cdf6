#!/usr/bin/env python3
"""Random sequences of messages, right ones, wrong ones and ones out of order, with cancellations: the server answers each
request id once, refuses what makes no sense, and neither ends nor hangs.

usage: run_sequences.py KRAIT [--seconds N] [--seed N]
"""
import json
import os
import random
import sys
import tempfile
import time

from client import Client
from options import read_options

TEXTS = ["", "x = 1\n", "class C:\n    def f(self, a: int) -> str:\n        return str(a)\n\n\nC().f(1).upper()\n", "def f(:\n", "\ufeffimport os\r\nos.\r",
         "import other\nother.g(", "# \U0001f600\ns = f'{x!r:>{w}}'\n", "(" * 300, "\tif x:\n  y\n", "from .  import *\n__all__ = ['a', 1]\n"]
ODD = [None, True, -1, 0, 2 ** 40, -2 ** 70, 1.5, "", "x", "\udcff", [], [None], {}, {"uri": None}, {"line": -5, "character": 1e300}, [[[]]]]
KINDS = ["hover", "completion", "definition", "declaration", "typeDefinition", "implementation", "references", "documentHighlight", "signatureHelp",
         "prepareRename", "rename", "documentSymbol", "foldingRange", "semanticTokens/full", "semanticTokens/range", "semanticTokens/full/delta", "inlayHint",
         "codeAction", "codeLens", "documentLink", "selectionRange", "formatting", "rangeFormatting", "onTypeFormatting", "prepareCallHierarchy",
         "prepareTypeHierarchy", "diagnostic"]
BROKEN = [b"", b"{", b"nul", b"17", b"[]", b'[{"jsonrpc":"2.0","method":"x"}]', b'{"jsonrpc":"2.0","id":1', b"\xff\xfe{}", b'{"method":"\xed\xa0\x80"}', b"\x00", b'"\\ud800"',
          b"[" * 3000, b'{"a":' * 3000, b'{"jsonrpc":"2.0","id":{"x":[]},"method":"textDocument/hover"}', b'{"jsonrpc":"2.0","id":[1],"method":"shutdown"}',
          b'{"jsonrpc":"2.0","method":"$/cancelRequest"}', b'{"jsonrpc":"2.0","method":"exit","id":"no exit"}', b'{"id":1e400}', b'{"id":-0.0,"method":"x"}']
HEADERS = [b"Content-Length: %d\r\n\r\n", b"content-length:%d\r\n\r\n", b"Content-Type: application/vscode-jsonrpc; charset=utf-8\r\nContent-Length: %d\r\n\r\n",
           b"X-Odd: 1\r\nCONTENT-LENGTH:   %d  \r\nX: \r\n\r\n"]
OTHERS = ["workspace/symbol", "workspace/executeCommand", "workspace/diagnostic", "workspace/willRenameFiles", "completionItem/resolve", "codeAction/resolve",
          "codeLens/resolve", "inlayHint/resolve", "callHierarchy/incomingCalls", "callHierarchy/outgoingCalls", "typeHierarchy/supertypes",
          "typeHierarchy/subtypes", "initialize", "no/such", "$/unknown"]


class Sequences:
    def __init__(self, krait, root, seed):
        self.random = random.Random(seed)
        self.root = root
        self.client = Client([krait, "lsp"], root)
        self.last_id = 0
        self.asked = set()
        self.answered = set()
        self.version = 0
        self.is_shut_down = False
        for name in ("main.py", "other.py", "pkg/__init__.py", "pkg/part.py"):
            os.makedirs(os.path.dirname(os.path.join(root, name)), exist_ok=True)
            with open(os.path.join(root, name), "w", encoding="utf-8") as file:
                file.write("def g(a, b=1):\n    return a\n")
        self.uris = [f"file://{root}/{name}" for name in ("main.py", "other.py", "pkg/part.py", "missing.py", "we%20ird%00.py", "book.ipynb")]
        self.uris += ["untitled:one", "", "http://example.com/a.py", "file://"]

    def pick(self, values):
        return self.random.choice(values)

    def place(self):
        return {"line": self.pick([0, 0, 1, 2, 5, 10 ** 6]), "character": self.pick([0, 1, 3, 8, 10 ** 6])}

    def span(self):
        return {"start": self.place(), "end": self.place()}

    def document(self):
        self.version += 1
        return {"uri": self.pick(self.uris), "version": self.version}

    def params(self):
        return {"textDocument": self.document(), "position": self.place(), "range": self.span(), "positions": [self.place()], "newName": self.pick(["y", "", "1", "class"]),
                "context": {"includeDeclaration": True, "diagnostics": [], "triggerKind": 1}, "options": {"tabSize": 4, "insertSpaces": True}, "ch": "\n",
                "query": self.pick(["", "g", "."]), "command": self.pick(["krait.showType", "krait.showInvalidated", "krait.restart", "krait.runFile", "x"]),
                "arguments": [self.pick(self.uris), self.span()], "previousResultId": "1", "files": [{"oldUri": self.pick(self.uris), "newUri": self.pick(self.uris)}],
                "item": {"uri": self.pick(self.uris), "name": "g", "kind": 12, "range": self.span(), "selectionRange": self.span(), "data": {}},
                "label": "g", "data": {"uri": self.pick(self.uris), "at": self.pick([0, 5, -1, 10 ** 9])}, "kind": 1}

    def spoiled(self, value):
        """The same with something odd in some place of it."""
        if isinstance(value, dict) and value and self.random.random() < 0.9:
            key = self.pick(sorted(value))
            if self.random.random() < 0.2:
                return {k: v for k, v in value.items() if k != key}
            return {**value, key: self.spoiled(value[key])}
        if isinstance(value, list) and value and self.random.random() < 0.7:
            return [self.spoiled(value[0]), *value[1:]]
        return self.pick(ODD)

    def send(self, message):
        # A lone surrogate is no text on the wire.
        self.client.send(json.loads(json.dumps(message).replace("\\udcff", "\\ufffd")))

    def request(self):
        method = "textDocument/" + self.pick(KINDS) if self.random.random() < 0.8 else self.pick(OTHERS)
        params = self.params()
        if self.random.random() < 0.3:
            params = self.spoiled(params)
        self.last_id += 1
        self.asked.add(self.last_id)
        self.send({"id": self.last_id, "method": method, "params": params})
        if self.random.random() < 0.2:
            self.send({"method": "$/cancelRequest", "params": {"id": self.pick([self.last_id, self.last_id - 1, self.last_id + 1, "x", None])}})

    def notification(self):
        document = self.document()
        change = {"text": self.pick(TEXTS)} if self.random.random() < 0.4 else {"range": self.span(), "text": self.pick(["a", ".", "(", "\n", "", "\U0001f600", "def "])}
        cell = {"kind": 2, "document": document["uri"] + "#1"}
        method, params = self.pick([
            ("textDocument/didOpen", {"textDocument": {**document, "languageId": self.pick(["python", "markdown", ""]), "text": self.pick(TEXTS)}}),
            ("textDocument/didOpen", {"textDocument": {**document, "languageId": "python", "text": self.pick(TEXTS)}}),
            ("textDocument/didChange", {"textDocument": document, "contentChanges": [change, change]}),
            ("textDocument/didChange", {"textDocument": document, "contentChanges": [change]}),
            ("textDocument/didClose", {"textDocument": document}), ("textDocument/didSave", {"textDocument": document}),
            ("notebookDocument/didOpen", {"notebookDocument": {**document, "cells": [cell]}, "cellTextDocuments": [{"uri": cell["document"], "text": "x = 1"}]}),
            ("notebookDocument/didChange", {"notebookDocument": document, "change": {"cells": {"structure": {"array": {"start": 0, "deleteCount": self.pick([0, 1, 9]), "cells": [cell]}}}}}),
            ("notebookDocument/didClose", {"notebookDocument": document}),
            ("workspace/didChangeConfiguration", {"settings": {"krait": {"lint": self.pick(ODD)}}}),
            ("workspace/didChangeWatchedFiles", {"changes": [{"uri": self.pick(self.uris), "type": self.pick([1, 2, 3, 7])}]}),
            ("workspace/didChangeWorkspaceFolders", {"event": {"added": [{"uri": f"file://{self.root}/pkg"}], "removed": [{"uri": self.pick([f"file://{self.root}/pkg", "x"])}]}}),
            ("$/setTrace", {"value": self.pick(["off", "verbose", "x"])}), ("no/such", {})])
        if self.random.random() < 0.25:
            params = self.spoiled(params)
        self.send({"method": method, "params": params})

    def nonsense(self):
        self.send(self.pick([{"method": 5}, {"id": None, "method": None}, {"result": 1}, {"id": 10 ** 12, "result": {}}, {"id": "x", "error": {"code": 1}}, {}]))

    def broken(self):
        """Frames that are right around what is no message."""
        body = self.pick(BROKEN)
        self.raw(self.pick(HEADERS) % len(body) + body)

    def raw(self, data):
        # Also in two pieces.
        cut = self.random.randrange(len(data) + 1)
        for part in (data[:cut], data[cut:]):
            self.client.process.stdin.write(part)
            self.client.process.stdin.flush()

    def named_request(self):
        """Ids may be texts."""
        self.last_id += 1
        name = f"id é{self.last_id}\n"
        self.asked.add(name)
        body = json.dumps({"jsonrpc": "2.0", "id": name, "method": "textDocument/" + self.pick(KINDS), "params": self.params()}, ensure_ascii=self.pick([True, False])).encode()
        self.raw(self.pick(HEADERS) % len(body) + body)

    def collect(self, seconds):
        """Takes answers until all came."""
        end = time.monotonic() + seconds
        while self.asked - self.answered:
            message = self.client.messages.get(timeout=max(0.1, end - time.monotonic()))
            if message is None:
                raise AssertionError("the server ended")
            if "method" in message:
                if "id" in message:
                    self.send({"id": message["id"], "result": self.pick([None, [], {}, [{}]])})
            elif isinstance(message.get("id"), (dict, list, bool)):
                raise AssertionError(f"no id: {message}")
            elif message.get("id") in self.asked:
                if message["id"] in self.answered:
                    raise AssertionError(f"answered twice: {message}")
                if ("result" in message) == ("error" in message):
                    raise AssertionError(f"neither result nor error, or both: {message}")
                self.answered.add(message["id"])
                if self.is_shut_down and message.get("error", {}).get("code") != -32600:
                    raise AssertionError(f"answered after shutdown: {message}")

    def run(self, seconds):
        self.request()
        self.notification()
        capabilities = {"textDocument": self.pick([{}, {"diagnostic": {}}, None, 5]), "workspace": self.pick([{}, {"configuration": True}, []]), "window": {"workDoneProgress": True}}
        self.last_id += 1
        self.asked.add(self.last_id)
        self.send({"id": self.last_id, "method": "initialize", "params": {"rootUri": f"file://{self.root}", "capabilities": capabilities}})
        self.send({"method": "initialized", "params": {}})
        end, count = time.monotonic() + seconds, 0
        while time.monotonic() < end:
            for _ in range(self.random.randint(1, 30)):
                self.pick([self.request, self.request, self.notification, self.notification, self.notification, self.nonsense, self.broken, self.named_request])()
                count += 1
            self.collect(60)
        self.last_id += 1
        self.asked.add(self.last_id)
        self.send({"id": self.last_id, "method": "shutdown"})
        self.collect(60)
        # What comes now is refused.
        self.is_shut_down = True
        for _ in range(3):
            self.pick([self.request, self.named_request])()
            self.notification()
        self.collect(60)
        self.client.notify("exit", None)
        return count, self.client.process.wait(timeout=30)


def main():
    options = {"--seconds": 8, "--seed": 1}
    rest = read_options(sys.argv[1:], options)
    if len(rest) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    end, total, seed = time.monotonic() + options["--seconds"], 0, options["--seed"]
    while time.monotonic() < end:
        with tempfile.TemporaryDirectory() as root:
            try:
                count, code = Sequences(os.path.abspath(rest[0]), os.path.realpath(root), seed).run(min(4, options["--seconds"]))
            except Exception as error:
                print(f"seed {seed}: {type(error).__name__}: {error}")
                return 1
        if code != 0:
            print(f"seed {seed}: exit code {code}")
            return 1
        total += count
        seed += 1
    print(f"{total} messages in {seed - options['--seed']} sequences")
    return 0


if __name__ == "__main__":
    sys.exit(main())
