"""What contracts cost: the same annotated programs with and without, in turn; CPU time, the best of some runs.

usage: run.py KRAIT [--repeat N]
"""

import argparse
import math
import pathlib
import subprocess

PROGRAM = pathlib.Path(__file__).with_name("program.py")


def run(krait, *options):
    result = subprocess.run([krait, "run", *options, str(PROGRAM)], capture_output=True, text=True, check=True)
    assert not result.stderr, result.stderr
    return {name: float(seconds) for name, seconds in (line.split() for line in result.stdout.splitlines())}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("krait")
    parser.add_argument("--repeat", type=int, default=5)
    arguments = parser.parse_args()
    plain, checked = [], []
    for _ in range(arguments.repeat):
        plain.append(run(arguments.krait))
        checked.append(run(arguments.krait, "--contracts"))
    ratios = []
    for name in plain[0]:
        without, with_contracts = min(times[name] for times in plain), min(times[name] for times in checked)
        ratios.append(with_contracts / without)
        print(f"{name:10} {without:7.3f} s  with contracts {with_contracts:7.3f} s  {ratios[-1]:5.2f}x")
    print(f"geometric mean {math.exp(sum(map(math.log, ratios)) / len(ratios)):.2f}x")


if __name__ == "__main__":
    main()
