def tree(depth):
    if depth:
        yield from tree(depth - 1)
        yield depth
        yield from tree(depth - 1)

for _ in range(4):
    assert sum(tree(14)) == 2 ** 15 - 16
