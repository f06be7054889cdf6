"""The page of `krait verify --html` in a browser: verdicts stand beside their lines, and nothing is fetched.

usage: run_page.py KRAIT    exit code 77 (skipped) without chromium-headless-shell or where the kernel cannot enforce the sandbox.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

DOCUMENT = """\
# Numbers <b>&amp;</b>
```python
print(6 * 7)  # 42
print("<i>")  # <i>
print(1)  # 2
```
```python
raise ValueError("no")
```
"""
# What the browser shows, as the title of the page.
PROBE = """<script>
const rows = [...document.querySelectorAll('tr')].filter(r => r.querySelector('td.v span')).map(r => {
  const text = r.querySelector('td.t'), span = r.querySelector('td.v span');
  const line = text.getBoundingClientRect(), note = span.getBoundingClientRect();
  return [r.id, text.innerText, span.innerText, note.top < line.bottom && note.bottom > line.top && note.left >= line.right - 1, note.width > 40];
});
document.title = JSON.stringify([rows, performance.getEntriesByType('resource').length, document.querySelectorAll('b, i, script[src], link, img').length]);
</script>"""


def main():
    krait, browser = os.path.abspath(sys.argv[1]), shutil.which("chromium-headless-shell")
    if browser is None:
        print("skipped: chromium-headless-shell is not installed")
        return 77
    with tempfile.TemporaryDirectory() as folder:
        document, page = pathlib.Path(folder, "notes.md"), pathlib.Path(folder, "page.html")
        document.write_text(DOCUMENT, encoding="utf-8")
        result = subprocess.run([krait, "verify", "--html", str(page), str(document)], capture_output=True, text=True, timeout=120)
        if "does not offer" in result.stderr:
            print(result.stderr)
            return 77
        page.write_text(page.read_text(encoding="utf-8") + PROBE, encoding="utf-8")
        for width in (1200, 600):
            command = [browser, "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder}/profile", f"--window-size={width},900", "--dump-dom", page.as_uri()]
            shown = subprocess.run(command, capture_output=True, text=True, timeout=120).stdout
            title = re.search(r"<title>(.*?)</title>", shown, re.S)
            assert title, shown[:400]
            text = title[1].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
            rows, fetched, foreign = json.loads(text)
            assert fetched == 0 and foreign == 0, (fetched, foreign)
            verdicts = {row[0]: row[2] for row in rows}
            assert verdicts["L3"] == verdicts["L4"] == "holds", rows
            assert verdicts["L5"].startswith("wrong: 1") and verdicts["L7"] == "failed: ValueError: no", rows
            assert {row[0]: row[1] for row in rows}["L4"] == 'print("<i>")  # <i>', rows
            assert all(row[3] and row[4] for row in rows), (width, rows)
    print("the page shows what was found")
    return 0


if __name__ == "__main__":
    sys.exit(main())
