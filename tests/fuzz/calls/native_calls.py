"""Calls of what is native, with edge arguments: what each gives or raises, a line each.

usage: native_calls.py SEED CALLS [--wide] [--trace FILE] [--after CALL] [--names NAME…]    CALLS: how many for each function and method

NAME is the start of a target's name (`list.`, `math`); without one all are called. Each call's arguments follow from the seed and the
call's own name, so that another Python makes the same calls. What only holds on 64 bits is called with --wide; --trace leaves the call
at hand in a file, for when it is the last, and --after goes on behind that call (`list.append #3`). An argument that outlives its call, though nothing that the call gave holds it, is a leak.
"""
import argparse, array, ast, asyncio, bz2, codecs, collections, contextvars, datetime, decimal, functools, gc, importlib, io, itertools, json, lzma, mmap, operator
import random, re, sqlite3, string.templatelib, struct, sys, time, types, typing, unicodedata, warnings, weakref, zlib, pyexpat
import subjects
import values
from values import *

for name in "_random _pickle _json _csv _md5 _sha1 _sha2 _sha3 _blake2 _queue _thread _asyncio _elementtree _zstd".split():
    globals()[name] = importlib.import_module(name)
NAMES = globals()
QUIET = io.StringIO()


async def async_generator():
    yield 1


def a_traceback():
    try: 1 / 0
    except ZeroDivisionError as error: return error.__traceback__


def filled_element():
    made = _elementtree.Element("a")
    made.extend([_elementtree.Element("b"), _elementtree.Element("c")])
    return made


def plain(text):
    text = re.sub(r"0x[0-9a-fA-F]{5,16}", "ADDRESS", text)
    text = re.sub(r"0x[0-9a-f]+(?=>)", "ADDRESS", text)
    return text if len(text) < 400 else f"{text[:300]}… {len(text)} {zlib.crc32(text.encode('utf-8', 'backslashreplace')):x}"


def told(value, depth=0):
    """A text of `value` that has no address and no order of hashes; an iterator's first elements."""
    kind = type(value)
    if kind in (str, bytes, bytearray, list, tuple, array.array) and len(value) > 10**6: return f"{kind.__name__} of {len(value)}"
    if kind in (set, frozenset) and len(value) < 50: return f"{kind.__name__}({sorted(map(told, value))})"
    if depth < 2 and kind in (list, tuple) and len(value) < 50: return f"{kind.__name__}({', '.join(told(item, depth + 1) for item in value)})"
    if depth < 2 and isinstance(value, types.ModuleType): return f"module {vars(value).get('__name__')}"
    if isinstance(value, (types.FrameType, types.CodeType, io.TextIOWrapper)): return kind.__name__
    if depth < 2 and hasattr(kind, "__next__"):
        try: return f"{kind.__name__} of {told(list(itertools.islice(value, 5)), depth + 1)}"
        except BaseException as error: return f"{kind.__name__} raising {failure(error)}"
    try: return kind.__name__ + " " + repr(value)
    except BaseException as error: return f"{kind.__name__} whose repr raises {failure(error)}"


def failure(error):
    try: text = str(error)
    except BaseException as other: text = f"(str raises {type(other).__name__})"
    return f"{type(error).__name__}: {text}" + (f" from {type(error.__cause__).__name__}" if error.__cause__ else "")


def expressions(chance, wide):
    """The positional and the named arguments of one call, as text."""
    pool = values.VALUES
    count = chance.choice([0, 1, 1, 1, 1, 2, 2, 2, 3, 3, 4])
    pick = lambda: chance.choice(values.WIDE) if wide and chance.random() < 0.2 else chance.choice(pool)
    return [pick() for _ in range(count)], {chance.choice(values.KEYWORDS): pick()} if chance.random() < 0.12 else {}


