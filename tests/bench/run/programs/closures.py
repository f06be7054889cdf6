def make(step):
    total = 0
    def add(n):
        nonlocal total
        total += n * step
        return total
    return add

adders = [make(s) for s in range(10)]
for i in range(80_000):
    for add in adders:
        result = add(i)
assert result == 9 * sum(range(80_000))
