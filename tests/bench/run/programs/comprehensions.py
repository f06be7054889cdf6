for _ in range(25):
    squares = [x * x for x in range(20_000)]
    even = {x for x in squares if x % 2 == 0}
    table = {x: -x for x in squares}
    assert len(even) == 10_000 and len(table) == 20_000 and sum(x for x in squares) == 2666466670000
