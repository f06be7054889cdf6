#!/usr/bin/env python3
"""What the protocol asks of a server beside the answers: life cycle, encodings, notebooks, watched files, settings, sockets.

usage: run_protocol.py KRAIT
"""
import json
import os
import socket
import subprocess
import sys
import tempfile
import time

from client import Client

PULLS = {"textDocument": {"diagnostic": {}}}


def start(krait, root, capabilities=None, **more):
    client = Client([krait, "lsp"], root)
    answer = client.request("initialize", {"processId": None, "rootUri": "file://" + root, "capabilities": capabilities or {}, **more})
    client.notify("initialized", {})
    return client, answer["result"]


def opened(client, uri, text):
    client.notify("textDocument/didOpen", {"textDocument": {"uri": uri, "languageId": "python", "version": 1, "text": text}})


def codes(client, uri):
    items = client.request("textDocument/diagnostic", {"textDocument": {"uri": uri}})["result"]["items"]
    return [item["code"] for item in items]


def edited(text, edits):
    """The text after the edits of an answer."""
    lines = text.split("\n")
    for edit in reversed(edits):
        begin, end = edit["range"]["start"], edit["range"]["end"]
        before, after = lines[begin["line"]][:begin["character"]], "\n".join([lines[end["line"]][end["character"]:], *lines[end["line"] + 1:]])
        text = "\n".join([*lines[:begin["line"]], before + edit["newText"] + after])
        lines = text.split("\n")
    return text


def write(root, name, text):
    with open(os.path.join(root, name), "w", encoding="utf-8") as file:
        file.write(text)


def check_life_cycle(krait, root):
    client = Client([krait, "lsp"], root)
    assert client.request("textDocument/hover", {})["error"]["code"] == -32002
    client.request("initialize", {"processId": None, "capabilities": {}})
    assert client.request("initialize", {"capabilities": {}})["error"]["code"] == -32600
    assert client.request("no/such", {})["error"]["code"] == -32601
    assert client.request("shutdown", None)["result"] is None
    assert client.request("textDocument/hover", {})["error"]["code"] == -32600
    client.notify("exit", None)
    assert client.process.wait(timeout=10) == 0
    early = Client([krait, "lsp"], root)
    early.notify("exit", None)
    assert early.process.wait(timeout=10) == 1


def check_busy_end(krait, root):
    """A client that leaves does not wait for what the server is doing."""
    text = "".join(f"def f{i}(a: int, b: str) -> dict[str, int]:\n    c = {{b: a + {i}}}\n    return {{k: v for k, v in sorted(c.items())}}\n" for i in range(20000))
    client, _ = start(krait, root)
    opened(client, f"file://{root}/long.py", text)
    client.request("textDocument/foldingRange", {"textDocument": {"uri": f"file://{root}/long.py"}})
    time.sleep(0.3)
    began = time.monotonic()
    assert client.request("shutdown", None)["result"] is None
    client.notify("exit", None)
    assert client.process.wait(timeout=30) == 0
    seconds = time.monotonic() - began
    assert seconds < 1.5, seconds


def check_cancelled_end(krait, root):
    # An end that somebody cancelled before it was asked for is an end.
    client, _ = start(krait, root)
    client.notify("$/cancelRequest", {"id": client.last_id + 1})
    assert client.stop() == 0


def check_dead_client(krait, root):
    parent = subprocess.Popen(["sleep", "0.2"])
    client = Client([krait, "lsp"], root)
    client.request("initialize", {"processId": parent.pid, "capabilities": {}})
    parent.wait()
    assert client.process.wait(timeout=20) == 1
    gone = Client([krait, "lsp"], root)
    gone.process.stdin.close()
    assert gone.process.wait(timeout=10) == 1


def check_broken_messages(krait, root):
    client, _ = start(krait, root)
    for body in (b"{", b"[]", b"17", b'{"jsonrpc":"2.0","method":5}', b'{"jsonrpc":"2.0","id":"odd","method":"textDocument/hover","params":"x"}'):
        client.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
    client.process.stdin.flush()
    assert client.stop() == 0


