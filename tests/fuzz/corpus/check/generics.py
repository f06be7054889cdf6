from typing import Callable, Concatenate, Generic, ParamSpec, Protocol, TypeVar, TypeVarTuple, Unpack, overload

T = TypeVar("T", bound="Node[object]")
S = TypeVar("S", int, str)
P = ParamSpec("P")
Ts = TypeVarTuple("Ts")


class Node(Generic[T]):
    child: "Node[T] | None" = None

    def walk(self: "Node[T]", *rest: Unpack[Ts]) -> tuple[T, *Ts]: ...


class Box[A, *Bs, **C]:
    def __init__(self, call: Callable[C, A], *args: *Bs) -> None:
        self.call = call


class Sized(Protocol[T]):
    def __len__(self) -> int: ...


def logged(call: Callable[Concatenate[int, P], S]) -> Callable[P, S]:
    def inner(*args: P.args, **kwargs: P.kwargs) -> S:
        return call(1, *args, **kwargs)

    return inner


@overload
def pick(x: int) -> str: ...
@overload
def pick(x: str, *more: str) -> int: ...
def pick(x, *more):
    return x


@logged
def add(a: int, b: S, *, c: str = "") -> S:
    return b


type Tree[X] = X | list[Tree[X]]
leaf: Tree[int] = [1, [2, [3]]]
add("x", c="")
pick(*[1], *("a",))
