words = [f"word{i % 5000}" for i in range(400_000)]
counts = {}
for word in words:
    counts[word] = counts.get(word, 0) + 1
assert len(counts) == 5000 and set(counts.values()) == {80}
merged = {**counts, **{k + "!": v for k, v in counts.items()}}
assert sum(merged.values()) == 800_000
