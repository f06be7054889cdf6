"""The arguments and subjects of native_calls.py: edge values of every kind, and objects that misbehave.

`subject` is what the call at hand is made on; an object that misbehaves empties or fills it in the middle of that call.
Everything is made anew for each call from its expression, as a call may change what it is given.
"""
import io

subject = None


def disturb():
    """Changes the subject of the call at hand in the first way that it knows."""
    for name, arguments in (("clear", ()), ("release", ()), ("close", ()), ("popleft", ()), ("__init__", ([7],)), ("append", (9,))):
        method = getattr(subject, name, None)
        if method is None or isinstance(subject, type) or name == "__init__" and not isinstance(subject, list): continue
        try: method(*arguments)
        except Exception: continue
        return


class Plain:
    """Nothing but an identity; native_calls.py sees whether one of them outlives its call."""
    def __repr__(self): return "Plain()"


class Raising:
    """Whatever it is asked, it raises."""
    def fail(self, *args, **kwargs): raise ZeroDivisionError("asked")
    __index__ = __int__ = __float__ = __complex__ = __eq__ = __lt__ = __gt__ = __hash__ = __iter__ = __len__ = __bool__ = __contains__ = fail
    __getitem__ = __setitem__ = __next__ = __call__ = __buffer__ = __bytes__ = __str__ = __fspath__ = __format__ = __enter__ = __length_hint__ = fail
    __add__ = __radd__ = __mul__ = __rmul__ = __or__ = __ror__ = __await__ = __reduce_ex__ = __copy__ = __trunc__ = __round__ = __ge__ = fail
    def __getattr__(self, name): raise ZeroDivisionError("attribute " + name)
    def __repr__(self): return "Raising()"


class Wrong:
    """Whatever it is asked, it answers with the wrong kind of thing."""
    def answer(self, *args, **kwargs): return "wrong"
    __index__ = __int__ = __float__ = __complex__ = __hash__ = __iter__ = __len__ = __bool__ = __buffer__ = __bytes__ = __length_hint__ = answer
    def __str__(self): return 5
    def __fspath__(self): return 5
    def __format__(self, text): return 5
    def __eq__(self, other): return "wrong"
    def __repr__(self): return "Wrong()"
    def __reduce_ex__(self, protocol): return 5
    def __await__(self): return 5
    def read(self, *args): return 5
    def readline(self, *args): return 5
    def write(self, *args): return "wrong"
    def keys(self): return 5
    def __get__(self, *args): return 5


class Mutating:
    """Answers as it should, and changes the subject meanwhile."""
    def __init__(self, number=1): self.number = number
    def __index__(self): disturb(); return self.number
    def __float__(self): disturb(); return 1.5
    def __eq__(self, other): disturb(); return False
    def __lt__(self, other): disturb(); return True
    def __hash__(self): disturb(); return 1
    def __len__(self): disturb(); return 3
    def __bool__(self): disturb(); return True
    def __iter__(self): disturb(); yield 1; disturb(); yield 2
    def __getitem__(self, key):
        disturb()
        if key in (0, 1): return 5
        raise IndexError(key)
    def __call__(self, *args): disturb(); return 1
    def __buffer__(self, flags): disturb(); return memoryview(b"abcd")
    def __fspath__(self): disturb(); return "absent"
    def __str__(self): disturb(); return "text"
    def __repr__(self): return "Mutating()"
    def read(self, size=-1): disturb(); return b""
    def readline(self): disturb(); return b""
    def write(self, data): disturb(); return len(data)


class Hints:
    """An iterator whose length hint lies."""
    def __init__(self, hint): self.hint, self.left = hint, 3
    def __iter__(self): return self
    def __next__(self):
        self.left -= 1
        if self.left < 0: raise StopIteration
        return self.left
    def __length_hint__(self): return self.hint
    def __repr__(self): return f"Hints({self.hint})"


