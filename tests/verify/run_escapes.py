"""What a block may try to get out of the sandbox, and that none of it works.

usage: run_escapes.py KRAIT    exit code 77 (skipped) where the kernel cannot enforce the sandbox.

The blocks run under the system's Python, which refuses nothing by itself: what holds is the kernel's doing.
"""

import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile

PRELUDE = """\
import ctypes, mmap, os, signal, socket, subprocess, sys, time
libc = ctypes.CDLL(None, use_errno=True)
def attempt(what):
    try:
        result = what()
    except (OSError, ValueError, MemoryError) as e:
        return "refused"
    return "refused" if result in (-1, False) else "allowed"
"""
# Each is an expression that reaches out; a call of the C library fails with -1.
ATTEMPTS = {
    "a file of the system": 'open("/etc/passwd").read()',
    "somebody's home": 'os.listdir(HOME)',
    "a file outside": 'open(SECRET).read()',
    "a file outside through a link": '(os.symlink(SECRET, "link"), open("link").read())',
    "a file outside by a long way": 'open("../" * 20 + SECRET[1:]).read()',
    "a hard link": 'os.link(SECRET, "hard")',
    "writing to the system": 'open("/usr/lib/x", "w")',
    "writing outside": 'open(os.path.join(OUTSIDE, "x"), "w")',
    "its own memory": 'open("/proc/self/mem", "r+b")',
    "another process's memory": 'open(f"/proc/{NEIGHBOUR}/mem", "rb")',
    "another process's environment": 'open(f"/proc/{NEIGHBOUR}/environ").read()',
    "a signal to another process": 'os.kill(NEIGHBOUR, 0)',
    "tracing": 'libc.ptrace(0, 0, 0, 0)',
    "reading another process": 'libc.syscall(310, NEIGHBOUR, 0, 0, 0, 0, 0)',
    "a mount": 'libc.mount(b"none", b"/", b"tmpfs", 0, None)',
    "a new namespace": 'libc.unshare(0x10000000)',
    "another root": 'libc.chroot(b".")',
    "the network": 'socket.create_connection(("127.0.0.1", PORT), timeout=2)',
    "a socket of the system": '(lambda s: s.connect(SOCKET))(socket.socket(socket.AF_UNIX))',
    "a raw socket": 'socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)',
    "packets": 'socket.socket(socket.AF_PACKET, socket.SOCK_RAW)',
    "the kernel's own socket": 'socket.socket(socket.AF_NETLINK, socket.SOCK_DGRAM)',
    "an inherited descriptor": 'any(os.fstat(fd) for fd in [3, 4, 5, 6, 7, 8, 9] if attempt(lambda: os.fstat(fd)) == "allowed")',
    "an allowed program's eyes": 'subprocess.run(["cat", SECRET], check=False, capture_output=True).returncode == 0',
    "another program": 'subprocess.run(["true"], check=True).returncode == 0',
    "another program through the shell": 'os.system("true") == 0',
    "another program through its loader": 'subprocess.run([LOADER, "/usr/bin/true"], check=False, capture_output=True).returncode == 0',
    "a program of its own": '(open("own", "w").write("#!" + sys.executable + "\\nprint(1)\\n"), os.chmod("own", 0o755), subprocess.run(["./own"], check=True))',
    "a variable": '"KRAIT_SECRET" in os.environ',
    "devices": 'os.mknod("disk", 0o60600, os.makedev(8, 0))',
    "much memory": 'bytearray(8 << 30)',
    "much memory at once": 'mmap.mmap(-1, 8 << 30)',
    "a big file": '(signal.signal(signal.SIGXFSZ, signal.SIG_IGN), open("big", "wb").write(bytes(200 << 20)))',
    "many files": '[open("f", "w") for _ in range(1000)]',
}
ALLOWED = {
    "its folder": 'open("mine.txt", "w").write("x")',
    "its own network": '(lambda s: socket.create_connection(s.getsockname()))(socket.create_server(("127.0.0.1", 0)))',
    "shared memory": 'open("/dev/shm/mine", "w").write("x")',
    "an allowed program": 'subprocess.run(["cat", "/dev/null"], check=True).returncode == 0',
    "itself once more": 'subprocess.run([sys.executable, "-c", ""], check=True).returncode == 0',
    "a fork": 'os.waitpid(os.fork() or os._exit(0), 0)[1] == 0',
}
ENDLESS = {
    "children without end": "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass\n",
    "output without end": "while True: print('x' * 1000)\n",
    "a child that stays": "import os, time\nif os.fork() == 0:\n    os.setsid()\n    time.sleep(100)\nprint('done')\n",
    "closed output": "import os\nos.close(1); os.close(2)\nwhile True: pass\n",
}


def main():
    krait = os.path.abspath(sys.argv[1])
    # Not below /tmp: the programs have one of their own there anyway.
    base = "/var/tmp" if os.access("/var/tmp", os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=base) as folder, subprocess.Popen(["sleep", "300"]) as neighbour:
        outside = pathlib.Path(folder, "outside")
        outside.mkdir()
        secret = outside / "secret"
        secret.write_text("secret", encoding="utf-8")
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(outside / "socket"))
        listener.listen()
        server = socket.create_server(("127.0.0.1", 0))
        names = f"LOADER = '/lib64/ld-linux-x86-64.so.2'\nHOME, SECRET, OUTSIDE, NEIGHBOUR, PORT, SOCKET = {os.path.expanduser('~')!r}, {str(secret)!r}, {str(outside)!r}, {neighbour.pid}, {server.getsockname()[1]}, {str(outside / 'socket')!r}\n"
        text = ""
        for title, code in {**ATTEMPTS, **ALLOWED}.items():
            text += f"# {title}\n```python\n{PRELUDE}{names}print(attempt(lambda: {code}))\n```\n"
        for title, code in ENDLESS.items():
            text += f"# {title}\n```python\n{code}```\n"
        path = pathlib.Path(folder, "escapes.md")
        path.write_text(text, encoding="utf-8")
        command = [krait, "verify", "--with", shutil.which("python3", path="/usr/bin:/bin") or "python3", "--timeout", "8", "--allow-run", "cat", "--output", "json", str(path)]
        try:
            result = subprocess.run(command, capture_output=True, text=True, timeout=300, env={**os.environ, "KRAIT_SECRET": "x"})
        finally:
            neighbour.terminate()
        if "does not offer" in result.stderr:
            print(result.stderr)
            return 77
        blocks = {block["section"]: block for block in json.loads(result.stdout)["blocks"]}
        if all(block["status"] == "unrun" for block in blocks.values()):
            print("the sandbox could not be set up here")
            return 77
        for title in ATTEMPTS:
            if title.startswith("much memory") and "KRAIT_WITHOUT_MEMORY_LIMIT" in os.environ:
                continue
            assert blocks[title]["stdout"] == "refused\n", (title, blocks[title])
        for title in ALLOWED:
            assert blocks[title]["stdout"] == "allowed\n", (title, blocks[title])
        for title in ENDLESS:
            wanted = {"output without end": ("too-much-output", "timeout"), "a child that stays": ("ok", "timeout")}.get(title, ("timeout",))
            assert blocks[title]["status"] in wanted, (title, blocks[title]["status"])
        assert os.listdir(outside) == ["socket", "secret"] or sorted(os.listdir(outside)) == ["secret", "socket"]
    print(f"{len(ATTEMPTS)} ways out are closed, {len(ALLOWED)} ways in work, {len(ENDLESS)} programs end")
    return 0


if __name__ == "__main__":
    sys.exit(main())
