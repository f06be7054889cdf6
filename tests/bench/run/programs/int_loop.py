total = 0
for i in range(3_000_000):
    total += i * 2 & 7
assert total == 9_000_000, total
