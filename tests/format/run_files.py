"""krait fmt on files and folders: what is written and what is left, exit codes, configuration, encodings.

usage: run_files.py KRAIT
"""

import os
import subprocess
import sys
import tempfile

KRAIT = os.path.abspath(sys.argv[1])
FAULTS = []


def expect(what, got, wanted):
    if got != wanted:
        FAULTS.append(f"{what}\n  wanted {wanted!r}\n  got    {got!r}")


def expect_in(what, part, text):
    if part not in text:
        FAULTS.append(f"{what}\n  wanted {part!r}\n  in     {text!r}")


def fmt(*arguments, data=b""):
    done = subprocess.run([KRAIT, "fmt", *arguments], input=data, capture_output=True, timeout=60)
    return done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")


def write(path, data):
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    with open(path, "wb") as out:
        out.write(data)


def read(path):
    with open(path, "rb") as file:
        return file.read()


def test_writing():
    write("a.py", b"x  =  1\n")
    os.chmod("a.py", 0o750)
    expect("--check finds", fmt("--check", "a.py")[0], 1)
    expect("--check leaves", read("a.py"), b"x  =  1\n")
    code, out, _ = fmt("--diff", "a.py")
    expect("--diff exits", code, 0)
    expect("--diff prints", out, "--- a.py\n+++ a.py\n@@ -1 +1 @@\n-x  =  1\n+x = 1\n")
    expect("--diff leaves", read("a.py"), b"x  =  1\n")
    expect("--check --diff", fmt("--check", "--diff", "-q", "a.py")[0], 1)
    code, _, err = fmt("a.py")
    expect("writing exits", code, 0)
    expect_in("writing says", "reformatted a.py\n1 file reformatted.", err)
    expect("written", read("a.py"), b"x = 1\n")
    expect("permissions", os.stat("a.py").st_mode & 0o777, 0o750)
    expect("nothing left", fmt("--check", "a.py")[0], 0)
    before = os.stat("a.py").st_mtime_ns
    fmt("a.py")
    expect("unchanged files are not written", os.stat("a.py").st_mtime_ns, before)
    write("b.py", b"y  =  1\n")
    os.symlink("b.py", "link.py")
    fmt("-q", "link.py")
    expect("a link stays one", (os.path.islink("link.py"), read("b.py")), (True, b"y = 1\n"))


def test_encodings():
    write("crlf.py", b"x  =  1\r\ny = '''a\r\nb'''\r\n")
    fmt("crlf.py")
    expect("line ends", read("crlf.py"), b'x = 1\r\ny = """a\r\nb"""\r\n')
    write("bom.py", b"\xef\xbb\xbfx  =  1\n")
    fmt("bom.py")
    expect("byte order mark", read("bom.py"), b"\xef\xbb\xbfx = 1\n")
    write("latin.py", b"# coding: latin-1\nx  =  '\xe4'\n")
    fmt("latin.py")
    expect("latin-1", read("latin.py"), b'# coding: latin-1\nx = "\xe4"\n')
    write("bad.py", b"x  =  '\xe4'\n")
    code, _, err = fmt("bad.py")
    expect("not UTF-8", (code, read("bad.py")), (1, b"x  =  '\xe4'\n"))
    expect_in("not UTF-8 says", "bad.py:1:", err)
    write("no_end.py", b"x = 1")
    fmt("no_end.py")
    expect("last line end", read("no_end.py"), b"x = 1\n")
    write("empty.py", b"")
    expect("empty", fmt("--check", "empty.py")[0], 0)
    write("blank.py", b"  \n\n")
    fmt("blank.py")
    expect("blank", read("blank.py"), b"\n")


def test_broken():
    write("broken.py", b"x  =  (\n")
    write("fine.py", b"x  =  1\n")
    code, _, err = fmt("broken.py", "fine.py")
    expect("one broken", (code, read("broken.py"), read("fine.py")), (1, b"x  =  (\n", b"x = 1\n"))
    expect_in("one broken says", "broken.py:1:7: error: cannot format: '(' was never closed", err)
    write("deep.py", b"x = " + b"-" * 50000 + b"1\n")
    code, _, err = fmt("deep.py")
    expect("too deep", code, 1)
    expect_in("too deep says", "deep", err)


