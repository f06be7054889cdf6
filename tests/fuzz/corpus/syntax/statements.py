# -*- coding: latin-1 -*-
from __future__ import annotations
@deco
async def f[T: int = str, *Ts, **P](a, /, b: int = 1, *args: *Ts, c, **kw) -> T:
    async with a as b, (c := d) as e:
        return [x async for x in y if await z]
class A[T](B, metaclass=M):
    global q
    x: int = 0x_ff + 1_000.5e-3j
match x, *y:
    case {"a": [1, *_], **rest} if rest: pass
    case A(b=1 | -2 + 3j) as c: del a, (b[0], c.d)
    case _:
        try: raise E from None
        except* (A, B) as g: nonlocal_ = lambda *a, k=1, **w: (yield)
        else: assert x, "no"
        finally: print(*a, **b, sep="")
type X = list[X]
