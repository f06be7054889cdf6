# needs: requests urllib3
import http.server
import json
import threading

import requests


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = json.dumps({"path": self.path, "body": self.rfile.read(length).decode(), "method": self.command, "cookie": self.headers.get("Cookie")}).encode()
        self.send_response(302 if self.path == "/redirect" else 200)
        if self.path == "/redirect":
            self.send_header("Location", "/there")
        self.send_header("Set-Cookie", "a=b")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = answer

    def log_message(self, *args):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
base = f"http://127.0.0.1:{server.server_port}"
with requests.Session() as session:
    assert session.get(base + "/x", params={"q": "é 1"}).json()["path"] == "/x?q=%C3%A9+1"
    reply = session.post(base + "/p", json={"a": 1})
    assert reply.json()["body"] == '{"a": 1}' and reply.json()["cookie"] == "a=b", reply.text
    reply = session.get(base + "/redirect")
    assert reply.url.endswith("/there") and len(reply.history) == 1
    assert b"".join(session.get(base + "/s", stream=True).iter_content(3)).startswith(b"{")
try:
    requests.get("http://127.0.0.1:1/", timeout=5)
    raise SystemExit("no error")
except requests.ConnectionError:
    pass
server.shutdown()
