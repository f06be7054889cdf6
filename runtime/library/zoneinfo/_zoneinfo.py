"""ZoneInfo: a time zone of the IANA database, by the rules of PEP 615 and of TZif files (RFC 8536)."""
import bisect
import functools
import weakref
from datetime import datetime, timedelta, timezone, tzinfo

from . import _common, _tzpath

_EPOCH_ORDINAL = datetime(1970, 1, 1).toordinal()


@functools.lru_cache(maxsize=512)
def _delta(seconds):
    return timedelta(seconds=seconds)


class _Type:
    """One kind of local time: offset, DST part and name."""

    __slots__ = ("utcoff", "dstoff", "tzname")

    def __init__(self, utcoff, dstoff, tzname):
        self.utcoff, self.dstoff, self.tzname = utcoff, dstoff, tzname

    def values(self):
        return self.utcoff, self.dstoff, self.tzname


_NONE = _Type(None, None, None)


class ZoneInfo(tzinfo):
    _strong_cache_size = 8
    _is_from_file = False
    _strong_cache = {}
    _weak_cache = weakref.WeakValueDictionary()
    __module__ = "zoneinfo"

    def __init_subclass__(cls):
        cls._strong_cache = {}
        cls._weak_cache = weakref.WeakValueDictionary()

    def __new__(cls, key):
        instance = cls._weak_cache.get(key)
        if instance is None:
            instance = cls._weak_cache.setdefault(key, cls._new_instance(key))
            instance._from_cache = True
        cls._strong_cache[key] = cls._strong_cache.pop(key, instance)
        while len(cls._strong_cache) > cls._strong_cache_size:
            del cls._strong_cache[next(iter(cls._strong_cache))]
        return instance

    @classmethod
    def no_cache(cls, key):
        self = cls._new_instance(key)
        self._from_cache = False
        return self

    @classmethod
    def _new_instance(cls, key):
        self = super().__new__(cls)
        self._key = key
        self._file_path = _tzpath.find_tzfile(key)
        if self._file_path is not None:
            with open(self._file_path, "rb") as f:
                self._load(f)
        else:
            with _common.load_tzdata(key) as f:
                self._load(f)
        return self

    @classmethod
    def from_file(cls, file_obj, /, key=None):
        self = super().__new__(cls)
        self._key = key
        self._file_path = None
        self._from_cache = False
        self._is_from_file = True
        self._load(file_obj)
        self._file_repr = repr(file_obj)
        return self

    @classmethod
    def clear_cache(cls, *, only_keys=None):
        if only_keys is None:
            cls._weak_cache.clear()
            cls._strong_cache.clear()
            return
        for key in only_keys:
            cls._weak_cache.pop(key, None)
            cls._strong_cache.pop(key, None)

    key = property(lambda self: self._key, doc="The name under which the zone was looked up.")

    # --- tzinfo
    def utcoffset(self, dt):
        return self._find(dt).utcoff

    def dst(self, dt):
        return self._find(dt).dstoff

    def tzname(self, dt):
        return self._find(dt).tzname

    def fromutc(self, dt):
        if not isinstance(dt, datetime):
            raise TypeError("fromutc() requires a datetime argument")
        if dt.tzinfo is not self:
            raise ValueError("dt.tzinfo is not self")
        seconds = _seconds(dt)
        fold = 0
        if self._utc and (seconds <= self._utc[-1] or not isinstance(self._rule, _YearlyRule)):
            index = bisect.bisect_right(self._utc, seconds)
            kind = self._types[index - 1] if index > 0 else self._before
            if index > 0:
                previous = self._types[index - 2] if index > 1 else self._before
                shift = (previous.utcoff - kind.utcoff).total_seconds()
                fold = shift > seconds - self._utc[index - 1]
        elif self._rule:
            kind, fold = self._rule.at_utc(seconds, dt.year)
        else:
            kind = self._before
        result = dt + kind.utcoff
        return result.replace(fold=1) if fold else result

    def _find(self, dt):
        if dt is None:
            return self._fixed if self._fixed is not None else _NONE
        seconds = _seconds(dt)
        wall = self._wall[dt.fold]
        if wall and (seconds < wall[-1] or not self._rule):
            index = bisect.bisect_right(wall, seconds)
            return self._types[index - 1] if index > 0 else self._before
        if self._rule:
            return self._rule.at_wall(seconds, dt.year, dt.fold)
        return self._before

    # --- loading
    def _load(self, file):
        index, utc, offsets, is_dst, names, rule = _common.load_data(file)
        dst_offsets = _dst_offsets(index, offsets, is_dst)
        kinds = [_Type(_delta(o), _delta(d), n) for o, d, n in zip(offsets, dst_offsets, names)]
        self._utc = list(utc)
        self._types = [kinds[i] for i in index]
        standard = [i for i, flag in enumerate(is_dst) if not flag]
        self._before = kinds[standard[0] if standard else 0] if kinds else None
        self._wall = self._wall_times(offsets, index)
        self._rule = _parse_rule(rule.decode() if isinstance(rule, bytes) else rule) if rule else None
        if self._before is None:
            if self._rule is None:
                raise ValueError("No time zone information found.")
            self._before = self._rule.standard
        # Where one kind of time holds for ever, times of the day have it, too.
        last = self._rule.standard if self._rule else kinds[-1]
        is_fixed = len(kinds) <= 1 and not isinstance(self._rule, _YearlyRule) and all(kind.values() == last.values() for kind in kinds)
        self._fixed = last if is_fixed else None

    def _wall_times(self, offsets, index):
        """Local times of the transitions, for fold 0 and 1."""
        if not self._utc:
            return [], []
        first, second = [], []
        before = int(self._before.utcoff.total_seconds())
        for when, i in zip(self._utc, index):
            after = offsets[i]
            first.append(when + max(before, after))
            second.append(when + min(before, after))
            before = after
        return first, second

    # --- text and pickling
    def __str__(self):
        return str(self._key) if self._key is not None else repr(self)

    def __repr__(self):
        name = type(self).__qualname__
        prefix = f"{type(self).__module__}.{name}"
        if self._key is not None:
            return f"{prefix}(key={self._key!r})"
        return f"{prefix}.from_file({self._file_repr})"

    def __reduce__(self):
        if self._is_from_file:
            import pickle
            raise pickle.PicklingError("Cannot pickle a ZoneInfo file from a file stream.")
        return type(self)._unpickle, (self._key, self._from_cache)

    @classmethod
    def _unpickle(cls, key, from_cache, /):
        return cls(key) if from_cache else cls.no_cache(key)


