"""Compares the regular expression engine with the re module of the Python that runs this script.

    compare.py path/to/regex_run STDLIB [--fuzz N] [--seed S] [--time]

STDLIB is the 3.14 library, whose own pattern compiler makes the code. Without options a list of fixed patterns runs;
--fuzz adds N random patterns, --time prints the time of both engines on a few texts instead.
"""
import argparse
import importlib
import os
import random
import re
import subprocess
import sys
import time
import types
import warnings

import _sre

MODES = {"match": 0, "search": 1, "fullmatch": 2, "all": 3, "time": 4}

FIXED = [
    (r"", "abc"), (r"a*", "baaac"), (r"(a|ab)(c|bcd)(d*)", "abcd"), (r"(?:(a)|b)*", "ab"), (r"(a)|b", "ab"),
    (r"(\w+)\s+\1", "the the cat"), (r"(?i)stra\u00dfe", "STRA\u1e9eE Stra\u00dfe"), (r"(?P<x>a)(?(x)b|c)", "ab ac c"),
    (r"(a)?(?(1)b|c)d", "abd cd ad"), (r"(?<=ab)c", "abc cc"), (r"(?<!ab)c", "abc cc"), (r"(?=(a+))a*b\1", "baaabac"),
    (r"(?!foo)\w+", "foobar"), (r"^\w+$", "ab\ncd\n"), (r"(?m)^\w+$", "ab\ncd\n"), (r"\b\w+\b", "hello, w\u00f6rld"),
    (r"\Bo\B", "foo boo oo"), (r"(?>a+)b", "aaab"), (r"a++b", "aaab aaa"), (r"(?:ab)++c", "ababc abab"), (r"(?:a|b)*?c", "abac"),
    (r"(x*)*", "xx"), (r"(?:x*)*y", "xxxy"), (r"(a*)+", "aa"), (r"(a+|b){2,3}?", "aabab"), (r"[^\W\d_]+", "ab1_c\u0436\u4e00"),
    (r"[\s\S]", "\n"), (r"(?s).+", "a\nb"), (r".+", "a\nb"), (r"[a-c\u0400-\u04ff]+", "ab\u0436\u0437d"),
    (r"(?i)[k]+", "kK\u212a"), (r"(?i)\u03c3", "\u03a3\u03c3\u03c2"), (r"(?i)[\u0400-\U0001f600]+", "\u0436\u0416\U00010400"),
    (r"(?ia)K", "kK\u212a"), (r"\d+", "12\u0663"), (r"(?a)\d+", "12\u0663"), (r"foobar|foobaz|quux", "xfoobaz quux"),
    (r'"(?:[^"\\]|\\.)*"', r'say "a\"b" and "c'), (r"(?:a?){3}a{3}", "aaa"), (r"((a)|(b)|(c))*", "abcab"), (r"(?:(\w)-)*\1", "a-b-b"),
    (r"a.*?b.*?c", "axbxc abc"), (r"(?m)a$", "a\na"), (r"\Aa|\Z", "aa"), (r"(?=a)*", "a"), (r"(?:(?=(\w))a)+", "aab"),
    (r"[\u0100-\u0200\u4e00-\u4fff\u0430]+", "\u0101\u4e01\u0430x"), (r"(abc|ab)(c)?", "abc"), (r"x{0}y", "xy"), (r"(?:)", "ab"),
    (r"(.)\1*", "aabbbc"), (r"(?P<q>['\"]).*?(?P=q)", "a 'b' \"c'd\""), (r"(a(b(c)?)?)?", "abab"), (r"(?:a{2}){2}", "aaaaa"),
]

TIMED = [
    ("words", r"\w+", "words"), ("numbers", r"\d+(?:\.\d+)?", "words"), ("literal", r"quick", "words"), ("caseless", r"(?i)quick", "words"),
    ("names", r"(\w+)=(\w+)", "assignments"), ("strings", r'"(?:[^"\\]|\\.)*"', "assignments"), ("lazy", r"b.*?e", "words"),
    ("alternatives", r"fox|dog|jumps|lazy|over|quick", "words"), ("lines", r"(?m)^.*lazy.*$", "words"),
    ("tokens", r"(?P<name>[A-Za-z_]\w*)|(?P<number>\d+)|(?P<op>[-+*/=()])|(?P<space>\s+)", "assignments"),
    ("backtracking", r"(?:a|ab|abc)+d", "letters"), ("email", r"[\w.]+@[\w.]+\.\w+", "words"), ("wide", r"\w+", "wide"),
]
TEXTS = {
    "words": "The quick brown fox jumps over 3.14 lazy dogs.\n" * 2000,
    "assignments": 'name = value + 12; text="a \\" b"; key=word\n' * 2000,
    "letters": "abcabababcab" * 2000,
    "wide": "\u0441\u044a\u0435\u0448\u044c \u0436\u0435 \u0435\u0449\u0451 \u044d\u0442\u0438\u0445\n" * 2000,
}