def check_encodings(krait, root):
    text = "é = '𝒳'; name = é\nprint(name, é)\n"
    for encoding, column in (("utf-8", len("é = '𝒳'; ".encode())), ("utf-16", 10), ("utf-32", 9)):
        client, answer = start(krait, root, {"general": {"positionEncodings": [encoding]}})
        assert answer["capabilities"]["positionEncoding"] == encoding
        opened(client, f"file://{root}/e.py", text)
        place = client.request("textDocument/definition", {"textDocument": {"uri": f"file://{root}/e.py"},
                                                           "position": {"line": 1, "character": 7}})["result"][0]
        assert place["range"]["start"] == {"line": 0, "character": column}, (encoding, place)
        assert client.stop() == 0


def check_versions(krait, root):
    uri = f"file://{root}/v.py"
    client, _ = start(krait, root, {"textDocument": {"publishDiagnostics": {"versionSupport": True}}})
    opened(client, uri, "x = 1\n")
    assert client.wait_published(uri) == []
    client.published.clear()
    client.notify("textDocument/didChange", {"textDocument": {"uri": uri, "version": 2}, "contentChanges": [{"text": "nowhere\n"}]})
    assert "name-defined" in [item["code"] for item in client.wait_published(uri)]
    client.published.clear()
    client.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
    assert client.wait_published(uri) == []
    assert client.stop() == 0


def check_other_documents(krait, root):
    """An edit of one open file is seen in another one."""
    one, two = f"file://{root}/one.py", f"file://{root}/two.py"
    client, _ = start(krait, root)
    opened(client, one, "def f(a: int) -> int:\n    return a\n")
    opened(client, two, "from one import f\nf(1)\n")
    client.wait_published(one), client.wait_published(two)
    client.published.clear()
    client.notify("textDocument/didChange", {"textDocument": {"uri": one, "version": 2}, "contentChanges": [{"text": "def f(a: str) -> str:\n    return a\n"}]})
    assert "arg-type" in [item["code"] for item in client.wait_published(two)]
    assert client.stop() == 0


def check_broken_edit(krait, root):
    """Of a text that an edit broke is said what a fresh server says of it."""
    uri = f"file://{root}/breaks.py"
    text = "def f() -> None:\n    try:\n        import nowhere_at_all\n    except ImportError:\n        pass\n\n\ndef g(x):\n    return x\n"
    client, _ = start(krait, root, PULLS)
    opened(client, uri, text)
    assert "import-not-found" in codes(client, uri)
    place = {"line": 8, "character": 4}
    client.notify("textDocument/didChange", {"textDocument": {"uri": uri, "version": 2}, "contentChanges": [{"range": {"start": place, "end": place}, "text": "\nx "}]})
    got = codes(client, uri)
    fresh, _ = start(krait, root, PULLS)
    opened(fresh, uri, text.replace("    return x", "    \nx return x"))
    assert got == codes(fresh, uri) == ["syntax"], got
    assert fresh.stop() == 0 and client.stop() == 0


def check_watched_files(krait, root):
    write(root, "helper.py", "value: int = 1\n")
    uri = f"file://{root}/watch.py"
    client, _ = start(krait, root, {**PULLS, "workspace": {"didChangeWatchedFiles": {"dynamicRegistration": True}}})
    opened(client, uri, "from helper import value\n\ntext: str = value\n")
    assert codes(client, uri) == ["assignment"]
    write(root, "helper.py", "value: str = '1'\n")
    client.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": f"file://{root}/helper.py", "type": 2}]})
    assert codes(client, uri) == []
    os.remove(os.path.join(root, "helper.py"))
    client.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": f"file://{root}/helper.py", "type": 3}]})
    assert "import-not-found" in codes(client, uri)
    assert client.stop() == 0


