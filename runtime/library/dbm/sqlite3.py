"""A database of the dbm kind in one SQLite file: table Dict(key BLOB UNIQUE NOT NULL, value BLOB NOT NULL)."""
import os
import sqlite3
from collections.abc import MutableMapping
from contextlib import closing
from pathlib import Path

__all__ = ["error", "open"]


class error(OSError):
    pass


def _as_blob(value):
    return value.encode() if isinstance(value, str) else bytes(value) if isinstance(value, (bytearray, memoryview)) else value


class _Database(MutableMapping):
    def __init__(self, path, /, *, flag, mode):
        if hasattr(self, "_cx"):
            raise error("reinitialization is not allowed")
        path = os.fsdecode(path)
        kinds = {"r": "ro", "w": "rw", "c": "rwc", "n": "rwc"}
        if flag not in kinds:
            raise ValueError(f"Flag must be one of 'r', 'w', 'c', or 'n', not {flag!r}")
        if flag == "n":
            try:
                Path(path).unlink(missing_ok=True)
            except OSError as e:
                raise error(str(e)) from e
        if flag in ("c", "n"):
            Path(path).touch(mode=mode, exist_ok=True)
        try:
            self._cx = sqlite3.connect(f"{Path(path).absolute().as_uri()}?mode={kinds[flag]}", autocommit=True, uri=True)
            if flag != "r":
                self._cx.execute("PRAGMA journal_mode = wal")
            if flag in ("c", "n"):
                with self._execute("CREATE TABLE IF NOT EXISTS Dict (key BLOB UNIQUE NOT NULL, value BLOB NOT NULL)"):
                    pass
        except sqlite3.Error as e:
            raise error(str(e)) from e

    def _execute(self, *args):
        if not self._cx:
            raise error("DBM object has already been closed")
        try:
            return closing(self._cx.execute(*args))
        except sqlite3.Error as e:
            raise error(str(e)) from e

    def __len__(self):
        with self._execute("SELECT COUNT(*) FROM Dict") as rows:
            return rows.fetchone()[0]

    def __getitem__(self, key):
        with self._execute("SELECT value FROM Dict WHERE key = CAST(? AS BLOB)", (_as_blob(key),)) as rows:
            row = rows.fetchone()
        if row is None:
            raise KeyError(key)
        return row[0]

    def __setitem__(self, key, value):
        self._execute("REPLACE INTO Dict (key, value) VALUES (CAST(? AS BLOB), CAST(? AS BLOB))", (_as_blob(key), _as_blob(value)))

    def __delitem__(self, key):
        with self._execute("DELETE FROM Dict WHERE key = CAST(? AS BLOB)", (_as_blob(key),)) as rows:
            if not rows.rowcount:
                raise KeyError(key)

    def __iter__(self):
        try:
            with self._execute("SELECT key FROM Dict") as rows:
                for row in rows:
                    yield row[0]
        except sqlite3.Error as e:
            raise error(str(e)) from e

    def close(self):
        if self._cx:
            self._cx.close()
            self._cx = None

    def keys(self):
        return list(super().keys())

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.close()


def open(filename, /, flag="r", mode=0o666):
    """Opens the database; flag as in dbm.open."""
    return _Database(filename, flag=flag, mode=mode)
