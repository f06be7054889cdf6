"""What reads time zone files: TZif (RFC 8536), and the package tzdata for zones that the system lacks."""
import struct


class ZoneInfoNotFoundError(KeyError):
    """Exception raised when a ZoneInfo key is not found."""


def load_tzdata(key):
    """The zone's file in the package tzdata, open."""
    from importlib import resources

    *folders, name = key.split("/")
    try:
        path = resources.files(".".join(["tzdata.zoneinfo", *folders])).joinpath(name)
        if path.is_dir():
            raise IsADirectoryError
        return path.open("rb")
    except (ImportError, FileNotFoundError, UnicodeEncodeError, IsADirectoryError):
        raise ZoneInfoNotFoundError(f"No time zone found with key {key}")


def _header(file):
    """version, then the counts: isut, isstd, leap, times, types, characters."""
    if file.read(4) != b"TZif":
        raise ValueError("Invalid TZif file: magic not found")
    version = file.read(1)
    file.read(15)
    return 1 if version == b"\0" else int(version), struct.unpack(">6l", file.read(24))


def load_data(file):
    """(kind of each transition, their UTC times, offsets, DST flags, names of the kinds, TZ string or None)."""
    version, (isut, isstd, leap, times, types, characters) = _header(file)
    size, letter = 4, "l"
    if version > 1:  # the first block is the same in 32 bits
        file.seek(times * 5 + types * 6 + characters + leap * 8 + isstd + isut, 1)
        version, (isut, isstd, leap, times, types, characters) = _header(file)
        size, letter = 8, "q"
    moments = struct.unpack(f">{times}{letter}", file.read(times * size))
    kinds = struct.unpack(f">{times}B", file.read(times))
    records = [struct.unpack(">lbB", file.read(6)) for _ in range(types)]
    text = file.read(characters)
    names = tuple(text[at:text.index(b"\0", at)].decode() for _, _, at in records)
    rule = None
    if version > 1:
        file.seek(leap * 12 + isstd + isut, 1)
        rule = file.read().strip(b"\n").split(b"\n")[0]
    return kinds, moments, tuple(r[0] for r in records), tuple(r[1] for r in records), names, rule
