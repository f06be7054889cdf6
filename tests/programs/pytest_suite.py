# needs: pytest _pytest pluggy iniconfig
import pathlib
import subprocess
import sys

pathlib.Path("test_it.py").write_text("""
import pytest
@pytest.fixture
def numbers(tmp_path):
    (tmp_path / "n").write_text("1 2 3")
    yield [int(x) for x in (tmp_path / "n").read_text().split()]
def test_sum(numbers):
    assert sum(numbers) == 6
@pytest.mark.parametrize("a,b", [(1, 2), (2, 4), (3, 7)])
def test_double(a, b):
    assert a * 2 == b
def test_raises():
    with pytest.raises(ZeroDivisionError, match="zero"):
        1 / 0
@pytest.mark.skip(reason="later")
def test_skipped():
    pass
def test_output(capsys, monkeypatch):
    monkeypatch.setenv("X", "y")
    print("out")
    assert capsys.readouterr().out == "out\\n"
""")
done = subprocess.run([sys.executable, "-W", "ignore", "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_it.py"], capture_output=True, text=True, timeout=100)
assert done.returncode == 1, done.stdout + done.stderr
assert "1 failed, 5 passed, 1 skipped" in done.stdout, done.stdout
assert "assert (3 * 2) == 7" in done.stdout, done.stdout
