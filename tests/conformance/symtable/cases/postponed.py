from __future__ import annotations

limit: int = 3


class A[T]:
    x: T = 1
    if limit:
        y: B

    def f(self, a: T, *b: limit) -> [i for i in a]:
        v: (lambda: a)
        return v, T


type X[__P] = list[__P]


class B:
    __p: int
    def g[__Q: int](self, x: __Q): return __Q, self.__p
