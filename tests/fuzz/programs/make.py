"""Random Python programs that end: statements and expressions of every kind that a function may hold.

usage: make.py COUNT [SEED]    prints programs, each behind a line "#--- N"

What the programs compute is of no use; most of them raise somewhere. Loops are bounded, numbers stay small.
"""
import random
import sys

PRELUDE = '''
class CM:
    def __init__(self, name, swallow=False):
        self.name, self.swallow = name, swallow
    def __enter__(self):
        print("enter", self.name)
        return self.name
    def __exit__(self, kind, error, tb):
        print("exit", self.name, kind.__name__ if kind else None, error)
        return self.swallow
class Item:
    __match_args__ = ("x", "y")
    __slots__ = ("x", "y", "__dict__")
    def __init__(self, x=0, y=0):
        self.x, self.y = x, y
    def __repr__(self):
        return f"Item({self.x!r}, {self.y!r})"
    def __add__(self, other):
        return Item(self.x + other, self.y) if isinstance(other, int) else NotImplemented
    def __radd__(self, other):
        return ("radd", other)
    def __iadd__(self, other):
        self.x += other
        return self
    def __eq__(self, other):
        return isinstance(other, Item) and self.x == other.x
    def __hash__(self):
        return hash(self.x)
    def __lt__(self, other):
        return self.x < other.x
    def __getitem__(self, key):
        return (key, self.x)
    def __call__(self, *args, **kwargs):
        return (self.x, args, kwargs)
    @property
    def double(self):
        return self.x * 2
    @double.setter
    def double(self, value):
        self.x = value // 2
    def __contains__(self, value):
        return value in (self.x, self.y)
    def __len__(self):
        return 2
    def __iter__(self):
        yield self.x
        yield self.y
class Aw:
    def __init__(self, value): self.value = value
    def __await__(self):
        got = yield self.value
        return got
class Error(Exception):
    pass
def show(*values):
    print(*values)
    return values[-1] if values else None
def count(n):
    try:
        for i in range(n):
            got = yield i
            if got: print("got", got)
        return n
    finally:
        print("count ends")
def drive(coroutine):
    out = []
    try:
        value = None
        for step in range(8):
            value = coroutine.send(value)
            out.append(value)
    except StopIteration as e:
        out.append(("returned", e.value))
    finally:
        coroutine.close()
    return out
'''
INTS = "0 1 2 3 5 -1 -3 7 10 True False".split()
TEXTS = ["''", "'a'", "'abc'", '"x y"', "'é'", "b'xy'"]
ARITHMETIC = "+ - * // % & | ^ / >> @".split()
COMPARE = ["<", ">", "==", "!=", "<=", ">=", "in", "not in", "is", "is not"]
ERRORS = "ValueError TypeError KeyError IndexError ZeroDivisionError AttributeError Error LookupError Exception NameError UnboundLocalError StopIteration RuntimeError".split()


