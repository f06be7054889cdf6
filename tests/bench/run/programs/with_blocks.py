class Managed:
    depth = 0

    def __enter__(self):
        Managed.depth += 1
        return self

    def __exit__(self, *exc):
        Managed.depth -= 1

for i in range(250_000):
    with Managed() as m:
        assert m.depth == 1
assert Managed.depth == 0
