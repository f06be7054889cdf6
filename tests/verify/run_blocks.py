"""Runs the blocks of a document by the system's Python: verdicts of claims, blocks that need others, and the sandbox.

usage: run_blocks.py KRAIT    exit code 77 (skipped) where the kernel cannot enforce the sandbox.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile

DOCUMENT = """\
# Names
```python
def double(x):
    return 2 * x
n = double(2)  # 4
```
```python
print(double(n))  # Output: 8
print(double(5))  # 11
print("done")  # the end of it
```
# Endings
```python
raise ValueError("no")
```
```python
while True: pass
```
# Sandbox
```python
import os, socket
def attempt(what):
    try:
        what()
    except OSError as e:
        return "refused"
    return "allowed"
print(attempt(lambda: socket.create_connection(("127.0.0.1", PORT))))  # => refused
print(attempt(lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW)))  # => refused
print(attempt(lambda: os.listdir("/root")))  # => refused
print(attempt(lambda: open(os.path.join(OUTSIDE, "x"), "w")))  # => refused
print(attempt(lambda: open("/etc/passwd")))  # => refused
print(attempt(lambda: open("inside.txt", "w")))  # => allowed
print(attempt(lambda: os.kill(NEIGHBOUR, 0)))  # => refused
```
"""


def verify(krait, folder, neighbour, port):
    outside = os.path.join(folder, "outside")
    os.mkdir(outside)
    path = os.path.join(folder, "notes.md")
    with open(path, "w", encoding="utf-8") as file:
        file.write(DOCUMENT.replace("OUTSIDE", repr(outside)).replace("NEIGHBOUR", str(neighbour)).replace("PORT", str(port)))
    command = [krait, "verify", "--with", shutil.which("python3", path="/usr/bin:/bin") or "python3", "--timeout", "8", "--output", "json", path]
    result = subprocess.run(command, capture_output=True, text=True, timeout=120)
    if "does not offer" in result.stderr:
        print(result.stderr)
        sys.exit(77)
    assert result.returncode == 1, (result.returncode, result.stderr)
    assert not os.listdir(outside), "a block wrote outside of its folder"
    return json.loads(result.stdout)


def main():
    # A process of our own that blocks may ask about (signal 0 asks, it does not end anything).
    with tempfile.TemporaryDirectory() as folder, subprocess.Popen(["sleep", "300"]) as neighbour:
        try:
            with socket.create_server(("127.0.0.1", 0)) as server:
                answer = verify(os.path.abspath(sys.argv[1]), folder, neighbour.pid, server.getsockname()[1])
        finally:
            neighbour.terminate()
    statuses = [block["status"] for block in answer["blocks"]]
    if statuses[0] == "unrun":
        print("the sandbox could not be set up here")
        return 77
    assert statuses == ["ok", "ok", "failed", "timeout", "ok"], statuses
    assert answer["blocks"][1]["stdout"] == "8\n10\ndone\n", answer["blocks"][1]
    verdicts = [(claim["claim"], claim["actual"], claim["verdict"]) for claim in answer["claims"]]
    assert verdicts[:3] == [("4", "4", "holds"), ("8", "8", "holds"), ("11", "10", "wrong")], verdicts
    assert all(verdict == "holds" for _, _, verdict in verdicts[3:]), verdicts
    assert len(verdicts) == 10, verdicts
    return 0


sys.exit(main())
