"""Whole numbers, floats and the loops around them."""
import math


def collatz(limit):
    longest, start = 0, 0
    for n in range(1, limit):
        steps, value = 0, n
        while value != 1:
            value = value // 2 if value % 2 == 0 else 3 * value + 1
            steps += 1
        if steps > longest:
            longest, start = steps, n
    return start


def gcd(a, b):
    while b:
        a, b = b, a % b
    return a


def totients(limit):
    return sum(1 for a in range(1, limit) for b in range(1, a) if gcd(a, b) == 1)


def solve(rows):
    """Gaussian elimination with pivots."""
    size = len(rows)
    for column in range(size):
        pivot = max(range(column, size), key=lambda row: abs(rows[row][column]))
        rows[column], rows[pivot] = rows[pivot], rows[column]
        for row in range(column + 1, size):
            factor = rows[row][column] / rows[column][column]
            for k in range(column, size + 1):
                rows[row][k] -= factor * rows[column][k]
    result = [0.0] * size
    for row in range(size - 1, -1, -1):
        total = rows[row][size]
        for k in range(row + 1, size):
            total -= rows[row][k] * result[k]
        result[row] = total / rows[row][row]
    return result


def integrate(function, low, high, steps):
    width = (high - low) / steps
    total = 0.5 * (function(low) + function(high))
    for i in range(1, steps):
        total += function(low + i * width)
    return total * width


def bits(limit):
    seed, count = 12345, 0
    for _ in range(limit):
        seed ^= (seed << 13) & 0xFFFFFFFF
        seed ^= seed >> 17
        seed ^= (seed << 5) & 0xFFFFFFFF
        count += seed & 1
    return count


def edit_distance(a, b):
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        last, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (x != y))
    return row[-1]


def main():
    assert collatz(6000) == 3711
    assert totients(220) > 14000
    size = 24
    rows = [[1.0 / (i + j + 1) + (3.0 if i == j else 0.0) for j in range(size)] + [float(i)] for i in range(size)]
    assert all(math.isfinite(x) for x in solve(rows))
    assert abs(integrate(lambda x: x * x + math.sin(x), 0.0, 3.0, 40000) - (9 + 1 - math.cos(3.0))) < 1e-6
    assert 0 < bits(60000) < 60000
    assert edit_distance("kitten sitting on the mitten" * 4, "sitting kitten in the kitchen" * 4) > 10
    assert sum(int(d) for d in str(7 ** 900)) > 0 and pow(3, 10 ** 20, 10 ** 9 + 7) > 0
    assert math.comb(300, 150) % 1009 >= 0 and math.isqrt(10 ** 60) == 10 ** 30


for _ in range(8):
    main()
