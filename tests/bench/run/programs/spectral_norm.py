def a(i, j):
    return 1.0 / ((i + j) * (i + j + 1) / 2 + i + 1)

def times(v, transposed):
    n = len(v)
    return [sum((a(j, i) if transposed else a(i, j)) * v[j] for j in range(n)) for i in range(n)]

u = [1.0] * 70
for _ in range(6):
    v = times(times(u, False), True)
    u = times(times(v, False), True)
norm = (sum(x * y for x, y in zip(u, v)) / sum(x * x for x in v)) ** 0.5
assert abs(norm - 1.274) < 0.001, norm
