async def leaf(n):
    return n

async def tree(depth):
    if depth == 0:
        return await leaf(1)
    return await tree(depth - 1) + await tree(depth - 1)

def run(coroutine):
    try:
        coroutine.send(None)
    except StopIteration as done:
        return done.value

for _ in range(3):
    assert run(tree(14)) == 2 ** 14
