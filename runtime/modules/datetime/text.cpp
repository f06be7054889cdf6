// Text of dates and times: ISO 8601 both ways and strftime. ref: Modules/_datetimemodule.c (wrap_strftime, parse_isoformat_time).
#include <cstring>

#include "runtime/modules/datetime/datetime.h"
#include "runtime/object/import.h"

namespace krait::modules::datetime {

std::string offsetText(int64_t us, const char* separator) {
  char sign = us < 0 ? '-' : '+';
  if (us < 0) us = -us;
  int64_t seconds = us / 1000000;
  std::string out = format("%c%02d%s%02d", sign, static_cast<int>(seconds / 3600), separator, static_cast<int>(seconds / 60 % 60));
  if (seconds % 60 != 0 || us % 1000000 != 0) out += format("%s%02d", separator, static_cast<int>(seconds % 60));
  if (us % 1000000 != 0) out += format(".%06d", static_cast<int>(us % 1000000));
  return out;
}
static void two(std::string& out, int n) {
  out += static_cast<char>('0' + n / 10);
  out += static_cast<char>('0' + n % 10);
}
static void digits(std::string& out, int n, int count) {
  char text[12];
  for (int i = count; i-- > 0; n /= 10) text[i] = static_cast<char>('0' + n % 10);
  out.append(text, static_cast<size_t>(count));
}
Status addClockText(Thread& t, const Clock& c, Value spec, std::string& out) {
  static constexpr std::string_view kSpecs[] = {"hours", "minutes", "seconds", "milliseconds", "microseconds", "auto"};
  size_t which = 5;
  if (spec.defined()) {
    if (!isStr(spec)) return raiseTypeError(t, "isoformat() argument 'timespec' must be str, not %s", typeNameOf(t, spec));
    for (which = 0; which < 6 && !strEquals(spec.as<Str>(), kSpecs[which]); ++which) {}
    if (which == 6) return raiseValueError(t, "Unknown timespec value");
  }
  if (which == 5) which = c.micros != 0 ? 4 : 2;
  two(out, c.hour);
  if (which >= 1) out += ':', two(out, c.minute);
  if (which >= 2) out += ':', two(out, c.second);
  if (which == 3) out += '.', digits(out, c.micros / 1000, 3);
  if (which == 4) out += '.', digits(out, c.micros, 6);
  return kDone;
}

// --- strftime
std::tm tmOf(int year, int month, int day, const Clock* clock) {
  std::tm tm = {};
  tm.tm_year = year - 1900;
  tm.tm_mon = month - 1;
  tm.tm_mday = day;
  tm.tm_wday = (weekdayOf(year, month, day) + 1) % 7;
  tm.tm_yday = daysBeforeMonth(year, month) + day - 1;
  tm.tm_isdst = -1;
  if (clock != nullptr) {
    tm.tm_hour = clock->hour;
    tm.tm_min = clock->minute;
    tm.tm_sec = clock->second;
  }
  return tm;
}
// The directives that need no locale; false for others.
static bool addPlain(std::string& out, char c, const std::tm& tm) {
  switch (c) {
    case 'Y': digits(out, tm.tm_year + 1900, 4); return true;
    case 'm': two(out, tm.tm_mon + 1); return true;
    case 'd': two(out, tm.tm_mday); return true;
    case 'H': two(out, tm.tm_hour); return true;
    case 'M': two(out, tm.tm_min); return true;
    case 'S': two(out, tm.tm_sec); return true;
    case 'j': digits(out, tm.tm_yday + 1, 3); return true;
    case 'y': two(out, (tm.tm_year + 1900) % 100); return true;
    case 'C': two(out, (tm.tm_year + 1900) / 100); return true;
    case 'F':
      digits(out, tm.tm_year + 1900, 4);
      out += '-', two(out, tm.tm_mon + 1), out += '-', two(out, tm.tm_mday);
      return true;
    case 'G': digits(out, isoDateOf(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday).year, 4); return true;
    case '%': out += '%'; return true;
    default: return false;
  }
}
static void addSystem(std::string& out, const std::string& directive, const std::tm& tm) {
  char text[256];
  size_t size = std::strftime(text, sizeof text, (directive + " ").c_str(), &tm);  // the space: an empty result is one too
  if (size > 0) out.append(text, size - 1);
}
Ref formatTime_py(Thread& t, Value format_value, const std::tm& tm, int micros, Value tzinfo, Value argument) {
  if (!isStr(format_value)) return raiseTypeError(t, "strftime() argument 1 must be str, not %s", typeNameOf(t, format_value));
  std::string format_text = toUtf8(format_value.as<Str>()), out;
  for (size_t i = 0; i < format_text.size();) {
    if (format_text[i] != '%' || i + 1 >= format_text.size()) {
      out += format_text[i++];
      continue;
    }
    char c = format_text[i + 1];
    bool has_colon = c == ':' && i + 2 < format_text.size() && format_text[i + 2] == 'z';
    if (c == 'z' || has_colon) {
      Offset offset = TRY(utcOffset_py(t, tzinfo, argument));
      if (!offset.is_none) out += offsetText(offset.micros, has_colon ? ":" : "");
      i += has_colon ? 3 : 2;
    } else if (c == 'Z') {
      Ref name = TRY(tzName_py(t, tzinfo, argument));
      if (isStr(name.get()) && !isExact(name.get(), TypeId::kStr)) {  // a subclass may replace in its own way
        Ref from = newStr(t, "%"), to = newStr(t, "%%");
        name = TRY(callMethod_py(t, name.get(), intern(*t.isolate, "replace"), from.get(), to.get()));
        if (!isStr(name.get())) return raiseTypeError(t, "tzname.replace() did not return a string");
      }
      if (isStr(name.get())) out += toUtf8(name.as<Str>());
      i += 2;
    } else if (c == 'f') {
      digits(out, micros, 6);
      i += 2;
    } else if (addPlain(out, c, tm)) {
      i += 2;
    } else {
      size_t end = i + 1;
      while (end < format_text.size() && std::strchr("EO_-0^#", format_text[end]) != nullptr) ++end;
      while (end < format_text.size() && format_text[end] >= '0' && format_text[end] <= '9') ++end;
      end = std::min(end + 1, format_text.size());
      addSystem(out, format_text.substr(i, end - i), tm);
      i = end;
    }
  }
  return newStr(t, out);
}

// --- parsing
static bool isDigitAt(std::string_view s, size_t i) { return i < s.size() && s[i] >= '0' && s[i] <= '9'; }
static bool number(std::string_view s, size_t at, size_t count, int& out) {
  out = 0;
  for (size_t i = at; i < at + count; ++i) {
    if (!isDigitAt(s, i)) return false;
    out = out * 10 + (s[i] - '0');
  }
  return true;
}
bool parseIsoDate(std::string_view s, Ymd& out, std::string& error) {
  int year, month, day = 1;
  if (!number(s, 0, 4, year) || s.size() < 7) return false;
  bool has_dash = s[4] == '-';
  size_t at = has_dash ? 5 : 4;
  if (s[at] == 'W') {
    if (!number(s, at + 1, 2, month)) return false;
    at += 3;
    if (at < s.size()) {
      if ((s[at] == '-') != has_dash) return false;
      if (has_dash) ++at;
      if (at + 1 != s.size() || !number(s, at, 1, day)) return false;
    }
    return fromIsoDate(year, month, day, out, error);
  }
  if (!number(s, at, 2, month)) return false;
  at += 2;
  if (at >= s.size() || (s[at] == '-') != has_dash) return false;
  if (has_dash) ++at;
  if (at + 2 != s.size() || !number(s, at, 2, day)) return false;
  out = {year, month, day};
  return true;
}
// HH[:?MM[:?SS[{.,}f+]]]
static bool parseParts(std::string_view s, int (&parts)[4]) {
  size_t at = 0;
  bool has_colon = false;
  for (int i = 0; i < 3; ++i) {
    if (!number(s, at, 2, parts[i])) return false;
    at += 2;
    if (i == 0) has_colon = at < s.size() && s[at] == ':';
    if (at >= s.size()) return true;
    if (i == 2) break;
    if (s[at] == ':') {
      if (!has_colon) return false;
      ++at;
    } else if (s[at] == '.' || s[at] == ',') {
      return false;
    } else if (has_colon) {
      return false;
    }
  }
  // Without colons the fraction needs no separator either. ref: parse_hh_mm_ss_ff
  bool has_separator = s[at] == '.' || s[at] == ',';
  if (!has_separator && has_colon) return false;
  at += has_separator;
  if (at >= s.size()) return false;
  int scale = 100000;
  for (; at < s.size(); ++at) {
    if (!isDigitAt(s, at)) return false;
    parts[3] += (s[at] - '0') * scale;
    scale /= 10;
  }
  return true;
}
bool parseIsoClock(std::string_view s, ParsedClock& out) {
  size_t zone = s.find_first_of("+-Z");
  int parts[4] = {};
  if (!parseParts(s.substr(0, zone), parts)) return false;
  if (parts[0] == 24) {
    if (parts[1] == 0 && parts[2] == 0 && parts[3] == 0) parts[0] = 0, out.is_next_day = true;
    else out.is_wrong = true;
  }
  out.clock.hour = static_cast<uint8_t>(parts[0]);
  out.clock.minute = static_cast<uint8_t>(parts[1]);
  out.clock.second = static_cast<uint8_t>(parts[2]);
  out.clock.micros = parts[3];
  if (zone == std::string_view::npos) return true;
  out.has_offset = true;
  if (s[zone] == 'Z') return zone + 1 == s.size();
  int offset[4] = {};
  if (!parseParts(s.substr(zone + 1), offset)) return false;
  out.offset = ((offset[0] * 60 + offset[1]) * int64_t{60} + offset[2]) * 1000000 + offset[3];
  if (s[zone] == '-') out.offset = -out.offset;
  return true;
}
// Where the date ends, by the rules of its form. ref: _find_isoformat_datetime_separator.
size_t isoSeparatorAt(std::string_view s, bool& ok) {
  ok = true;
  if (s.size() == 7) return 7;
  if (s[4] == '-') {
    if (s[5] != 'W') return 10;
    if (s.size() > 8 && s[8] == '-') {
      if (s.size() == 9) return ok = false, 0;
      return s.size() > 10 && isDigitAt(s, 10) ? 8 : 10;
    }
    return 8;
  }
  if (s[4] != 'W') return 8;
  size_t at = 7;
  while (isDigitAt(s, at)) ++at;
  if (at < 9) return at;
  return at % 2 == 0 ? 7 : 8;
}
Ref isoError(Thread& t, Value text) { return raiseValueError(t, "Invalid isoformat string: %s", reprText_py(t, text).c_str()); }

// _strptime.function(cls, text, format); a: cls, text, format.
Ref callStrptime_py(Thread& t, const char* function, const Value* a) {
  for (int i = 1; i <= 2; ++i) {
    if (!isStr(a[i])) return raiseTypeError(t, "strptime() argument %d must be str, not %s", i, typeNameOf(t, a[i]));
  }
  Ref module = TRY(importByName_py(t, "_strptime"));
  return callMethod_py(t, module.get(), intern(*t.isolate, function), a[0], a[1], a[2]);
}

}  // namespace krait::modules::datetime
