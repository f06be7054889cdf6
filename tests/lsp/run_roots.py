#!/usr/bin/env python3
"""A workspace of several folders that have modules of the same name: each file means those of its own folder.

usage: run_roots.py KRAIT
"""
import os
import sys
import tempfile

from client import Client

FILES = {
    "a/utils.py": "def helper(x: int) -> int:\n    return x\n\n\nclass Alpha: ...\n",
    "a/main.py": "import utils\n\nutils.helper(1)\nprint(utils.Alpha)\n",
    "b/utils.py": "def helper(y: str) -> str:\n    return y\n\n\nclass Beta: ...\n",
    "b/main.py": "import utils\n\nutils.helper('x')\nprint(utils.Beta)\n",
    "b/only_here.py": "import utils\nutils.helper('')\n",
    "c/free.py": "import only_here\nprint(only_here)\n",
}


class Roots:
    def __init__(self, krait, root, folders):
        self.root = root
        self.client = Client([krait, "lsp"], root)
        capabilities = {"textDocument": {"diagnostic": {}}, "workspace": {"workspaceFolders": True}}
        self.client.request("initialize", {"processId": None, "rootUri": None, "capabilities": capabilities,
                                           "workspaceFolders": [{"uri": self.uri(name), "name": name} for name in folders]})
        self.client.notify("initialized", {})
        self.version = 1

    def uri(self, name):
        return f"file://{self.root}/{name}"

    def open(self, name):
        self.client.notify("textDocument/didOpen", {"textDocument": {"uri": self.uri(name), "languageId": "python", "version": 1, "text": FILES[name]}})

    def ask(self, method, name, line, column, **more):
        answer = self.client.request("textDocument/" + method, {"textDocument": {"uri": self.uri(name)}, "position": {"line": line, "character": column}, **more})
        return answer["result"]

    def places(self, method, name, line, column):
        found = self.ask(method, name, line, column, context={"includeDeclaration": True})
        return sorted(f"{one['uri'].removeprefix(self.uri(''))}:{one['range']['start']['line']}" for one in found)

    def codes(self, name):
        items = self.client.request("textDocument/diagnostic", {"textDocument": {"uri": self.uri(name)}})["result"]["items"]
        return sorted(item["code"] for item in items if item["code"] in ("arg-type", "attr-defined", "import-not-found"))

    def check_own(self):
        for folder, name in (("a", "Alpha"), ("b", "Beta")):
            main, utils = f"{folder}/main.py", f"{folder}/utils.py"
            assert self.codes(main) == [], (main, self.codes(main))
            assert self.places("definition", main, 2, 8) == [f"{utils}:0"], self.places("definition", main, 2, 8)
            assert self.places("definition", main, 0, 8) == [f"{utils}:0"]
            assert self.places("definition", main, 3, 14) == [f"{utils}:4"]
            labels = {item["label"] for item in self.ask("completion", main, 3, 12)["items"]}
            assert name in labels and len(labels & {"Alpha", "Beta"}) == 1, labels & {"Alpha", "Beta"}
            assert ("x: int" if folder == "a" else "y: str") in self.ask("signatureHelp", main, 2, 13)["signatures"][0]["label"]

    def edit(self, name, line, text):
        self.version += 1
        end = len(FILES[name].split("\n")[line])
        self.client.notify("textDocument/didChange", {"textDocument": {"uri": self.uri(name), "version": self.version}, "contentChanges": [
            {"range": {"start": {"line": line, "character": 0}, "end": {"line": line, "character": end}}, "text": text}]})


def check(krait, root):
    for name, text in FILES.items():
        os.makedirs(os.path.dirname(os.path.join(root, name)), exist_ok=True)
        with open(os.path.join(root, name), "w", encoding="utf-8") as file:
            file.write(text)
    for order in (["a/main.py", "b/main.py"], ["b/utils.py", "b/main.py", "a/main.py", "a/utils.py"]):
        roots = Roots(krait, root, ["a", "b"])
        for name in order:
            roots.open(name)
        roots.check_own()
        for indexed in (False, True):
            assert roots.places("references", "b/main.py", 2, 8) == ["b/main.py:2", "b/only_here.py:1", "b/utils.py:0"], (indexed, roots.places("references", "b/main.py", 2, 8))
            assert roots.places("references", "a/main.py", 2, 8) == ["a/main.py:2", "a/utils.py:0"]
            roots.client.request("workspace/executeCommand", {"command": "krait.finishIndex", "arguments": []})
        edits = roots.ask("rename", "a/main.py", 2, 8, newName="aid")
        assert sorted(edits["changes"]) == [roots.uri("a/main.py"), roots.uri("a/utils.py")], edits
        assert roots.client.stop() == 0
    # An edit is seen in its own folder.
    roots = Roots(krait, root, ["a", "b", "c"])
    for name in ("a/main.py", "b/main.py", "b/utils.py", "c/free.py"):
        roots.open(name)
    roots.check_own()
    assert roots.codes("c/free.py") == []
    roots.edit("b/utils.py", 0, "def helper(y: int) -> str:")
    assert roots.codes("b/main.py") == ["arg-type"] and roots.codes("a/main.py") == []
    # A folder that goes takes its modules along.
    roots.client.notify("workspace/didChangeWorkspaceFolders", {"event": {"added": [], "removed": [{"uri": roots.uri("a"), "name": "a"}]}})
    assert roots.codes("b/main.py") == ["arg-type"]
    assert roots.places("definition", "b/main.py", 2, 8) == ["b/utils.py:0"]
    roots.client.notify("workspace/didChangeWorkspaceFolders", {"event": {"added": [{"uri": roots.uri("a"), "name": "a"}], "removed": []}})
    assert roots.codes("a/main.py") == [] and roots.codes("b/main.py") == ["arg-type"]
    assert roots.client.stop() == 0


def main():
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as root:
        check(os.path.abspath(sys.argv[1]), os.path.realpath(root))
    print("each file means the modules of its own folder")
    return 0


if __name__ == "__main__":
    sys.exit(main())
