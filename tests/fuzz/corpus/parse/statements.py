from __future__ import annotations
import a.b as c, d
from . import (e, f as g,)
x: int = 3
del x, (y, z)
async def h(a, /, b: int = 1, *c, d=2, **e) -> None:
    async with a as b, c: pass
    async for i in await j(): yield i
    return [k async for k in l if m if not n]
try:
    raise A from B
except* (C, D) as e:
    global q
finally:
    assert x, "y"
with (a, b as c): pass
@decorator(1)[2].x
class K(L, metaclass=M):
    z = w = lambda *a, b=1: (yield)
type(x).y = b"\x00" b'\n'
print(*a, **b, c=1)
a[1:2, ..., *b] = {**c, 1: 2, **{}}, {*d, 1}, (1,), ()
if (n := 10) > 5 and ~n ^ 3 & 4 | 5 << 2 ** -1: ...
match a:
    case {"k": [1, *_, -2.5], **rest} | K(1, y=None) as v if v: pass
    case -1+2j | "s" "t" | a.b: pass
print(f"{x!r:>{w}} {y=} {{z}} {f'{1:{2}}'}", t"{a}{b:c}", 0xFF, 1_000, 1e-3, 2j)