class Program:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.lines, self.depth, self.budget = [], 0, 60
        self.names, self.loops, self.functions, self.kind = list("abcd"), 0, [], "module"
        self.fresh = 0
        self.in_group = False

    def pick(self, *items):
        return self.random.choice(items)

    def chance(self, part):
        return self.random.random() < part

    def emit(self, text):
        self.lines.append("    " * self.depth + text)

    def new(self, stem):
        self.fresh += 1
        return f"{stem}{self.fresh}"

    def name(self):
        return self.random.choice(self.names)

    # expressions
    def atom(self):
        r = self.random.random()
        if r < .45: return self.name()
        if r < .75: return self.random.choice(INTS)
        if r < .88: return self.random.choice(TEXTS)
        return self.pick("None", "1.5", "2j", "[]", "()", "{}", "...", "Item(1, 2)", "Item('k')", "range(3)", "{1, 2}")

    def expr(self, d=3):
        if d <= 0 or self.chance(.15): return self.atom()
        e = lambda: self.expr(d - 1)
        n = self.name
        forms = [
            lambda: f"({e()} {self.random.choice(ARITHMETIC)} {e()})", lambda: f"({e()} {self.random.choice(ARITHMETIC)} {e()})",
            lambda: f"({e()} {self.random.choice(COMPARE)} {e()})", lambda: f"({e()} {self.random.choice(COMPARE)} {e()} {self.random.choice(COMPARE)} {e()})",
            lambda: f"({e()} {self.pick('and', 'or')} {e()})", lambda: f"(not {e()})", lambda: f"({self.pick('-', '+', '~')}{e()})",
            lambda: f"({e()} if {e()} else {e()})", lambda: f"[{self.items(d - 1)}]", lambda: f"({self.items(d - 1)},)", lambda: "{" + self.items(d - 1) + "}",
            lambda: "{" + self.pairs(d - 1) + "}", lambda: f"{n()}[{e()}]", lambda: f"{e()}[{self.slice(d - 1)}]",
            lambda: f"{e()}.{self.pick('x', 'y', 'double', 'real', 'missing')}" if self.chance(.5) else f"Item({e()}, {e()}).{self.pick('x', 'y', 'double')}",
            lambda: f"len({e()})", lambda: f"{self.pick('str', 'repr', 'type', 'bool', 'list', 'tuple', 'sorted', 'sum', 'max', 'iter', 'abs', 'int', 'set', 'dict', 'frozenset')}({e()})",
            lambda: f"show({self.arguments(d - 1)})", lambda: f"Item({e()})({self.arguments(d - 1, True)})", lambda: self.call(d - 1),
            lambda: self.comprehension(d - 1), lambda: self.comprehension(d - 1), lambda: f"(lambda {self.parameters()}: {self.inside_lambda(d - 1)})({self.arguments(d - 1)})",
            lambda: self.fstring(d - 1), lambda: f"list(count({self.pick(0, 1, 2, 3)}))", lambda: f"'{self.pick('a', 'b-c', 'x')}'.{self.pick('upper()', 'join(', 'split(')}".replace("join(", f"join({e()})").replace("split(", f"split({e()})"),
            lambda: f"isinstance({e()}, {self.pick('int', 'str', '(int, str)', 'Item', 'int | None')})", lambda: f"next(iter({e()}), {e()})",
            lambda: f"{{'k': {e()}, **{self.pick('{}', n(), '{1: 2}')}}}", lambda: f"dict(zip({e()}, {e()}))", lambda: f"list(map({self.pick('str', 'Item', 'abs', 'show')}, {e()}))",
        ]
        if self.kind not in ("class", "comprehension"): forms.append(lambda: f"({n()} := {e()})")
        if self.kind == "generator": forms += [lambda: f"(yield {e()})", lambda: f"(yield from {self.pick('count(2)', '[1, 2]', e())})"]
        if self.kind == "coroutine": forms += [lambda: f"(await Aw({e()}))", lambda: f"(await Aw({e()}))", lambda: f"[x async for x in agen({e()})]"]
        return self.random.choice(forms)()

    def isolated(self, kind, form):
        old, self.kind = self.kind, kind
        text = form()
        self.kind = old
        return text

    def inside_lambda(self, d):
        return self.isolated("lambda", lambda: self.expr(d))

    def items(self, d):
        return ", ".join(self.pick("*" + self.expr(d) if self.chance(.2) else self.expr(d)) for _ in range(self.random.randint(1, 3)))

    def pairs(self, d):
        return ", ".join(f"{self.expr(d)}: {self.expr(d)}" for _ in range(self.random.randint(0, 2)))

    def slice(self, d):
        part = lambda: self.pick("", self.random.choice(INTS), self.expr(d) if self.chance(.2) else "")
        return f"{part()}:{part()}" + (f":{part()}" if self.chance(.4) else "")

    def arguments(self, d, wild=False):
        out = [self.expr(d) for _ in range(self.random.randint(0, 2))]
        if self.chance(.2): out.append("*" + self.pick(self.name(), "[1, 2]", "'ab'", "()"))
        if wild or self.chance(.15): out.append(self.pick(f"k={self.expr(d)}", "**{'z': 1}", f"**{self.name()}", f"key={self.expr(d)}"))
        return ", ".join(out)

    def call(self, d):
        if not self.functions: return f"show({self.expr(d)})"
        name, kind = self.random.choice(self.functions)
        text = f"{name}({self.arguments(d, self.chance(.15))})"
        return f"list({text})" if kind == "generator" else f"drive({text})" if kind == "coroutine" else text

    def parameters(self):
        names = self.random.sample(["p", "q", "r"], self.random.randint(0, 3))
        out, seen = [], False
        for n in names:
            if seen or self.chance(.4):
                out.append(f"{n}={self.random.choice(INTS)}")
                seen = True
            else: out.append(n)
        if out and self.chance(.2): out.insert(self.random.randint(1, len(out)), "/")
        if self.chance(.3): out.append("*rest")
        elif self.chance(.15) : out += ["*", "key=None"]
        if self.chance(.2): out.append("**kw")
        return ", ".join(out)

    def comprehension(self, d):
        v = self.pick("i", "j")
        source = self.pick("range(3)", "'ab'", "[1, 2, 3]", self.name(), self.expr(d) if self.kind != "class" else "(1, 2)")
        old = self.names
        self.names = old + [v, v]
        body = lambda: self.isolated("comprehension", lambda: self.expr(d))
        tail = f" for {v} in {source}" + (f" if {body()}" if self.chance(.4) else "") + (f" for k in range({v})" if self.chance(.1) else "")
        out = self.pick(f"[{body()}{tail}]", f"sum({body()}{tail})", f"{{{body()}: {body()}{tail}}}", f"{{{body()}{tail}}}", f"list({body()}{tail})", f"[(lambda: {v})(){tail}]", f"any({body()}{tail})")
        self.names = old
        return out

    def fstring(self, d):
        e = lambda: self.isolated("comprehension", lambda: self.expr(d)).replace('"', "'")
        return 'f"' + self.pick("", "a ") + "{" + e() + self.pick("", "!r", "!s", ":>5", ":x", ":.2f", ":{2 + 3}", "=") + '}"'

    # targets and patterns
    def target(self):
        r = self.random.random()
        if r < .6: return self.name()
        if r < .7: return f"{self.name()}, {self.name()}"
        if r < .78: return f"{self.name()}, *{self.name()}"
        if r < .83: return f"[{self.name()}, ({self.name()}, {self.name()})]"
        if r < .9: return f"{self.name()}[{self.expr(1)}]"
        if r < .95: return f"{self.name()}.{self.pick('x', 'double', 'new')}"
        return f"{self.name()}[{self.slice(1)}]"

    def pattern(self, d=2):
        if d <= 0: return self.pick("_", self.name(), "1", "'a'", "None", "True", "-1", "1.5")
        p = lambda: self.pattern(d - 1)
        closed = lambda: self.pick("1", "'a'", "None", "0", "int()", "str()", "[]", "Item(x=1)")
        return self.pick(p(), f"[{p()}, *_]", f"({p()}, {p()})", f"{closed()} | {closed()}", "{'k': v, **rest}", f"{{'k': {closed()}}}", f"Item(x={closed()})", f"Item({closed()}, {p()})",
                         "int(x)", f"[1, *{self.name()}]", "str() | bytes()", "list([v])", "{}", "[_, _, *_]", f"({closed()}) as w", "Item.x", "Item(1, 2, 3)", "dict(keys=k)")

    # statements
    def block(self, statements=None):
        self.depth += 1
        for _ in range(statements or self.random.randint(1, 3)): self.statement()
        self.depth -= 1

    def statement(self):
        self.budget -= 1
        if self.budget < 0 or self.depth > 5:
            self.emit(f"print({self.expr(1)})")
            return
        simple = [self.assign, self.assign, self.augment, self.printed, self.printed, self.printed]
        compound = [self.if_, self.for_, self.while_, self.try_, self.try_, self.with_, self.match, self.def_, self.class_]
        other = [self.raise_, self.delete, self.assert_, self.leave, self.leave, self.group]
        self.random.choice(self.random.choice([simple, simple, compound, compound, other]))()

    def assign(self):
        if self.chance(.1): self.emit(f"{self.name()}: {self.pick('int', 'undefined', 'list[int]')} = {self.expr()}")
        else: self.emit(f"{self.target()} = {self.expr()}")

    def augment(self):
        self.emit(f"{self.pick(self.name(), self.name() + '[0]', self.name() + '.x')} {self.random.choice(ARITHMETIC)}= {self.expr(2)}")

    def printed(self):
        self.emit(f"print({self.arguments(3)})" if self.chance(.5) else self.expr())

    def if_(self):
        self.emit(f"if {self.expr()}:")
        self.block()
        if self.chance(.3):
            self.emit(f"elif {self.expr(2)}:")
            self.block()
        if self.chance(.4):
            self.emit("else:")
            self.block()

    def loop(self, header):
        self.emit(header)
        old, self.loops = self.loops, self.loops + 1
        star, self.in_group = self.in_group, False
        self.block()
        self.loops, self.in_group = old, star
        if self.chance(.25):
            self.emit("else:")
            self.block()

    def for_(self):
        target = self.target() if self.chance(.3) else self.name()
        source = self.pick("range(3)", "[1, 2]", "'abc'", "count(3)", "enumerate('ab')", "{1: 2, 3: 4}.items()", "zip('ab', (1, 2))", self.expr(2))
        if self.kind == "coroutine" and self.chance(.3): self.loop(f"async for {target} in agen({self.expr(1)}):")
        else: self.loop(f"for {target} in {source}:")

    def while_(self):
        n = self.new("n")
        self.emit(f"{n} = 0")
        self.loop(f"while ({n} := {n} + 1) < {self.pick(2, 3, 4)}{self.pick('', ' and ' + self.expr(1))}:")

    def try_(self):
        self.emit("try:")
        star = self.chance(.12)
        self.block()
        handlers = self.random.randint(0, 2)
        old = self.in_group
        self.in_group = self.in_group or star
        for _ in range(handlers):
            kind = self.pick(self.random.choice(ERRORS), f"({self.random.choice(ERRORS)}, {self.random.choice(ERRORS)})") if not self.chance(.05) or star else self.expr(1)
            name = self.pick("e", self.name())
            self.emit(f"except{'*' if star else ''} {kind}{self.pick('', f' as {name}', f' as {name}')}:")
            self.depth += 1
            if self.chance(.6): self.emit(f"print('caught', {self.pick('type(e), e', self.name())})")
            self.depth -= 1
            self.block()
        if handlers and not star and self.chance(.25):
            self.emit("except:")
            self.block()
            handlers = 1
        self.in_group = old
        if handlers and self.chance(.3):
            self.emit("else:")
            self.block()
        if not handlers or self.chance(.5):
            self.emit("finally:")
            inner, self.loops = self.loops, self.loops if self.chance(.15) else 0  # leaving a finally is warned of
            self.block()
            self.loops = inner

    def with_(self):
        one = lambda: f"CM({self.pick(1, 2, chr(39) + 'c' + chr(39))}, {self.pick('True', 'False')})" + self.pick("", f" as {self.target()}")
        self.emit("with " + self.pick(one(), one(), f"{one()}, {one()}", f"({one()}, {one()})", self.expr(1)) + ":")
        self.block()

    def match(self):
        self.emit(f"match {self.pick(self.expr(2), self.name(), 'Item(1, 2)', '[1, 2, 3]', '{' + chr(39) + 'k' + chr(39) + ': 1, 2: 3}')}:")
        self.depth += 1
        for _ in range(self.random.randint(1, 3)):
            pattern = self.pattern()
            if pattern in self.names or pattern == "_": pattern = f"{pattern} if {self.expr(1)}"
            elif self.chance(.2): pattern += f" if {self.expr(1)}"
            self.emit(f"case {pattern}:")
            self.block()
        self.depth -= 1

    def def_(self):
        name, kind = self.new("f"), self.pick("function", "function", "generator", "coroutine")
        if self.chance(.1): self.emit(self.pick("@show", "@staticmethod", "@Item"))
        self.emit(f"{'async ' if kind == 'coroutine' else ''}def {name}({self.parameters()}):")
        saved = self.kind, self.loops, self.names, self.in_group
        self.kind, self.loops, self.in_group = kind, 0, False
        self.depth += 1
        if self.chance(.25) and saved[0] != "module": self.emit(f"nonlocal {saved[2][0]}" if saved[0] not in ("module", "class") and self.chance(.5) else f"global {self.name()}")
        elif self.chance(.3): self.emit(f"global {self.name()}")
        self.names = self.names + ["p", "q"]
        if kind == "generator": self.emit("yield 0")
        self.depth -= 1
        self.block(self.random.randint(2, 4))
        self.depth += 1
        if self.chance(.6): self.emit(f"return {self.expr()}")
        self.depth -= 1
        self.kind, self.loops, self.names, self.in_group = saved
        self.functions = self.functions + [(name, kind)]
        if self.depth == 0:
            for _ in range(3): self.emit(f"print({self.call(1) if self.chance(.3) else {'function': '%s', 'generator': 'list(%s)', 'coroutine': 'drive(%s)'}[kind] % f'{name}({self.arguments(1)})'})")

    def class_(self):
        name = self.new("K")
        self.emit(f"class {name}({self.pick('', 'Item', 'Item', 'metaclass=type', 'Exception', 'int', 'dict', self.name())}):")
        saved = self.kind, self.loops, self.functions, self.in_group
        self.kind, self.loops, self.in_group = "class", 0, False
        self.block()
        self.depth += 1
        for method in self.random.sample(["__init__", "__getattr__", "__add__", "__eq__", "__iter__", "__len__", "__set_name__", "__init_subclass__", "__repr__", "__bool__", "__enter__", "__del__", "__class_getitem__", "__call__", "__format__", "__index__"], self.random.randint(0, 3)):
            self.kind = "function"
            self.emit(f"def {method}(self, *args, **kw):")
            self.depth += 1
            self.emit(f"print({method!r}, args)")
            if self.chance(.3): self.emit(f"return super().{method}(*args)")
            self.emit(f"return {self.expr(2)}")
            self.depth -= 1
        self.depth -= 1
        self.kind, self.loops, self.functions, self.in_group = saved
        self.emit(f"{self.name()} = {name}({self.arguments(1)})")

    def raise_(self):
        error = self.pick(f"{self.random.choice(ERRORS)}({self.expr(1)})", self.random.choice(ERRORS), "", f"ExceptionGroup('g', [{self.random.choice(ERRORS)}(1), {self.random.choice(ERRORS)}(2)])", self.expr(1))
        cause = self.pick("", "", " from None", f" from {self.random.choice(ERRORS)}(3)") if error else ""
        self.emit(f"if {self.expr(1)}: raise {error}{cause}")

    def delete(self):
        self.emit(f"del {self.pick(self.name(), self.name() + '[0]', self.name() + '.x', self.name() + '[' + self.slice(0) + ']', self.name() + ', ' + self.name())}")

    def assert_(self):
        self.emit(f"assert {self.expr(2)}{self.pick('', ', ' + self.expr(1))}")

    def leave(self):
        options = []
        if self.loops and not self.in_group: options += ["break", "continue"]
        if self.kind in ("function", "generator") and not self.in_group: options += [f"return {self.expr(2)}"]
        if self.kind == "coroutine" and not self.in_group: options += [f"return {self.expr(2)}"]
        if not options: return self.printed()
        self.emit(f"if {self.expr(1)}: {self.random.choice(options)}")

    def group(self):
        self.emit("try:")
        self.depth += 1
        self.emit(f"raise ExceptionGroup('eg', [{self.random.choice(ERRORS)}({self.expr(1)}), ExceptionGroup('in', [{self.random.choice(ERRORS)}(2), {self.random.choice(ERRORS)}(3)])])")
        self.depth -= 1
        old, self.in_group = self.in_group, True
        for _ in range(self.random.randint(1, 2)):
            self.emit(f"except* {self.random.choice(ERRORS)} as eg:")
            self.depth += 1
            self.emit("print('group', eg, eg.exceptions)")
            self.depth -= 1
            if self.chance(.4): self.block(1)
        self.in_group = old

    def text(self):
        for name in "abcd": self.emit(f"{name} = {self.atom().replace('a', '1') if self.chance(.2) else self.pick('1', '2', chr(39) + 'ab' + chr(39), '[1, 2, 3]', 'Item(1, 2)', '(1, 2)', '{1: 2}', '0')}")
        self.emit("async def agen(n):")
        self.emit("    yield n")
        self.emit("    await Aw(n)")
        self.emit("    yield 1")
        while self.budget > 0: self.statement()
        return "\n".join(self.lines) + "\n"


def main():
    n, seed = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0
    for i in range(n):
        print(f"#--- {i}\n{PRELUDE.strip()}\n{Program(seed * 100003 + i).text()}", end="")


if __name__ == "__main__":
    main()
