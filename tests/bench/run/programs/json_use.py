import json

data = [{"id": i, "name": f"user {i}", "tags": ["a", "b", None, True], "score": i / 7} for i in range(3000)]
for _ in range(6):
    text = json.dumps(data)
    assert json.loads(text) == data
assert len(json.dumps(data, indent=2, sort_keys=True)) > len(text)