class OldSequence:
    """Iterated by its items."""
    def __getitem__(self, index):
        if index > 2: raise IndexError
        return index
    def __len__(self): return 3
    def __repr__(self): return "OldSequence()"


class Mapping:
    def keys(self): return ["a", "b"]
    def __getitem__(self, key): return {"a": 1, "b": 2}[key]
    def __repr__(self): return "Mapping()"


class IntKind(int): pass
class StrKind(str): pass
class FloatKind(float): pass
class BytesKind(bytes): pass
class ListKind(list): pass
class TupleKind(tuple): pass
class DictKind(dict): pass
class ErrorKind(ValueError): pass


class Descriptor:
    def __get__(self, instance, owner): return 1
    def __set__(self, instance, value): raise AttributeError("stored")
    def __repr__(self): return "Descriptor()"


def released():
    view = memoryview(bytearray(b"abcd"))
    view.release()
    return view


def generator():
    yield 1
    yield 2


def finished():
    made = generator()
    list(made)
    return made


def closed_file():
    made = io.BytesIO(b"abc")
    made.close()
    return made


async def coroutine():
    return 5


VALUES = """
None
True
...
NotImplemented
0
1
-1
2
3
255
256
-5
65536
1114112
2**31-1
2**63
-2**63-1
10**30
-10**30
2**1000
0.0
-0.0
1.5
-2.5
float("nan")
float("inf")
-float("inf")
1e300
1j
complex("nan")
""
"a"
"abc"
"b a c"
"é€"
"\\U0001f600x"
"\\ud800"
"\\0"
"a\\0b"
"12"
"-1.5e3"
"%s %d"
"{} {0}"
"{a}"
"utf-8"
"ascii"
"strict"
"rb"
"x" * 300
b""
b"a"
b"abc\\xff"
b"12"
b"\\0\\0\\0\\1"
b"x" * 300
bytearray()
bytearray(b"abc")
memoryview(b"abcdef")
memoryview(bytearray(b"abcdef"))[::2]
memoryview(b"abcdefgh").cast("I")
memoryview(b"abcd").cast("B", (2, 2))
released()
[]
[1, 2, 3]
["a", None]
[[1], [2]]
[("a", 1), ("b", 2)]
()
(1,)
(1, 2)
("a", "b", "c")
(1, 2.5, "x", None)
{}
{"a": 1}
{1: 2, None: 3}
{"é": 1, 2: 3}
set()
{1}
frozenset({1, 2})
range(3)
range(10, 0, -3)
slice(1, None, 2)
slice(None, None, 0)
slice("a")
iter([1, 2])
iter("ab")
iter([])
zip("ab", [1, 2])
generator()
finished()
int
str
list
object
type
ValueError
ValueError("v")
StopIteration(5)
BaseException
ErrorKind("e")
len
max
print
str.upper
[].append
lambda: 5
lambda *args, **kwargs: args
lambda x: x
lambda a, b: a
disturb
object()
Plain()
Raising()
Raising()
Raising
Wrong()
Wrong()
Mutating()
Mutating()
Mutating(0)
Mutating(-1)
Mutating(2)
Hints(2)
Hints(-1)
Hints("x")
Hints(10**30)
OldSequence()
Mapping()
IntKind(3)
StrKind("abc")
FloatKind(1.5)
BytesKind(b"abc")
ListKind([1, 2])
TupleKind((1, 2))
DictKind(a=1)
Descriptor()
io.BytesIO(b"abc\\ndef")
io.StringIO("abc\\ndef")
closed_file()
subject
type(subject)
iter(subject)
[subject]
io
""".strip().splitlines()

# What has one meaning on machines of 64 bits and another on those of 32.
WIDE = "2**31 2**32 2**62 2**63-1 -2**63 -2**31-1".split()

KEYWORDS = "key default sep maxsplit encoding errors x start stop step end object iterable name value mode data n k r func self bogus".split()
