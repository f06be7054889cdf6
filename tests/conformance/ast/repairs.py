*(a), b = c
x = *[1, 2], 3
def f():
    return *(a or b), *{1: 2}
for *(a), b in c: pass
*(a, b), c = d
x = * [1]
from __future__ import *
x[*(a)].b = *a.b, (1)
import sys
def f(x):
    return x + undefined_thing
if sys.version_info < (3, 8):
    import gone
print(f(1), __name__, __file__)
x = ~1 ^ 1 & 1 | 1 & 1 ^ -1
y = a & (b ^ c) & d ^ (e) & f
def g(a: list[int] | str | None, b: "x" | (y | z) | w): pass
async def h(): return await a ** b, await (c) ** d.e
print(*a + b, [*a.b(), *c[0] | d])
f"{x:=5}{y=}{z!r:>{w}}" 'plain' f"{a}"
type(mock).attr = 1
type(a, b)[1] = lambda: (yield)
if a: b; c;
with (a as b): pass
with (a, b): pass
with (a): pass
try: pass
except A, B: pass
