import sys
from typing import Any, Literal, TypeGuard, TypeIs, assert_never


def is_str(x: object) -> TypeGuard[str]: ...
def is_int(x: object) -> TypeIs[int]: ...


def narrow(x: int | str | list[int] | None, y: Literal["a", "b"]) -> int:
    if isinstance(x, (int, str)) and not is_int(x):
        x.upper()
    elif x is None or not x:
        return 0
    while x and (z := len(y)) > 1:
        x = None if z else x
        if sys.version_info >= (3, 12):
            break
    else:
        return z
    try:
        with open("f") as f, open("g") as g:
            for n, line in enumerate(f):
                x = line
    except* (OSError, ValueError) as e:
        raise RuntimeError from e
    finally:
        del z
    match x:
        case [int() as a, *rest] if a:
            return a
        case {"k": str(v), **others} | (v, others):
            return v
        case str(v) | None:
            return 1
        case _:
            assert_never(x)


async def main(n: Any):
    async with n as (a, *b):
        async for i in n:
            yield [await j async for j in i if j], {k: v for k, v in n.items()}
    f = lambda *a, k=1, **kw: (a, k, kw)
    return f(n, *b, **a)


items = []
items.append(1)
reveal_type(items[0:2] + [None])
print("%d %s" % (1,), "{} {x!r:>{w}}".format(1, x=2), f"{items!r:>{10}}")
