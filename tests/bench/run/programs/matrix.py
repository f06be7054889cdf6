def multiply(a, b):
    columns = list(zip(*b))
    return [[sum(x * y for x, y in zip(row, column)) for column in columns] for row in a]

n = 70
a = [[i + j for j in range(n)] for i in range(n)]
identity = [[int(i == j) for j in range(n)] for i in range(n)]
for _ in range(4):
    assert multiply(a, identity) == a
