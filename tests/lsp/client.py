"""A language server's client for tests: messages out and in, nothing of an editor."""
import json
import queue
import subprocess
import threading


class Client:
    def __init__(self, command, root):
        if command[1:2] == ["lsp"] and "--cache-dir" not in command:
            command = [*command, "--cache-dir", "/dev/null"]  # what one test leaves is not another's
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=root)
        self.messages = queue.Queue()
        threading.Thread(target=self.read_loop, daemon=True).start()
        self.last_id = 0
        self.published = {}
        self.early = {}
        self.traces = []

    def read_loop(self):
        out = self.process.stdout
        while True:
            length = None
            while (line := out.readline().strip()) != b"":
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            if length is None:
                self.messages.put(None)
                return
            self.messages.put(json.loads(out.read(length)))

    def send(self, message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def notify(self, method, params):
        self.send({"method": method, "params": params})

    def begin(self, method, params):
        """Sends a request; its id, for wait()."""
        self.last_id += 1
        self.send({"id": self.last_id, "method": method, "params": params})
        return self.last_id

    def take(self, message):
        if message is None:
            raise RuntimeError("the server ended")
        if message.get("method") == "textDocument/publishDiagnostics":
            self.published[message["params"]["uri"]] = message["params"]["diagnostics"]
        elif message.get("method") == "$/logTrace":
            self.traces.append(message["params"])
        elif "method" in message and "id" in message:
            self.send({"id": message["id"], "result": None})
        elif "id" in message:
            self.early[message["id"]] = message

    def wait(self, number):
        while number not in self.early:
            self.take(self.messages.get(timeout=20))
        return self.early.pop(number)

    def request(self, method, params):
        return self.wait(self.begin(method, params))

    def wait_published(self, uri):
        while uri not in self.published:
            self.take(self.messages.get(timeout=20))
        return self.published[uri]

    def stop(self):
        """By the book; the server's exit code."""
        self.request("shutdown", None)
        self.notify("exit", None)
        return self.process.wait(timeout=30)
