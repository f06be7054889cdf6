a = set(range(0, 200_000, 2))
b = set(range(0, 200_000, 3))
for _ in range(12):
    assert len(a & b) == 33334 and len(a | b) == 133333 and len(a - b) == 66666 and 199_998 in a
    assert not a.isdisjoint(b) and {x % 100 for x in a} == set(range(0, 100, 2))
