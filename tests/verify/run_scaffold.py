"""`krait verify --scaffold`: what blocks asked for and did not find is offered in verify.toml, and the next run finds it, pages of the
network included.

usage: run_scaffold.py KRAIT    exit code 77 (skipped) where the kernel cannot enforce the sandbox.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

DOCUMENT = """\
```python
with open("people.csv") as file:
    print(len(file.readlines()))
```
```python
name = input("name? ")
print(int(input("age? ")) + 1)
```
```python
import json, urllib.request
with urllib.request.urlopen("https://api.example.com/v1/user?id=3", timeout=5) as answer:
    print(answer.status, answer.headers["Content-Type"], json.load(answer))
```
```python
import http.client
connection = http.client.HTTPConnection("example.com", timeout=5)
connection.request("POST", "/form", body="x" * 100000)
print(connection.getresponse().status)
```
```python
import urllib.error, urllib.request
try:
    urllib.request.urlopen("http://other.test/", timeout=5)
except urllib.error.URLError as error:
    print(error)
```
```python
open("not_there.txt")  # raises FileNotFoundError
```
"""


def main():
    krait = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        document, side = pathlib.Path(folder, "notes.md"), pathlib.Path(folder, "verify.toml")
        document.write_text(DOCUMENT, encoding="utf-8")

        def verify(*options):
            result = subprocess.run([krait, "verify", "--no-types", "--output", "json", *options, str(document)], capture_output=True, text=True, timeout=120)
            if "does not offer" in result.stderr:
                print(result.stderr)
                sys.exit(77)
            assert result.returncode in (0, 1), result
            return json.loads(result.stdout)["blocks"]

        side.write_text('[files]\n"mine.txt" = "kept"\n', encoding="utf-8")
        before = verify("--scaffold")
        assert [block["status"] for block in before] == ["failed"] * 4 + ["ok", "failed"], before
        text = side.read_text(encoding="utf-8")
        for part in ('"mine.txt" = "kept"', '"people.csv" = ', '"https://api.example.com/v1/user?id=3"', '"http://example.com/"', 'input = "Ada\\n1\\n"', '"http://other.test/"'):
            assert text.count(part) == 1, (part, text)
        assert "not_there.txt" not in text, text

        after = verify("--scaffold")
        assert [block["status"] for block in after] == ["ok"] * 5 + ["failed"], after
        assert [block["stdout"] for block in after[:5]] == ["3\n", "name? age? 2\n", "200 application/json {'name': 'Ada', 'age': 36}\n", "200\n", ""], after
        assert side.read_text(encoding="utf-8") == text
        side.write_text('[servers]\n"example.com" = ""\n', encoding="utf-8")
        wrong = subprocess.run([krait, "verify", str(document)], capture_output=True, text=True)
        assert wrong.returncode == 2 and "verify.toml:2: " in wrong.stderr, wrong
    print("what was missing is offered, and found")
    return 0


if __name__ == "__main__":
    sys.exit(main())
