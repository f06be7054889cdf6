"""What documents of a project can import: its own modules, PYTHONPATH, the virtual environment; and nothing else of it.

usage: run_projects.py KRAIT    exit code 77 (skipped) where the kernel cannot enforce the sandbox.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

CORE = '''\
from .inner.consts import TWO

def double(x: int) -> int:
    """Twice.

    >>> double(3)
    6
    >>> double(5) - TWO
    8
    """
    return x * TWO
'''

README = """\
# Thing

```python
from thing import double

print(double(5))  # 10
print(open(".env").read())
```

```pycon
>>> import thing, installed, named
>>> installed.VALUE + named.VALUE
7
>>> thing.double("a")
'aa'
```
"""

FAILING = """\
Needs what is not there.

>>> import nowhere
>>> nowhere.go()
1
>>> thing = nowhere.Thing()
>>> thing.value
2
>>> len("abc")
4

What a block left undone is not said again in later ones.

>>> nowhere.go(5)
6

.. code-block::

    $ pip install nowhere

.. highlight:: console

Then::

    make install
    x = 5 5
"""


def write(folder, files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


class Checker:
    def __init__(self, krait):
        self.krait, self.failed = krait, 0

    def verify(self, folder, *paths, **variables):
        environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
        result = subprocess.run([self.krait, "verify", "--output", "json", *paths], cwd=folder, capture_output=True, text=True, env=environment | variables)
        assert result.returncode in (0, 1), result.stderr
        return json.loads(result.stdout)

    def expect(self, what, seen, wanted):
        if seen != wanted:
            self.failed += 1
            print(f"{what}: {seen!r}, not {wanted!r}")


def verdicts(answer):
    return {claim["line"]: claim["verdict"] for claim in answer["claims"]}


def outputs(answer):
    return [(block["status"], block["stdout"]) for block in answer["blocks"] if block["status"] != "not-python"]


def main():
    checker = Checker(os.path.abspath(sys.argv[1]))
    refused = subprocess.run([checker.krait, "run", "--sandbox", "-c", "pass"], capture_output=True, text=True)
    if refused.returncode == 2:
        print(refused.stderr)
        return 77
    with tempfile.TemporaryDirectory() as name:
        root = pathlib.Path(name)
        package = {"__init__.py": '"""\n>>> double(2)\n4\n"""\nfrom .core import double\n', "core.py": CORE, "inner/__init__.py": "", "inner/consts.py": "TWO = 2\n"}
        others = {
            "README.md": README,
            ".env": "SECRET",
            "pyproject.toml": "[project]\nname = 'thing'\n",
            ".venv/pyvenv.cfg": "home = /usr/bin\n",
            ".venv/lib/python3.14/site-packages/installed.py": "VALUE = 3\n",
            "../elsewhere/named.py": "VALUE = 4\n",
            # What has a name of the library is not taken for it.
            "random.py": "raise RuntimeError\n",
        }
        for layout in ("src/", ""):
            project = root / ("flat" if not layout else "below")
            project.mkdir()
            write(project, {layout + "thing/" + path: text for path, text in package.items()} | others)
            answer = checker.verify(project, "README.md", PYTHONPATH=str(root / "elsewhere"))
            checker.expect(f"{project.name}: README", verdicts(answer), {6: "holds", 11: "holds", 13: "holds", 15: "holds"})
            checker.expect(f"{project.name}: secret", outputs(answer)[0], ("failed", "10\n"))
            answer = checker.verify(project, layout + "thing")
            checker.expect(f"{project.name}: doctests", sorted(verdicts(answer).values()), ["holds"] * 3)
        # Types come from the project too.
        text = subprocess.run([checker.krait, "verify", "README.md"], cwd=root / "below", capture_output=True, text=True).stdout
        checker.expect("type finding", 'Argument 1 to "double" has incompatible type "str"; expected "int"' in text, True)
        # Modules beside a document without a project.
        notes = root / "notes"
        notes.mkdir()
        write(notes, {"guide.md": "```python\nimport helper\nprint(helper.NAME)  # Ann\nimport sibling\n```\n", "helper.py": "NAME = 'Ann'\n", "closed.md": "```python\nprint(open('helper.py').read())\n```\n"})
        checker.expect("beside", verdicts(checker.verify(notes, "guide.md")), {3: "holds"})
        checker.expect("nothing imported, nothing shown", outputs(checker.verify(notes, "closed.md"))[0][0], "failed")
        # One missing module is said once.
        write(notes, {"failing.rst": FAILING})
        answer = checker.verify(notes, "failing.rst")
        checker.expect("failing", verdicts(answer), {3: "wrong", 5: "unreached", 6: "unreached", 8: "unreached", 10: "wrong", 15: "unreached"})
        checker.expect("blocks of a shell", len(outputs(answer)), 2)
        text = subprocess.run([checker.krait, "verify", "failing.rst"], cwd=notes, capture_output=True, text=True).stdout
        checker.expect("said", text.splitlines()[:2], ["failing.rst:3: error: Block failed: ModuleNotFoundError: No module named 'nowhere'  [block-failed]", 'failing.rst:10: error: Claimed "4", got "3"  [claim-wrong]'])
        # doctest's options are pytest's.
        write(notes, {"pytest.ini": "[pytest]\ndoctest_optionflags = NORMALIZE_WHITESPACE\n", "setup.cfg": "", "spaced.md": "```\n>>> print('a   b')\na b\n```\n"})
        checker.expect("options", verdicts(checker.verify(notes, "spaced.md")), {3: "holds"})
        # `krait run` finds what is installed where `krait check` does.
        ran = subprocess.run([checker.krait, "run", "-c", "import installed; print(installed.VALUE)"], cwd=root / "flat", capture_output=True, text=True)
        checker.expect("krait run", ran.stdout, "3\n")
    return 1 if checker.failed else 0


if __name__ == "__main__":
    sys.exit(main())
