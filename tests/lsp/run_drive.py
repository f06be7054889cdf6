#!/usr/bin/env python3
"""Sends every request that takes a place at every Nth name of other people's files. No answer may be an error that is not
foreseen, the server must live, and a rename must change exactly the letters of the name, in files that still parse.

usage: run_drive.py KRAIT [--every N] [--root FOLDER] [--peer COMMAND] FILE...

With a peer (another language server), definitions are compared: the places where only the peer answers are counted and
shown, and where both answer but share no place.
"""
import argparse
import ast
import io
import keyword
import os
import shlex
import sys
import time
import tokenize

from client import Client

POSITIONED = ["hover", "definition", "declaration", "typeDefinition", "implementation", "references", "documentHighlight",
              "completion", "signatureHelp", "prepareRename", "prepareCallHierarchy", "prepareTypeHierarchy", "selectionRange",
              "codeAction", "rename"]
WHOLE = ["documentSymbol", "foldingRange", "semanticTokens/full", "codeLens", "documentLink", "diagnostic", "inlayHint", "formatting"]
NEW_NAME = "krait_renamed"
REFUSED = -32602  # a rename that cannot be


def names_of(text):
    """(line from 0, column in UTF-16, name)"""
    out = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.NAME:
                line = token.line.split("\n")[0] if token.start[0] == token.end[0] else ""
                before = line[:token.start[1]]
                out.append((token.start[0] - 1, len(before.encode("utf-16-le")) // 2, token.string))
    except (tokenize.TokenError, SyntaxError):
        pass
    return out


def start(command, root):
    client = Client(command, root)
    client.request("initialize", {"processId": None, "rootUri": "file://" + root, "workspaceFolders": [{"uri": "file://" + root, "name": "root"}],
                                  "capabilities": {"textDocument": {"diagnostic": {}}, "workspace": {"workspaceFolders": True}}})
    client.notify("initialized", {})
    return client


def offset_in(lines, place):
    line = lines[place["line"]].encode("utf-16-le")[:place["character"] * 2].decode("utf-16-le")
    return sum(len(one) + 1 for one in lines[:place["line"]]) + len(line)


class Drive:
    def __init__(self, krait, root, files, every, peer):
        self.root, self.files, self.every = root, files, every
        self.client = start([krait, "lsp"], root)
        self.peer = start(shlex.split(peer), root) if peer else None
        self.failures, self.counts, self.only_peer, self.differ = [], {}, [], []
        self.compared = 0

    def params(self, method, uri, line, column, text):
        place = {"line": line, "character": column}
        if method == "selectionRange":
            return {"textDocument": {"uri": uri}, "positions": [place]}
        if method == "codeAction":
            return {"textDocument": {"uri": uri}, "range": {"start": place, "end": place}, "context": {"diagnostics": []}}
        more = {"references": {"context": {"includeDeclaration": True}}, "rename": {"newName": NEW_NAME}}.get(method, {})
        return {"textDocument": {"uri": uri}, "position": place, **more}

    def fail(self, path, line, column, text):
        self.failures.append(f"{path}:{line + 1}:{column + 1}: {text}")

    def check_rename(self, path, line, column, name, result):
        for uri, edits in (result or {}).get("changes", {}).items():
            with open(uri.removeprefix("file://"), encoding="utf-8") as file:
                text = file.read()
            lines = text.split("\n")
            for edit in sorted(edits, key=lambda e: (e["range"]["start"]["line"], e["range"]["start"]["character"]), reverse=True):
                begin, end = offset_in(lines, edit["range"]["start"]), offset_in(lines, edit["range"]["end"])
                if text[begin:end] != name:
                    self.fail(path, line, column, f"rename of {name} would replace {text[begin:end]!r} in {uri}")
                text = text[:begin] + NEW_NAME + text[end:]
            try:
                ast.parse(text)
            except SyntaxError as error:
                self.fail(path, line, column, f"after the rename of {name} {uri} does not parse: {error}")

    def compare(self, path, line, column, name, uri, own):
        theirs = self.peer.request("textDocument/definition", self.params("definition", uri, line, column, ""))["result"] or []
        theirs = theirs if isinstance(theirs, list) else [theirs]
        self.compared += 1
        if theirs and not own:
            self.only_peer.append(f"{path}:{line + 1}:{column + 1} {name}")
        places = [{self.place(one) for one in answers} for answers in (own or [], theirs)]
        if all(places) and not places[0] & places[1]:
            self.differ.append(f"{path}:{line + 1}:{column + 1} {name}: {sorted(places[0])[:2]} instead of {sorted(places[1])[:2]}")

    def place(self, location):
        """Each server has its own copy of the library's stubs: there the module alone counts."""
        path = os.path.realpath(location["uri"].removeprefix("file://"))
        if path.startswith(self.root + "/"):
            return path, location["range"]["start"]["line"]
        return os.path.basename(path).removesuffix(".pyi").removesuffix(".py"), 0

    def drive_name(self, path, uri, line, column, name):
        for method in POSITIONED:
            begun = time.monotonic()
            answer = self.client.request("textDocument/" + method, self.params(method, uri, line, column, name))
            count = self.counts.setdefault(method, [0, 0, 0.0])
            count[0] += 1
            count[1] += bool(answer.get("result"))
            count[2] = max(count[2], time.monotonic() - begun)
            if "error" in answer and not (method == "rename" and answer["error"]["code"] == REFUSED):
                self.fail(path, line, column, f"{method}: {answer['error']}")
            if method == "rename":
                self.check_rename(path, line, column, name, answer.get("result"))
            if method == "definition" and self.peer:
                self.compare(path, line, column, name, uri, answer.get("result"))
            if method == "prepareCallHierarchy" and answer.get("result"):
                for step in ("incomingCalls", "outgoingCalls"):
                    self.client.request("callHierarchy/" + step, {"item": answer["result"][0]})
            if method == "prepareTypeHierarchy" and answer.get("result"):
                for step in ("supertypes", "subtypes"):
                    self.client.request("typeHierarchy/" + step, {"item": answer["result"][0]})

    def run(self):
        for path in self.files:
            uri = "file://" + path
            with open(path, encoding="utf-8") as file:
                text = file.read()
            opened = {"textDocument": {"uri": uri, "languageId": "python", "version": 1, "text": text}}
            for server in filter(None, (self.client, self.peer)):
                server.notify("textDocument/didOpen", opened)
            end = {"line": text.count("\n"), "character": 0}
            for method in WHOLE:
                answer = self.client.request("textDocument/" + method, {"textDocument": {"uri": uri}, "options": {"tabSize": 4, "insertSpaces": True},
                                                                        "range": {"start": {"line": 0, "character": 0}, "end": end}})
                if "error" in answer:
                    self.fail(path, 0, 0, f"{method}: {answer['error']}")
            for line, column, name in names_of(text)[::self.every]:
                if not keyword.iskeyword(name):
                    self.drive_name(path, uri, line, column, name)
            for server in filter(None, (self.client, self.peer)):
                server.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
        if self.client.stop() != 0:
            self.failures.append("the server's exit code is not 0")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("krait")
    parser.add_argument("files", nargs="+")
    parser.add_argument("--every", type=int, default=50)
    parser.add_argument("--root")
    parser.add_argument("--peer")
    given = parser.parse_args()
    files = [os.path.abspath(file) for file in given.files]
    drive = Drive(os.path.abspath(given.krait), os.path.abspath(given.root or os.path.dirname(files[0])), files, given.every, given.peer)
    drive.run()
    for method, (asked, answered, slowest) in drive.counts.items():
        print(f"{method}: {answered} of {asked} answered, slowest {slowest * 1000:.0f} ms")
    if drive.peer:
        print(f"definitions compared: {drive.compared}; only the peer answers: {len(drive.only_peer)}; elsewhere: {len(drive.differ)}")
        print("\n".join(drive.only_peer + drive.differ))
    print("\n".join(drive.failures))
    print(f"{len(drive.failures)} failures")
    return 1 if drive.failures else 0


if __name__ == "__main__":
    sys.exit(main())
