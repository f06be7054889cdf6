class Counter:
    def __init__(self):
        self.value = 0

    def add(self, n):
        self.value += n
        return self

counter = Counter()
for i in range(600_000):
    counter.add(i).add(1)
assert counter.value == 600_000 * 599_999 // 2 + 600_000
