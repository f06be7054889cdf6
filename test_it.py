
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
    assert capsys.readouterr().out == "out\n"
