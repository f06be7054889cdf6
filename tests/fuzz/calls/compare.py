"""What native_calls.py prints under a Python: no crash, no hang, no leak; and under two of them: the differences.

usage: compare.py SEED CALLS [--wide] [--memory BYTES] [--names NAME,…] COMMAND [COMMAND]    COMMAND: of a Python, in one string

A run that dies is noted and goes on behind the call that it died of. Differences are counted by function, the most frequent ones last.
"""
import argparse
import collections
import os
import pathlib
import re
import resource
import shlex
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent


def run(command, options, folder):
    """The lines that the calls print under `command`, and the calls that it died of."""
    trace, lines, deaths, after = pathlib.Path(folder, "call"), [], [], []
    arguments = [options.seed, options.calls, *(["--wide"] if options.wide else []), "--trace", trace]
    names = options.names.split(",") if options.names else []
    limit = (lambda: resource.setrlimit(resource.RLIMIT_AS, (options.memory,) * 2)) if options.memory else None
    while len(deaths) < 200:
        with tempfile.TemporaryFile() as out:
            try: code = subprocess.run([*shlex.split(command), HERE / "native_calls.py", *arguments, *after, "--names", *names], cwd=folder, stdout=out, preexec_fn=limit,
                                       stderr=subprocess.DEVNULL, env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}, timeout=options.timeout).returncode
            except subprocess.TimeoutExpired: code = "no end"
            out.seek(0)
            lines += out.read().decode("utf-8", "replace").splitlines()
        if code == 0: break
        call = trace.read_text(errors="replace")
        deaths.append(f"{code}: {call}")
        print("dies:", deaths[-1], flush=True)
        last = ["--after", re.match(r"(.*? #\d+) |", call)[1] or "?"]
        if last == after or last[1] == "?": sys.exit(f"{command} does not start")
        after = last
    return lines, deaths


def main():
    options = argparse.ArgumentParser()
    options.add_argument("seed")
    options.add_argument("calls")
    options.add_argument("--wide", action="store_true")
    options.add_argument("--memory", type=int)
    options.add_argument("--names")
    options.add_argument("--timeout", type=int, default=300)
    options.add_argument("commands", nargs="+")
    chosen = options.parse_args()
    answers = []
    with tempfile.TemporaryDirectory() as folder:
        for command in chosen.commands: answers.append(run(command, chosen, folder))
    lines, deaths = answers[0]
    leaks = [line for line in lines if " LEAK" in line]
    for line in leaks: print("leaks:", line)
    different = collections.defaultdict(list)
    if len(answers) > 1:
        expected = dict.fromkeys(answers[1][0])
        key = lambda line: re.match(r".*? #\d+|\S+ \S+|.*", line)[0]
        calls = {key(line): line for line in expected}
        for line in dict.fromkeys(lines):
            wanted = calls.get(key(line))
            if line != wanted and line not in expected: different[line.split(" ")[0]].append((wanted or "nothing", line))
        for name, pairs in sorted(different.items(), key=lambda item: len(item[1])):
            for wanted, got in pairs: print(f"- {wanted}\n+ {got}")
        print(f"{sum(map(len, different.values()))} differences of {len(lines)} lines")
    sys.exit(bool(leaks or deaths or different))


if __name__ == "__main__":
    main()