def check_own_watch(krait, root):
    """A client that watches nothing: the server looks itself, now and then."""
    write(root, "seen.py", "value: int = 1\n")
    uri = f"file://{root}/own.py"
    client, _ = start(krait, root)
    opened(client, uri, "import seen\n\ntext: str = seen.value\n")
    client.request("textDocument/hover", {"textDocument": {"uri": uri}, "position": {"line": 2, "character": 18}})
    assert [item["code"] for item in client.wait_published(uri)] == ["assignment"]
    client.published.clear()
    time.sleep(0.05)
    write(root, "seen.py", "value: str = '1'\n")
    assert client.wait_published(uri) == []
    assert client.stop() == 0


def check_own_watch_of_configuration(krait, root):
    """A file that says how the root is checked appears and changes."""
    folder = os.path.join(root, "configured")
    os.mkdir(folder)
    uri = f"file://{folder}/main.py"
    client, _ = start(krait, folder)
    opened(client, uri, "def f(x):\n    return x\n")
    assert client.wait_published(uri) == []
    client.published.clear()
    write(folder, "mypy.ini", "[mypy]\ndisallow_untyped_defs = True\n")
    assert [item["code"] for item in client.wait_published(uri)] == ["no-untyped-def"]
    assert client.stop() == 0


def check_configuration(krait, root):
    uri = f"file://{root}/conf.py"
    client, _ = start(krait, root, PULLS)
    opened(client, uri, "import os\n")
    assert codes(client, uri) == ["F401"]
    client.notify("workspace/didChangeConfiguration", {"settings": {"krait": {"diagnostics": {"lint": False}}}})
    assert codes(client, uri) == []
    assert client.stop() == 0


def check_workspace_diagnostics(krait, root):
    folder = os.path.join(root, "many")
    os.mkdir(folder)
    write(folder, "closed.py", "x: int = 'a'\n")
    client, _ = start(krait, folder, PULLS, initializationOptions={"diagnostics": {"workspace": True}})
    answer = client.request("workspace/diagnostic", {"previousResultIds": []})["result"]["items"]
    assert [item["code"] for report in answer for item in report["items"]] == ["assignment"], answer
    known = [{"uri": report["uri"], "value": report["resultId"]} for report in answer]
    again = client.request("workspace/diagnostic", {"previousResultIds": known})["result"]["items"]
    assert [report["kind"] for report in again] == ["unchanged"]
    assert client.stop() == 0
    pushed, _ = start(krait, folder, initializationOptions={"diagnostics": {"workspace": True}})
    assert [item["code"] for item in pushed.wait_published(f"file://{folder}/closed.py")] == ["assignment"]
    assert pushed.stop() == 0


def check_notebook(krait, root):
    book = f"file://{root}/book.ipynb"
    client, _ = start(krait, root, PULLS)
    texts = {"#1": "import os\n%time os\nsize: int = 3", "#2": "text: str = size\nprint(os.sep)"}
    client.notify("notebookDocument/didOpen", {
        "notebookDocument": {"uri": book, "notebookType": "jupyter-notebook", "version": 1, "cells": [{"kind": 2, "document": book + name} for name in texts]},
        "cellTextDocuments": [{"uri": book + name, "languageId": "python", "version": 1, "text": text} for name, text in texts.items()]})
    second = {"textDocument": {"uri": book + "#2"}}
    items = client.request("textDocument/diagnostic", second)["result"]["items"]
    assert [(item["code"], item["range"]["start"]["line"]) for item in items] == [("assignment", 0)], items
    place = client.request("textDocument/definition", {**second, "position": {"line": 0, "character": 13}})["result"][0]
    assert place["uri"] == book + "#1" and place["range"]["start"] == {"line": 2, "character": 0}, place
    client.notify("notebookDocument/didChange", {"notebookDocument": {"uri": book, "version": 2}, "change": {"cells": {"textContent": [
        {"document": {"uri": book + "#1", "version": 2}, "changes": [{"range": {"start": {"line": 2, "character": 6}, "end": {"line": 2, "character": 9}}, "text": "str"},
                                                                      {"range": {"start": {"line": 2, "character": 12}, "end": {"line": 2, "character": 13}}, "text": "'3'"}]}]}}})
    assert client.request("textDocument/diagnostic", second)["result"]["items"] == []
    client.notify("notebookDocument/didClose", {"notebookDocument": {"uri": book}})
    assert client.stop() == 0


