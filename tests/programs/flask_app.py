# needs: flask werkzeug jinja2
import http.client
import json
import threading

from flask import Flask, abort, jsonify, redirect, render_template_string, request, session, url_for
from werkzeug.serving import make_server

app = Flask(__name__)
app.secret_key = "key"


@app.route("/hello/<name>")
def hello(name):
    return render_template_string("<h1>{{ name|upper }}</h1>{% for i in range(3) %}{{ i }}{% endfor %}", name=name)


@app.route("/add", methods=["POST"])
def add():
    return jsonify(total=sum(request.get_json()["numbers"]))


@app.route("/set")
def remember():
    session["seen"] = session.get("seen", 0) + 1
    return str(session["seen"])


@app.route("/go")
def go():
    return redirect(url_for("hello", name="x"))


@app.route("/missing")
def missing():
    abort(404)


client = app.test_client()
assert client.get("/hello/bob").data == b"<h1>BOB</h1>012"
assert client.get("/set").data == b"1" and client.get("/set").data == b"2"
server = make_server("127.0.0.1", 0, app)
thread = threading.Thread(target=server.serve_forever)
thread.start()
try:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=20)
    connection.request("POST", "/add", json.dumps({"numbers": [1, 2, 3]}), {"Content-Type": "application/json"})
    response = connection.getresponse()
    assert response.status == 200 and json.loads(response.read()) == {"total": 6}
    connection.request("GET", "/go")
    response = connection.getresponse()
    assert response.status == 302 and response.getheader("Location") == "/hello/x", response.getheader("Location")
    response.read()
    connection.request("GET", "/missing")
    assert connection.getresponse().status == 404
finally:
    server.shutdown()
    thread.join()
