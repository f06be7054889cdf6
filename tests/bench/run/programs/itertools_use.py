from itertools import accumulate, chain, combinations, groupby, islice, permutations, product

assert sum(1 for _ in permutations(range(8))) == 40320
assert sum(a * b for a, b in combinations(range(600), 2)) == ((600 * 599 // 2) ** 2 - sum(i * i for i in range(600))) // 2
assert sum(1 for _ in product(range(40), repeat=3)) == 64_000
assert list(islice(accumulate(range(200_000)), 199_999, None)) == [19999900000]
assert sum(len(list(g)) for _, g in groupby(sorted(x % 50 for x in range(100_000)))) == 100_000
assert sum(chain.from_iterable([range(1000)] * 100)) == 49950000