def check_notebook_formatting(krait, root):
    book = f"file://{root}/format.ipynb"
    client, _ = start(krait, root, PULLS)
    texts = {"#1": "x  =  1\ny = x;", "#2": "%time\nx  =  1", "#3": "if x:\n  a  =  1\n\n\n\n\nb  =  2\n", "#4": "z = (", "#5": ""}
    client.notify("notebookDocument/didOpen", {
        "notebookDocument": {"uri": book, "notebookType": "jupyter-notebook", "version": 1, "cells": [{"kind": 2, "document": book + name} for name in texts]},
        "cellTextDocuments": [{"uri": book + name, "languageId": "python", "version": 1, "text": text} for name, text in texts.items()]})

    def formatted(name, method="formatting", **more):
        answer = client.request("textDocument/" + method, {"textDocument": {"uri": book + name}, "options": {"tabSize": 4, "insertSpaces": True}, **more})
        return edited(texts[name], answer["result"]) if "result" in answer else answer["error"]["message"]

    assert formatted("#1") == "x = 1\ny = x;"
    assert formatted("#2") == texts["#2"]
    assert formatted("#3").rstrip("\n") == "if x:\n    a = 1\n\n\nb = 2"
    assert "line 1: '(' was never closed" in formatted("#4")
    assert formatted("#5") == ""
    place = {"start": {"line": 6, "character": 0}, "end": {"line": 6, "character": 4}}
    assert formatted("#3", "rangeFormatting", range=place).rstrip("\n") == "if x:\n  a  =  1\n\n\nb = 2"
    assert client.stop() == 0


def check_settings_files(krait, root):
    """Open settings files have findings of their own; no request takes them for Python."""
    client, _ = start(krait, root, PULLS)
    for name, text, wanted in (
            ("pyproject.toml", '[project]\nname = "a b"\n[tool.ruff]\nline-length = "x"\n[tool.ruff.lint]\nselekt = []\n',
             [(3, "`line-length` must be a whole number from 1 to 320"), (5, "unknown setting `selekt` in `lint`")]),
            ("ruff.toml", '[lint]\nselect = ["F", "FOO1"]\n', [(1, "no rule is called FOO1")]),
            ("sub/ruff.toml", "a = \n", [(0, "")]),
            ("krait.toml", '[lint]\nselekt = ["F"]\n', [(1, "Unrecognized option: selekt")]),
            ("fine/ruff.toml", 'line-length = 100\n', [])):
        uri = f"file://{root}/{name}"
        opened(client, uri, text)
        items = client.request("textDocument/diagnostic", {"textDocument": {"uri": uri}})["result"]["items"]
        found = [(item["range"]["start"]["line"], item["message"]) for item in items if item.get("code") != "RUF200"]
        assert len(found) == len(wanted) and all(line == at and part in said for (line, said), (at, part) in zip(found, wanted)), (name, items)
        assert client.request("textDocument/hover", {"textDocument": {"uri": uri}, "position": {"line": 0, "character": 1}})["result"] is None
        assert client.request("textDocument/formatting", {"textDocument": {"uri": uri}, "options": {}})["result"] is None
    assert client.stop() == 0


def check_package_parts(krait, root):
    """Each part of a dotted module name leads to its own package."""
    os.makedirs(os.path.join(root, "outer/inner"))
    for name in ("outer/__init__.py", "outer/inner/__init__.py", "outer/inner/leaf.py"):
        write(root, name, "")
    uri = f"file://{root}/parts.py"
    client, _ = start(krait, root)
    opened(client, uri, "import outer.inner.leaf\nfrom outer.inner import leaf\n")
    for line, character, wanted in ((0, 8, "outer/__init__.py"), (0, 14, "outer/inner/__init__.py"), (0, 20, "outer/inner/leaf.py"),
                                    (1, 6, "outer/__init__.py"), (1, 12, "outer/inner/__init__.py"), (1, 25, "outer/inner/leaf.py")):
        places = client.request("textDocument/definition", {"textDocument": {"uri": uri}, "position": {"line": line, "character": character}})["result"]
        assert [place["uri"] for place in places] == [f"file://{root}/{wanted}"], (line, character, places)
    assert client.stop() == 0


