class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y

points = [Point(i, i + 1) for i in range(1000)]
total = 0
for _ in range(300):
    for p in points:
        p.x += 1
        total += p.x - p.y
assert total == sum(k - 1 for k in range(1, 301)) * 1000
