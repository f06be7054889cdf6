state = 12345
values = []
for _ in range(120_000):
    state = (state * 1103515245 + 12345) & 0x7FFFFFFF
    values.append(state)
ordered = sorted(values)
assert all(x <= y for x, y in zip(ordered, ordered[1:]))
assert sorted(values, key=lambda v: -v) == ordered[::-1]
words = sorted(str(v) for v in values)
assert words[0] <= words[-1] and sorted(values, key=str)[0] == int(words[0])