def check_hint_resolve(krait, root):
    uri = f"file://{root}/hints.py"
    asks_later = {"textDocument": {"inlayHint": {"resolveSupport": {"properties": ["textEdits", "tooltip"]}}}}
    client, _ = start(krait, root, asks_later)
    opened(client, uri, "parts = 'a b'.split()\n")
    whole = {"start": {"line": 0, "character": 0}, "end": {"line": 1, "character": 0}}
    hint = client.request("textDocument/inlayHint", {"textDocument": {"uri": uri}, "range": whole})["result"][0]
    assert "textEdits" not in hint, hint
    edits = client.request("inlayHint/resolve", hint)["result"]["textEdits"]
    assert [edit["newText"] for edit in edits] == [": list[str]"], edits
    assert client.stop() == 0


def check_two_roots(krait, root):
    """Each folder of a workspace follows its own configuration."""
    for name, config in (("strict", "disallow_untyped_defs = true\n"), ("loose", "[lint]\nignore = ['F401']\n")):
        os.mkdir(os.path.join(root, name))
        os.mkdir(os.path.join(root, name, ".git"))
        write(root, f"{name}/krait.toml", config)
    folders = [{"uri": f"file://{root}/{name}", "name": name} for name in ("strict", "loose")]
    client, _ = start(krait, root, PULLS, workspaceFolders=folders)
    text = "import os\n\n\ndef f(a):\n    return a\n"
    for name in ("strict", "loose"):
        opened(client, f"file://{root}/{name}/code.py", text)
    assert codes(client, f"file://{root}/strict/code.py") == ["no-untyped-def", "F401"], codes(client, f"file://{root}/strict/code.py")
    assert codes(client, f"file://{root}/loose/code.py") == [], codes(client, f"file://{root}/loose/code.py")
    assert client.stop() == 0


def check_large_workspace(krait, root):
    """Without an index, of large files the words count: an answer comes soon, and holds them all."""
    folder = os.path.join(root, "large")
    os.mkdir(folder)
    write(folder, "lib.py", "def target(): ...\n")
    filler = "".join(f"value_{i} = [{i}, '# target', target]  # target\n" if i % 1000 == 0 else f"value_{i} = {i}\n" for i in range(15000))
    for number in range(3):
        write(folder, f"big{number}.py", "from lib import target\n" + filler)
    uri = f"file://{folder}/lib.py"
    client, _ = start(krait, folder, initializationOptions={"workspace": {"index": False}})
    opened(client, uri, "def target(): ...\n")
    places = client.request("textDocument/references", {"textDocument": {"uri": uri}, "position": {"line": 0, "character": 5},
                                                        "context": {"includeDeclaration": True}})["result"]
    assert len(places) == 1 + 3 * 16, len(places)
    assert client.stop() == 0


def check_symbol_parts(krait, root):
    folder = os.path.join(root, "symbols")
    os.mkdir(folder)
    for number in range(40):
        write(folder, f"m{number}.py", "".join(f"def thing_{number}_{i}(): ...\n" for i in range(4)))
    client, _ = start(krait, folder)
    client.messages.queue.clear()
    number = client.begin("workspace/symbol", {"query": "thing", "partialResultToken": "p"})
    parts = []
    while True:
        message = client.messages.get(timeout=10)
        if message.get("method") == "$/progress":
            parts.append(len(message["params"]["value"]))
        if message.get("id") == number:
            break
    assert sum(parts) == 160 and len(parts) > 1 and message["result"] == [], parts
    assert client.stop() == 0


