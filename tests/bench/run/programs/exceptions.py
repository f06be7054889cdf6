def check(i):
    if i % 3 == 0:
        raise ValueError(i)
    return i

bad = 0
for i in range(300_000):
    try:
        check(i)
    except ValueError as error:
        bad += error.args[0] == i
assert bad == 100_000
