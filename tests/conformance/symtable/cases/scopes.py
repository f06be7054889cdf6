import os.path, sys as system
from os import path as _p

__private = 1
total: int = 0
if total:
    maybe: str = ""


class Outer[T: int = bool, *Ts = *tuple[int, str], **P = [int]](list[T], metaclass=type):
    __slots__ = ("a", "__b")
    x: T
    for __loop in ():
        y: "later" = __loop
    z = [q for q in __slots__ for r in x]
    w = [lambda: (q, __class__) for q in z]
    type Alias[U] = dict[T, U]
    type Plain = x

    def method[V](self, a: V, /, b: T = x, *args: *Ts, c: int = 1, **kw: Alias) -> Plain:
        nonlocal_target = 0
        __local = [i for i in args if (found := i)]

        def inner():
            nonlocal nonlocal_target
            nonlocal_target += 1
            return __class__, found, self.__b, V, T

        local: int = 3
        return super().method, inner, [lambda: i for i in args], local

    async def run(self):
        return [await x async for x in self], (y async for y in self), {k: v for k, v in self.items()}

    class Inner:
        def f(self):
            return T, x, super


def function(a, b=lambda a=total: a, *, c=[n for n in range(3)], **d):
    global total, created
    total = created = 1
    del a
    try:
        import os.path as op
    except (OSError, ValueError) as error:
        print(error)
    with open(b) as (f, *g):
        pass
    match d:
        case {"k": v, **rest} if (m := v):
            return m
        case [first, *others]:
            return first
        case Outer(x=captured, y=None):
            return captured
        case _:
            exec("x")
    return [[c for c in row] for row in d], {a for a in (lambda: b)()}, (z for z in f)


def generic[T](x: T) -> T:
    def nested() -> T:
        return T
    return [T for _ in x]


def outer():
    x = 1

    class C:
        x = x
        y: x
        def m(self, p: x): return x
        z = [x for _ in range(x)]

    return C


@function
def generator(): yield (yield from generator())
t = t"{total!r:>{total}}", f"{(k := total)}"
