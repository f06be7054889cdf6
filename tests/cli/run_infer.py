"""`krait infer`: annotations from the code, and with --from-run from the values that came by; what is written checks and runs.

usage: run_infer.py KRAIT
"""

import os
import pathlib
import subprocess
import sys
import tempfile

SOURCE = '''\
import collections
import decimal as d
import fractions


class Node:
    def __init__(self, label, children=()):
        self.label = label
        self.children = children

    def depth(self):
        return 1 + max((child.depth() for child in self.children), default=0)

    @staticmethod
    def make(label):
        return Node(label)


def greet(name, times=2, *, mark="!", note=None):
    if not name:
        return None
    return (name + mark) * times


def shout(*words, **options):
    print(*words, options)


def halves(numbers):
    return [n / 2 for n in numbers]


def pair(key, value):
    def swapped():
        return value, key
    return swapped()


def keeps(x: int, y):
    return x


def numbers(n):
    for i in range(n):
        yield i


def forever(step):
    while True:
        step -= 1
        if step < 0:
            return "done"


def half(value):
    return fractions.Fraction(value, 2)


def any_way(value):
    return value


def never_called(a, b=1.5):
    return a


print(Node("a", [Node("b")]).depth(), greet("x"), greet("", note="n"), halves([1, 2.5]), pair("a", 1), keeps(1, None))
shout("a", "b", loud=True)
print(list(numbers(2)), forever(2), half(3), any_way(1), any_way("a"), Node.make("m").label, d.Decimal(1))
'''

# What a run tells, and what the code alone tells.
FROM_RUN = {
    'def __init__(self, label: str, children: tuple[()] | list[Node] = ()) -> None:', 'def depth(self) -> int:', 'def make(label: str) -> Node:',
    'def greet(name: str, times: int = 2, *, mark: str = "!", note: str | None = None) -> str | None:',
    'def shout(*words: str, **options: bool) -> None:', 'def halves(numbers: list[float]) -> list[float]:',
    'def pair(key: str, value: int) -> tuple[int, str]:', 'def keeps(x: int, y: None) -> int:', 'def forever(step: int) -> str:',
    'def half(value: int) -> fractions.Fraction:', 'def any_way(value: int | str) -> int | str:', 'def never_called(a, b: float = 1.5):',
    'def numbers(n: int):',
}
FROM_CODE = {
    'def depth(self) -> int:', 'def make(label) -> Node:', 'def greet(name, times: int = 2, *, mark: str = "!", note=None):', 'def forever(step) -> str:',
    'def half(value) -> fractions.Fraction:', 'def keeps(x: int, y) -> int:', 'def never_called(a, b: float = 1.5):', 'def shout(*words, **options) -> None:',
}


def run(krait, folder, *words):
    return subprocess.run([krait, *words], cwd=folder, capture_output=True, text=True)


def main():
    krait = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "tree.py")
        path.write_text(SOURCE, encoding="utf-8")
        before = run(krait, folder, "run", "tree.py")
        assert before.returncode == 0, before
        shown = run(krait, folder, "infer", "--diff", "tree.py")
        assert shown.returncode == 0 and path.read_text(encoding="utf-8") == SOURCE, shown
        run(krait, folder, "infer", "tree.py")
        lines = {line.strip() for line in path.read_text(encoding="utf-8").splitlines()}
        assert FROM_CODE <= lines, (FROM_CODE - lines, path.read_text(encoding="utf-8"))

        path.write_text(SOURCE, encoding="utf-8")
        inferred = run(krait, folder, "infer", "--from-run", "tree.py")
        assert inferred.returncode == 0, inferred
        text = path.read_text(encoding="utf-8")
        lines = {line.strip() for line in text.splitlines()}
        wanted = {line.replace("y: None", "y") for line in FROM_RUN}
        assert wanted <= lines, (wanted - lines, text)
        after = run(krait, folder, "run", "--contracts", "tree.py")
        assert after.stdout == before.stdout and after.returncode == 0, after
        checked = run(krait, folder, "check", "tree.py")
        assert checked.returncode == 0, (checked.stdout, text)
        missing = run(krait, folder, "infer", "absent.py")
        assert missing.returncode == 2 and "absent.py" in missing.stderr, missing
    print(f"{len(wanted)} signatures")
    return 0


if __name__ == "__main__":
    sys.exit(main())
