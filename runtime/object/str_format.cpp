// str % args and str.format(). ref: PyUnicode_Format; Objects/stringlib/unicode_format.h.
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/float.h"
#include "runtime/object/format.h"
#include "runtime/object/heap.h"
#include "runtime/object/int.h"
#include "runtime/object/native.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::object {

// --- %
struct PercentState {
  Str* format;
  int64_t at = 0;
  Value args;
  int64_t next = 0;
  bool is_tuple, is_mapping;
  bool used_mapping = false;
};
static Ref nextArgument(Thread& t, PercentState& s) {
  if (s.is_tuple) {
    if (s.next >= s.args.as<Tuple>()->size) return raiseTypeError(t, "not enough arguments for format string");
    return Ref::of(s.args.as<Tuple>()->items()[s.next++]);
  }
  if (s.next++ > 0) return raiseTypeError(t, "not enough arguments for format string");
  return Ref::of(s.args);
}
struct PercentSpec {
  bool left = false, plus = false, space = false, alternate = false, zero = false;
  int64_t width = -1, precision = -1;
};
static Ref percentNumber(Thread& t, Value v, char32_t code, const PercentSpec& spec) {
  Ref number;
  if (code == 'd' || code == 'i' || code == 'u') {
    if (isFloatLike(v)) number = TRY(newIntFromDouble(t, floatValue(v)));
    else if (isIntLike(v)) number = Ref::of(v);
    else if (typeOf(t, v)->slots.index != nullptr) number = TRY(toIndex_py(t, v));
    else if (typeOf(t, v)->slots.to_int != nullptr) number = TRY(typeOf(t, v)->slots.to_int(t, v));
    else return raiseTypeError(t, "%%%c format: a real number is required, not %s", static_cast<char>(code), typeNameOf(t, v));
  } else {
    if (!isIntLike(v) && typeOf(t, v)->slots.index == nullptr) return raiseTypeError(t, "%%%c format: an integer is required, not %s", static_cast<char>(code), typeNameOf(t, v));
    number = TRY(toIndex_py(t, v));
  }
  int base = code == 'o' ? 8 : code == 'x' || code == 'X' ? 16 : 10;
  std::string digits = intToText(number.get(), base);
  bool negative = digits[0] == '-';
  if (negative) digits.erase(0, 1);
  if (int64_t more = spec.precision - static_cast<int64_t>(digits.size()); more > 0) {
    if (!canAllocate(static_cast<size_t>(more))) return raiseMemoryError(t);
    digits.insert(0, static_cast<size_t>(more), '0');
  }
  if (code == 'X') for (char& c : digits) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  std::string sign = negative ? "-" : spec.plus ? "+" : spec.space ? " " : "";
  if (spec.alternate && base != 10) sign += code == 'o' ? "0o" : code == 'X' ? "0X" : "0x";
  while (spec.zero && !spec.left && static_cast<int64_t>(sign.size() + digits.size()) < spec.width) digits.insert(0, 1, '0');
  return newStr(t, sign + digits);
}
static Ref percentFloat(Thread& t, Value v, char32_t code, const PercentSpec& spec) {
  double d = TRY(toDouble_py(t, v));
  char lower = static_cast<char>(code | 32);
  std::string text = floatFormat(d, lower, spec.precision < 0 ? 6 : lower == 'g' && spec.precision == 0 ? 1 : static_cast<int>(spec.precision), spec.alternate, false);
  bool negative = text[0] == '-';
  if (negative) text.erase(0, 1);
  if (code < 'a') for (char& c : text) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  std::string sign = negative ? "-" : spec.plus ? "+" : spec.space ? " " : "";
  bool finite = text[0] >= '0' && text[0] <= '9';
  while (spec.zero && finite && !spec.left && static_cast<int64_t>(sign.size() + text.size()) < spec.width) text.insert(0, 1, '0');
  return newStr(t, sign + text);
}
static Ref percentOne(Thread& t, Value v, char32_t code, const PercentSpec& spec) {
  switch (code) {
    case 's': case 'r': case 'a': {
      Ref s = TRY(code == 's' ? str_py(t, v) : code == 'r' ? repr_py(t, v) : ascii_py(t, v));
      if (spec.precision >= 0 && spec.precision < s.as<Str>()->length) return strSlice(t, s.as<Str>(), 0, spec.precision);
      return s;
    }
    case 'd': case 'i': case 'u': case 'o': case 'x': case 'X': return percentNumber(t, v, code, spec);
    case 'e': case 'E': case 'f': case 'F': case 'g': case 'G': return percentFloat(t, v, code, spec);
    case 'c': {
      if (isStr(v)) {
        if (v.as<Str>()->length == 1) return Ref::of(v);
        return raiseTypeError(t, "%%c requires an int or a unicode character, not a string of length %ld", static_cast<long>(v.as<Str>()->length));
      }
      if (!isIntLike(v) && typeOf(t, v)->slots.index == nullptr) return raiseTypeError(t, "%%c requires an int or a unicode character, not %s", typeNameOf(t, v));
      Ref i = TRY(toIndex_py(t, v));
      int64_t c;
      if (!intFits(i.get(), c) || c < 0 || c > 0x10FFFF) return raiseOverflowError(t, "%%c arg not in range(0x110000)");
      return strFromChar(t, static_cast<char32_t>(c));
    }
    default: return Ref();
  }
}
static Status percentSize(Thread& t, PercentState& s, int64_t& out, bool is_width, PercentSpec& spec) {
  Str* f = s.format;
  if (s.at < f->length && f->at(s.at) == '*') {
    ++s.at;
    Ref v = TRY(nextArgument(t, s));
    if (!isIntLike(v.get())) return raiseTypeError(t, "* wants int");
    if (!intFits(v.get(), out) || (!is_width && (out > INT32_MAX || out < INT32_MIN))) return raiseOverflowError(t, "Python int too large to convert to C %s", is_width ? "ssize_t" : "int");
    if (is_width && (out > int64_t{1} << 32 || out < -(int64_t{1} << 32))) return raiseMemoryError(t);
    if (is_width && out < 0) {
      spec.left = true;
      out = -out;
    }
    return kDone;
  }
  while (s.at < f->length && f->at(s.at) >= '0' && f->at(s.at) <= '9') {
    if (out > INT64_MAX / 10 - 1) return raiseValueError(t, is_width ? "width too big" : "precision too big");
    out = (out < 0 ? 0 : out) * 10 + (f->at(s.at++) - '0');
  }
  if (is_width && out > (int64_t{1} << 32)) return raiseMemoryError(t);
  if (!is_width && out > INT32_MAX) return raiseValueError(t, "precision too big");
  return kDone;
}
Ref percentFormat_py(Thread& t, Str* format, Value args) {
  PercentState s{.format = format, .args = args, .is_tuple = isTuple(args), .is_mapping = false};
  s.is_mapping = !s.is_tuple && !isStr(args) && typeOf(t, args)->slots.get_item != nullptr;
  StrBuilder out;
  while (s.at < format->length) {
    char32_t c = format->at(s.at++);
    if (c != '%') {
      out.add(c);
      continue;
    }
    PercentSpec spec;
    Ref value;
    if (s.at < format->length && format->at(s.at) == '(') {
      if (!s.is_mapping) return raiseTypeError(t, "format requires a mapping");
      int64_t begin = ++s.at;
      int depth = 1;
      while (s.at < format->length && depth > 0) {
        depth += format->at(s.at) == '(' ? 1 : format->at(s.at) == ')' ? -1 : 0;
        ++s.at;
      }
      if (depth > 0) return raiseValueError(t, "incomplete format key");
      Ref key = strSlice(t, format, begin, s.at - 1);
      value = TRY(getItem_py(t, args, key.get()));
      s.used_mapping = true;
    }
    for (bool more = true; more && s.at < format->length;) {
      switch (format->at(s.at)) {
        case '-': spec.left = true; break;
        case '+': spec.plus = true; break;
        case ' ': spec.space = true; break;
        case '#': spec.alternate = true; break;
        case '0': spec.zero = true; break;
        default: more = false; continue;
      }
      ++s.at;
    }
    TRY(percentSize(t, s, spec.width, true, spec));
    if (s.at < format->length && format->at(s.at) == '.') {
      ++s.at;
      spec.precision = 0;
      TRY(percentSize(t, s, spec.precision, false, spec));
      if (spec.precision < 0) spec.precision = 0;
    }
    while (s.at < format->length && (format->at(s.at) == 'h' || format->at(s.at) == 'l' || format->at(s.at) == 'L')) ++s.at;
    if (s.at >= format->length) return raiseValueError(t, "incomplete format");
    char32_t code = format->at(s.at++);
    if (code == '%') {
      out.add('%');
      continue;
    }
    if (!value) value = TRY(nextArgument(t, s));
    Ref text = percentOne(t, value.get(), code, spec);
    if (!text) {
      if (isPending(t)) return text;
      std::string shown;
      appendUtf8(shown, code);
      return raiseValueError(t, "unsupported format character '%s' (0x%x) at index %ld", shown.c_str(), static_cast<unsigned>(code), static_cast<long>(s.at - 1));
    }
    int64_t missing = spec.width - text.as<Str>()->length;
    if (!spec.left) out.fill(' ', missing > 0 ? missing : 0);
    out.add(text.as<Str>());
    if (spec.left) out.fill(' ', missing > 0 ? missing : 0);
  }
  bool leftover = s.is_tuple ? s.next < args.as<Tuple>()->size : s.next == 0 && !s.is_mapping && !s.used_mapping;
  if (leftover) return raiseTypeError(t, "not all arguments converted during string formatting");
  return out.finish(t);
}

