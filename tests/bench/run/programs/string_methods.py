text = "The quick brown Fox jumps over the lazy dog " * 20
count = 0
for i in range(2500):
    words = text.upper().lower().split()
    count += len([w.strip("t").replace("o", "0").title() for w in words if w.startswith(("t", "f")) and not w.isdigit()])
    count += text.find("lazy") + text.count("o") + len(text.partition("jumps")[2])
assert count == 2500 * (60 + 35 + 80 + len(text) - 25), count
