"""krait fmt against Black 23.1.0 over real trees: the share of files with the same result, and what differs.

usage: compare.py --krait KRAIT [--all | --files N] [--share PERCENT] [--cache FOLDER] [--options "-l 60 -S"] [TREE...]

Each file is formatted by both; krait's result is formatted again, which must change nothing, and its Ast must equal the
source's (CPython's `ast`, blanks in docstrings aside). Black is slow (two thousand lines a second): without --all a sample
is taken, the same one each time; --cache keeps Black's results by content. Exit 77 when Black is not there.
"""

import argparse
import ast
import concurrent.futures
import hashlib
import os
import random
import shlex
import subprocess
import sys

TREES = ["/usr/lib/python3.11", "/usr/lib/python3/dist-packages/django"]
sys.path.append("/usr/lib/python3/dist-packages")


def find_files(trees):
    found = []
    for tree in trees:
        for folder, folders, names in os.walk(tree):
            folders[:] = sorted(name for name in folders if name != "__pycache__")
            found += [os.path.join(folder, name) for name in sorted(names) if name.endswith((".py", ".pyi"))]
    return found


def black_mode(path, options):
    import black

    words = shlex.split(options)
    length = int(words[words.index("-l") + 1]) if "-l" in words else 88
    return black.Mode(line_length=length, is_pyi=path.endswith(".pyi"), string_normalization="-S" not in words,
                      magic_trailing_comma="-C" not in words)


def format_with_black(path, options, cache):
    """The result as text with plain line ends; None when Black cannot format the file."""
    import black

    try:
        source, _, _ = black.decode_bytes(open(path, "rb").read())
    except (SyntaxError, LookupError, UnicodeDecodeError):
        return None
    key = hashlib.sha256(f"{options}\0{path.endswith('.pyi')}\0{source}".encode(errors="replace")).hexdigest()
    kept = cache and os.path.join(cache, key)
    if kept and os.path.exists(kept):
        text = open(kept, encoding="utf-8", errors="surrogatepass", newline="").read()
        return text[1:] if text.startswith("+") else None
    try:
        result = black.format_str(source, mode=black_mode(path, options))
    except Exception:  # whatever it is, Black leaves the file alone
        result = None
    if kept:
        with open(kept, "w", encoding="utf-8", errors="surrogatepass", newline="") as out:
            out.write("" if result is None else "+" + result)
    return result


def format_with_krait(krait, path, options, data):
    command = [krait, "fmt", "-", "--isolated", "--stdin-filename", path, *shlex.split(options)]
    done = subprocess.run(command, input=data, capture_output=True, timeout=120)
    if done.returncode == 0:
        return done.stdout, None
    return None, done.stderr.decode(errors="replace").strip() or f"exit {done.returncode}"


def normalised(tree):
    """The tree without what formatting may change: blanks in strings that are statements, brackets of `del (a, b)`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            node.value.value = "\n".join(line.strip() for line in node.value.value.split()).strip()
        if isinstance(node, ast.Delete):
            node.targets = [part for target in node.targets
                            for part in (target.elts if isinstance(target, ast.Tuple) else [target])]
        if isinstance(node, ast.Constant):
            node.kind = None
    return ast.dump(tree)


def first_hunk(expected, got):
    left, right = expected.split("\n"), got.split("\n")
    at = next((i for i, pair in enumerate(zip(left, right)) if pair[0] != pair[1]), min(len(left), len(right)))
    return "\n".join([f"  line {at + 1}"] + ["  - " + line for line in left[at:at + 3]] +
                     ["  + " + line for line in right[at:at + 3]])


def compare(job):
    krait, path, options, cache = job
    data = open(path, "rb").read()
    expected = format_with_black(path, options, cache)
    got, wrong = format_with_krait(krait, path, options, data)
    if got is None:
        return path, "refused by both" if expected is None else "failed", wrong
    again, wrong = format_with_krait(krait, path, options, got)
    if again != got:
        return path, "unstable", wrong or "formatting the result again changes it"
    try:
        if normalised(ast.parse(data)) != normalised(ast.parse(got)):
            return path, "meaning", "the Ast differs"
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        pass  # newer than this Python, or older: krait compared the Asts itself
    if expected is None:
        return path, "not comparable", "Black cannot format it"
    import black

    text, _, _ = black.decode_bytes(got)
    return (path, "same", "") if text == expected else (path, "differs", first_hunk(expected, text))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--krait", required=True)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--files", type=int, default=30)
    parser.add_argument("--share", type=float, default=99.0)
    parser.add_argument("--cache")
    parser.add_argument("--options", default="")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("trees", nargs="*", default=TREES)
    arguments = parser.parse_args()
    try:
        import black
    except ImportError:
        print("Black is not installed (apt-get install black)")
        return 77
    if black.__version__ != "23.1.0":
        print(f"Black 23.1.0 is wanted, not {black.__version__}")
        return 77
    files = find_files(arguments.trees)
    if not arguments.all and len(files) > arguments.files:
        files = sorted(random.Random(1).sample(files, arguments.files))
    if arguments.cache:
        os.makedirs(arguments.cache, exist_ok=True)
    counts = {}
    jobs = [(arguments.krait, path, arguments.options, arguments.cache) for path in files]
    with concurrent.futures.ProcessPoolExecutor(arguments.jobs) as pool:
        for path, state, text in pool.map(compare, jobs, chunksize=4):
            counts[state] = counts.get(state, 0) + 1
            if state not in ("same", "refused by both"):
                print(f"{state}: {path}\n{text}")
    compared = counts.get("same", 0) + counts.get("differs", 0) + counts.get("failed", 0)
    share = 100 * counts.get("same", 0) / compared if compared else 0
    print(", ".join(f"{count} {state}" for state, count in sorted(counts.items())))
    print(f"{share:.2f} % of {compared} files as Black writes them")
    is_bad = counts.get("unstable", 0) or counts.get("meaning", 0) or counts.get("failed", 0)
    return 1 if is_bad or share < arguments.share else 0


if __name__ == "__main__":
    sys.exit(main())
