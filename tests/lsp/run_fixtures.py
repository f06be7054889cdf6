#!/usr/bin/env python3
"""Run the language server's fixtures: ordinary Python files whose comments say what an editor must be told.

usage: run_fixtures.py KRAIT FOLDER...

A comment line with carets speaks of the line above it, at the caret's column; several may share a line:
    ^ def: NAME          the definition that `goto: NAME` must lead to
    ^ goto: NAME         textDocument/definition answers with exactly the places marked `def: NAME`
    ^ goto: none         … with nothing
    ^ type: NAME         textDocument/typeDefinition, likewise
    ^ hover: "TEXT"      the hover holds TEXT                ^ hover: none  there is none
    ^ complete: a, b     completion offers each (an entry written -a must not be offered)
    ^ first: a, b        … and these come first, in this order
    ^ signature: "TEXT" N  the first signature's label is TEXT, parameter N (from 0) is active
    ^ refs: N            references answers with N places      ^ highlights: N   likewise
    ^ rename: NEW = N    renaming gives N edits; with N = refused, an error or null
    ^ token: TYPE        the semantic token that starts there
    ^ select: "A" < "B"  the selection range's innermost texts, outwards
    ^ action: "TITLE"    a code action with that title is offered there; with - before it: none is; "[to N]" selects N
                         columns, "[through TEXT]" to the end of the line that holds TEXT
    ^ apply: "TITLE"     … and its edit makes the files that stand below `# --- after/PATH`
    ^ typed: C           the character before the caret was typed: onTypeFormatting makes the files below after/
    ^ renamed: NEW       renaming makes the files below after/
    ^ described: LABEL = "TEXT"  the completion, resolved, has TEXT in its detail or documentation
    ^ accept: LABEL      taking the completion (resolved) makes the files below after/
    ^ impl: NAME         textDocument/implementation, as goto    ^ decl: NAME   declaration
    ^ callers: a, b      names of incoming calls     ^ callees: a, b   of outgoing calls
    ^ above: A, B        supertypes                  ^ below: A, B     subtypes
Whole-file lines: `# symbols: f, C, C.m`, `# folds: 2-5, 8-9` (lines from 1), `# workspace QUERY: name, name`,
`# hints: LINE:COLUMN label, …`, `# lenses: LINE title, …`, `# links: LINE target, …`, `# moved: NEW_PATH` (willRenameFiles),
`# formatted`, `# formatted lines: 1-4, 8-9` (one request for each range, then one for all),
`# tokens:` (ranges and deltas agree with the whole), `# all diagnostics: PATH LINE code, …` (of the workspace), `# command NAME ARGUMENTS: TEXT` (the result holds TEXT),
`# diagnostics: LINE code, LINE code` (published and pulled, in order), `# closed: PATH, …` (files that the editor has not open;
the case runs again after the server has indexed them), `# client: creates files` (it understands edits that do). `# --- path.py` starts another file of the case; the first one is
main.py. A misspelt directive fails.
"""
import json
import os
import re
import sys
import tempfile
import time

from cases import run_all, split_files, write_files
from client import Client

