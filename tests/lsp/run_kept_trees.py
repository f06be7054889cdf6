#!/usr/bin/env python3
"""Trees that one start of the server leaves for the next: the answers stay the same with them, after changes of the files,
and with a cache that is damaged, cut, unreadable or of nobody.

usage: run_kept_trees.py KRAIT
"""
import os
import pathlib
import random
import sys
import tempfile
import time

from client import Client

MAIN = "import shapes\nfrom pkg.deep import area\n\nreveal_type(shapes.make())\nreveal_type(area(2))\nx: str = shapes.make().side\n"
FILES = {
    "shapes.py": "class Square:\n    def __init__(self, side: int) -> None:\n        self.side = side\n\n\ndef make():\n    return Square(3)\n",
    "pkg/__init__.py": "",
    "pkg/deep.py": "import shapes\n\n\ndef area(side):\n    # type: (int) -> float\n    return shapes.Square(side).side * 1.0\n",
    "pkg/broken.py": "def f(:\n",
}


def start(krait, root, cache, stays):
    """The messages of main.py's diagnostics; `stays`: until a cache is there."""
    client = Client([krait, "lsp", "--cache-dir", str(cache)], root)
    uri = pathlib.Path(root, "main.py").as_uri()
    client.request("initialize", {"processId": None, "rootUri": pathlib.Path(root).as_uri(), "capabilities": {}})
    client.notify("initialized", {})
    client.notify("textDocument/didOpen", {"textDocument": {"uri": uri, "languageId": "python", "version": 1, "text": MAIN}})
    found = sorted((one["range"]["start"]["line"], one["message"]) for one in client.wait_published(uri))
    end = time.time() + 60
    while stays and not (cache / "trees").exists() and time.time() < end:
        time.sleep(0.1)
    assert client.stop() == 0
    return found


def main():
    krait = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        root, cache = pathlib.Path(folder, "project"), pathlib.Path(folder, "cache")
        for name, text in FILES.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, encoding="utf-8")
        plain = start(krait, root, pathlib.Path("/dev/null"), False)
        assert any('"int"' in message for _, message in plain) and any("Square" in message for _, message in plain), plain
        assert not cache.exists()
        assert start(krait, root, cache, True) == plain
        kept = (cache / "trees").read_bytes()
        assert len(kept) > 500, len(kept)
        assert start(krait, root, cache, False) == plain
        # A file that changed is read as it is now.
        (root / "shapes.py").write_text(FILES["shapes.py"].replace("side: int", "side: str"), encoding="utf-8")
        changed = start(krait, root, cache, False)
        assert changed != plain and changed == start(krait, root, pathlib.Path("/dev/null"), False), changed
        (root / "shapes.py").write_text(FILES["shapes.py"], encoding="utf-8")
        # Damage.
        chance = random.Random(5)
        for turn in range(12):
            bytes_now = bytearray(kept)
            for _ in range(1 + turn % 4):
                bytes_now[chance.randrange(len(bytes_now))] ^= 1 << chance.randrange(8)
            if turn % 3 == 0:
                del bytes_now[chance.randrange(len(bytes_now)):]
            (cache / "trees").write_bytes(bytes_now)
            assert start(krait, root, cache, False) == plain, turn
        # A folder in the file's place, and one that cannot be made.
        (cache / "trees").unlink()
        (cache / "trees").mkdir()
        assert start(krait, root, cache, False) == plain
        pathlib.Path(folder, "file").write_text("", encoding="utf-8")
        assert start(krait, root, pathlib.Path(folder, "file", "below"), False) == plain
    return 0


if __name__ == "__main__":
    sys.exit(main())
