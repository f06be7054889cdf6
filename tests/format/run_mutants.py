"""Files changed at random, formatted: never a crash or a hang, never a lost token or comment, stable.

usage: run_mutants.py KRAIT [--count N] [--seed N] [FILE...]

A mutant that is no Python must be refused and left alone; any other must keep its tokens, but for those that the style
adds and drops (brackets, commas, semicolons, joined lines), and must not change when it is formatted again.
"""

import argparse
import glob
import os
import random
import re
import subprocess
import sys
import sysconfig

PIECES = ["(", ")", "[", "]", "{", "}", ",", ":", "=", "\n", "\n\n", "    ", "\\\n", "# comment\n", "  # fmt: skip\n",
          "# fmt: off\n", "# fmt: on\n", "if x:\n", "else:\n", "lambda x: ", "not ", "await ", "yield ", "*", "**", "-",
          "'", '"', '"""', "f'{x}'", ";", "x", "1", " in ", " for x in y", "(x := 1)", "return ", "\t", "@a\n", "...",
          "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "# type: ignore\n", "del (x)\n", "(\n# c\nx\n)", "with (a, b): pass\n"]
WORD = re.compile(r"[A-Za-z_0-9]+")


def mutate(rng, text):
    for _ in range(rng.choice([1, 1, 2, 3])):
        at = rng.randrange(len(text) + 1)
        kind = rng.randrange(5)
        if kind == 0:
            text = text[:at] + rng.choice(PIECES) + text[at:]
        elif kind == 1:
            text = text[:at] + text[at + rng.randint(1, 12):]
        elif kind == 2:
            other = rng.randrange(len(text) + 1)
            text = text[:at] + text[other:other + rng.randint(1, 60)] + text[at:]
        elif kind == 3:
            spaces = [match.start() for match in re.finditer(r"[,(\[]", text)]
            if spaces:
                place = rng.choice(spaces) + 1
                text = text[:place] + rng.choice(["\n", "\n# c\n", "  # c\n", "\n\n\n"]) + text[place:]
        else:
            lines = text.split("\n")
            first = rng.randrange(len(lines))
            moved = lines[first:first + rng.randint(1, 3)]
            lines[first:first] = moved
            text = "\n".join(lines)
    return text


def excerpt(rng, text):
    """Some whole statements of the file."""
    lines = text.split("\n")
    starts = [at for at, line in enumerate(lines) if re.match(r"(def|class|@|if|for|x|import|from|[a-z_]+ =)\b", line)] or [0]
    first = rng.choice(starts)
    last = next((at for at in starts if at > first + rng.randrange(40)), len(lines))
    return "\n".join(lines[first:last]) + "\n"


def words(text):
    """The words of a text, counted: none may come or go. Prefixes and letters of literals change case."""
    counts = {}
    for word in WORD.findall(re.sub(r"\\\n", " ", text)):
        word = word.lower()
        counts[word] = counts.get(word, 0) + 1
    return counts


def is_allowed_loss(word):
    # The `u` of strings goes, and numbers are written in full.
    return word == "u" or word[0].isdigit() or word in ("e", "j") or word == "0" or len(word) <= 2


def run(krait, text, options):
    return subprocess.run([krait, "fmt", "-", "--isolated", *options], input=text.encode("utf-8", "surrogatepass"),
                          capture_output=True, timeout=60)


def fault_of(krait, text, options):
    done = run(krait, text, options)
    if done.returncode == 1:
        refusal = done.stderr.decode(errors="replace")
        is_fine = "cannot format: " in refusal and "formatted text" not in refusal and "again" not in refusal
        return None if is_fine else "refused: " + refusal
    if done.returncode != 0:
        return f"exit {done.returncode}: {done.stderr.decode(errors='replace')[-400:]}"
    result = done.stdout.decode("utf-8", "surrogatepass")
    before, after = words(text), words(result)
    lost = [word for word in before.keys() | after.keys()
            if before.get(word, 0) != after.get(word, 0) and not is_allowed_loss(word)]
    if lost:
        return f"words came or went: {sorted(lost)[:5]}"
    if run(krait, result, options).stdout != done.stdout:
        return "formatting the result again changes it"
    return None


def shrink(krait, text, options):
    """The text with as few lines as show the same sort of fault."""
    sort_of = fault_of(krait, text, options).split(":")[0]
    lines, step = text.split("\n"), 16
    while step:
        at = 0
        while at < len(lines):
            fewer = lines[:at] + lines[at + step:]
            fault = fault_of(krait, "\n".join(fewer), options)
            if fault and fault.split(":")[0] == sort_of:
                lines = fewer
            else:
                at += step
        step //= 2
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("krait")
    parser.add_argument("--count", type=int, default=250)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("files", nargs="*")
    arguments = parser.parse_args()
    rng = random.Random(arguments.seed)
    here = os.path.dirname(os.path.abspath(__file__))
    files = arguments.files or sorted(glob.glob(sysconfig.get_paths()["stdlib"] + "/*.py")) + sorted(
        glob.glob(os.path.join(here, "../../fixtures/format/*.py"))) * 3
    faults = accepted = 0
    for _ in range(arguments.count):
        text = open(rng.choice(files), encoding="utf-8", errors="replace").read()
        text = mutate(rng, excerpt(rng, text))
        options = rng.choice([[], [], ["-l", "30"], ["-l", "1"], ["-C", "-S"], ["--stdin-filename", "a.pyi"]])
        fault = fault_of(arguments.krait, text, options)
        accepted += run(arguments.krait, text, options).returncode == 0
        if fault:
            faults += 1
            print(f"=== {' '.join(options)}: {fault}\n{shrink(arguments.krait, text, options)}")
    print(f"{arguments.count} mutants, {accepted} accepted, {faults} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
