"""Random Python programs about objects: classes with special methods that print, and operations on their instances; generators and
coroutines that are sent values, thrown exceptions and closed at random.

usage: make_objects.py COUNT [SEED]    prints programs, each behind a line "#--- N"
"""
import random
import sys

BINARY = "add sub mul truediv floordiv mod pow lshift rshift and or xor matmul divmod".split()
SIGNS = dict(zip(BINARY, "+ - * / // % ** << >> & | ^ @".split()))
COMPARE = dict(lt="<", le="<=", eq="==", ne="!=", gt=">", ge=">=")
OTHERS = ("repr str bytes format hash bool len iter next reversed contains getitem setitem delitem call int float index complex round trunc floor ceil abs neg pos invert enter exit "
          "getattr getattribute setattr delattr get set delete set_name init_subclass class_getitem dir length_hint missing copy deepcopy reduce instancecheck subclasscheck "
          "prepare new init del mro_entries sizeof getstate fspath buffer subclasshook").split()
VALUES = ["NotImplemented", "None", "1", "0", "-1", "True", "'s'", "[1, 2]", "(1,)", "iter([1, 2])", "self", "args", "{'a': 1}", "1.5", "b'x'", "2j", "10**20"]
ERRORS = "ValueError TypeError AttributeError KeyError StopIteration IndexError RuntimeError".split()


