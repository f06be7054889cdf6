"""fixtures/format: each case of each file, formatted, formatted again, and compared with Black where Black is installed.

usage: run_fixtures.py KRAIT FOLDER [--update] [NAME...]

A file holds cases:

    # === title [options of krait fmt] {differs from black: reason}
    input
    # === formatted
    what it becomes

Without the second part the case must stay as it is. --update writes the second parts anew.
"""

import os
import re
import shlex
import subprocess
import sys

HEAD = re.compile(r"# === (?P<title>[^\[{]*)(?:\[(?P<options>[^\]]*)\])?\s*(?:\{differs from black: (?P<why>[^}]*)\})?\s*$")
FORMATTED = "# === formatted\n"


def read_cases(path):
    cases = []
    for line in open(path, encoding="utf-8"):
        head = HEAD.match(line)
        if line == FORMATTED:
            cases[-1]["formatted"] = []
        elif head:
            cases.append({"head": line, "title": head["title"].strip(), "options": head["options"] or "",
                          "why": head["why"], "input": []})
        elif not cases:
            sys.exit(f"{path}: text before the first case")
        else:
            cases[-1].get("formatted", cases[-1]["input"]).append(line)
    return cases


def krait(binary, options, text):
    words = shlex.split(options)
    isolated = [] if "--config" in words else ["--isolated"]
    done = subprocess.run([binary, "fmt", "-", *isolated, *words], input=text.encode(),
                          capture_output=True, timeout=60)
    return done.stdout.decode() if done.returncode == 0 else f"exit {done.returncode}: {done.stderr.decode()}"


def load_black():
    sys.path.append("/usr/lib/python3/dist-packages")
    try:
        import black

        return black if black.__version__ == "23.1.0" else None
    except ImportError:
        return None


def black_result(black, options, text):
    words = shlex.split(options)
    length = int(words[words.index("--line-length") + 1]) if "--line-length" in words else 88
    mode = black.Mode(line_length=length, is_pyi="a.pyi" in words, string_normalization="-S" not in words,
                      magic_trailing_comma="-C" not in words)
    return black.format_str(text, mode=mode)


def check(binary, black, path, case):
    """The faults of one case."""
    text = "".join(case["input"])
    expected = "".join(case["formatted"]) if "formatted" in case else text
    got = krait(binary, case["options"], text)
    where = f"{path}: {case['title']}"
    if got != expected:
        return [f"{where}\n--- expected\n{expected}--- got\n{got}"]
    if "--range" not in case["options"] and krait(binary, case["options"], got) != got:
        return [f"{where}: formatting it again changes it"]
    if black and case["why"] is None and black_result(black, case["options"], text) != expected:
        return [f"{where}: differs from Black, which gives\n{black_result(black, case['options'], text)}"]
    return []


def update(binary, path, cases):
    out = []
    for case in cases:
        text = "".join(case["input"])
        got = krait(binary, case["options"], text)
        if got.startswith("exit "):
            sys.exit(f"{path}: {case['title']}: {got}")
        out.append(case["head"] + text + ("" if got == text else FORMATTED + got))
    with open(path, "w", encoding="utf-8") as file:
        file.write("".join(out))


def main():
    arguments = [argument for argument in sys.argv[1:] if argument != "--update"]
    binary, folder, names = arguments[0], arguments[1], arguments[2:]
    black = load_black()
    faults, count = [], 0
    for name in sorted(names or os.listdir(folder)):
        if not name.endswith((".py", ".pyi")):
            continue
        path = os.path.join(folder, name)
        cases = read_cases(path)
        if "--update" in sys.argv:
            update(binary, path, cases)
            cases = read_cases(path)
        for case in cases:
            count += 1
            faults += check(binary, black, path, case)
    print("\n".join(faults))
    print(f"{count} cases, {len(faults)} faults" + ("" if black else "; Black 23.1.0 is not there to compare with"))
    return 1 if faults or count == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