def check_verify_block(krait, root):
    """Examples of a document run when somebody asks for it, and the block that was asked for alone."""
    text = "# Guide\n\n```python\nprint(1 + 1)\n# Output: 3\n```\n\n```python\nraise SystemExit('never asked for')\n```\n"
    write(root, "guide.md", text)
    uri = f"file://{root}/guide.md"
    client, _ = start(krait, root)
    client.notify("textDocument/didOpen", {"textDocument": {"uri": uri, "languageId": "markdown", "version": 1, "text": text}})

    def lenses():
        found = client.request("textDocument/codeLens", {"textDocument": {"uri": uri}})["result"]
        return found, [(lens["range"]["start"]["line"], lens["command"]["title"]) for lens in found]

    found, titles = lenses()
    assert titles == [(2, "Verify this block"), (7, "Verify this block")], titles
    assert client.request("textDocument/hover", {"textDocument": {"uri": uri}, "position": {"line": 3, "character": 1}})["result"] is None
    assert uri not in client.published
    client.request("workspace/executeCommand", {key: found[0]["command"][key] for key in ("command", "arguments")})
    items = client.wait_published(uri)
    if "did not run" in items[0]["message"]:
        return  # no sandbox here
    assert [(item["range"]["start"]["line"], item["message"]) for item in items] == [(4, 'Claimed "3", got "2"')], items
    assert lenses()[1] == [(2, "Wrong: 1 finding"), (7, "Verify this block")], lenses()[1]
    client.notify("textDocument/didChange", {"textDocument": {"uri": uri, "version": 2}, "contentChanges": [{"text": text.replace("3\n", "2\n")}]})
    refused = client.request("workspace/executeCommand", {"command": "krait.verifyBlock", "arguments": [uri, 2]})
    assert "save the file" in refused["error"]["message"], refused
    assert lenses()[1][0] == (2, "Verify this block")
    assert client.stop() == 0


def check_partial_results(krait, root):
    uri = f"file://{root}/part.py"
    client, _ = start(krait, root)
    opened(client, uri, "def f(): ...\nf()\n")
    client.messages.queue.clear()
    number = client.begin("textDocument/references", {"textDocument": {"uri": uri}, "position": {"line": 0, "character": 4},
                                                      "context": {"includeDeclaration": True}, "partialResultToken": "p"})
    parts = []
    while True:
        message = client.messages.get(timeout=10)
        if message.get("method") == "$/progress":
            parts += message["params"]["value"]
        if message.get("id") == number:
            break
    assert len(parts) == 2 and message["result"] == []
    assert client.stop() == 0


def check_typing(krait, root):
    """Letter by letter at a module's level: members are offered at once, findings are those of a fresh server."""
    uri = f"file://{root}/typed.py"
    text = "import os\n\n\ndef f(x: int) -> str:\n    return str(x)\n\n\nprint(value)\n"
    client, _ = start(krait, root)
    opened(client, uri, text)
    client.wait_published(uri)
    typed, offered = "", {}
    for number, letter in enumerate("value = f(1).upper().split()[0].encode()\n"):
        place = {"line": 6, "character": len(typed)}
        client.published.pop(uri, None)
        client.notify("textDocument/didChange", {"textDocument": {"uri": uri, "version": number + 2},
                                                 "contentChanges": [{"range": {"start": place, "end": place}, "text": letter}]})
        typed += letter
        answer = client.request("textDocument/completion", {"textDocument": {"uri": uri}, "position": {"line": 6, "character": len(typed)}})
        if letter == ".":
            offered[typed] = {item["label"] for item in answer["result"]["items"]}
    assert "upper" in offered["value = f(1)."] and "split" in offered["value = f(1).upper()."], offered
    assert "encode" in offered["value = f(1).upper().split()[0]."], offered
    lines = text.split("\n")
    whole = "\n".join(lines[:6] + (typed + lines[6]).split("\n") + lines[7:])
    fresh, _ = start(krait, root, PULLS)
    opened(fresh, uri, whole)
    assert codes(client, uri) == codes(fresh, uri)
    assert fresh.stop() == 0 and client.stop() == 0


def check_cancel(krait, root):
    client, _ = start(krait, root)
    client.notify("$/cancelRequest", {"id": client.last_id + 1})
    answer = client.request("workspace/symbol", {"query": "x"})
    assert answer.get("error", {}).get("code") == -32800, answer
    assert client.stop() == 0


def talk(connection):
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"capabilities": {}}}).encode()
    connection.sendall(b"Content-Length: %d\r\n\r\n" % len(body) + body)
    assert connection.recv(16) == b"Content-Length: "
    connection.close()


