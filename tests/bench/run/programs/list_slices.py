"""Parts of lists copied, replaced, reversed and unpacked; attributes that come and go."""


class Task:
    def __init__(self, number):
        self.number, self.state, self.owner = number, "new", None

    def run(self):
        del self.owner
        self.state = "done"
        return self.number


data = list(range(50))
total = 0
for i in range(60_000):
    k = i % 40 + 2
    data[:k] = data[k - 1 :: -1]
    first, second, *_ = data
    a, b, c, d = data[3], data[4], first, second
    total += a + b + c + d
    data[5:9] = (d, c, b, a)
    data[5:9] = data[45:49]
    if data[:3] == data[3:6]:
        data = list(range(50))
    total += Task(i).run()
    match (i % 3, "go" if i % 2 else "stop"):
        case (0, "go"):
            total += 1
        case (1, "stop"):
            total += 2
        case [_, ("go" | "stop")]:
            total += 3
assert total == 1_811_515_415, total
