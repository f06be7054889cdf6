# needs: mypy typing_extensions.py
import pathlib

from mypy import api

pathlib.Path("code.py").write_text("def f(x: int) -> str:\n    return x\n\nf('a')\n")
out, errors, status = api.run(["--no-incremental", "--show-traceback", "--cache-dir=/dev/null", "code.py"])
assert status == 1, (out, errors, status)
assert 'code.py:2: error: Incompatible return value type (got "int", expected "str")' in out, out
assert 'code.py:4: error: Argument 1 to "f" has incompatible type "str"; expected "int"' in out, out