class Runner:
    def __init__(self, seed, calls, wide, trace, after):
        self.seed, self.calls, self.wide, self.trace, self.after = seed, calls, wide, trace, after

    def call(self, name, number, makers, member):
        """One call of the member of a subject, or of a function (no makers)."""
        if self.after:
            if self.after == f"{name} #{number}": self.after = ""
            return
        chance = random.Random(f"{self.seed} {name} {number}")
        maker = chance.choice(makers) if makers else None
        args, named_args = expressions(chance, self.wide and name not in subjects.SLOW_WHEN_WIDE)
        listed = ", ".join(args + [f"{key}={text}" for key, text in named_args.items()])
        shown = f"{name} #{number} {'on ' + maker if maker else ''}({listed})"
        if self.trace: self.trace.seek(0); self.trace.truncate(); self.trace.write(shown); self.trace.flush()
        values.subject = None
        outcome = after = ""
        try:
            subject = values.subject = NAMES["subject"] = eval(maker, NAMES) if maker else None
            positional = [eval(text, NAMES) for text in args]
            named = {key: eval(text, NAMES) for key, text in named_args.items()}
        except BaseException as error:
            return print(plain(f"{shown} cannot be made: {failure(error)}"))
        marks = [weakref.ref(value) for value in positional if type(value) is Plain]
        # No call is to be held by the traceback of what it raised.
        try: outcome = "-> " + told(member(subject, positional, named))
        except BaseException as error:
            outcome = "!! " + failure(error)
            error.__traceback__ = None
        if maker and not isinstance(subject, type): after = " | " + told(subject)
        del subject, positional, named
        values.subject = NAMES["subject"] = None
        if any(mark() for mark in marks):
            gc.collect()
            if any(mark() for mark in marks): outcome += " LEAK"
        print(plain(f"{shown} {outcome}{after}"))

    def type_calls(self, text, makers, wanted):
        try: kind = eval(text, NAMES)
        except AttributeError as error: return print(text, "is absent:", error)
        if not isinstance(kind, type): return print(text, "is no type")
        made = text + "()"
        if made.startswith(wanted):
            print(text, "members:", *sorted(set(vars(kind)) - set(subjects.MEMBERS_WITHOUT)))
            print(text, "bases:", *[base.__name__ for base in kind.__mro__])
            for number in range(self.calls * 2): self.call(made, number, [], lambda subject, args, named: kind(*args, **named))
        half_made = f"{text}.__new__({text})"
        for name in sorted(vars(kind)):
            full = f"{text}.{name}"
            if name in subjects.MEMBERS_WITHOUT or not full.startswith(wanted): continue
            member = vars(kind)[name]
            signature = getattr(member, "__text_signature__", None)
            if signature: print(full, "signature:", signature)
            ways = makers + [half_made] if isinstance(kind, type) and chance_of_half(text) else makers
            if isinstance(member, (types.GetSetDescriptorType, types.MemberDescriptorType, property)):
                for number in range(self.calls if ways else 0): self.call(full, number, ways, lambda subject, args, named: access(subject, name, args))
            elif name == "__new__":
                for number in range(self.calls): self.call(full, number, [], lambda subject, args, named: member.__get__(None, kind)(*args, **named))
            elif isinstance(member, (classmethod, staticmethod, types.ClassMethodDescriptorType)):
                for number in range(self.calls): self.call(full, number, [], lambda subject, args, named: getattr(kind, name)(*args, **named))
            elif callable(member):
                for number in range(self.calls):
                    self.call(full, number, ways, lambda subject, args, named: member(*([subject] if ways else []), *args, **named))

    def module_calls(self, name, wanted):
        try: module = importlib.import_module(name)
        except ImportError: return print(name, "is absent")
        for member_name in sorted(vars(module)):
            full = f"{name}.{member_name}"
            member = vars(module)[member_name]
            if full in subjects.WITHOUT or not full.startswith(wanted) or member_name.startswith("__"): continue
            if isinstance(member, type) or not callable(member) or isinstance(member, types.FunctionType): continue
            signature = getattr(member, "__text_signature__", None)
            print(full, "signature:", signature)
            for number in range(self.calls): self.call(full, number, [], lambda subject, args, named: member(*args, **named))


def chance_of_half(text):
    return text not in ("types.NoneType", "types.EllipsisType", "types.NotImplementedType", "bool", "io.FileIO", "mmap.mmap")


def access(subject, name, args):
    """Reads an attribute, stores to it or deletes it, by how many arguments there are."""
    if len(args) == 1: setattr(subject, name, args[0])
    elif len(args) == 2: delattr(subject, name)
    else: return getattr(subject, name)


def main():
    options = argparse.ArgumentParser()
    options.add_argument("seed")
    options.add_argument("calls", type=int)
    options.add_argument("--wide", action="store_true")
    options.add_argument("--trace", type=lambda name: open(name, "w", errors="backslashreplace"))
    options.add_argument("--after", default="")
    options.add_argument("--names", nargs="*", default=[])
    chosen = options.parse_args()
    wanted = tuple(chosen.names) or ""
    runner = Runner(chosen.seed, chosen.calls, chosen.wide, chosen.trace, chosen.after)
    warnings.simplefilter("ignore")
    sys.stdout.reconfigure(errors="backslashreplace")
    sys.stderr = QUIET
    sys.unraisablehook = lambda unraisable: None
    for line in subjects.TYPES:
        text, *makers = [part.strip() for part in line.split(" | ")]
        runner.type_calls(text.removesuffix(" |"), [m for m in makers if m], wanted)
    for name in subjects.MODULES: runner.module_calls(name, wanted)


if __name__ == "__main__":
    try: main()
    finally: sys.stderr = sys.__stderr__
