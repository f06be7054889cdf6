#!/usr/bin/env python3
"""Compare krait's syntax and compile errors with those of CPython 3.14.

usage: compare.py PROGRAM programs [--update]      the programs of programs.txt, against expected.jsonl
       compare.py PROGRAM files FOLDER...          all .py and .pyi files of folders, against the oracle
       compare.py PROGRAM mutants FOLDER COUNT [SEED]   files of a folder with one token changed, against the oracle
       compare.py PROGRAM quick [FOLDER COUNT [SEED]]   the verdicts with and without the exact check of texts that do
                                                        not look suspicious: of programs.txt and of mutants

PROGRAM is build/dev/tests/conformance/syntax/syntax_only (or `krait dump ast --syntax-only`, quoted). The oracle is the
Python of the pinned pyodide package, run by node. --update writes expected.jsonl anew from the oracle.
Exit 1 when a bound is missed: equal verdicts on files and in quick, 99.8 % on mutants; class, message and line equal on 99 % of the
rejected programs and 97 % of the rejected mutants.
"""
import io, json, os, random, shlex, subprocess, sys, tempfile, tokenize

HERE = os.path.dirname(os.path.abspath(__file__))
PYODIDE = os.path.join(HERE, "..", "..", "..", "node_modules", "pyodide")
WORDS = ("( ) [ ] { } : , = == := -> . * ** @ if else for in not and or is lambda return yield await async def class try "
         "except finally with as import from global nonlocal pass break continue match case None 1 1.5 'a' f'{x}' x print").split()


def programs():
    with open(os.path.join(HERE, "programs.txt"), encoding="utf-8") as f:
        return f.read().split("=====\n")


def write_programs(texts, folder):
    paths = []
    for number, text in enumerate(texts):
        path = os.path.join(folder, f"p{number:05d}.py")
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)
        paths.append(path)
    return paths


def ask_oracle(paths):
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as names:
        names.write("\n".join(paths))
        names.flush()
        out = subprocess.run(["node", "--stack-size=4000", os.path.join(HERE, "oracle.mjs"), PYODIDE, names.name],
                             capture_output=True, text=True, check=True).stdout
    return [json.loads(line) for line in out.splitlines()]


def ask_krait(program, paths):
    answers = []
    for begin in range(0, len(paths), 400):
        run = subprocess.run(shlex.split(program) + paths[begin:begin + 400], capture_output=True, text=True)
        if run.returncode not in (0, 1):
            sys.exit(f"{program} ended with {run.returncode}: {run.stderr[-500:]}")
        answers += [json.loads(line) for line in run.stdout.splitlines()]
    return answers


def shown(answer):
    if answer["ok"]:
        return "accepted"
    return "{class}: {message} ({line}:{column}-{end_line}:{end_column})".format_map(
        {"line": None, "column": None, "end_line": None, "end_column": None, **answer})


def compare(paths, got, want):
    verdicts = rejected = messages = columns = 0
    for path, g, w in zip(paths, got, want, strict=True):
        verdicts += g["ok"] == w["ok"]
        if w["ok"]:
            if not g["ok"]:
                print(f"{path}: got {shown(g)}; want accepted")
            continue
        rejected += 1
        key = ("class", "message", "line")
        same = not g["ok"] and all((g.get(k) or 0) == (w.get(k) or 0) for k in key)
        place = ("column", "end_line", "end_column")
        exact = same and all((g.get(k) or 0) == (w.get(k) or 0) for k in place)
        messages += same
        columns += exact
        if not exact:
            print(f"{path}: got {shown(g)}; want {shown(w)}")
    total = len(paths)
    share = lambda n, of: 100.0 * n / of if of else 100.0
    print(f"{total} programs: verdict equal {verdicts} ({share(verdicts, total):.2f} %); of {rejected} rejected: class, "
          f"message and line {messages} ({share(messages, rejected):.2f} %), all positions {columns} ({share(columns, rejected):.2f} %)")
    return share(verdicts, total), share(messages, rejected)


