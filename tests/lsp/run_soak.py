#!/usr/bin/env python3
"""Random edits, requests and cancellations against one server. Now and then its diagnostics must equal those of a fresh
server, each request must be answered once, and its memory must stay below a bound.

usage: run_soak.py KRAIT [--steps N] [--seed N] [--megabytes N] [--every N] [--open N] FILE|FOLDER...

A folder is copied as it stands; of all files the first N (--open, 8) of a random order are open, and now and then one is
closed, or another one opened. Every N steps (--every, 250) the memory and the findings are looked at.
"""
import os
import random
import shutil
import sys
import tempfile

from client import Client
from options import read_options

PIECES = ["x", "(", ")", "\n", "    ", ":", "'", "def f(a: int) -> int:\n    return a\n", "import os\n", "class C:\n    y = 1\n",
          ".", "1", "# note\n", "self.", "[", "é", "return ", "\"\"\"", "for i in range(3):\n    print(i)\n"]
POSITIONED = ["hover", "definition", "declaration", "typeDefinition", "implementation", "references", "documentHighlight",
              "completion", "signatureHelp", "prepareRename", "prepareCallHierarchy", "prepareTypeHierarchy"]
WHOLE = ["documentSymbol", "foldingRange", "semanticTokens/full", "codeLens", "documentLink", "diagnostic"]