// --- str.format
struct FormatState {
  Tuple* args;
  Value mapping;  // a Dict of keywords, or any mapping
  int64_t automatic = 0;  // -1 once a field was numbered
};
static Ref formatText(Thread& t, FormatState& state, Str* s, int64_t begin, int64_t end, int depth);

// The number that a part of the text is, or -1. ref: get_integer.
static Fallible<int64_t> numberIn(Thread& t, Str* s, int64_t begin, int64_t end) {
  int64_t number = 0;
  if (begin == end) return int64_t{-1};
  for (int64_t i = begin; i < end; ++i) {
    int digit = decimalDigit(s->at(i));
    if (digit < 0) return int64_t{-1};
    if (number > (INT64_MAX - digit) / 10) return raiseValueError(t, "Too many decimal digits in format string");
    number = number * 10 + digit;
  }
  return number;
}
static Ref fieldValue(Thread& t, FormatState& state, Str* s, int64_t begin, int64_t end) {
  int64_t at = begin;
  while (at < end && s->at(at) != '.' && s->at(at) != '[') ++at;
  int64_t number = TRY(numberIn(t, s, begin, at));
  if (at == begin) {
    if (state.automatic < 0) return raiseValueError(t, "cannot switch from manual field specification to automatic field numbering");
    number = state.automatic++;
  } else if (number >= 0) {
    if (state.automatic > 0) return raiseValueError(t, "cannot switch from automatic field numbering to manual field specification");
    state.automatic = -1;
  }
  Ref v;
  if (number >= 0) {
    if (state.args == nullptr) return raiseValueError(t, "Format string contains positional fields");
    if (number >= state.args->size) return raiseIndexError(t, "Replacement index %ld out of range for positional args tuple", static_cast<long>(number));
    v = Ref::of(state.args->items()[number]);
  } else {
    Ref name = strSlice(t, s, begin, at);
    v = TRY(getItem_py(t, state.mapping, name.get()));
  }
  while (at < end) {
    bool is_item = s->at(at) == '[';
    if (!is_item && s->at(at) != '.') return raiseValueError(t, "Only '.' or '[' may follow ']' in format field specifier");
    int64_t from = ++at;
    while (at < end && (is_item ? s->at(at) != ']' : s->at(at) != '.' && s->at(at) != '[')) ++at;
    if (is_item && at >= end) return raiseValueError(t, "Missing ']' in format string");
    if (at == from) return raiseValueError(t, "Empty attribute in format string");
    Ref key = strSlice(t, s, from, at);
    if (!is_item) {
      v = TRY(getAttr_py(t, v.get(), internStr(*t.isolate, key.as<Str>())));
      continue;
    }
    int64_t index = TRY(numberIn(t, s, from, at++));
    if (index >= 0) key = newInt(t, index);
    v = TRY(getItem_py(t, v.get(), key.get()));
  }
  return v;
}
static Ref converted(Thread& t, Value v, char32_t conversion) {
  if (conversion == 's') return str_py(t, v);
  if (conversion == 'r') return repr_py(t, v);
  if (conversion == 'a') return ascii_py(t, v);
  if (conversion > 32 && conversion < 127) return raiseValueError(t, "Unknown conversion specifier %c", static_cast<char>(conversion));
  return raiseValueError(t, "Unknown conversion specifier \\x%x", static_cast<unsigned>(conversion));
}
// A replacement field, `at` behind its brace; afterwards behind its end.
struct FieldPlaces {
  int64_t name_end = 0, spec = 0, spec_end = 0;
  char32_t conversion = 0;
};
// ref: parse_field in MarkupIterator_next.
static Status placesOfField(Thread& t, Str* s, int64_t& at, int64_t end, FieldPlaces& out) {
  char32_t c = 0;
  for (bool more = true; more && at < end;) {
    c = s->at(at++);
    if (c == '{') return raiseValueError(t, "unexpected '{' in field name");
    if (c == '[') while (at < end && s->at(at) != ']') ++at;
    more = c != '}' && c != ':' && c != '!';
  }
  out.name_end = at - 1;
  if (c == '}') return kDone;
  if (c != ':' && c != '!') return raiseValueError(t, "expected '}' before end of string");
  if (c == '!') {
    if (at >= end) return raiseValueError(t, "end of string while looking for conversion specifier");
    out.conversion = s->at(at++);
    if (at < end) {
      c = s->at(at++);
      if (c == '}') return kDone;
      if (c != ':') return raiseValueError(t, "expected ':' after conversion specifier");
    }
  }
  out.spec = at;
  for (int nesting = 1; at < end;) {
    c = s->at(at++);
    nesting += c == '{' ? 1 : c == '}' ? -1 : 0;
    out.spec_end = at - 1;
    if (nesting == 0) return kDone;
  }
  return raiseValueError(t, "unmatched '{' in format spec");
}
static Ref formatText(Thread& t, FormatState& state, Str* s, int64_t begin, int64_t end, int depth) {
  if (depth > 2) return raiseValueError(t, "Max string recursion exceeded");
  StrBuilder out;
  for (int64_t at = begin; at < end;) {
    char32_t c = s->at(at++);
    if (c != '{' && c != '}') {
      out.add(c);
      continue;
    }
    if (c == '}' && (at >= end || s->at(at) != c)) return raiseValueError(t, "Single '}' encountered in format string");
    if (at >= end) return raiseValueError(t, "Single '{' encountered in format string");
    if (s->at(at) == c) {
      out.add(c);
      ++at;
      continue;
    }
    int64_t from = at;
    FieldPlaces places;
    TRY(placesOfField(t, s, at, end, places));
    Ref v = TRY(fieldValue(t, state, s, from, places.name_end));
    if (places.conversion != 0) v = TRY(converted(t, v.get(), places.conversion));
    bool is_nested = false;
    for (int64_t i = places.spec; i < places.spec_end; ++i) is_nested = is_nested || s->at(i) == '{' || s->at(i) == '}';
    Ref spec = is_nested                       ? TRY(formatText(t, state, s, places.spec, places.spec_end, depth + 1))
               : places.spec < places.spec_end ? strSlice(t, s, places.spec, places.spec_end)
                                               : Ref::of(t.isolate->empty_str);
    Ref field = TRY(format_py(t, v.get(), spec.get()));
    out.add(field.as<Str>());
  }
  return out.finish(t);
}
Ref strFormatMethod(Thread& t, const Value* a) {
  FormatState state{.args = a[1].as<Tuple>(), .mapping = a[2]};
  return formatText(t, state, a[0].as<Str>(), 0, a[0].as<Str>()->length, 1);
}
Ref strFormatMap(Thread& t, const Value* a) {
  FormatState state{.args = nullptr, .mapping = a[1]};
  return formatText(t, state, a[0].as<Str>(), 0, a[0].as<Str>()->length, 1);
}

}  // namespace krait::object