def check_channels(krait, root):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen([krait, "lsp", "--tcp", str(port)])
    for _ in range(100):
        try:
            connection = socket.create_connection(("127.0.0.1", port))
            break
        except OSError:
            time.sleep(0.05)
    talk(connection)
    assert server.wait(timeout=10) == 1
    path = os.path.join(root, "pipe")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen()
        server = subprocess.Popen([krait, "lsp", "--pipe", path])
        talk(listener.accept()[0])
        assert server.wait(timeout=10) == 1
    for wrong in (["--tcp", "0"], ["--tcp", "x"], ["--stdio", "--tcp", "1"], ["--socket", "1"]):
        assert subprocess.run([krait, "lsp", *wrong], capture_output=True).returncode == 2, wrong


def check_files_while_indexing(krait, root):
    """Files that come and go while the workspace is being indexed: nobody waits for the index before, the last one counts."""
    body = "".join(f"def g{n}(a):\n    return [a, {n}]\n" for n in range(200))
    for n in range(20):
        write(root, f"module{n}.py", body)
    client, _ = start(krait, root, PULLS)
    opened(client, f"file://{root}/main.py", "import module1\n\nprint(module1.g1(2))\n")
    assert codes(client, f"file://{root}/main.py") == []
    for n in range(12):
        write(root, f"late{n}.py", f"def late_function_{n}(): pass\n")
        client.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": f"file://{root}/late{n}.py", "type": 1}]})
    os.remove(os.path.join(root, "late3.py"))
    client.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": f"file://{root}/late3.py", "type": 3}]})
    client.request("workspace/executeCommand", {"command": "krait.finishIndex", "arguments": []})
    found = {one["name"] for one in client.request("workspace/symbol", {"query": "late_function_"})["result"]}
    assert found == {f"late_function_{n}" for n in range(12) if n != 3}, found
    assert client.stop() == 0


def check_rename_after_edit(krait, root):
    """An open document gives others something new: files that look into it, even through others, are looked at again before
    a renaming; the index answers for the rest."""
    basket = "class Basket:\n    def count(self) -> int:\n        return 1\n"
    write(root, "basket.py", basket)
    write(root, "crate.py", basket.replace("Basket", "Crate"))
    shop = "from basket import Basket\nfrom crate import Crate\n\ndef make():\n    return Basket()\n"
    write(root, "shop.py", shop)
    write(root, "page.py", "from shop import make\n\nmade = make()\nprint(made.count())\n")
    write(root, "link.py", "import page\n\nprint(page.made.count())\n")
    write(root, "apart.py", "from basket import Basket\n\nprint(Basket().count())\n")
    client, _ = start(krait, root, PULLS)
    crate = f"file://{root}/crate.py"
    opened(client, crate, basket.replace("Basket", "Crate"))
    opened(client, f"file://{root}/shop.py", shop)
    client.request("workspace/executeCommand", {"command": "krait.finishIndex", "arguments": []})

    def renamed():
        answer = client.request("textDocument/rename", {"textDocument": {"uri": crate}, "position": {"line": 1, "character": 9}, "newName": "tally"})["result"]
        changes = answer.get("changes") or {one["textDocument"]["uri"]: one["edits"] for one in answer["documentChanges"]}
        return sorted(os.path.basename(uri) for uri in changes)

    assert renamed() == ["crate.py"], renamed()
    client.notify("textDocument/didChange", {"textDocument": {"uri": f"file://{root}/shop.py", "version": 2},
                                             "contentChanges": [{"text": shop.replace("return Basket", "return Crate")}]})
    assert renamed() == ["crate.py", "link.py", "page.py"], renamed()
    assert client.stop() == 0