def _seconds(dt):
    """Seconds since 1970 of what the clock shows."""
    return (dt.toordinal() - _EPOCH_ORDINAL) * 86400 + dt.hour * 3600 + dt.minute * 60 + dt.second


def _dst_offsets(index, offsets, is_dst):
    """How much of each kind's offset is daylight saving time, from the standard times it follows or precedes."""
    found = [0] * len(offsets)
    for step in (1, -1):
        order = index if step == 1 else index[::-1]
        for previous, current in zip(order, order[1:]):
            if is_dst[current] and not found[current] and not is_dst[previous]:
                found[current] = offsets[current] - offsets[previous]
    for i, flag in enumerate(is_dst):
        if flag and not found[i]:
            found[i] = 3600
    return found


# --- the rule for times after the last transition: POSIX TZ strings
class _FixedRule:
    def __init__(self, standard):
        self.standard = standard

    def at_wall(self, seconds, year, fold):
        return self.standard

    def at_utc(self, seconds, year):
        return self.standard, 0


class _YearlyRule:
    def __init__(self, standard, summer, start, end):
        self.standard, self.summer, self.start, self.end = standard, summer, start, end
        self.shift = int((summer.utcoff - standard.utcoff).total_seconds())

    def at_wall(self, seconds, year, fold):
        start, end = self.start(year), self.end(year)
        # A clock that goes back shows an hour twice, one that goes forward leaves one out: fold chooses the side.
        if fold == (self.shift >= 0):
            end -= self.shift
        else:
            start += self.shift
        inside = start <= seconds < end if start < end else not end <= seconds < start
        return self.summer if inside else self.standard

    def at_utc(self, seconds, year):
        offset = int(self.standard.utcoff.total_seconds())
        start, end = self.start(year) - offset, self.end(year) - offset - self.shift
        inside = start <= seconds < end if start < end else not end <= seconds < start
        back = end if self.shift > 0 else start
        return (self.summer if inside else self.standard), back <= seconds < back + abs(self.shift)


