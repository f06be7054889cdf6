parts = []
text = ""
for i in range(200_000):
    parts.append(f"{i:05d}-{i % 7}")
    text += "x"
joined = ",".join(parts)
assert len(text) == 200_000 and joined.startswith("00000-0,00001-1") and joined.count("-3") > 28_000