def check_half_typed(krait, root):
    """While a statement is being typed, everything around it is known; the finding is that of a fresh server."""
    text = "".join(f"def f{n}(a: int) -> int:\n    b = a\n    return b\n\n\n" for n in range(40))
    uri = f"file://{root}/half.py"
    client, _ = start(krait, root, PULLS)
    opened(client, uri, text)
    assert codes(client, uri) == []
    lines = text.split("\n")
    # In the body of f20, letter by letter.
    at, typed = 20 * 5 + 2, "    c = max(b, [x for x in (1, 2"
    for column, letter in enumerate(typed + "\n"):
        place = {"line": at, "character": column}
        client.notify("textDocument/didChange", {"textDocument": {"uri": uri, "version": column + 2}, "contentChanges": [{"range": {"start": place, "end": place}, "text": letter}]})
        lines[at] = lines[at][:column] + letter + lines[at][column:]
        lines = "\n".join(lines).split("\n")
        document = {"textDocument": {"uri": uri}}
        names = [one["name"] for one in client.request("textDocument/documentSymbol", document)["result"]]
        assert [name for name in names if name.startswith("f")] == [f"f{n}" for n in range(40)], (letter, names)
        hover = client.request("textDocument/hover", {**document, "position": {"line": 30 * 5 + 1 + (letter == "\n"), "character": 8}})["result"]
        assert "int" in json.dumps(hover), (letter, hover)
    wrong = client.request("textDocument/diagnostic", document)["result"]["items"]
    fresh, _ = start(krait, root, PULLS)
    opened(fresh, uri, "\n".join(lines))
    assert wrong == fresh.request("textDocument/diagnostic", document)["result"]["items"] and wrong[0]["code"] == "syntax", wrong
    assert client.stop() == 0 and fresh.stop() == 0


def check_trace(krait, root):
    """$/logTrace: each message that comes and each answer; what they hold for `verbose` only; nothing when it is off."""
    client, _ = start(krait, root, {})
    client.notify("$/setTrace", {"value": "messages"})
    client.request("workspace/symbol", {"query": "nothing"})
    told = [one["message"] for one in client.traces]
    assert any(one.startswith("received workspace/symbol") for one in told), told
    assert any(one.startswith("answered workspace/symbol") and one.endswith(" ms") for one in told), told
    assert all("verbose" not in one for one in client.traces), client.traces
    client.notify("$/setTrace", {"value": "verbose"})
    client.request("workspace/symbol", {"query": "wanted"})
    assert any("wanted" in one.get("verbose", "") for one in client.traces), client.traces
    client.notify("$/setTrace", {"value": "off"})
    client.request("workspace/symbol", {"query": "first"})
    client.traces.clear()
    client.request("workspace/symbol", {"query": "second"})
    assert client.traces == [] and client.stop() == 0, client.traces


def check_hostile(krait, root):
    """Deep nesting, a link to itself, odd names, an endless line: slower at most."""
    folder = os.path.join(root, "hostile")
    os.mkdir(folder)
    os.symlink(folder, os.path.join(folder, "loop"))
    write(folder, "we ird\n.py", "x = 1\n")
    write(folder, "sitecustomize.py", f"open({os.path.join(root, 'executed')!r}, 'w')\n")
    write(folder, "conftest.py", f"open({os.path.join(root, 'executed')!r}, 'w')\n")
    uri = f"file://{folder}/deep.py"
    client, _ = start(krait, folder, PULLS)
    opened(client, uri, "x = " + "(" * 5000 + ")" * 5000 + "\n" + "y = " + "a." * 5000 + "b\n" + "z = '" + "q" * 500000 + "'\n")
    codes(client, uri)
    client.request("workspace/symbol", {"query": "x"})
    client.request("textDocument/completion", {"textDocument": {"uri": uri}, "position": {"line": 1, "character": 2000}})
    assert client.stop() == 0
    assert not os.path.exists(os.path.join(root, "executed"))


def main():
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    krait, failed, checks = os.path.abspath(sys.argv[1]), 0, [(n, f) for n, f in globals().items() if n.startswith("check_")]
    for name, check in checks:
        with tempfile.TemporaryDirectory() as root:
            try:
                check(krait, os.path.realpath(root))
            except Exception as error:
                failed += 1
                print(f"{name}: {type(error).__name__}: {error}")
    print(f"{len(checks) - failed} of {len(checks)} checks pass")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
