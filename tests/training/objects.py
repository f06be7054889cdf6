"""Classes: attributes, methods, operators, properties, inheritance, closures and decorators."""
import functools


class Point:
    __slots__ = ("x", "y")

    def __init__(self, x, y):
        self.x = x
        self.y = y

    def __add__(self, other):
        return Point(self.x + other.x, self.y + other.y)

    def __mul__(self, factor):
        return Point(self.x * factor, self.y * factor)

    def __eq__(self, other):
        return isinstance(other, Point) and self.x == other.x and self.y == other.y

    def __hash__(self):
        return hash((self.x, self.y))

    def __repr__(self):
        return f"Point({self.x!r}, {self.y!r})"


class Shape:
    count = 0

    def __init__(self, name, *points, closed=True):
        self.name = name
        self.points = list(points)
        self.closed = closed
        self._size = None
        Shape.count += 1

    @property
    def size(self):
        if self._size is None:
            self._size = self.measure()
        return self._size

    @size.setter
    def size(self, value):
        self._size = value

    @classmethod
    def named(cls, name):
        return cls(name, Point(0, 0))

    @staticmethod
    def limit(value):
        return value if value < 1000 else 1000

    def measure(self):
        return len(self.points)


class Polygon(Shape):
    def measure(self):
        total = 0
        for i, point in enumerate(self.points):
            following = self.points[(i + 1) % len(self.points)]
            total += point.x * following.y - following.x * point.y
        return self.limit(abs(total)) + super().measure()


class Account:
    def __init__(self, owner):
        self.owner = owner
        self.balance = 0
        self.history = []

    def deposit(self, amount, note="", **details):
        self.balance += amount
        self.history.append((amount, note, details))
        return self

    def __getattr__(self, name):
        if name.startswith("total_"):
            return sum(amount for amount, note, _ in self.history if note == name[6:])
        raise AttributeError(name)


class Tree:
    def __init__(self, key):
        self.key, self.left, self.right = key, None, None

    def insert(self, key):
        node = self
        while True:
            side = "left" if key < node.key else "right"
            child = getattr(node, side)
            if child is None:
                setattr(node, side, Tree(key))
                return
            node = child

    def __iter__(self):
        if self.left is not None:
            yield from self.left
        yield self.key
        if self.right is not None:
            yield from self.right


def counted(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        wrapper.calls += 1
        return function(*args, **kwargs)

    wrapper.calls = 0
    return wrapper


@counted
def scale(value, *, by=2):
    return value * by


def accumulator():
    total = 0

    def add(value):
        nonlocal total
        total += value
        return total

    return add


def main():
    Shape.count = scale.calls = 0
    place = Point(0, 0)
    for i in range(12000):
        place = place + Point(i, 1) * 2
    assert place == Point(143988000, 24000)
    shapes = [Polygon(f"p{i}", Point(i, 0), Point(0, i), Point(-i, 0)) if i % 3 else Shape.named(str(i)) for i in range(3000)]
    assert sum(shape.size for shape in shapes) > 0 and Shape.count == 3000
    for shape in shapes:
        shape.size = shape.size + 1
    account = Account("x")
    for i in range(5000):
        account.deposit(i, "pay" if i % 2 else "fee", day=i)
    assert account.balance == 12497500 and account.total_pay == 6250000
    tree = Tree(5000)
    for i in range(4000):
        tree.insert(i * 7919 % 10007)
    keys = list(tree)
    assert keys == sorted(keys)
    add = accumulator()
    for i in range(20000):
        add(scale(i, by=3) if i % 2 else scale(i))
    assert scale.calls == 20000
    assert len({Point(i % 50, i % 20) for i in range(5000)}) == 100


for _ in range(8):
    main()
