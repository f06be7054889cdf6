"""Generators, exceptions, context managers, match, recursion and coroutines."""
import asyncio
import contextlib


class Refused(Exception):
    def __init__(self, reason, code=1):
        super().__init__(reason)
        self.code = code


def parse(text):
    try:
        return int(text)
    except ValueError as error:
        raise Refused(f"not a number: {text}", 2) from error
    finally:
        parse.calls += 1


parse.calls = 0


class Lock:
    def __init__(self):
        self.depth = 0

    def __enter__(self):
        self.depth += 1
        return self

    def __exit__(self, kind, value, trace):
        self.depth -= 1
        return kind is KeyError


@contextlib.contextmanager
def opened(log, name):
    log.append("+" + name)
    try:
        yield name
    finally:
        log.append("-" + name)


def permutations(items):
    if not items:
        yield ()
        return
    for i, item in enumerate(items):
        for rest in permutations(items[:i] + items[i + 1:]):
            yield (item, *rest)


def averages():
    total = count = 0
    average = None
    while True:
        value = yield average
        if value is None:
            return total
        total += value
        count += 1
        average = total / count


def area(shape):
    match shape:
        case ("circle", radius):
            return 3 * radius * radius
        case {"kind": "square", "side": side, **rest} if side >= 0:
            return side * side
        case [x, y, *_] if isinstance(x, int):
            return x * y
        case int() | float():
            return shape
        case "unit":
            return 1
        case _:
            return None


def hanoi(n, a, b, c):
    return 0 if n == 0 else hanoi(n - 1, a, c, b) + 1 + hanoi(n - 1, c, b, a)


def ackermann(m, n):
    if m == 0:
        return n + 1
    if n == 0:
        return ackermann(m - 1, 1)
    return ackermann(m - 1, ackermann(m, n - 1))


async def produce(queue, count):
    for i in range(count):
        await queue.put(i)
        if i % 10 == 0:
            await asyncio.sleep(0)
    await queue.put(None)


async def consume(queue):
    total = 0
    while (item := await queue.get()) is not None:
        total += item
    return total


async def serve():
    queue = asyncio.Queue(maxsize=20)
    async with asyncio.TaskGroup() as group:
        group.create_task(produce(queue, 1500))
        total = group.create_task(consume(queue))
    results = await asyncio.gather(*(asyncio.sleep(0, i) for i in range(200)))
    return total.result() + sum(results)


def main():
    parse.calls = 0
    failed = 0
    for i in range(6000):
        try:
            parse(str(i) if i % 3 else "x" + str(i))
        except Refused as refused:
            failed += refused.code
    assert failed == 4000 and parse.calls == 6000
    lock, log = Lock(), []
    for i in range(4000):
        with lock, opened(log, "a"):
            if i % 4 == 0:
                raise KeyError(i)
    assert lock.depth == 0 and len(log) == 8000
    assert sum(1 for _ in permutations(list(range(7)))) == 5040
    running = averages()
    next(running)
    for i in range(8000):
        running.send(i)
    with contextlib.suppress(StopIteration):
        running.send(None)
    shapes = [("circle", 2), {"kind": "square", "side": 3, "x": 1}, [4, 5, 6], 7, 2.5, "unit", None]
    assert [area(shape) for shape in shapes] == [12, 9, 20, 7, 2.5, 1, None]
    for _ in range(1500):
        for shape in shapes:
            area(shape)
    assert hanoi(13, "a", "b", "c") == 8191 and ackermann(2, 60) == 123
    assert asyncio.run(serve()) == 1124250 + 19900
    lazy = (x * x for x in range(20000) if x % 3 == 0)
    assert sum(lazy) > 0 and any(x > 5000 for x in range(10000)) and not all(x < 5000 for x in range(10000))


for _ in range(8):
    main()
