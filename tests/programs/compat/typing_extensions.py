"""All that the packages take from typing_extensions is in 3.14's typing; Debian's version of it cannot be imported there."""
import typing
from typing import *


def __getattr__(name):
    if name == "runtime":
        return typing.runtime_checkable
    if name == "IntVar":
        return lambda n: TypeVar(n)
    return getattr(typing, name)