def check_programs(program, update):
    expected = os.path.join(HERE, "expected.jsonl")
    with tempfile.TemporaryDirectory() as folder:
        paths = write_programs(programs(), folder)
        if update:
            with open(expected, "w", encoding="utf-8") as f:
                for answer in ask_oracle(paths):
                    del answer["file"]
                    f.write(json.dumps(answer, ensure_ascii=False) + "\n")
        with open(expected, encoding="utf-8") as f:
            want = [json.loads(line) for line in f]
        verdicts, messages = compare(paths, ask_krait(program, paths), want)
    return verdicts >= 99.0 and messages >= 99.0


def check_files(program, folders):
    paths = sorted(os.path.join(d, f) for folder in folders for d, _, files in os.walk(folder) for f in files
                   if f.endswith((".py", ".pyi")))
    verdicts, messages = compare(paths, ask_krait(program, paths), ask_oracle(paths))
    return verdicts == 100.0


def mutant(rng, text):
    kinds = (tokenize.ENDMARKER, tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE)
    tokens = [t for t in tokenize.generate_tokens(io.StringIO(text).readline) if t.type not in kinds]
    if len(tokens) < 20:
        return None
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    at = lambda place: starts[place[0] - 1] + place[1]
    token = rng.choice(tokens)
    begin, end = at(token.start), at(token.end)
    kind = rng.choice(["delete", "double", "replace", "insert", "cut"])
    word = rng.choice(WORDS)
    if kind == "delete":
        return text[:begin] + text[end:]
    if kind == "double":
        return text[:end] + " " + text[begin:end] + text[end:]
    if kind == "replace":
        return text[:begin] + word + text[end:]
    if kind == "insert":
        return text[:begin] + word + " " + text[begin:]
    return text[:end]


def mutants(folder, count, seed):
    rng = random.Random(seed)
    files = sorted(os.path.join(d, f) for d, _, fs in os.walk(folder) for f in fs if f.endswith(".py"))
    texts = []
    while len(texts) < count:
        path = rng.choice(files)
        try:
            with open(path, encoding="utf-8") as f:
                text = mutant(rng, f.read(20000))
        except (SyntaxError, tokenize.TokenError, UnicodeDecodeError, IndexError):
            continue
        if text is not None:
            texts.append(text)
    return texts


def check_mutants(program, folder, count, seed):
    with tempfile.TemporaryDirectory() as out:
        paths = write_programs(mutants(folder, count, seed), out)
        verdicts, messages = compare(paths, ask_krait(program, paths), ask_oracle(paths))
    return verdicts >= 99.8 and messages >= 97.0


def check_quick(program, texts):
    with tempfile.TemporaryDirectory() as out:
        paths = write_programs(texts, out)
        quick, exact = ask_krait(program + " --quick", paths), ask_krait(program + " --module", paths)
        missed = [(path, e) for path, q, e in zip(paths, quick, exact, strict=True) if q != e]
        for path, answer in missed:
            with open(path, encoding="utf-8") as f:
                lines = f.read().split("\n")
            print(f"{os.path.basename(path)}: accepted without the exact check, which says {shown(answer)}:")
            print("    " + lines[min((answer.get("line") or 1), len(lines)) - 1][:150])
        print(f"{len(paths)} programs: {len(paths) - len(missed)} equal, {sum(not e['ok'] for e in exact)} of them rejected")
    return not missed


def main(args):
    if len(args) < 2 or args[1] not in ("programs", "files", "mutants", "quick"):
        sys.exit(__doc__)
    program, what, rest = args[0], args[1], args[2:]
    if what == "programs":
        ok = check_programs(program, "--update" in rest)
    elif what == "files":
        ok = check_files(program, rest)
    elif what == "quick":
        ok = check_quick(program, programs() + (mutants(rest[0], int(rest[1]), (rest + ["krait"])[2]) if rest else []))
    else:
        ok = check_mutants(program, rest[0], int(rest[1]), rest[2] if len(rest) > 2 else "krait")
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
