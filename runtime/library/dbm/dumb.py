"""A simple database in two files: `name.dir` lists keys with where their values are in `name.dat`.

Each line of the directory is `'key', (position, size)` with the key as a Latin-1 string literal. Values start at multiples
of 512 bytes and are overwritten in place when the new one fits the same blocks.
"""
import ast
import collections.abc
import io
import os

__all__ = ["error", "open"]

_BLOCK = 512
error = OSError


class _Database(collections.abc.MutableMapping):
    def __init__(self, name, mode, flag="c"):
        self._mode = mode
        self._readonly = flag == "r"
        name = os.fsencode(name)
        self._dirfile, self._datfile, self._bakfile = name + b".dir", name + b".dat", name + b".bak"
        self._modified = False
        self._index = None
        if flag == "n":
            for path in (self._datfile, self._bakfile, self._dirfile):
                try:
                    os.remove(path)
                except OSError:
                    pass
        if not os.path.exists(self._datfile):
            if flag not in ("c", "n"):
                raise OSError(f"[Errno 2] No such file or directory: {os.fsdecode(self._datfile)!r}") from None
            with io.open(self._datfile, "w", encoding="Latin-1"):
                os.chmod(self._datfile, mode)
        self._index = {}
        self._read(flag)

    def _read(self, flag):
        try:
            f = io.open(self._dirfile, "r", encoding="Latin-1")
        except OSError:
            if flag not in ("c", "n"):
                raise
            with io.open(self._dirfile, "w", encoding="Latin-1"):
                os.chmod(self._dirfile, self._mode)
            return
        with f:
            for line in f:
                key, place = ast.literal_eval(line.rstrip())
                self._index[key.encode("Latin-1")] = place

    def _commit(self):
        if self._index is None or not self._modified:
            return
        try:
            os.unlink(self._bakfile)
        except OSError:
            pass
        try:
            os.rename(self._dirfile, self._bakfile)
        except OSError:
            pass
        with io.open(self._dirfile, "w", encoding="Latin-1") as f:
            os.chmod(self._dirfile, self._mode)
            for key, place in self._index.items():
                f.write(f"{key.decode('Latin-1')!r}, {place}\n")
        self._modified = False

    sync = _commit

    def _check(self):
        if self._index is None:
            raise error("DBM object has already been closed")

    @staticmethod
    def _bytes(value, what):
        if isinstance(value, str):
            return value.encode("utf-8")
        if not isinstance(value, (bytes, bytearray)):
            raise TypeError(f"{what} must be bytes or strings")
        return bytes(value)

    def __getitem__(self, key):
        if isinstance(key, str):
            key = key.encode("utf-8")
        self._check()
        position, size = self._index[key]
        with io.open(self._datfile, "rb") as f:
            f.seek(position)
            return f.read(size)

    def __setitem__(self, key, value):
        if self._readonly:
            raise error("The database is opened for reading only")
        key = self._bytes(key, "keys")
        value = self._bytes(value, "values")
        self._check()
        self._modified = True
        old = self._index.get(key)
        blocks = (len(value) + _BLOCK - 1) // _BLOCK
        if old is not None and blocks <= (old[1] + _BLOCK - 1) // _BLOCK:
            with io.open(self._datfile, "rb+") as f:
                f.seek(old[0])
                f.write(value)
            self._index[key] = (old[0], len(value))
            return
        with io.open(self._datfile, "rb+") as f:
            f.seek(0, 2)
            end = f.tell()
            start = (end + _BLOCK - 1) // _BLOCK * _BLOCK
            f.write(b"\0" * (start - end) + value)
        self._index[key] = (start, len(value))
        if old is None:
            with io.open(self._dirfile, "a", encoding="Latin-1") as f:
                os.chmod(self._dirfile, self._mode)
                f.write(f"{key.decode('Latin-1')!r}, {self._index[key]}\n")

    def __delitem__(self, key):
        if self._readonly:
            raise error("The database is opened for reading only")
        if isinstance(key, str):
            key = key.encode("utf-8")
        self._check()
        self._modified = True
        del self._index[key]
        self._commit()

    def keys(self):
        self._check()
        return list(self._index)

    def items(self):
        self._check()
        return [(key, self[key]) for key in self._index]

    def __contains__(self, key):
        if isinstance(key, str):
            key = key.encode("utf-8")
        self._check()
        return key in self._index

    def iterkeys(self):
        self._check()
        return iter(self._index)

    __iter__ = iterkeys

    def __len__(self):
        self._check()
        return len(self._index)

    def close(self):
        try:
            self._commit()
        finally:
            self._index = self._datfile = self._dirfile = self._bakfile = None

    def __del__(self):
        if getattr(self, "_index", None) is not None:
            self.close()

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.close()


def open(file, flag="c", mode=0o666):
    """Opens the database; flag as in dbm.open."""
    umask = os.umask(0)
    os.umask(umask)
    if flag not in ("r", "w", "c", "n"):
        raise ValueError("Flag must be one of 'r', 'w', 'c', or 'n'")
    return _Database(file, mode & ~umask, flag=flag)
