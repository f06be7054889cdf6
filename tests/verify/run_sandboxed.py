"""`krait run --sandbox`: nothing is allowed but what is said, errors name the option that would, and streams pass through.

usage: run_sandboxed.py KRAIT
"""

import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import threading

PROGRAM = """\
import os, socket, subprocess, sys
import beside
print(sys.argv[1:], input(), sorted(os.environ))
open("own.txt", "w").close()

def attempt(action):
    try:
        action()
        print("allowed")
    except OSError as error:
        print(type(error).__name__, *getattr(error, "__notes__", []))

attempt(lambda: open(sys.argv[1] + "/secret.txt").read())
attempt(lambda: open(sys.argv[1] + "/made.txt", "w"))
attempt(lambda: socket.create_connection(("10.1.2.3", 80), 1))
attempt(lambda: open("absent.txt"))
attempt(lambda: subprocess.run(["ls"], stdout=subprocess.DEVNULL))
attempt(lambda: socket.create_connection(("localhost", PORT), 5).recv(5) == b"hello" or sys.exit("nothing came"))
attempt(lambda: socket.create_connection(("localhost", PORT + 1), 5))
sys.exit(7)
"""


def greet(server):
    while True:
        connection, _ = server.accept()
        connection.sendall(b"hello")
        connection.close()


def main():
    krait = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        programs, other = pathlib.Path(folder, "programs"), pathlib.Path(folder, "other")
        programs.mkdir()
        other.mkdir()
        server = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=greet, args=(server,), daemon=True).start()
        port = server.getsockname()[1]
        (programs / "main.py").write_text(PROGRAM.replace("PORT", str(port)), encoding="utf-8")
        (programs / "beside.py").write_text("")
        (other / "secret.txt").write_text("secret")

        def run(*options):
            return subprocess.run([krait, "run", "--sandbox", *options, "main.py", str(other), "--allow-net"], cwd=programs, input="typed\n", capture_output=True,
                                  text=True)

        closed = run()
        if "does not offer" in closed.stderr:
            print("skipped: " + closed.stderr.strip())
            return 77
        assert closed.returncode == 7, closed
        lines = closed.stdout.splitlines()
        assert lines[0] == f"['{other}', '--allow-net'] typed ['HOME', 'LANG', 'PATH', 'TMPDIR']", lines
        assert f"--allow-read={other}/secret.txt" in lines[1] and lines[1].startswith("FileNotFoundError"), lines
        assert f"{other}/made.txt" in lines[2] and lines[2] != "allowed", lines
        assert "--allow-net" in lines[3], lines
        assert lines[4] == "FileNotFoundError", lines
        assert not (programs / "own.txt").exists() and not (other / "made.txt").exists()

        assert lines[5].startswith("FileNotFoundError") and "--allow-run=ls" in lines[5], lines
        assert lines[6] == lines[7] == "ConnectionRefusedError", lines

        opened = run("--allow-read", str(other), f"--allow-write={other}", "--allow-run=ls", f"--allow-net=localhost:{port}")
        assert opened.stdout.splitlines()[5:] == ["allowed", "allowed", "ConnectionRefusedError"], opened
        for address in ("nowhere", "host:0", "host:70000", "a b:1"):
            assert run(f"--allow-net={address}").returncode == 2
        assert run("--allow-run=no-such-program").returncode == 2
        assert opened.stdout.splitlines()[1:3] == ["allowed", "allowed"] and (other / "made.txt").exists(), opened
        wrong = run("--allow-read=/no/such/folder")
        assert wrong.returncode == 2 and "/no/such/folder" in wrong.stderr, wrong
        text = subprocess.run([krait, "run", "--sandbox", "-c", "raise SystemExit(3)"], capture_output=True, text=True)
        assert text.returncode == 3, text
    print("sandboxed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
