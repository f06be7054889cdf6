import re

text = "2026-11-21 error: disk full (id=4711); warning: low memory (id=12) " * 400
pattern = re.compile(r"(\d{4})-(\d\d)-(\d\d)|(?P<level>error|warning): ([a-z ]+) \(id=(\d+)\)")
for _ in range(6):
    found = pattern.findall(text)
    assert len(found) == 1200
    assert len(re.sub(r"\bid=(\d+)", r"<\1>", text)) == len(text) - 800
    assert len(re.split(r"[;:()\s]+", text)) == 3601