CARET = re.compile(r"\^ (\w+): ((?:\"(?:[^\"\\]|\\.)*\"|[^\^\"])*)")
CLOSED = re.compile(r"^# closed: (.*)$", re.M)
CREATES = re.compile(r"^# client: creates files$", re.M)
CREATES_FILES = {"workspace": {"workspaceEdit": {"documentChanges": True, "resourceOperations": ["create"]}}}
WHOLE = re.compile(r"# (symbols|folds|diagnostics|all diagnostics|hints|lenses|links|moved|formatted(?: lines)?|tokens|command \S+?(?: \[.*\])?|workspace \S+):(.*)")
# The requests that each directive sends.
METHODS = {
    "def": [], "goto": ["textDocument/definition"], "decl": ["textDocument/declaration"], "type": ["textDocument/typeDefinition"],
    "impl": ["textDocument/implementation"], "hover": ["textDocument/hover"], "complete": ["textDocument/completion"], "first": ["textDocument/completion"],
    "accept": ["textDocument/completion", "completionItem/resolve"], "described": ["textDocument/completion", "completionItem/resolve"], "signature": ["textDocument/signatureHelp"],
    "refs": ["textDocument/references"], "highlights": ["textDocument/documentHighlight"], "rename": ["textDocument/rename"],
    "renamed": ["textDocument/prepareRename", "textDocument/rename"], "token": ["textDocument/semanticTokens/full"],
    "select": ["textDocument/selectionRange"], "action": ["textDocument/codeAction"], "apply": ["textDocument/codeAction"],
    "callers": ["textDocument/prepareCallHierarchy", "callHierarchy/incomingCalls"],
    "callees": ["textDocument/prepareCallHierarchy", "callHierarchy/outgoingCalls"],
    "above": ["textDocument/prepareTypeHierarchy", "typeHierarchy/supertypes"],
    "below": ["textDocument/prepareTypeHierarchy", "typeHierarchy/subtypes"],
    "typed": ["textDocument/onTypeFormatting"], "tokens": ["textDocument/semanticTokens/range", "textDocument/semanticTokens/full/delta"],
    "symbols": ["textDocument/documentSymbol"], "folds": ["textDocument/foldingRange"], "workspace": ["workspace/symbol"],
    "hints": ["textDocument/inlayHint", "inlayHint/resolve"], "lenses": ["textDocument/codeLens", "codeLens/resolve"],
    "links": ["textDocument/documentLink"], "moved": ["workspace/willRenameFiles"], "formatted": ["textDocument/formatting"],
    "formatted lines": ["textDocument/rangeFormatting", "textDocument/rangesFormatting"],
    "command": ["workspace/executeCommand"], "diagnostics": ["textDocument/diagnostic"], "all diagnostics": ["workspace/diagnostic"],
}
POINT = {"apply", "renamed", "accept", "described", "impl", "decl", "callers", "callees", "above", "below", "def", "goto", "type", "hover", "complete", "first", "signature", "refs", "highlights", "rename", "token", "select", "action", "typed"}


def directives(files):
    """[(path, line, column, name, argument)] of the carets and [(path, name, argument)] of whole-file lines."""
    points, wholes = [], []
    for path, text in files.items():
        if path.startswith("after/"):
            continue
        target = 0
        for number, line in enumerate(text.split("\n")):
            if re.match(r"\s*#.*\^", line):
                for found in CARET.finditer(line):
                    if found[1] not in POINT:
                        raise ValueError(f"line {number + 1}: unknown directive {found[1]}")
                    points.append((path, target, found.start(), found[1], found[2].strip()))
                if not CARET.search(line):
                    raise ValueError(f"line {number + 1}: a caret without a directive")
                continue
            target = number
            if found := WHOLE.match(line):
                wholes.append((path, found[1], found[2].strip()))
    if not points and not wholes:
        raise ValueError("the fixture expects nothing")
    return points, wholes


def flatten(symbols, prefix=""):
    for symbol in symbols:
        yield prefix + symbol["name"]
        yield from flatten(symbol.get("children", []), prefix + symbol["name"] + ".")


def text_in(text, span):
    lines = text.split("\n")
    start, end = span["start"], span["end"]
    if start["line"] == end["line"]:
        return lines[start["line"]][start["character"]:end["character"]]
    return "\n".join([lines[start["line"]][start["character"]:], *lines[start["line"] + 1:end["line"]],
                      lines[end["line"]][:end["character"]]])


def names_in(argument):
    return sorted(part.strip() for part in argument.split(",") if part.strip())


def offset_in(text, place):
    lines = text.split("\n")
    return sum(len(line) + 1 for line in lines[:place["line"]]) + place["character"]


def apply_edits(text, edits):
    # Insertions at one place stand in the order of the list.
    for _, edit in sorted(enumerate(edits), key=lambda e: (offset_in(text, e[1]["range"]["start"]), e[0]), reverse=True):
        start, end = (offset_in(text, edit["range"][key]) for key in ("start", "end"))
        text = text[:start] + edit["newText"] + text[end:]
    return text


def bare(text):
    """The text without lines that hold directives."""
    return "\n".join(line for line in text.split("\n") if not re.match(r"\s*#.*\^", line) and not WHOLE.match(line)).strip("\n")


