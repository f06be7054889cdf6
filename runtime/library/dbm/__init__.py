"""Databases of bytes by bytes keys: one interface over the kinds there are (SQLite, and plain files).

open(name, flag) makes or opens one; whichdb(name) says of which kind a file is.
"""
import importlib
import os

__all__ = ["open", "whichdb", "error"]


class error(Exception):
    pass


_names = ["dbm.sqlite3", "dbm.dumb"]
_defaultmod = None
_modules = {}

error = (error, OSError)


def _kinds():
    """The modules that can be imported, the preferred one first."""
    global _defaultmod
    for name in _names:
        if name not in _modules:
            try:
                _modules[name] = importlib.import_module(name)
            except ImportError:
                continue
        if _defaultmod is None:
            _defaultmod = _modules[name]
    return _modules


def open(file, flag="r", mode=0o666):
    """Opens the database `file`; flag: 'r' read, 'w' write, 'c' create if missing, 'n' new and empty."""
    kinds = _kinds()
    if not kinds:
        raise ImportError(f"no dbm clone found; tried {_names}")
    kind = whichdb(file) if "n" not in flag else None
    if kind is None:
        if "c" not in flag and "n" not in flag:
            raise error[0]("db file doesn't exist; use 'c' or 'n' flag to create a new db")
        module = _defaultmod
    elif kind == "":
        raise error[0]("db type could not be determined")
    elif kind not in kinds:
        raise error[0](f"db type is {kind}, but the module is not available")
    else:
        module = kinds[kind]
    return module.open(file, flag, mode)


def whichdb(filename):
    """The module that can open `filename`: its name, '' for an unknown kind, None when there is no such file."""
    filename = os.fsdecode(filename)
    if os.path.exists(filename + ".dir") and os.path.exists(filename + ".dat"):
        if os.stat(filename + ".dir").st_size == 0:
            return "dbm.dumb"
        with io_open(filename + ".dir") as f:
            if f.read(1) in (b"'", b'"'):
                return "dbm.dumb"
    try:
        with io_open(filename) as f:
            start = f.read(16)
    except OSError:
        return None
    if len(start) < 4:
        return ""
    return "dbm.sqlite3" if start == b"SQLite format 3\0" else ""


def io_open(name):
    import io
    return io.open(name, "rb")


if __name__ == "__main__":
    import sys
    for name in sys.argv[1:]:
        print(whichdb(name) or "UNKNOWN", name)
