from functools import lru_cache, reduce

@lru_cache(maxsize=None)
def ways(n, coins):
    if n == 0:
        return 1
    if n < 0 or not coins:
        return 0
    return ways(n - coins[0], coins) + ways(n, coins[1:])

for _ in range(4):
    ways.cache_clear()
    for amount in range(0, 901, 50):  # in steps, so that the recursion stays shallow
        last = ways(amount, (50, 20, 10, 5, 2, 1))
    assert last == ways(900, (50, 20, 10, 5, 2, 1)) > 10 ** 6
assert reduce(lambda x, y: x * y % 1_000_003, range(1, 200_000)) > 0