class Objects:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.lines, self.classes = [], []

    def pick(self, *items):
        return self.random.choice(items)

    def chance(self, part):
        return self.random.random() < part

    def emit(self, depth, text):
        self.lines.append("    " * depth + text)

    def special(self):
        r = self.random.random()
        if r < .3:
            name = self.random.choice(BINARY)
            return f"__{self.pick('', '', 'r', 'i')}{name}__"
        if r < .45: return f"__{self.random.choice(list(COMPARE))}__"
        return f"__{self.random.choice(OTHERS)}__"

    def method(self, name):
        self.emit(1, f"def {name}(self, *args, **kw):")
        if name not in ("__getattribute__", "__repr__", "__dir__"): self.emit(2, f"print({name!r}, type(self).__name__, [type(a).__name__ for a in args], sorted(kw))")
        r = self.random.random()
        if r < .1: self.emit(2, f"raise {self.random.choice(ERRORS)}({name!r})")
        elif r < .45 and name not in ("__del__", "__subclasshook__"): self.emit(2, f"return super().{name}(*args, **kw)")
        elif name in ("__new__", "__init__", "__prepare__"): self.emit(2, f"return super().{name}(*args)")
        elif r < .5: self.emit(2, f"yield {self.random.choice(VALUES)}")
        else: self.emit(2, f"return {self.random.choice(VALUES)}")

    def class_(self):
        name = f"C{len(self.classes)}"
        base = self.pick("", "", "int", "str", "list", "dict", "tuple", "Exception", "type", "float", "set", "property", "object", "bytes", "BaseException")
        if self.classes and self.chance(.4): base = ", ".join(self.random.sample(self.classes, min(len(self.classes), self.pick(1, 1, 2)))) + (", " + base if base and self.chance(.3) else "")
        meta = self.pick("", "", "", ", metaclass=" + self.pick(*(self.classes or ["type"]))) if self.chance(.5) else ""
        keywords = ", flag=1" if self.chance(.1) else ""
        self.emit(0, f"class {name}({(base + meta + keywords).lstrip(', ')}):")
        if self.chance(.25): self.emit(1, f"__slots__ = {self.pick('()', repr(('x',)), repr(('x', 'y', '__dict__')), repr(['__weakref__']), repr('x'))}")
        if self.chance(.3): self.emit(1, f"x = {self.pick(*(c + '()' for c in self.classes), '1', 'property(lambda self: 5)', 'classmethod(lambda cls: cls.__name__)', 'staticmethod(len)')}")
        if self.chance(.2):
            self.emit(1, "@property")
            self.emit(1, "def y(self): return 7")
            if self.chance(.5):
                self.emit(1, "@y.setter")
                self.emit(1, "def y(self, value): print('set y', value)")
        for special in {self.special() for _ in range(self.random.randint(0, 4))}: self.method(special)
        self.emit(1, "z: int = 1")
        self.classes.append(name)

    def argument(self):
        return self.pick("a", "b", "a", "b", "1", "0", "'s'", "None", "[1]", "2.5", "int", *self.classes)

    def operation(self):
        a, b = self.argument(), self.argument()
        return self.pick(
            f"{a} {self.random.choice(list(SIGNS.values()))} {b}", f"{a} {self.random.choice(list(SIGNS.values()))} {b}", f"{a} {self.random.choice(list(COMPARE.values()))} {b}", f"divmod({a}, {b})",
            f"{a}[{b}]", f"{b} in {a}", f"{a}({b})", f"{a}.x", f"{a}.y", f"{a}.nothing", f"{self.pick('repr', 'str', 'bytes', 'hash', 'bool', 'len', 'iter', 'next', 'reversed', 'int', 'float', 'complex', 'round', 'abs', 'list', 'tuple', 'dict', 'set', 'sorted', 'sum', 'type', 'vars', 'callable', 'bin', 'chr', 'range', 'slice', 'id' if False else 'max', 'enumerate', 'bytearray', 'memoryview', 'frozenset')}({a})",
            f"{self.pick('-', '+', '~', 'not ')}{a}", f"f'{{{a}!r:>3}}'", f"f'{{{a}:{self.pick('', 'x', '5', '.2f')}}}'", f"'%s %r' % ({a}, {b})", f"'%d' % {a}", f"[*{a}]", f"(lambda *p, **k: (len(p), len(k)))(*{a})", f"(lambda *p, **k: (p, k))(**{a})",
            f"isinstance({a}, {b})", f"issubclass({a}, {b})", f"getattr({a}, 'x', 5)", f"hasattr({a}, 'y')", f"{{{a}: {b}}}", f"{{{a}, {b}}}", f"[0, 1, 2][{a}]", f"'abc'[{a}:{b}]", f"'abc' * {a}", f"pow({a}, {b}, 3)", f"{a} if {b} else 0", f"{a} and {b}",
            f"type({a}).__mro__", f"sorted(k for k in vars(type({a})) if not k.startswith('__'))", f"copy.copy({a})", f"copy.deepcopy({a})", f"operator.index({a})", f"math.floor({a})", f"operator.length_hint({a})", f"{a}.__class__", f"super(type({a}), {a}).__repr__()", f"dir({a})[-3:]", f"os.fspath({a})", f"int.from_bytes({a})", f"object.__getattribute__({a}, 'x')", f"max({a}, {b})", f"zip({a}, {b})", f"''.join({a})", f"{a}.__reduce_ex__(2)[:2]", f"type('N', ({a},), {{}})", f"type({a}).x", f"{a} is {b}", f"{a} < {b} < {a}")

    def statement(self):
        a, b = self.pick("a", "b", *self.classes), self.argument()
        r = self.random.random()
        if r < .75: return self.emit(0, f"show(lambda: {self.operation()})")
        self.emit(0, "try:")
        self.emit(1, self.pick(f"{a}.x = {b}", f"{a}.y = {b}", f"{a}.w = {b}", f"del {a}.x", f"del {a}.w", f"{a}[0] = {b}", f"del {a}[{b}]", f"q = {a}; q {self.random.choice(list(SIGNS.values()))}= {b}; show(lambda: q)", f"with {a} as w: show(lambda: w)",
                               f"for i in {a}: print(type(i).__name__); break", f"p, *q = {a}; show(lambda: (p, q))", f"{a}.__class__ = {b}", f"{a}.__dict__ = {b}", f"raise {a}", f"raise {a} from {b}", f"match {a}:\n        case {self.pick(*self.classes, 'int', 'str')}(): print('matched')\n        case [p, *q]: print('sequence')\n        case _: print('other')",
                               f"try: raise ValueError\n    except {a}: print('caught')", f"assert {a}", f"import operator; operator.setitem({a}, 0, 1)", f"{a} = {a}({b})" if a in ("a", "b") else f"{a}.x"))
        self.emit(0, "except BaseException as e: print(type(e).__name__, e if not isinstance(e, tuple(mine)) else '')")

    def drive(self):
        kind = self.pick("generator", "generator", "coroutine", "asyncgen")
        self.emit(0, f"{'' if kind == 'generator' else 'async '}def g():")
        body = []
        def block(depth, n):
            for _ in range(n):
                step = f"({'await Aw' if kind == 'coroutine' or (kind == 'asyncgen' and self.chance(.4)) else 'yield '}({self.pick('1', '2', chr(39) + 'v' + chr(39))}))"
                r = self.random.random()
                if r < .35: self.emit(depth, f"print('got', {step})")
                elif r < .6 and depth < 4:
                    self.emit(depth, "try:")
                    block(depth + 1, self.random.randint(1, 2))
                    if self.chance(.6):
                        self.emit(depth, f"except {self.pick('GeneratorExit', 'ValueError', 'BaseException', 'StopIteration', '(ValueError, RuntimeError)')} as e:")
                        self.emit(depth + 1, "print('caught', type(e).__name__, e, type(e.__context__).__name__)")
                        if self.chance(.5): block(depth + 1, 1)
                        elif self.chance(.4): self.emit(depth + 1, self.pick("raise", "raise KeyError(4)", "raise KeyError(5) from e"))
                    if self.chance(.5) or "except" not in self.lines[-1] + self.lines[-2] + self.lines[-3]:
                        self.emit(depth, "finally:")
                        self.emit(depth + 1, "print('finally')")
                        if self.chance(.3): block(depth + 1, 1)
                elif r < .68 and kind == "generator": self.emit(depth, f"print('from', (yield from {self.pick('[1, 2]', 'inner()', 'inner()', 'iter(range(2))')}))")
                elif r < .74: self.emit(depth, f"raise {self.pick('ValueError(3)', 'StopIteration(9)', 'GeneratorExit', 'StopAsyncIteration')}")
                elif r < .8: self.emit(depth, "return" if kind == "asyncgen" else "return 'done'")
                elif r < .86: self.emit(depth, "with CM(): " + step)
                else: self.emit(depth, step)
        block(1, self.random.randint(2, 5))
        if kind in ("generator", "asyncgen"): self.emit(1, "yield 99")
        self.emit(0, "it = g()")
        for _ in range(self.random.randint(3, 8)):
            if kind == "asyncgen":
                step = self.pick("run(it.__anext__())", "run(it.asend('s'))", "run(it.athrow(ValueError('t')))", "run(it.aclose())", "run(it.athrow(GeneratorExit))", "it.ag_running", "part(it.__anext__())", "part(it.aclose())")
            else:
                step = self.pick("next(it)", "it.send(None)", "it.send('s')", "it.throw(ValueError('t'))", "it.throw(ValueError)", "it.throw(GeneratorExit)", "it.close()", "it.throw(StopIteration(7))", "it.gi_frame is None", "inspect.getgeneratorstate(it)", "it.throw(5)", "it.gi_yieldfrom is None", "it.throw(KeyError, 'k', None)")
                if kind == "coroutine": step = step.replace("next(it)", "it.send(None)").replace("gi_", "cr_").replace("getgeneratorstate", "getcoroutinestate").replace("cr_yieldfrom", "cr_await")
            self.emit(0, f"show(lambda: {step})")
        self.emit(0, "show(lambda: it.close())" if kind != "asyncgen" else "show(lambda: run(it.aclose()))")
        self.emit(0, "del it")

    def text(self):
        for _ in range(self.random.randint(1, 3)): self.class_()
        self.emit(0, f"mine = [c for c in ({', '.join(self.classes)},) if isinstance(c, type)]")
        for name in "ab":
            self.emit(0, f"{name} = {self.random.choice(self.classes)}({self.pick('', '', '1', repr('ab'), '[1, 2]')})")
        for _ in range(self.random.randint(6, 14)): self.statement()
        for _ in range(2): self.drive()
        return "\n".join(self.lines) + "\n"


