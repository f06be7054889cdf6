memo = {}
longest = (0, 0)
for start in range(1, 60_000):
    n, steps = start, 0
    while n != 1 and n not in memo:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    memo[start] = steps + memo.get(n, 0)
    longest = max(longest, (memo[start], start))
assert longest == (339, 52527), longest
