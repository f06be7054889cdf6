def area(shape):
    match shape:
        case ("circle", r):
            return 3 * r * r
        case ("rect", w, h) if w == h:
            return w * w
        case ("rect", w, h):
            return w * h
        case {"kind": "unit"}:
            return 1
        case _:
            return 0

shapes = [("circle", 2), ("rect", 3, 3), ("rect", 2, 5), {"kind": "unit"}, None]
assert sum(area(s) for _ in range(60_000) for s in shapes) == 60_000 * (12 + 9 + 10 + 1)
