"""Any number of workers prints the same, in any order of the files, cold and warm.

usage: run_workers.py KRAIT
"""

import pathlib
import random
import subprocess
import sys
import tempfile

KRAIT = sys.argv[1]
MODULE = '''\
from typing import Generic, TypeVar
{imports}
T = TypeVar("T")


class C{n}(Generic[T]):
    shared = []

    def __init__(self, value: T) -> None:
        self.value = value
        self.count = 0
        self.shared.append({n})

    def next(self) -> "C{n}[int]":
        return C{n}(self.value)


def make{n}(x):
    return C{n}(x)


total{n} = C{n}({n}).next().count + "{n}"
seen = {{}}
seen["a"] = {uses}
reveal_type(seen)
'''


def write(folder):
    for n in range(12):
        # In circles of three.
        others = [(n + 1) % 12, (n + 5) % 12] if n % 3 == 0 else [n - 1]
        imports = "\n".join(f"import pkg.m{other} as m{other}" for other in others)
        (folder / f"pkg/m{n}.py").write_text(MODULE.format(n=n, imports=imports, uses=f"m{others[0]}.total{others[0]}"))
    (folder / "pkg/__init__.py").write_text("")


def check(folder, workers, targets, *more):
    done = subprocess.run([KRAIT, "check", "--no-site-packages", "-j", str(workers), *more, *targets], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 1 and not done.stderr, (done.returncode, done.stderr)
    return done.stdout


with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name)
    (folder / "pkg").mkdir()
    write(folder)
    for mode in ((), ("--mypy",), ("--mypy", "--strict")):
        wanted = check(folder, 1, ["pkg"], "--no-incremental", *mode)
        assert wanted.count("error:") >= 12, wanted
        for workers in (2, 3, 5, 16, 64):
            assert check(folder, workers, ["pkg"], "--no-incremental", *mode) == wanted, (workers, mode)
        files = [f"pkg/m{n}.py" for n in range(12)]
        in_order = sorted(wanted.splitlines())
        for seed in range(3):
            random.Random(seed).shuffle(files)
            got = check(folder, 2 + seed, files, "--no-incremental", *mode)
            # The order of the files is that of their imports; circles begin with the file that was named first.
            assert [line for line in sorted(got.splitlines()) if "Found" not in line] == [line for line in in_order if "Found" not in line], (seed, mode)
        cache = ["--cache-dir", str(folder / ("cache" + "-".join(mode)))]
        assert check(folder, 3, ["pkg"], *cache, *mode) == wanted, "cold"
        assert check(folder, 2, ["pkg"], *cache, *mode) == wanted, "warm"
        path = folder / "pkg/m4.py"
        path.write_text(path.read_text() + "extra: int = ''\n")
        changed = check(folder, 4, ["pkg"], *cache, *mode)
        assert changed == check(folder, 1, ["pkg"], "--no-incremental", *mode) and changed != wanted, "one file changed"
        write(folder)