class Case:
    def __init__(self, krait, path):
        with open(path, encoding="utf-8") as file:
            files = split_files(file.read())
        self.after = {name.removeprefix("after/"): text for name, text in files.items() if name.startswith("after/")}
        self.files = {name: text for name, text in files.items() if not name.startswith("after/")}
        self.points, self.wholes = directives(self.files)
        self.closed = [name for text in self.files.values() for line in CLOSED.findall(text) for name in names_in(line)]
        if unknown := [name for name in self.closed if name not in self.files]:
            raise ValueError(f"no files of the case: {unknown}")
        self.creates_files = any(CREATES.search(text) for text in self.files.values())
        self.krait = krait
        self.failures = []

    def run(self):
        with tempfile.TemporaryDirectory() as root:
            self.root = os.path.realpath(root)
            write_files(self.root, self.files)
            self.client = Client([self.krait, "lsp"], self.root)
            checks_all = any(name == "all diagnostics" for _, name, _ in self.wholes)
            answer = self.client.request("initialize", {"processId": None, "rootUri": "file://" + self.root,
                                                       "capabilities": CREATES_FILES if self.creates_files else {},
                                                       "initializationOptions": {"diagnostics": {"workspace": checks_all}}})
            self.legend = answer["result"]["capabilities"]["semanticTokensProvider"]["legend"]["tokenTypes"]
            self.client.notify("initialized", {})
            for name, text in self.files.items():
                if name not in self.closed:
                    self.client.notify("textDocument/didOpen", {"textDocument": {
                        "uri": self.uri(name), "languageId": "python", "version": 1, "text": text}})
            self.check_all()
            if self.closed:
                self.client.request("workspace/executeCommand", {"command": "krait.finishIndex", "arguments": []})
                self.check_all()
            self.client.request("shutdown", None)
            self.client.notify("exit", None)
            if self.client.process.wait(timeout=30) != 0:
                self.failures.append("the server's exit code is not 0")
        return self.failures

    def check_all(self):
        for point in self.points:
            if point[3] != "def":
                self.check_point(*point)
        for whole in self.wholes:
            self.check_whole(*whole)

    def uri(self, name):
        return "file://" + os.path.join(self.root, name)

    def expect(self, where, wanted, got):
        if wanted != got:
            self.failures.append(f"{where}: expected {wanted}, got {got}")

    def ask(self, method, path, line, column, **more):
        return self.client.request(method, {"textDocument": {"uri": self.uri(path)},
                                            "position": {"line": line, "character": column}, **more})

    def check_point(self, path, line, column, name, argument):
        where = f"{path}:{line + 1}:{column + 1} {name}"
        answer = getattr(self, "point_" + name)(where, path, line, column, argument)
        if answer is not None:
            self.expect(where, *answer)

    def point_goto(self, where, path, line, column, argument, method="textDocument/definition"):
        result = self.ask(method, path, line, column)["result"] or []
        got = sorted((place["uri"], place["range"]["start"]["line"], place["range"]["start"]["character"]) for place in result)
        wanted = sorted((self.uri(p), l, c) for p, l, c, n, a in self.points if n == "def" and a == argument)
        return wanted, got

    def point_type(self, where, path, line, column, argument):
        return self.point_goto(where, path, line, column, argument, "textDocument/typeDefinition")

    def point_hover(self, where, path, line, column, argument):
        result = self.ask("textDocument/hover", path, line, column)["result"]
        value = result["contents"]["value"] if result else ""
        is_fine = not value if argument.strip() == "none" else json.loads(argument) in value
        if not is_fine:
            self.failures.append(f"{where}: {argument} is not what is said: {value!r}")

    def point_complete(self, where, path, line, column, argument):
        labels = {item["label"] for item in self.ask("textDocument/completion", path, line, column)["result"]["items"]}
        for wanted in (part.strip() for part in argument.split(",")):
            if wanted.startswith("-") == (wanted.lstrip("-") in labels):
                self.failures.append(f"{where}: {wanted} among {sorted(labels)[:20]}")

    def point_described(self, where, path, line, column, argument):
        label, text = (part.strip() for part in argument.split("=", 1))
        items = self.ask("textDocument/completion", path, line, column)["result"]["items"]
        item = next((item for item in items if item["label"] == label), None)
        resolved = item and self.client.request("completionItem/resolve", item)["result"]
        if not resolved or json.loads(text) not in resolved.get("detail", "") + str(resolved.get("documentation", "")):
            self.failures.append(f"{where}: {text} is not in {resolved}")

    def point_first(self, where, path, line, column, argument):
        items = self.ask("textDocument/completion", path, line, column)["result"]["items"]
        wanted = [part.strip() for part in argument.split(",")]
        return wanted, [item["label"] for item in sorted(items, key=lambda item: item["sortText"])][:len(wanted)]

    def point_signature(self, where, path, line, column, argument):
        label, active = re.fullmatch(r'(".*") (\d+)', argument).groups()
        result = self.ask("textDocument/signatureHelp", path, line, column)["result"]
        got = result and (result["signatures"][0]["label"], result["activeParameter"])
        return (json.loads(label), int(active)), got

    def point_refs(self, where, path, line, column, argument):
        result = self.ask("textDocument/references", path, line, column, context={"includeDeclaration": True})["result"]
        return int(argument), len(result)

    def point_highlights(self, where, path, line, column, argument):
        return int(argument), len(self.ask("textDocument/documentHighlight", path, line, column)["result"])

    def point_rename(self, where, path, line, column, argument):
        new_name, wanted = (part.strip() for part in argument.split("="))
        answer = self.ask("textDocument/rename", path, line, column, newName=new_name)
        changes = (answer.get("result") or {}).get("changes")
        return wanted, "refused" if changes is None else str(sum(map(len, changes.values())))

    def point_token(self, where, path, line, column, argument):
        data = self.client.request("textDocument/semanticTokens/full", {"textDocument": {"uri": self.uri(path)}})["result"]["data"]
        at_line = at_column = 0
        found = None
        for i in range(0, len(data), 5):
            at_column = data[i + 1] + (at_column if data[i] == 0 else 0)
            at_line += data[i]
            if (at_line, at_column) == (line, column):
                found = self.legend[data[i + 3]]
        return argument, found

    def point_select(self, where, path, line, column, argument):
        step = self.client.request("textDocument/selectionRange", {
            "textDocument": {"uri": self.uri(path)}, "positions": [{"line": line, "character": column}]})["result"][0]
        wanted = [json.loads(part) for part in argument.split(" < ")]
        got = []
        while step and len(got) < len(wanted):
            got.append(text_in(self.files[path], step["range"]))
            step = step.get("parent")
        return wanted, got

    def point_action(self, where, path, line, column, argument):
        title, extent = re.fullmatch(r'-?(".*?")(?: \[(.*)\])?', argument).groups()
        result = self.client.request("textDocument/codeAction", {"textDocument": {"uri": self.uri(path)}, "range": self.extent_at(path, line, column, extent),
                                                                 "context": {"diagnostics": []}})["result"]
        titles = [action["title"] for action in result]
        if (json.loads(title) in titles) == argument.startswith("-"):
            self.failures.append(f"{where}: {argument} among {titles}")

    def extent_at(self, path, line, column, extent):
        start = end = {"line": line, "character": column}
        if extent and extent.startswith("to "):
            end = {"line": line, "character": column + int(extent[3:])}
        elif extent:
            lines = self.files[path].split("\n")
            last = next(i for i in range(line, len(lines)) if extent.removeprefix("through ") in lines[i] and "^" not in lines[i])
            end = {"line": last, "character": len(lines[last])}
        return {"start": start, "end": end}

    def point_impl(self, where, path, line, column, argument):
        return self.point_goto(where, path, line, column, argument, "textDocument/implementation")

    def point_decl(self, where, path, line, column, argument):
        return self.point_goto(where, path, line, column, argument, "textDocument/declaration")

    def hierarchy(self, kind, step, path, line, column):
        items = self.ask(f"textDocument/prepare{kind}Hierarchy", path, line, column)["result"] or []
        name = kind[0].lower() + kind[1:] + "Hierarchy/" + step
        answers = self.client.request(name, {"item": items[0]})["result"] if items else []
        return sorted({(answer.get("from") or answer.get("to") or answer)["name"] for answer in answers})

    def point_callers(self, where, path, line, column, argument):
        return names_in(argument), self.hierarchy("Call", "incomingCalls", path, line, column)

    def point_callees(self, where, path, line, column, argument):
        return names_in(argument), self.hierarchy("Call", "outgoingCalls", path, line, column)

    def point_above(self, where, path, line, column, argument):
        return names_in(argument), self.hierarchy("Type", "supertypes", path, line, column)

    def point_below(self, where, path, line, column, argument):
        return names_in(argument), self.hierarchy("Type", "subtypes", path, line, column)

    def after_edit(self, where, edit):
        """Do the edits of a WorkspaceEdit make the expected files?"""
        files = dict(self.files)
        changes = list((edit or {}).get("changes", {}).items())
        for change in (edit or {}).get("documentChanges", []):
            if change.get("kind") == "create":
                files[os.path.relpath(change["uri"].removeprefix("file://"), self.root)] = ""
            else:
                changes.append((change["textDocument"]["uri"], change["edits"]))
        for uri, edits in changes:
            name = os.path.relpath(uri.removeprefix("file://"), self.root)
            files[name] = apply_edits(files[name], edits)
        for name, wanted in self.after.items():
            self.expect(f"{where}: {name}", bare(wanted), bare(files.get(name, "")))

    def point_apply(self, where, path, line, column, argument):
        title, extent = re.fullmatch(r'(".*?")(?: \[(.*)\])?', argument).groups()
        result = self.client.request("textDocument/codeAction", {"textDocument": {"uri": self.uri(path)},
                                     "range": self.extent_at(path, line, column, extent), "context": {"diagnostics": []}})["result"]
        found = [action for action in result if action["title"] == json.loads(title)]
        if not found:
            self.failures.append(f"{where}: {title} is not among {[action['title'] for action in result]}")
            return
        self.after_edit(where, found[0]["edit"])

    def point_renamed(self, where, path, line, column, argument):
        prepared = self.ask("textDocument/prepareRename", path, line, column)["result"]
        if not prepared or prepared["range"]["start"]["line"] != line:
            self.failures.append(f"{where}: prepareRename answers {prepared}")
        self.after_edit(where, self.ask("textDocument/rename", path, line, column, newName=argument)["result"])

    def point_accept(self, where, path, line, column, argument):
        while True:  # an incomplete list is asked for again, as editors do with every letter
            result = self.ask("textDocument/completion", path, line, column)["result"]
            items = result["items"]
            found = [item for item in items if item["label"] == argument]
            if found or not result["isIncomplete"]:
                break
            time.sleep(0.02)
        if not found:
            self.failures.append(f"{where}: {argument} is not among {[item['label'] for item in items][:30]}")
            return
        item = self.client.request("completionItem/resolve", found[0])["result"]
        place = {"line": line, "character": column}
        word = re.search(r"\w*$", self.files[path].split("\n")[line][:column])[0]
        edit = item.get("textEdit") or {"range": {"start": {"line": line, "character": column - len(word)}, "end": place},
                                        "newText": item.get("insertText", item["label"])}
        self.after_edit(where, {"changes": {self.uri(path): [edit, *item.get("additionalTextEdits", [])]}})

    def point_typed(self, where, path, line, column, argument):
        edits = self.ask("textDocument/onTypeFormatting", path, line, column, ch=argument.encode().decode("unicode_escape"),
                         options={"tabSize": 4, "insertSpaces": True})["result"]
        self.after_edit(where, {"changes": {self.uri(path): edits or []}})

    def check_tokens(self, path, document):
        """The tokens of each line, and the difference after an edit, against those of the whole file."""
        def placed(data):
            out, line, column = [], 0, 0
            for i in range(0, len(data), 5):
                column = data[i + 1] + (column if data[i] == 0 else 0)
                line += data[i]
                out.append((line, column, *data[i + 2:i + 5]))
            return out

        def whole():
            return self.client.request("textDocument/semanticTokens/full", document)["result"]

        first = whole()
        for line in range(self.files[path].count("\n") + 1):
            span = {"start": {"line": line, "character": 0}, "end": {"line": line + 1, "character": 0}}
            part = self.client.request("textDocument/semanticTokens/range", {**document, "range": span})["result"]["data"]
            self.expect(f"{path}: tokens of line {line + 1}", [token for token in placed(first["data"]) if token[0] == line], placed(part))
        for version, (end, text) in enumerate([((0, 0), "added = len(\"\")\n"), ((1, 0), "")], 2):
            span = {"start": {"line": 0, "character": 0}, "end": {"line": end[0], "character": end[1]}}
            self.client.notify("textDocument/didChange", {"textDocument": {**document["textDocument"], "version": version},
                                                          "contentChanges": [{"range": span, "text": text}]})
            delta = self.client.request("textDocument/semanticTokens/full/delta", {**document, "previousResultId": first["resultId"]})["result"]
            data = list(first["data"])
            for edit in sorted(delta["edits"], key=lambda edit: -edit["start"]):
                data[edit["start"]:edit["start"] + edit["deleteCount"]] = edit.get("data", [])
            first = whole()
            self.expect(f"{path}: tokens after an edit", first["data"], data)

    def check_whole(self, path, name, argument):
        document = {"textDocument": {"uri": self.uri(path)}}
        wanted = [part.strip() for part in argument.split(",") if part.strip()]
        if name == "symbols":
            got = list(flatten(self.client.request("textDocument/documentSymbol", document)["result"]))
        elif name == "folds":
            got = sorted({(fold["startLine"] + 1, fold["endLine"] + 1)
                          for fold in self.client.request("textDocument/foldingRange", document)["result"]})
            got = [f"{first}-{last}" for first, last in got]
        elif name == "hints":
            last = {"line": self.files[path].count("\n"), "character": 0}
            hints = self.client.request("textDocument/inlayHint", {**document, "range": {"start": {"line": 0, "character": 0}, "end": last}})["result"]
            hints = [self.client.request("inlayHint/resolve", hint)["result"] for hint in hints]
            got = [f"{hint['position']['line'] + 1}:{hint['position']['character'] + 1} {hint['label']}" for hint in hints]
        elif name == "lenses":
            got = []
            for lens in self.client.request("textDocument/codeLens", document)["result"]:
                if "command" not in lens:
                    lens = self.client.request("codeLens/resolve", lens)["result"]
                got.append(f"{lens['range']['start']['line'] + 1} {lens['command']['title']}")
        elif name == "links":
            got = [f"{link['range']['start']['line'] + 1} {os.path.relpath(link['target'].removeprefix('file://'), self.root)}"
                   for link in self.client.request("textDocument/documentLink", document)["result"]]
        elif name == "moved":
            self.after_edit(name, self.client.request("workspace/willRenameFiles", {
                "files": [{"oldUri": self.uri(path), "newUri": self.uri(argument)}]})["result"])
            return
        elif name == "formatted":
            edits = self.client.request("textDocument/formatting", {**document, "options": {"tabSize": 4, "insertSpaces": True}})["result"]
            self.after_edit(name, {"changes": {self.uri(path): edits}})
            return
        elif name == "formatted lines":
            options = {"options": {"tabSize": 4, "insertSpaces": True}}
            ranges = [{"start": {"line": int(first) - 1, "character": 0}, "end": {"line": int(last), "character": 0}}
                      for first, last in (part.split("-") for part in wanted)]
            each = [edit for one in ranges for edit in self.client.request("textDocument/rangeFormatting", {**document, **options, "range": one})["result"]]
            together = self.client.request("textDocument/rangesFormatting", {**document, **options, "ranges": ranges})["result"]
            for edits in (each, together):
                self.after_edit(name, {"changes": {self.uri(path): edits}})
            return
        elif name == "tokens":
            self.check_tokens(path, document)
            return
        elif name == "all diagnostics":
            reports = self.client.request("workspace/diagnostic", {"previousResultIds": []})["result"]["items"]
            got = sorted(f"{os.path.relpath(report['uri'].removeprefix('file://'), self.root)} {item['range']['start']['line'] + 1} {item['code']}"
                         for report in reports for item in report["items"])
            wanted = sorted(wanted)
            ids = [{"uri": report["uri"], "value": report["resultId"]} for report in reports]
            again = self.client.request("workspace/diagnostic", {"previousResultIds": ids})["result"]["items"]
            self.expect(f"{path}: {name} again", {"unchanged"}, {report["kind"] for report in again})
        elif name.startswith("command"):
            _, command, *arguments = name.split(" ", 2)
            given = json.loads(arguments[0]) if arguments else []
            answer = self.client.request("workspace/executeCommand", {"command": command, "arguments": [self.uri(path), *given]})
            if argument not in json.dumps(answer.get("result")):
                self.failures.append(f"{name}: {argument} is not in {answer}")
            return
        elif name.startswith("workspace"):
            result = self.client.request("workspace/symbol", {"query": name.split()[1]})["result"]
            got = [symbol["name"] for symbol in result]
        else:
            pulled = self.client.request("textDocument/diagnostic", document)["result"]["items"]
            published = self.client.wait_published(self.uri(path))
            self.expect(f"{path}: pulled as published", published, pulled)
            got = [f"{item['range']['start']['line'] + 1} {item['code']}" for item in published]
        self.expect(f"{path}: {name}", wanted, got)


def main():
    if len(sys.argv) < 3:
        print(__doc__, file=sys.stderr)
        return 2
    krait = os.path.abspath(sys.argv[1])
    return run_all(sys.argv[2:], lambda path: Case(krait, path).run(), "pass")


if __name__ == "__main__":
    sys.exit(main())
