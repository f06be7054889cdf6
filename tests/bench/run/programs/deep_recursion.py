def depth(n):
    return 0 if n == 0 else 1 + depth(n - 1)

for _ in range(600):
    assert depth(900) == 900
