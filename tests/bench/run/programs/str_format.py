total = 0
for i in range(150_000):
    total += len("%d %s %5.2f" % (i, "abc", i / 3)) + len("{:>8} {!r}".format(i, "q")) + len(f"{i:x}{i / 7:.3e}")
assert total > 5_000_000