class Compiler:
    """The 3.14 library's pattern compiler over this Python's character functions."""

    def __init__(self, stdlib):
        fake = types.ModuleType("_sre")
        for name in ("MAXREPEAT", "MAXGROUPS", "CODESIZE", "unicode_iscased", "unicode_tolower", "ascii_iscased", "ascii_tolower"):
            setattr(fake, name, getattr(_sre, name))
        fake.MAGIC = 20230612
        fake.compile = lambda pattern, flags, code, groups, groupindex, indexgroup: (code, groups)
        package = types.ModuleType("krait_re")
        package.__path__ = [os.path.join(stdlib, "re")]
        sys.modules["krait_re"] = package
        sys.modules["_sre"] = fake
        self.module = importlib.import_module("krait_re._compiler")
        sys.modules["_sre"] = _sre

    def compile(self, pattern):
        code, groups = self.module.compile(pattern)
        return [int(value) for value in code], groups


def describe(match):
    if match is None:
        return ""
    spans = [match.span(i) for i in range(1, match.re.groups + 1)]
    return ",".join(map(str, [*match.span(), match.lastindex or -1, *(x for span in spans for x in span)]))


def expected(mode, pattern, text):
    if mode == "all":
        return ";".join(map(describe, pattern.finditer(text)))
    return describe(getattr(pattern, mode)(text))


def encode(mode, code, groups, text):
    widest = max(map(ord, text), default=0)
    kind = 1 if widest < 256 else 2 if widest < 65536 else 4
    numbers = [MODES[mode], kind, groups, len(code), *code, len(text), *map(ord, text)]
    return " ".join(map(str, numbers))


def random_pattern(rng, depth=0, groups=None):
    groups = groups if groups is not None else [0]
    kind = rng.random()
    if depth > 4 or kind < 0.35:
        return rng.choice(["a", "b", "c", ".", "[ab]", "[^a]", r"\w", "ab", "bc", r"\b", "^", "$", r"\B", "[b-d]", ""])
    sub = lambda: random_pattern(rng, depth + 1, groups)
    if kind < 0.50:
        return sub() + sub()
    if kind < 0.62:
        return "(?:" + "|".join(sub() for _ in range(rng.randint(2, 3))) + ")"
    if kind < 0.74:
        groups[0] += 1
        number = groups[0]
        body = sub()
        tail = rng.choice(["", "", f"\\{number}", f"(?({number})a|b)"])
        return f"({body}){tail}"
    if kind < 0.94:
        quantifier = rng.choice(["*", "+", "?", "{2}", "{1,2}", "{0,3}", "*?", "+?", "??", "{1,2}?", "*+", "++", "?+"])
        return f"(?:{sub()}){quantifier}"
    return rng.choice(["(?=", "(?!", "(?>"]) + sub() + ")"


def cases(compiler, options):
    rng = random.Random(options.seed)
    for pattern, text in FIXED:
        for mode in ("match", "search", "fullmatch", "all"):
            yield mode, pattern, text
    for _ in range(options.fuzz):
        pattern = random_pattern(rng)
        for _ in range(3):
            text = "".join(rng.choice("abcd\n") for _ in range(rng.randint(0, 12)))
            yield rng.choice(["match", "search", "fullmatch", "all"]), pattern, text


def run(options, lines):
    return subprocess.run([options.regex_run], input="\n".join(lines), stdout=subprocess.PIPE, text=True).stdout.split("\n")


def compare(compiler, options):
    asked = []
    for mode, pattern, text in cases(compiler, options):
        if not text and r"\B" in pattern and sys.version_info < (3, 14):
            continue  # 3.14 changed what \B says of the empty text
        try:
            theirs = re.compile(pattern)
            code, groups = compiler.compile(pattern)
        except re.error:
            continue
        except Exception as error:
            if type(error).__name__ == "PatternError":
                continue
            raise
        try:
            want = expected(mode, theirs, text)
        except SystemError:
            continue  # some versions of re find groups that end before they begin, and say so
        asked.append((mode, pattern, text, want, encode(mode, code, groups, text)))
    answers = run(options, [case[4] for case in asked])
    wrong = 0
    for (mode, pattern, text, want, _), got in zip(asked, answers + [None] * len(asked)):
        if got != want:
            wrong += 1
            if wrong <= 20:
                print(f"{mode} {pattern!r} in {text!r}: got {got}, re says {want}")
    print(f"{len(asked)} cases, {wrong} differences")
    return 1 if wrong else 0


def measure(compiler, options):
    for name, pattern, text_name in TIMED:
        text = TEXTS[text_name]
        code, groups = compiler.compile(pattern)
        ours = float(run(options, [encode("time", code, groups, text)])[0])
        compiled = re.compile(pattern)
        begin = time.process_time()
        rounds = 10
        for _ in range(rounds):
            for _ in compiled.finditer(text):
                pass
        theirs = (time.process_time() - begin) / rounds
        print(f"{name:14} {ours * 1e3:8.3f} ms, re {theirs * 1e3:8.3f} ms, ratio {theirs / ours:6.2f}")
    return 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("regex_run")
    parser.add_argument("stdlib")
    parser.add_argument("--fuzz", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--time", action="store_true")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    compiler = Compiler(options.stdlib)
    return measure(compiler, options) if options.time else compare(compiler, options)


if __name__ == "__main__":
    sys.exit(main())
