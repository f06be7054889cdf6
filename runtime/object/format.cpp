#include "runtime/object/format.h"

#include <algorithm>
#include <cmath>

#include "analyzer/base/unicode/character.h"

#include "runtime/object/error.h"
#include "runtime/object/float.h"
#include "runtime/object/int.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::object {

static bool isAlign(char32_t c) { return c == '<' || c == '>' || c == '=' || c == '^'; }

Status parseFormatSpec_py(Thread& t, Value spec_value, Value v, FormatSpec& f) {
  if (!isStr(spec_value)) return raiseTypeError(t, "__format__() argument must be str, not %s", typeNameOf(t, spec_value));
  Str* s = spec_value.as<Str>();
  int64_t at = 0, n = s->length;
  auto peek = [&](int64_t i) { return i < n ? s->at(i) : 0; };
  if (n >= 2 && isAlign(peek(1))) {
    f.fill = peek(0);
    f.align = peek(1);
    at = 2;
  } else if (n >= 1 && isAlign(peek(0))) {
    f.align = peek(0);
    at = 1;
  }
  bool fill_given = at == 2;
  if (peek(at) == '+' || peek(at) == '-' || peek(at) == ' ') f.sign = peek(at++);
  if (peek(at) == 'z') f.no_negative_zero = true, ++at;
  if (peek(at) == '#') f.alternate = true, ++at;
  if (!fill_given && peek(at) == '0') {
    f.fill = '0';
    if (f.align == 0) f.zero_pad = true;
    ++at;
  }
  auto number = [&](int64_t& out) -> Status {
    if (peek(at) < '0' || peek(at) > '9') return kDone;
    out = 0;
    while (peek(at) >= '0' && peek(at) <= '9') {
      if (out > INT32_MAX) return raiseValueError(t, "Too many decimal digits in format string");
      out = out * 10 + (peek(at++) - '0');
    }
    return kDone;
  };
  TRY(number(f.width));
  if (peek(at) == ',' || peek(at) == '_') {
    f.thousands = peek(at++);
    if (peek(at) == ',' || peek(at) == '_') {
      if (peek(at) == f.thousands) return raiseValueError(t, "Cannot specify '%c' with '%c'.", static_cast<char>(f.thousands), static_cast<char>(peek(at)));
      return raiseValueError(t, "Cannot specify both ',' and '_'.");
    }
  }
  if (peek(at) == '.') {
    ++at;
    TRY(number(f.precision));
    if (peek(at) == ',' || peek(at) == '_') f.fraction_thousands = peek(at++);
    if (f.precision < 0 && f.fraction_thousands == 0) return raiseValueError(t, "Format specifier missing precision");
  }
  if (n - at > 1) return raiseValueError(t, "Invalid format specifier '%s' for object of type '%s'", toUtf8(s).c_str(), typeNameOf(t, v));
  if (n - at == 1) f.type = peek(at);
  static constexpr std::string_view kGrouping = "deEfFgG%", kUnderscored = "boxX";
  bool groups = f.type == 0 || (f.type < 128 && (kGrouping.find(static_cast<char>(f.type)) != std::string_view::npos ||
                                                 (f.thousands == '_' && kUnderscored.find(static_cast<char>(f.type)) != std::string_view::npos)));
  if (f.thousands != 0 && !groups) {
    if (f.type > 32 && f.type < 128) return raiseValueError(t, "Cannot specify '%c' with '%c'.", static_cast<char>(f.thousands), static_cast<char>(f.type));
    return raiseValueError(t, "Cannot specify '%c' with '\\x%x'.", static_cast<char>(f.thousands), static_cast<unsigned>(f.type));
  }
  return kDone;
}

static RaisedTag unknownCode(Thread& t, char32_t code, Value v) {
  std::string c;
  if (code > 32 && code < 128) c = static_cast<char>(code);
  else c = format("\\x%x", static_cast<unsigned>(code));
  return raiseValueError(t, "Unknown format code '%s' for object of type '%s'", c.c_str(), typeNameOf(t, v));
}