def test_usage():
    for arguments, part in [
        (["nowhere.py"], "No such file or directory"),
        (["-l", "0", "fine.py"], "--line-length: expected a number from 1"),
        (["-l", "x", "fine.py"], "--line-length: expected a number from 1"),
        (["-t", "snake", "fine.py"], "--target-version: unknown version 'snake'"),
        (["--range", "3-1", "fine.py"], "expected START-END"),
        (["--range", "1-2", "."], "--line-ranges goes with one file"),
        (["--config", "none.toml", "fine.py"], "none.toml"),
        (["--nope"], "unrecognized arguments"),
        (["-", "fine.py"], "stands alone"),
    ]:
        code, _, err = fmt(*arguments)
        expect(f"{arguments} exits", code, 2)
        expect_in(f"{arguments} says", part, err)


def test_standard_input():
    expect("stdin", fmt("-", data=b"x  =  1")[:2], (0, "x = 1\n"))
    expect("stdin --check", fmt("-", "--check", data=b"x  =  1")[:2], (1, ""))
    expect("stdin --diff", fmt("-", "--diff", data=b"x = 1\n")[:2], (0, ""))
    code, _, err = fmt("-", "--stdin-filename", "name.py", data=b"x =")
    expect("stdin broken", code, 1)
    expect_in("stdin broken says", "name.py:1:", err)


def test_configuration():
    source = b"x = 'aaaaaaaaaaaaaaaaa', bbbbbbbbbbbbbbbbbbbbb\n"
    short = b"x = (\n    'aaaaaaaaaaaaaaaaa',\n    bbbbbbbbbbbbbbbbbbbbb,\n)\n"
    for name, text in [
        ("pyproject.toml", "[tool.black]\nline-length = 40\nskip-string-normalization = true\n"),
        ("pyproject.toml", "[tool.ruff]\nline-length = 40\n[tool.ruff.format]\nquote-style = 'preserve'\n"),
        ("pyproject.toml", "[tool.krait.fmt]\nline-length = 40\nskip-string-normalization = true\n[tool.black]\nline-length = 90\n"),
        ("krait.toml", "[fmt]\nline-length = 40\nskip-string-normalization = true\n"),
    ]:
        write(f"conf/{name}", text.encode())
        write("conf/package/a.py", source)
        fmt("conf/package")
        expect(f"{text!r}", read("conf/package/a.py"), short)
        write("conf/package/a.py", source)
        fmt("--isolated", "-S", "conf/package")
        expect("--isolated", read("conf/package/a.py"), source)
        os.remove(f"conf/{name}")
    for text, part in [("[tool.black]\nline-length = 'x'\n", "pyproject.toml:2: [tool.black]: line-length must be"),
                       ("[tool.black]\ntarget-version = ['snake']\n", "unknown version snake"),
                       ("[tool.black\n", "pyproject.toml")]:
        write("conf/pyproject.toml", text.encode())
        code, _, err = fmt("conf")
        expect(f"{text!r} exits", code, 2)
        expect_in(f"{text!r} says", part, err)
    write("conf/pyproject.toml", b"[tool.krait.fmt]\nnope = 1\n")
    expect_in("unknown keys", "Unrecognized option: nope = 1", fmt("conf")[2])


def test_folders():
    for path in ["tree/a.py", "tree/b.pyi", "tree/sub/c.py", "tree/.hidden/d.py", "tree/build/e.py", "tree/gone/f.py",
                 "tree/kept.txt", "tree/venv/g.py", "tree/skipped/h.py"]:
        write(path, b"x  =  1\n")
    write("tree/.gitignore", b"gone/\n")
    write("tree/pyproject.toml", b"[tool.black]\nextend-exclude = '/skipped/'\n")
    fmt("tree")
    formatted = sorted(os.path.join(folder, name) for folder, _, names in os.walk("tree") for name in names
                       if read(os.path.join(folder, name)) == b"x = 1\n")
    expect("folders", formatted, ["tree/a.py", "tree/b.pyi", "tree/sub/c.py"])
    fmt("tree/build/e.py")
    expect("named files count", read("tree/build/e.py"), b"x = 1\n")
    os.makedirs("empty_tree")
    expect("nothing there", fmt("empty_tree")[0], 0)


