// format(Decimal, spec). ref: library reference, format specification; Lib/_pydecimal's rules for decimals.
#include "runtime/modules/decimal/operations.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/heap.h"
#include "runtime/object/protocol.h"

namespace krait::modules::decimal {

namespace {
struct Spec {
  std::string fill = " ";
  char align = '>', sign = '-', type = 0;
  bool positive_zero = false, zero_pad = false, has_align = false;
  int64_t width = 0, precision = -1;
  std::string separator, point = ".", grouping = "\3";
};
size_t charLength(unsigned char c) { return c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4; }

bool parseSpec(std::string_view text, Spec& out) {
  size_t i = 0;
  auto isAlign = [](char c) { return c == '<' || c == '>' || c == '=' || c == '^'; };
  size_t first = text.empty() ? 0 : charLength(static_cast<unsigned char>(text[0]));
  if (first > 0 && first < text.size() && isAlign(text[first])) {
    out.fill = text.substr(0, first);
    out.align = text[first];
    out.has_align = true;
    i = first + 1;
  } else if (!text.empty() && isAlign(text[0])) {
    out.align = text[0];
    out.has_align = true;
    i = 1;
  }
  if (i < text.size() && (text[i] == '+' || text[i] == '-' || text[i] == ' ')) out.sign = text[i++];
  if (i < text.size() && text[i] == 'z') out.positive_zero = true, ++i;
  if (i < text.size() && text[i] == '0') {
    if (out.has_align) return false;
    out.zero_pad = true;
    out.fill = "0";
    out.align = '=';
    ++i;
  }
  auto number = [&](int64_t& to) {
    bool any = false;
    for (to = 0; i < text.size() && text[i] >= '0' && text[i] <= '9'; ++i, any = true) to = to < 1000000000 ? to * 10 + (text[i] - '0') : to;
    return any;
  };
  int64_t n;
  if (number(n)) out.width = n;
  if (i < text.size() && (text[i] == ',' || text[i] == '_')) out.separator = std::string(1, text[i++]);
  if (i < text.size() && text[i] == '.') {
    ++i;
    if (!number(n)) return false;
    out.precision = n;
  }
  if (i < text.size()) {
    out.type = text[i++];
    if (std::string_view("eEfFgGn%").find(out.type) == std::string_view::npos) return false;
    if (out.type == 'n' && !out.separator.empty()) return false;
  }
  return i == text.size();
}
// The integer digits in groups of three, at least `width` characters with leading zeros.
std::string grouped(std::string digits, const std::string& separator, int64_t width) {
  if (separator.empty()) {
    if (static_cast<int64_t>(digits.size()) < width) digits.insert(0, static_cast<size_t>(width) - digits.size(), '0');
    return digits;
  }
  std::string out;
  size_t count = 0;
  auto put = [&](char c) {
    if (count > 0 && count % 3 == 0) out.insert(0, separator);
    out.insert(out.begin(), c);
    ++count;
  };
  for (size_t k = digits.size(); k-- > 0;) put(digits[k]);
  while (static_cast<int64_t>(out.size()) < width) put('0');
  return out;
}
size_t countChars(std::string_view utf8) {
  size_t n = 0;
  for (unsigned char c : utf8) n += (c & 0xC0) != 0x80;
  return n;
}
}  // namespace

Ref formatDecimal(Thread& t, const Value* a) {
  if (!isStr(a[1])) return raiseTypeError(t, "format arg must be str");
  Spec spec;
  if (!parseSpec(toUtf8(a[1].as<Str>()), spec)) return raiseValueError(t, "invalid format string");
  Context* c = TRY(currentContext(t));
  Number n = numberOf(a[0]);
  // What will be written at most must be there to be had.
  int64_t length = spec.width + std::max<int64_t>(spec.precision, 0) + n.digits();
  if (n.isFinite() && (spec.type | 32) == 'f') length += n.exponent < 0 ? -n.exponent : n.exponent;
  if (n.isFinite() && spec.type == '%') length += (n.exponent < 0 ? -n.exponent : n.exponent) + 2;
  if (length > int64_t{1} << 40 || !canAllocate(static_cast<size_t>(length) * 8)) return raiseMemoryError(t);
  bool upper = spec.type == 'E' || spec.type == 'G' || spec.type == 'F';
  char type = spec.type == 0 ? (c->settings.capitals ? 'G' : 'g') : spec.type == 'n' ? 'g' : spec.type;
  if (spec.type == 0) upper = c->settings.capitals;
  std::string whole, fraction, tail;
  if (!n.isFinite()) {
    whole = toText(n, false, true);
    if (n.negative) whole.erase(0, 1);
    if (type == '%') tail = "%";
    if (spec.zero_pad) spec.fill = " ", spec.align = '>';
  } else {
    if (type == '%') n.exponent += 2, tail = "%", type = 'f';
    uint32_t none = 0;
    char kind = type | 32;
    if (spec.precision >= 0) {
      if (kind == 'e' && !n.isZero() && n.digits() > spec.precision + 1) rescale(n, n.adjusted() - spec.precision, c->settings.rounding, none);
      else if (kind == 'e') rescale(n, n.isZero() ? n.exponent : n.adjusted() - spec.precision, c->settings.rounding, none);
      else if (kind == 'f') rescale(n, -spec.precision, c->settings.rounding, none);
      else {
        int64_t digits = spec.precision == 0 ? 1 : spec.precision;
        if (n.digits() > digits) rescale(n, n.exponent + n.digits() - digits, c->settings.rounding, none);
      }
      if (kind != 'f' && !n.isZero() && n.digits() > (kind == 'e' ? spec.precision + 1 : std::max<int64_t>(spec.precision, 1))) rescale(n, n.exponent + 1, c->settings.rounding, none);
    }
    if (ran_out_of_memory) {
      ran_out_of_memory = false;
      return raiseMemoryError(t);
    }
    if (n.isZero() && n.exponent > 0 && kind == 'f') rescale(n, 0, c->settings.rounding, none), n.exponent = 0;
    if (spec.positive_zero && n.isZero()) n.negative = false;
    std::string digits = digitsOf(n.coefficient);
    int64_t size = static_cast<int64_t>(digits.size()), left = n.exponent + size, point;
    if (kind == 'e') point = n.isZero() && spec.precision >= 0 ? 1 - spec.precision : 1;
    else if (kind == 'f') point = left;
    else point = n.exponent <= 0 && left > -6 ? left : 1;
    if (point < 0) whole = "0", fraction = std::string(static_cast<size_t>(-point), '0') + digits;
    else if (point > size) whole = digits + std::string(static_cast<size_t>(point - size), '0');
    else whole = point == 0 ? "0" : digits.substr(0, static_cast<size_t>(point)), fraction = digits.substr(static_cast<size_t>(point));
    int64_t e = left - point;
    if (kind == 'e' || (kind == 'g' && e != 0)) tail = std::string(1, upper ? 'E' : 'e') + (e >= 0 ? "+" : "") + std::to_string(e) + tail;
  }
  std::string sign = n.negative ? "-" : spec.sign == '+' ? "+" : spec.sign == ' ' ? " " : "";
  if (!fraction.empty()) tail = spec.point + fraction + tail;
  if (n.isFinite()) {
    int64_t room = spec.zero_pad ? spec.width - static_cast<int64_t>(sign.size() + tail.size()) : 0;
    whole = grouped(whole, spec.separator, room);
  }
  std::string body = whole + tail;
  int64_t missing = spec.width - static_cast<int64_t>(countChars(sign + body));
  std::string before, middle, after;
  for (int64_t i = 0; i < missing; ++i) {
    std::string& to = spec.align == '<' ? after : spec.align == '=' ? middle : spec.align == '>' ? before : i < missing / 2 ? before : after;
    to += spec.fill;
  }
  return newStr(t, before + sign + middle + body + after);
}

}  // namespace krait::modules::decimal