// Digits with a separator every `group` from the right, widened with zeros to `width` when zero padding asks for it.
static std::string grouped(const std::string& digits, char separator, int group, int64_t width) {
  std::string out;
  int64_t count = 0, total = 0;
  size_t i = digits.size();
  while (i > 0 || total < width) {
    if (count == group) {
      out += separator;
      ++total;
      count = 0;
      if (i == 0 && total >= width) out += '0', ++total;
      if (i == 0 && total >= width) break;
    }
    out += i > 0 ? digits[--i] : '0';
    ++count;
    ++total;
  }
  return std::string(out.rbegin(), out.rend());
}

static Ref pad(Thread& t, const FormatSpec& f, const std::string& sign, const std::string& prefix, const std::string& body, char32_t default_align) {
  char32_t align = f.align != 0 ? f.align : f.zero_pad ? U'=' : default_align;
  int64_t narrow = static_cast<int64_t>(sign.size() + prefix.size() + body.size());
  if (f.width <= narrow) {
    if (sign.empty() && prefix.empty()) return newStr(t, body);
    return newStr(t, sign + prefix + body);
  }
  Ref text = newStr(t, body);
  int64_t length = static_cast<int64_t>(sign.size() + prefix.size()) + text.as<Str>()->length;
  int64_t missing = f.width > length ? f.width - length : 0;
  int64_t left = align == '>' ? missing : align == '^' ? missing / 2 : 0;
  StrBuilder out;
  if (align != '=') out.fill(f.fill, left);
  out.addAscii(sign);
  out.addAscii(prefix);
  if (align == '=') out.fill(f.fill, missing);
  out.add(text.as<Str>());
  if (align != '=') out.fill(f.fill, missing - left);
  return out.finish(t);
}

static std::string signText(const FormatSpec& f, bool negative) { return negative ? "-" : f.sign == '+' ? "+" : f.sign == ' ' ? " " : ""; }

static Ref formatDouble(Thread& t, double d, FormatSpec f, Value v) {
  char code = static_cast<char>(f.type == 0 ? 'r' : f.type);
  if (code == 'n') code = 'g';
  int precision = static_cast<int>(f.precision);
  bool percent = code == '%';
  if (percent) {
    code = 'f';
    d *= 100;
  }
  bool add_dot_0 = false;
  if (f.type == 0) {
    if (precision < 0) add_dot_0 = true;
    else code = 'g', add_dot_0 = true;
  } else if (precision < 0) {
    precision = 6;
  }
  bool upper = code == 'E' || code == 'F' || code == 'G';
  if (upper) code = static_cast<char>(code + 32);
  if (code == 'g' && precision == 0) precision = 1;
  std::string text;
  if (f.type == 0 && f.precision >= 0) {
    // Like 'g', but fixed notation keeps at least one digit after the point, and the exponent limit is the precision.
    text = floatFormat(d, 'g', precision, f.alternate, false);
    if (std::isfinite(d) && text.find_first_of(".e") == std::string::npos) {
      std::string digits = text[0] == '-' ? text.substr(1) : text;
      if (static_cast<int64_t>(digits.size()) >= f.precision) {
        text = floatFormat(d, 'e', precision > 0 ? precision - 1 : 0, f.alternate, false);
        size_t e = text.find('e'), last = text.find_last_not_of('0', e - 1);
        if (text.find('.') != std::string::npos && !f.alternate) text = text.substr(0, text[last] == '.' ? last : last + 1) + text.substr(e);
      } else {
        text += ".0";
      }
    }
  } else {
    text = floatFormat(d, code, precision, f.alternate, add_dot_0);
  }
  bool negative = text[0] == '-';
  if (negative) text = text.substr(1);
  if (f.no_negative_zero && negative && text.find_first_of("123456789ni") == std::string::npos) negative = false;
  if (upper) for (char& c : text) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  if (percent) text += '%';
  std::string sign = signText(f, negative);
  if (f.thousands != 0 || f.fraction_thousands != 0) {
    size_t end = text.find_first_not_of("0123456789");
    if (end == std::string::npos) end = text.size();
    std::string rest = text.substr(end);
    if (f.fraction_thousands != 0 && rest.size() > 1 && rest[0] == '.') {
      std::string out = ".";
      size_t i = 1, count = 0;
      for (; i < rest.size() && rest[i] >= '0' && rest[i] <= '9'; ++i, ++count) {
        if (count > 0 && count % 3 == 0) out += static_cast<char>(f.fraction_thousands);
        out += rest[i];
      }
      rest = out + rest.substr(i);
    }
    bool zeros = f.zero_pad || (f.align == '=' && f.fill == '0');
    int64_t width = zeros ? f.width - static_cast<int64_t>(sign.size() + rest.size()) : 0;
    if (end > 0 && f.thousands != 0) text = grouped(text.substr(0, end), static_cast<char>(f.thousands), 3, width) + rest;
    else text = text.substr(0, end) + rest;
  }
  (void)v;
  return pad(t, f, sign, "", text, '>');
}