PRELUDE = '''
import copy, inspect, math, operator, os
class CM:
    def __enter__(self): print("enter"); return self
    def __exit__(self, *a): print("exit", a[0] and a[0].__name__)
class Aw:
    def __init__(self, v): self.v = v
    def __await__(self):
        got = yield self.v
        return got
def inner():
    try:
        got = yield "in"
        print("inner got", got)
    except ValueError as e: print("inner caught", e)
    finally: print("inner ends")
    return "inner result"
def run(aw):
    it = aw.__await__() if hasattr(aw, "__await__") else aw
    value = None
    for i in range(5):
        try: value = it.send(value)
        except (StopIteration, StopAsyncIteration) as e: return type(e).__name__, e.args
    return "still going"
def part(aw):
    return aw.__await__().send(None)
def plain(v, depth=0):
    if type(v) in (int, str, float, bytes, bool, type(None), complex) or v is NotImplemented: return repr(v)
    if type(v) in (list, tuple) and depth < 3: return type(v).__name__ + "(" + ", ".join(plain(x, depth + 1) for x in v) + ")"
    return "<" + type(v).__name__ + ">"
def show(f):
    try: print(plain(f()))
    except BaseException as e: print(type(e).__name__, e if type(e).__module__ == "builtins" else "")
'''


def main():
    n, seed = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0
    for i in range(n):
        print(f"#--- {i}\n{PRELUDE.strip()}\n{Objects(seed * 100003 + i).text()}", end="")


if __name__ == "__main__":
    main()