class Soak:
    def __init__(self, krait, given, options):
        self.random = random.Random(options["--seed"])
        self.krait, self.megabytes, self.every = krait, options["--megabytes"], options["--every"]
        self.root = os.path.realpath(tempfile.mkdtemp())
        self.originals = {}
        for one in given:
            name = os.path.basename(one.rstrip("/"))
            copy = os.path.join(self.root, name)
            if os.path.isdir(one):
                shutil.copytree(one, copy, ignore=shutil.ignore_patterns("__pycache__"))
                self.take_folder(copy)
            else:
                shutil.copy(one, copy)
                self.take_file(copy)
        self.originals = dict(sorted(self.originals.items()))
        opened = self.random.sample(list(self.originals), min(options["--open"], len(self.originals)))
        self.texts = {name: self.originals[name] for name in sorted(opened)}
        self.versions = {name: 1 for name in self.originals}
        self.client = self.start()
        self.peak = 0

    def take_folder(self, folder):
        for directory, _, names in os.walk(folder):
            for name in names:
                if name.endswith(".py"):
                    self.take_file(os.path.join(directory, name))

    def take_file(self, path):
        with open(path, encoding="utf-8", newline="") as file:
            self.originals[os.path.relpath(path, self.root)] = file.read().replace("\r\n", "\n").replace("\r", "\n")
        with open(path, "w", encoding="utf-8") as file:
            file.write(self.originals[os.path.relpath(path, self.root)])

    def start(self):
        client = Client([self.krait, "lsp"], self.root)
        client.request("initialize", {"processId": None, "rootUri": "file://" + self.root, "capabilities": {
            "textDocument": {"diagnostic": {}}, "general": {"positionEncodings": ["utf-32"]}}})
        client.notify("initialized", {})
        for name in self.texts:
            self.open(client, name)
        return client

    def open(self, client, name):
        client.notify("textDocument/didOpen", {"textDocument": {
            "uri": self.uri(name), "languageId": "python", "version": self.versions[name], "text": self.texts[name]}})

    def close_or_open(self):
        """Another choice of open files, at least two; what is opened is the file on disk."""
        closed = [name for name in self.originals if name not in self.texts]
        if closed and (len(self.texts) <= 2 or self.random.random() < 0.5):
            name = self.random.choice(closed)
            self.texts[name] = self.originals[name]
            self.versions[name] += 1
            self.open(self.client, name)
        elif len(self.texts) > 2:
            name = self.random.choice(sorted(self.texts))
            del self.texts[name]
            self.client.notify("textDocument/didClose", {"textDocument": {"uri": self.uri(name)}})

    def uri(self, name):
        return f"file://{self.root}/{name}"

    def place(self, name):
        lines = self.texts[name].split("\n")
        line = self.random.randrange(len(lines))
        return {"line": line, "character": self.random.randint(0, len(lines[line]))}

    def offset(self, name, place):
        lines = self.texts[name].split("\n")
        return sum(len(line) + 1 for line in lines[:place["line"]]) + place["character"]

    def edit(self, name):
        text = self.texts[name]
        if self.random.random() < 0.02:
            changes, text = [{"text": self.originals[name]}], self.originals[name]
        else:
            start = self.place(name)
            at = self.offset(name, start)
            size = self.random.choice([0, 0, 0, 1, 3, 20])
            end_at = min(at + size, len(text))
            before = text[:end_at].split("\n")
            end = {"line": len(before) - 1, "character": len(before[-1])}
            put = self.random.choice(PIECES)
            changes = [{"range": {"start": start, "end": end}, "text": put}]
            text = text[:at] + put + text[end_at:]
        self.texts[name] = text
        self.versions[name] += 1
        self.client.notify("textDocument/didChange", {"textDocument": {"uri": self.uri(name), "version": self.versions[name]},
                                                      "contentChanges": changes})

    def ask(self, name):
        document = {"textDocument": {"uri": self.uri(name)}}
        kind = self.random.random()
        if kind < 0.7:
            method = self.random.choice(POSITIONED)
            params = {**document, "position": self.place(name), "context": {"includeDeclaration": True}}
        elif kind < 0.9:
            method, params = self.random.choice(WHOLE), document
        else:
            spot = self.place(name)
            method = self.random.choice(["codeAction", "inlayHint"])
            params = {**document, "range": {"start": spot, "end": spot}, "context": {"diagnostics": []}}
        number = self.client.begin("textDocument/" + method, params)
        if self.random.random() < 0.2:
            self.client.notify("$/cancelRequest", {"id": number})
        return method, number

    def check_answer(self, method, number):
        answer = self.client.wait(number)
        if "error" in answer and answer["error"]["code"] not in (-32800, -32803):
            raise AssertionError(f"{method}: {answer['error']}")

    def memory(self):
        with open(f"/proc/{self.client.process.pid}/status") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("VmRSS")) / 1024

    def diagnostics(self, client):
        return {name: client.request("textDocument/diagnostic", {"textDocument": {"uri": self.uri(name)}})["result"]["items"] for name in self.texts}

    def compare(self, step):
        fresh = self.start()
        wanted, got = self.diagnostics(fresh), self.diagnostics(self.client)
        fresh.stop()
        # While a text is broken, others go by its last right version, which a fresh server never saw.
        broken = [name for name, items in wanted.items() if any(item["code"] == "syntax" for item in items)]
        for name in broken or self.texts:
            if wanted[name] != got[name]:
                missing = [one for one in wanted[name] if one not in got[name]]
                more = [one for one in got[name] if one not in wanted[name]]
                with open(os.path.join(self.root, "as_it_was"), "w", encoding="utf-8") as file:
                    file.write(self.texts[name])
                raise AssertionError(f"step {step}: {name} (its text: {file.name}): missing {missing[:3]}, more {more[:3]}; "
                                     f"{len(missing)} and {len(more)}")

    def run(self, steps):
        waiting = []
        for step in range(1, steps + 1):
            if self.random.random() < 0.005:
                self.close_or_open()
            name = self.random.choice(sorted(self.texts))
            if self.random.random() < 0.5:
                self.edit(name)
            else:
                waiting.append(self.ask(name))
            if len(waiting) >= self.random.randint(1, 8):
                for method, number in waiting:
                    self.check_answer(method, number)
                waiting = []
            if step % self.every == 0:
                self.peak = max(self.peak, self.memory())
                if self.peak > self.megabytes:
                    raise AssertionError(f"step {step}: {self.peak:.0f} MB")
                self.compare(step)
        for method, number in waiting:
            self.check_answer(method, number)
        code = self.client.stop()
        shutil.rmtree(self.root)
        print(f"{steps} steps, at most {self.peak:.0f} MB, exit code {code}")
        return code


def main():
    options = {"--steps": 1000, "--seed": 1, "--megabytes": 400, "--every": 250, "--open": 8}
    rest = read_options(sys.argv[1:], options)
    if len(rest) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    return Soak(os.path.abspath(rest[0]), rest[1:], options).run(options["--steps"])


if __name__ == "__main__":
    sys.exit(main())