Ref formatFloat_py(Thread& t, Value v, Value spec) {
  FormatSpec f;
  TRY(parseFormatSpec_py(t, spec, v, f));
  if (spec.as<Str>()->length == 0) return str_py(t, v);
  switch (f.type) {
    case 0: case 'e': case 'E': case 'f': case 'F': case 'g': case 'G': case 'n': case '%': return formatDouble(t, floatValue(v), f, v);
    default: return unknownCode(t, f.type, v);
  }
}

// One part of a complex number: sign and digits. ref: format_complex_internal.
static std::string complexPart(double d, const FormatSpec& f, bool always_signed) {
  char code = f.type == 0 ? (f.precision >= 0 ? 'g' : 'r') : f.type == 'n' ? 'g' : static_cast<char>(f.type);
  int precision = f.precision >= 0 ? static_cast<int>(f.precision) : f.type == 0 ? 0 : 6;
  bool upper = code == 'E' || code == 'F' || code == 'G';
  if (upper) code = static_cast<char>(code + 32);
  if (code == 'g' && precision == 0) precision = 1;
  std::string text = floatFormat(d, code, precision, f.alternate, false);
  bool negative = text[0] == '-';
  if (negative) text = text.substr(1);
  if (f.no_negative_zero && negative && text.find_first_of("123456789ni") == std::string::npos) negative = false;
  if (upper) for (char& c : text) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  size_t end = std::min(text.find_first_not_of("0123456789"), text.size());
  if (f.thousands != 0 && end > 0) text = grouped(text.substr(0, end), static_cast<char>(f.thousands), 3, 0) + text.substr(end);
  return (always_signed && !negative ? "+" : signText(f, negative)) + text;
}
Ref formatComplex_py(Thread& t, Value v, Value spec) {
  FormatSpec f;
  TRY(parseFormatSpec_py(t, spec, v, f));
  if (spec.as<Str>()->length == 0) return str_py(t, v);
  switch (f.type) {
    case 0: case 'e': case 'E': case 'f': case 'F': case 'g': case 'G': case 'n': break;
    default: return unknownCode(t, f.type, v);
  }
  if (f.zero_pad) return raiseValueError(t, "Zero padding is not allowed in complex format specifier");
  if (f.align == '=') return raiseValueError(t, "'=' alignment flag is not allowed in complex format specifier");
  double real = v.as<Complex>()->real, imag = v.as<Complex>()->imag;
  bool skips_real = f.type == 0 && real == 0 && !std::signbit(real);
  std::string text = skips_real ? complexPart(imag, f, false) + "j" : complexPart(real, f, false) + complexPart(imag, f, true) + "j";
  if (f.type == 0 && !skips_real) text = "(" + text + ")";
  return pad(t, f, "", "", text, '>');
}

