"""Random Python programs that use every form of the grammar (language reference 10), many of which nobody writes.

usage: make_programs.py FOLDER COUNT [SEED]

Each file holds one function with a few statements. Not all are valid: what may stand where is left to the compiler.
"""
import os
import random
import sys

NAMES = "a b c match case type print self soft _".split()
LITERALS = """1 1.5 0x1f 1j 's' b'x' ... None True "f'{a}'" .5 5. 1_0 1e5 '' rb'q'""".split() + ["'a' 'b'", "f'{a!r:>{b}}'", "f'{a}' 'x'", "t'{a}'", "f'{a, b}'"]
BINARY = "+ - * / // % @ ** << >> & | ^".split()
COMPARE = ["<", ">", "==", "!=", "<=", ">=", "in", "not in", "is", "is not"]
AUGMENTED = "+= -= *= @= /= //= %= **= >>= <<= &= ^= |=".split()


class Programs:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def one(self, *forms):
        return self.random.choice(forms)()

    def several(self, form, most, least=0):
        return [form() for _ in range(self.random.randint(least, most))]

    def chance(self, part):
        return self.random.random() < part

    def name(self):
        return self.random.choice(NAMES)

    def atom(self):
        return self.random.choice([self.name(), self.random.choice(LITERALS)])

    def expression(self, d):
        if d <= 0:
            return self.atom()
        d -= 1
        e, orx, unary, primary = (lambda: self.expression(d)), (lambda: self.or_expression(d)), (lambda: self.unary(d)), (lambda: self.primary(d))
        comparison, clauses = (lambda: self.comparison(d)), (lambda: self.clauses(d))
        return self.one(
            self.atom, self.atom, lambda: f"({e()})", lambda: f"[{self.elements(d)}]", lambda: f"({self.stars(d)})",
            lambda: "{" + ", ".join(self.several(lambda: self.one(lambda: f"{e()}: {e()}", lambda: f"**{orx()}"), 3)) + "}",
            lambda: "{" + ", ".join(self.several(lambda: self.one(e, lambda: f"*{orx()}"), 3, 1)) + "}",
            lambda: f"{primary()}.{self.name()}", lambda: f"{primary()}({self.arguments(d)})", lambda: f"{primary()}[{self.slices(d)}]",
            lambda: f"{unary()} {self.random.choice(BINARY)} {unary()}", lambda: f"not {comparison()}", comparison,
            lambda: f"{comparison()} {self.random.choice(['and', 'or'])} {comparison()}",
            lambda: f"{self.disjunction(d)} if {self.disjunction(d)} else {e()}", lambda: f"lambda {self.parameters(d, False)}: {e()}",
            lambda: f"[{self.named(d)} {clauses()}]", lambda: f"({self.named(d)} {clauses()})", lambda: "{" + f"{e()}: {e()} {clauses()}" + "}",
            lambda: f"({self.name()} := {e()})", lambda: f"(yield {self.stars(d)})", lambda: f"(yield from {e()})", lambda: "(yield)",
            lambda: f"await {primary()}", lambda: "f'{" + e().replace("'", '"') + "}'", lambda: f"{primary()}({e()} {clauses()})")

    def primary(self, d):
        if d <= 0:
            return self.name()
        return self.one(self.name, self.atom, lambda: f"({self.expression(d)})", lambda: f"{self.name()}.{self.name()}",
                        lambda: f"{self.name()}({self.arguments(d - 1)})", lambda: f"{self.name()}[{self.slices(d - 1)}]",
                        lambda: f"[{self.elements(d - 1)}]", lambda: "{}")

    def unary(self, d):
        return self.random.choice(["", "-", "~", "+", "await ", "- -"]) + self.primary(d) + (f" ** -{self.primary(d)}" if self.chance(.15) else "")

    def or_expression(self, d):
        return self.unary(d) + (f" {self.random.choice(BINARY)} {self.unary(d)}" if self.chance(.5) else "")

    def comparison(self, d):
        rest = "".join(f" {self.random.choice(COMPARE)} {self.or_expression(d)}" for _ in range(self.random.randint(0, 2)))
        return ("not " if self.chance(.2) else "") + self.or_expression(d) + rest

    def disjunction(self, d):
        return f" {self.random.choice(['and', 'or'])} ".join(self.several(lambda: self.comparison(d), 2, 1))

    def named(self, d):
        return (f"{self.name()} := " if self.chance(.3) else "") + self.expression(d)

    def elements(self, d):
        return ", ".join(self.several(lambda: self.one(lambda: self.named(d), lambda: f"*{self.or_expression(d)}"), 3))

    def stars(self, d):
        parts = self.several(lambda: self.one(lambda: self.expression(d), lambda: f"*{self.or_expression(d)}"), 3, 1)
        return ", ".join(parts) + ("," if len(parts) == 1 and (parts[0][0] == "*" or self.chance(.3)) else "")

    def slices(self, d):
        e = lambda: self.expression(d)  # noqa: E731
        forms = [lambda: self.named(d), lambda: f"{e()}:{e()}", lambda: ":", lambda: f"::{e()}", lambda: f"{e()}:", lambda: f"*{self.or_expression(d)}",
                 lambda: f":{e()}:{e()}", lambda: f"{e()}::"]
        return ", ".join(self.several(lambda: self.one(*forms), 2, 1)) + ("," if self.chance(.1) else "")

    def arguments(self, d):
        e = lambda: self.expression(d)  # noqa: E731
        parts = self.several(lambda: self.one(lambda: self.named(d), lambda: f"*{e()}"), 2)
        parts += self.several(lambda: self.one(lambda: f"k{self.random.randrange(99)}={e()}", lambda: f"**{e()}", lambda: f"match={e()}"), 1)
        return ", ".join(parts) + ("," if parts and self.chance(.1) else "")

    def parameters(self, d, has_annotations):
        names = iter(f"p{i}" for i in range(9))
        typed = lambda text: text + (f": {self.expression(d)}" if has_annotations and self.chance(.6) else "")  # noqa: E731
        out = self.several(lambda: typed(next(names)), 2)
        if out and self.chance(.2):
            out.append("/")
        out += self.several(lambda: f"{typed(next(names))}={self.expression(d)}", 1)
        kind = self.random.randrange(3)
        if kind == 0:
            out.append("*args" + (f": *{self.or_expression(d)}" if has_annotations and self.chance(.5) else ""))
        elif kind == 1:
            out += ["*", typed(next(names))]
        if self.chance(.3):
            out.append(typed("**kw"))
        return ", ".join(out)

    def clauses(self, d):
        clause = lambda: (f"{'async ' if self.chance(.1) else ''}for {self.targets(d)} in {self.disjunction(d)}"  # noqa: E731
                          + "".join(self.several(lambda: f" if {self.disjunction(d)}", 1)))
        return " ".join(self.several(clause, 2, 1))

    def target(self, d):
        if d <= 0:
            return self.name()
        both = lambda: f"{self.target(d - 1)}, {self.target(d - 1)}"  # noqa: E731
        return self.one(self.name, self.name, lambda: f"{self.primary(d)}.{self.name()}", lambda: f"{self.primary(d)}[{self.slices(d)}]",
                        lambda: f"({both()})", lambda: f"[{both()}]", lambda: f"({self.target(d - 1)})")

    def targets(self, d):
        return self.one(lambda: self.target(d), lambda: self.target(d), lambda: f"{self.target(d)}, *{self.target(d)}", lambda: f"{self.target(d)},")

    def type_parameters(self, d):
        e = lambda: self.expression(d)  # noqa: E731
        if self.chance(.6):
            return ""
        form = lambda name: self.one(lambda: name, lambda: f"{name}: {e()}", lambda: f"*{name}", lambda: f"**{name}")  # noqa: E731
        parts = [form(name) for name in ["T", "U"][:self.random.randint(1, 2)]]
        if self.chance(.5):
            parts.append(f"D = {e()}" if self.chance(.5) else f"*D = *{self.or_expression(d)}")
        return "[" + ", ".join(parts) + "]"

    def pattern(self, d):
        literal = lambda: self.random.choice(["1", "-1", "'s'", "None", "_", "x", "a.b", "1+2j", "-1.5-3j", "'a' 'b'"])  # noqa: E731
        if d <= 0:
            return literal()
        p = lambda: self.pattern(d - 1)  # noqa: E731
        return self.one(literal, lambda: f"[{', '.join(self.several(p, 2))}]", lambda: f"({p()}, {p()})", lambda: f"{{'k': {p()}, -1: _, **rest}}",
                        lambda: f"C({p()}, k={p()})", lambda: f"({literal()} | None)", lambda: "(C() as y)", lambda: "a.b.C(), *_", lambda: "()")

    def simple(self, d):
        e, stars = (lambda: self.expression(d)), (lambda: self.stars(d))
        return self.one(
            stars, lambda: f"{self.targets(d)} = {stars()}", lambda: f"{self.targets(d)} = {self.targets(d)} = yield {stars()}",
            lambda: f"{self.name()} {self.random.choice(AUGMENTED)} {stars()}", lambda: f"{self.name()} = yield", lambda: "yield",
            lambda: f"{self.random.choice(['a', 'a.x', '(a)', 'a[0]'])}: {e()}" + (f" = {stars()}" if self.chance(.5) else ""),
            lambda: f"return {stars()}", lambda: f"raise {e()} from {e()}", lambda: f"assert {e()}, {e()}", lambda: f"del {self.target(d)}, {self.target(d)}",
            lambda: "pass", lambda: f"type {self.name()}{self.type_parameters(d)} = {e()}",
            lambda: f"from .{self.random.choice(['', '.', '..', 'a'])} import {self.name()} as {self.name()}", lambda: "import a.b as c, d",
            lambda: "from . import (x, y as z,)", lambda: "global g1, g2", lambda: f"yield {stars()}")

    def block(self, d, indent):
        return "\n".join(self.several(lambda: self.statement(d - 1, indent + "    "), 2, 1))

    def statement(self, d, indent):
        form = self.random.randrange(14) if d > 0 else 0
        e, block = (lambda: self.expression(2)), (lambda: self.block(d, indent))
        maybe_async = self.random.choice(["", "async "])
        if form < 6:
            tail = f"; {self.simple(1)}" if self.chance(.1) else ";" if self.chance(.05) else ""
            return indent + self.simple(max(d, 1)) + tail
        if form == 6:
            return f"{indent}if {self.named(2)}:\n{block()}\n{indent}elif {self.named(2)}: {self.simple(1)}\n{indent}else:\n{block()}"
        if form == 7:
            return f"{indent}while {self.named(2)}:\n{block()}\n{indent}else: pass"
        if form == 8:
            return f"{indent}{maybe_async}for {self.targets(2)} in {self.stars(2)}:\n{block()}"
        if form == 9:
            star = self.random.choice(["", "*"])
            last = f"{indent}except{star} A, B:\n{block()}\n" if self.chance(.5) else ""
            return f"{indent}try:\n{block()}\n{indent}except{star} {self.expression(1)} as x:\n{block()}\n{last}{indent}finally:\n{block()}"
        if form == 10:
            items = self.one(e, lambda: f"{e()} as {self.target(1)}", lambda: f"({e()}, {e()})", lambda: f"({e()} as {self.target(1)})",
                             lambda: f"({self.expression(1)} as a, {self.expression(1)} as {self.target(1)},)")
            return f"{indent}{maybe_async}with {items}:\n{block()}"
        if form == 11:
            returns = f" -> {e()}" if self.chance(.5) else ""
            head = f"{maybe_async}def f{self.type_parameters(1)}({self.parameters(1, True)}){returns}:"
            return f"{indent}@{self.named(2)}\n{indent}{head}\n{block()}"
        if form == 12:
            return f"{indent}class C{self.type_parameters(1)}({self.arguments(1)}):\n{block()}"
        guard = lambda: f" if {self.named(1)}" if self.chance(.5) else ""  # noqa: E731
        cases = (f"{indent}    case {self.pattern(2)}{guard()}:\n{self.block(d - 1, indent + '    ')}" for _ in range(2))
        return f"{indent}match {self.stars(2)}:\n" + "\n".join(cases)


def make(folder, count, seed):
    """Writes `count` programs into the folder and returns their paths."""
    programs, paths = Programs(seed), []
    os.makedirs(folder, exist_ok=True)
    for i in range(count):
        paths.append(os.path.join(folder, f"program{i:05}.py"))
        with open(paths[-1], "w", encoding="utf-8") as file:
            file.write("async def outer():\n" + programs.statement(2, "    ") + "\n")
    return paths


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    make(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 0)
