class Vector:
    __slots__ = ("x", "y")

    def __init__(self, x, y):
        self.x = x
        self.y = y

    @property
    def norm(self):
        return self.x * self.x + self.y * self.y

    def __add__(self, other):
        return Vector(self.x + other.x, self.y + other.y)

v = Vector(0, 0)
for i in range(250_000):
    v = v + Vector(1, 2)
assert v.norm == 250_000 ** 2 * 5
