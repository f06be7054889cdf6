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
x: a[b][c] = 1
y: a[b]|None
z: a[b](c).d
class C:
    z: list[int]|None
def g[T: a[b][c], *Ts](self, v: a[b](c) = lambda x, y: c[d][e], *args: *a[b], z: 'x' = a[b][c], **kw: x[y].z[w]) -> x[y](z): return lambda q: a[b][c]
async def h(x: dict[str, a[b][c]], y: xs[a][
   b] # comment
   , n: a[b]
   ) -> None: pass
type Al = a[b][c]
type Al2[T: (int, str)] = a[T][c]
if x: y: a[b][c] = 3
(x): a[b][c]; x.y: a[b](c)=4; x[1:2]: a[b]()
class K[T: a[b][c]](a[b][c]): u: a[b] if c else d
w: tuple[*a[b][c]] = 1
def f(v: a[b][c], w: a.b[c], u: a[b].c, t: a[b](c), s: a[b]+c, r: a[b]|None, o: a[b] if x else y, n: a[b] and c, m: not a[b], k: a[b]@c[d], j: a.b[c][d], *i: a[b][c], **h: a[b][c]) -> a[b][c]: pass
