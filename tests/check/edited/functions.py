from collections.abc import Callable, Iterator
from typing import overload


def plain(a, b=1, *rest, **more):
    total = a + b
    for item in rest:
        total += item
    return total


@overload
def pick(a: int) -> str: ...
@overload
def pick(a: str) -> int: ...
def pick(a):
    return a


def count(limit: int) -> Iterator[int]:
    at = 0
    while at < limit:
        yield at
        at = at + 1


def decorate(function: Callable[[int], str]) -> Callable[[int], str]:
    def wrapper(value: int) -> str:
        result = function(value)
        return result + 1

    return wrapper


@decorate
def shown(value: int) -> str:
    return str(value)


def narrow(value: int | str | None) -> int:
    if value is None:
        return 0
    if isinstance(value, str):
        return value
    lines = [line for line in [value] if line]
    match value:
        case 0:
            return 1
        case int(n):
            return n.missing
    return len(lines)


async def waits(seconds: float) -> int:
    from asyncio import sleep

    await sleep(seconds)
    return await shown(1)


result = shown(pick(3))
first, *others = count(3)
print(result, first.missing, others)