def _julian(day, seconds):
    def at(year):
        leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
        return (datetime(year, 1, 1).toordinal() - _EPOCH_ORDINAL + day - 1 + (leap and day >= 60)) * 86400 + seconds
    return at


def _day_of_year(day, seconds):
    # The first of January is day 0 by POSIX; CPython's zoneinfo counts one day less, so that 0 is the last day of the year before.
    return lambda year: (datetime(year, 1, 1).toordinal() - _EPOCH_ORDINAL + day - 1) * 86400 + seconds


def _week_day(month, week, day, seconds):
    def at(year):
        first = datetime(year, month, 1).toordinal()
        ordinal = first + (day - first % 7) % 7 + (week - 1) * 7
        following = datetime(year + month // 12, month % 12 + 1, 1).toordinal()
        while ordinal >= following:
            ordinal -= 7
        return (ordinal - _EPOCH_ORDINAL) * 86400 + seconds
    return at


class _Reader:
    """Reads a TZ string from left to right; ValueError for what does not fit."""

    def __init__(self, text):
        self.text, self.at = text, 0

    def fail(self):
        raise ValueError(f"malformed TZ string {self.text!r}")

    def take(self, c):
        if self.text[self.at:self.at + 1] != c:
            return False
        self.at += 1
        return True

    def name(self):
        begin = self.at
        if self.take("<"):
            end = self.text.find(">", self.at)
            if end < 0:
                self.fail()
            self.at = end + 1
            return self.text[begin + 1:end]
        while self.at < len(self.text) and self.text[self.at].isalpha():
            self.at += 1
        if self.at - begin < 3:
            self.fail()
        return self.text[begin:self.at]

    def number(self, least, most):
        begin = self.at
        while self.at < len(self.text) and self.text[self.at].isdigit() and self.at - begin < 3:
            self.at += 1
        if begin == self.at or not least <= int(self.text[begin:self.at]) <= most:
            self.fail()
        return int(self.text[begin:self.at])

    def time(self, hours):
        sign = -1 if self.take("-") else 1
        if sign == 1:
            self.take("+")
        total = self.number(0, hours) * 3600
        if self.take(":"):
            total += self.number(0, 59) * 60
            if self.take(":"):
                total += self.number(0, 59)
        return sign * total

    def date(self):
        if self.take("M"):
            month = self.number(1, 12)
            week = self.take(".") and self.number(1, 5) or self.fail()
            if not self.take("."):
                self.fail()
            day = self.number(0, 6)
            return lambda seconds: _week_day(month, week, day, seconds)
        if self.take("J"):
            day = self.number(1, 365)
            return lambda seconds: _julian(day, seconds)
        day = self.number(0, 365)
        return lambda seconds: _day_of_year(day, seconds)


def _parse_rule(text):
    reader = _Reader(text)
    name = reader.name()
    offset = -reader.time(24)
    standard = _Type(_delta(offset), _delta(0), name)
    if reader.at == len(text):
        return _FixedRule(standard)
    name = reader.name()
    summer_offset = offset + 3600
    if reader.at < len(text) and text[reader.at] != ",":
        summer_offset = -reader.time(24)
    summer = _Type(_delta(summer_offset), _delta(summer_offset - offset), name)
    rules = []
    for _ in range(2):
        if not reader.take(","):
            reader.fail()
        date = reader.date()
        rules.append(date(reader.time(167) if reader.take("/") else 7200))
    if reader.at != len(text):
        reader.fail()
    return _YearlyRule(standard, summer, *rules)
