"""CPU time of `krait fmt --check` over a tree, beside Black's and a peer's where they are at hand.

usage: compare.py KRAIT [--tree FOLDER] [--repeat N] [--peer "COMMAND --fmt --time --repeat 6"] [--black-files N]

The best of the runs counts. The peer's own report is printed as it is. Black formats a sample of the files (it is slow);
its figure is lines a second of CPU time, start not counted.
"""

import argparse
import os
import random
import resource
import shlex
import subprocess
import sys
import time


def python_files(tree):
    return sorted(os.path.join(folder, name) for folder, _, names in os.walk(tree) for name in names if name.endswith(".py"))


def cpu_of(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def line_count(files):
    return sum(open(path, "rb").read().count(b"\n") for path in files)


def report(name, lines, seconds):
    print(f"{name:8} {lines} lines, {seconds:.3f} s CPU, {lines / seconds:,.0f} lines/s")


def black_seconds(files):
    sys.path.append("/usr/lib/python3/dist-packages")
    import black

    begin = time.process_time()
    for path in files:
        try:
            black.format_str(black.decode_bytes(open(path, "rb").read())[0], mode=black.Mode())
        except Exception:  # it leaves such files alone
            pass
    return time.process_time() - begin


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("krait")
    parser.add_argument("--tree", default="/usr/lib/python3/dist-packages/django")
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--peer")
    parser.add_argument("--black-files", type=int, default=0)
    arguments = parser.parse_args()
    files = python_files(arguments.tree)
    command = [arguments.krait, "fmt", "--check", "--isolated", arguments.tree]
    report("krait", line_count(files), min(cpu_of(command) for _ in range(arguments.repeat)))
    if arguments.black_files:
        sample = random.Random(1).sample(files, min(arguments.black_files, len(files)))
        report("black", line_count(sample), black_seconds(sample))
    if arguments.peer:
        done = subprocess.run([*shlex.split(arguments.peer), arguments.tree], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        print(done.stderr.decode().strip())


if __name__ == "__main__":
    main()