Ref formatInt_py(Thread& t, Value v, Value spec) {
  FormatSpec f;
  TRY(parseFormatSpec_py(t, spec, v, f));
  if (spec.as<Str>()->length == 0) return str_py(t, v);
  switch (f.type) {
    case 'e': case 'E': case 'f': case 'F': case 'g': case 'G': case '%': return formatDouble(t, TRY(intToDouble(t, v)), f, v);
    case 0: case 'd': case 'n': case 'b': case 'o': case 'x': case 'X': case 'c': break;
    default: return unknownCode(t, f.type, v);
  }
  if (f.precision >= 0) return raiseValueError(t, "Precision not allowed in integer format specifier");
  if (f.no_negative_zero) return raiseValueError(t, "Negative zero coercion (z) not allowed in integer format specifier");
  if (f.type == 'c') {
    if (f.thousands != 0) return raiseValueError(t, "Cannot specify '%c' with 'c'.", static_cast<char>(f.thousands));
    if (f.sign != 0) return raiseValueError(t, "Sign not allowed with integer format specifier 'c'");
    if (f.alternate) return raiseValueError(t, "Alternate form (#) not allowed with integer format specifier 'c'");
    int64_t c;
    if (!intFits(v, c)) return raiseOverflowError(t, "Python int too large to convert to C long");
    if (c < 0 || c > 0x10FFFF) return raiseOverflowError(t, "%%c arg not in range(0x110000)");
    std::string text;
    appendUtf8(text, static_cast<char32_t>(c));
    return pad(t, f, "", "", text, '<');
  }
  bool groups = f.type == 0 || f.type == 'd' || (f.thousands == '_' && f.type != 'n');
  if (f.thousands != 0 && !groups) return raiseValueError(t, "Cannot specify '%c' with '%c'.", static_cast<char>(f.thousands), static_cast<char>(f.type));
  int base = f.type == 'b' ? 2 : f.type == 'o' ? 8 : f.type == 'x' || f.type == 'X' ? 16 : 10;
  if (base == 10) {
    Ref check = TRY(intToStr_py(t, v));  // the digit limit
  }
  std::string digits = intToText(v, base);
  bool negative = digits[0] == '-';
  if (negative) digits = digits.substr(1);
  std::string prefix = f.alternate && base != 10 ? std::string("0") + static_cast<char>(f.type) : "";
  if (f.type == 'X') for (char& c : digits) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  std::string sign = signText(f, negative);
  if (f.thousands != 0) {
    bool zeros = f.zero_pad || (f.align == '=' && f.fill == '0');
    int64_t width = zeros ? f.width - static_cast<int64_t>(sign.size() + prefix.size()) : 0;
    digits = grouped(digits, static_cast<char>(f.thousands), base == 10 ? 3 : 4, width);
  }
  return pad(t, f, sign, prefix, digits, '>');
}

Ref formatStr_py(Thread& t, Value v, Value spec) {
  if (spec.as<Str>()->length == 0) return str_py(t, v);
  FormatSpec f;
  TRY(parseFormatSpec_py(t, spec, v, f));
  if (f.type != 0 && f.type != 's') return unknownCode(t, f.type, v);
  if (f.sign != 0) return raiseValueError(t, f.sign == ' ' ? "Space not allowed in string format specifier" : "Sign not allowed in string format specifier");
  if (f.no_negative_zero) return raiseValueError(t, "Negative zero coercion (z) not allowed in string format specifier");
  if (f.alternate) return raiseValueError(t, "Alternate form (#) not allowed in string format specifier");
  if (f.align == '=' ) return raiseValueError(t, "'=' alignment not allowed in string format specifier");
  if (f.thousands != 0) return raiseValueError(t, "Cannot specify '%c' with 's'.", static_cast<char>(f.thousands));
  Str* s = v.as<Str>();
  int64_t length = f.precision >= 0 && f.precision < s->length ? f.precision : s->length;
  int64_t missing = f.width > length ? f.width - length : 0;
  char32_t align = f.align != 0 ? f.align : U'<';
  int64_t left = align == '>' ? missing : align == '^' ? missing / 2 : 0;
  StrBuilder out;
  out.fill(f.fill, left);
  out.addSlice(s, 0, length);
  out.fill(f.fill, missing - left);
  return out.finish(t);
}

int decimalDigit(char32_t c) {
  if (c < 0x80) return c >= '0' && c <= '9' ? static_cast<int>(c - '0') : -1;
  return unicode::decimalValue(c);
}
bool isSpaceChar(char32_t c) { return unicode::isSpace(c); }

}  // namespace krait::object