def test_settings_of_ruff():
    source = b"if x:\n    y = 'a'\n"
    for name, text, wanted in [
        ("ruff.toml", "line-length = 80\n[format]\nquote-style = 'single'\nindent-style = 'tab'\n", b"if x:\n\ty = 'a'\n"),
        (".ruff.toml", "indent-width = 2\n", b'if x:\n  y = "a"\n'),
        ("pyproject.toml", "[tool.ruff.format]\nline-ending = 'cr-lf'\nquote-style = 'single'\n", b"if x:\r\n    y = 'a'\r\n"),
        ("pyproject.toml", "[tool.krait.fmt]\nquote-style = 'preserve'\nindent-style = 'tab'\n", b"if x:\n\ty = 'a'\n"),
        ("ruff.toml", "extend = 'base/ruff.toml'\n[format]\nindent-style = 'tab'\n", b"if x:\n\ty = 'a'\n"),
    ]:
        write("ruffs/base/ruff.toml", b"indent-width = 2\n[format]\nquote-style = 'single'\n")
        write(f"ruffs/{name}", text.encode())
        write("ruffs/sub/a.py", source)
        expect(f"{text!r} exits", fmt("ruffs/sub")[0], 0)
        expect(f"{text!r}", read("ruffs/sub/a.py"), wanted)
        os.remove(f"ruffs/{name}")
    # One's own file counts before the table, Black's table before either.
    write("ruffs/ruff.toml", b"[format]\nquote-style = 'single'\n")
    write("ruffs/pyproject.toml", b"[tool.ruff]\nindent-width = 2\n")
    write("ruffs/sub/a.py", b"if x:\n    y = 'a'\n")
    expect("ruff.toml and [tool.ruff]", fmt("--check", "ruffs/sub")[0], 0)
    write("ruffs/pyproject.toml", b"[tool.black]\nline-length = 60\n")
    expect("ruff.toml and [tool.black]", fmt("--check", "ruffs/sub")[0], 1)
    os.remove("ruffs/pyproject.toml")
    for text, part in [("[format]\nquote-style = 'both'\n", "ruff.toml:2: `quote-style` must be one of"),
                       ("[format]\nindent-style = 4\n", "ruff.toml:2: `indent-style` must be one of"),
                       ("[format]\nnope = 4\n", "ruff.toml:2: unknown setting `nope`"),
                       ("extend = 'none.toml'\n", "ruff.toml:1: extend: "),
                       ("extend = 'ruff.toml'\n", "too many files extend each other")]:
        write("ruffs/ruff.toml", text.encode())
        code, _, err = fmt("ruffs/sub")
        expect(f"{text!r} exits", code, 2)
        expect_in(f"{text!r} says", part, err)
    write("ruffs/ruff.toml", b"[format]\ndocstring-code-format = true\n")
    expect_in("what is not supported is told", "ruff.toml:2: [format]: not supported: docstring-code-format = True", fmt("ruffs/sub")[2])
    code, out, _ = fmt("-", "--config", "format.quote-style = 'single'", data=b'x = "a"\n')
    expect("a setting", (code, out), (0, "x = 'a'\n"))
    expect("a wrong setting", fmt("-", "--config", "format.quote-style = 3", data=b"")[0], 2)


def test_project_version():
    # A comma after `**arguments` of a call needs no newer Python than the project's.
    source = b"f(\n    aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb, **kwargs\n)\n"
    write("version/pyproject.toml", b"[project]\nname = 'x'\nrequires-python = '>=3.8'\n[tool.black]\nline-length = 88\n")
    write("version/a.py", source)
    fmt("version")
    expect("requires-python", read("version/a.py").endswith(b"    **kwargs,\n)\n"), True)


def test_files_that_cannot_be_written():
    write("locked/a.py", b"x  =  1\n")
    os.link("locked/a.py", "locked/other.py")
    fmt("-q", "locked/a.py")
    expect("a file with two names keeps them", (read("locked/other.py"), os.stat("locked/a.py").st_nlink), (b"x = 1\n", 2))
    write("codec.py", b"# coding: nope\nx  =  1\n")
    code, _, err = fmt("codec.py")
    expect("an unknown encoding", (code, read("codec.py")), (1, b"# coding: nope\nx  =  1\n"))
    expect_in("an unknown encoding says", "codec.py:1:1: error: cannot format: unknown encoding: nope", err)
    if os.geteuid() == 0:
        return
    write("locked/b.py", b"x  =  1\n")
    os.chmod("locked/b.py", 0o444)
    code, _, err = fmt("locked/b.py")
    expect("a file that must not be written", (code, read("locked/b.py")), (1, b"x  =  1\n"))
    expect_in("a file that must not be written says", "Permission denied", err)


def main():
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for name, test in list(globals().items()):
            if name.startswith("test_"):
                test()
        os.chdir("/")
    print("\n".join(FAULTS))
    print(f"{len(FAULTS)} faults")
    return 1 if FAULTS else 0


if __name__ == "__main__":
    sys.exit(main())
