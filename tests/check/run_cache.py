#!/usr/bin/env python3
"""The cache of `krait check` never changes what is printed: usage: run_cache.py KRAIT

A small package is edited at random. After each step `krait check` with its cache must print what a run without a cache
prints. In between, cache files get flipped bytes, are cut short or emptied, runs are killed at random moments, and the
cache folder becomes unwritable.
"""
import os, random, shutil, signal, subprocess, sys, tempfile, time

KRAIT = os.path.abspath(sys.argv[1])
STEPS = int(sys.argv[2]) if len(sys.argv) > 2 else 40
random.seed(7)

FUNCTIONS = ["def f{i}() -> int:\n    return {v}\n", "def f{i}() -> str:\n    return '{v}'\n", "def f{i}(x: int = {v}) -> int:\n    return x.real\n",
             "class C{i}:\n    def __init__(self) -> None:\n        self.a = {v}\n    def m(self) -> int:\n        return self.a\n",
             "class C{i}:\n    def m(self) -> str:\n        return {v}\n", "v{i} = {v}\n", "v{i} = '{v}'\n", "# a comment {v}\n", ""]


def check(folder, *more):
    done = subprocess.run([KRAIT, "check", "--no-site-packages", "pkg", *more], cwd=folder, capture_output=True, text=True)
    assert done.returncode in (0, 1), (done.returncode, done.stderr)
    return done.stdout + done.stderr


def write_module(folder, i):
    text = []
    for other in random.sample(range(5), random.randint(0, 2)):
        text.append(random.choice([f"from pkg import m{other}\nw{other}: int = m{other}.v1\n", f"from pkg.m{other} import *\n",
                                   f"import pkg.m{other}\nx{other}: int = pkg.m{other}.f2()\n", f"from pkg.m{other} import C3\ny{other}: int = C3().m()\n"]))
    for k in range(5):
        text.append(random.choice(FUNCTIONS).format(i=k, v=random.randint(0, 3)))
    with open(f"{folder}/pkg/m{i}.py", "w") as out:
        out.write("\n".join(text))


def damage(folder):
    cache = f"{folder}/.krait_cache"
    for name in os.listdir(cache) if os.path.isdir(cache) else []:
        if not name.startswith("check-"):
            continue
        data = bytearray(open(f"{cache}/{name}", "rb").read())
        kind = random.randrange(4)
        if kind == 0 and data:
            for _ in range(random.randint(1, 4)):
                data[random.randrange(len(data))] ^= 1 << random.randrange(8)
        elif kind == 1:
            data = data[: random.randrange(len(data) + 1)]
        elif kind == 2:
            data = data + data
        else:
            continue
        open(f"{cache}/{name}", "wb").write(data)


def killed_run(folder):
    process = subprocess.Popen([KRAIT, "check", "--no-site-packages", "pkg"], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(random.random() * 0.08)
    process.send_signal(signal.SIGKILL)
    process.wait()


def run(folder):
    os.mkdir(f"{folder}/pkg")
    open(f"{folder}/pkg/__init__.py", "w").close()
    for i in range(5):
        write_module(folder, i)
    for step in range(STEPS):
        kind = random.randrange(6)
        if kind == 0:
            os.remove(f"{folder}/pkg/" + random.choice([n for n in os.listdir(f"{folder}/pkg") if n != "__pycache__"]))
        elif kind < 5:
            write_module(folder, random.randrange(5))
        if random.random() < 0.3:
            damage(folder)
        if random.random() < 0.2:
            killed_run(folder)
        if not os.listdir(f"{folder}/pkg"):
            write_module(folder, 0)
        fresh = check(folder, "--no-incremental")
        for attempt in ("first", "second"):
            got = check(folder)
            if got != fresh:
                print(f"step {step}, {attempt} run with the cache: expected\n{fresh}\ngot\n{got}")
                return 1
    cache = f"{folder}/.krait_cache"
    for name in ("CACHEDIR.TAG", ".gitignore"):
        assert os.path.exists(f"{cache}/{name}"), name
    assert check(folder, "--cache-dir=/proc/nowhere") == fresh
    shutil.rmtree(cache)
    open(cache, "w").close()
    assert check(folder) == fresh, "a file where the folder should be"
    return 0


with tempfile.TemporaryDirectory() as folder:
    sys.exit(run(folder))
