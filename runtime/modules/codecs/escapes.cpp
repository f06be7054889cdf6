// The codecs of text as Python source spells it: unicode_escape and raw_unicode_escape. ref: Objects/unicodeobject.c.
#include "analyzer/base/unicode_names.h"
#include "runtime/modules/codecs/codecs.h"
#include "runtime/object/int.h"

namespace krait::modules {

static int hexDigit(char c) { return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1; }

// What was found at a backslash: a character, text to copy as it is, or an error.
struct Escape {
  size_t size = 0;                // bytes used, the backslash included
  char32_t c = 0;
  int count = 1;                  // characters to add: 0, 1, or 2 (a backslash and c)
  const char* reason = nullptr;
  bool is_cut = false;            // more input could complete it
  bool is_unknown = false;        // no such escape: kept, with a warning
};

static Escape hexEscape(std::string_view data, size_t at, int digits, const char* reason, const char* range_reason) {
  char32_t c = 0;
  size_t i = at + 2;
  for (int k = 0; k < digits; ++k, ++i) {
    if (i >= data.size()) return {.size = i - at, .reason = reason, .is_cut = true};
    int digit = hexDigit(data[i]);
    if (digit < 0) return {.size = i - at, .reason = reason};
    c = c << 4 | static_cast<char32_t>(digit);
  }
  if (c > 0x10ffff) return {.size = i - at, .reason = range_reason};
  return {.size = i - at, .c = c};
}
static Escape nameEscape(std::string_view data, size_t at) {
  static constexpr const char* kMalformed = "malformed \\N character escape";
  size_t i = at + 2;
  if (i >= data.size()) return {.size = i - at, .reason = kMalformed, .is_cut = true};
  if (data[i] != '{') return {.size = i - at, .reason = kMalformed};
  size_t end = data.find('}', i);
  if (end == std::string_view::npos) return {.size = data.size() - at, .reason = kMalformed, .is_cut = true};
  if (end == i + 1) return {.size = end - at, .reason = kMalformed};
  uint32_t c = lookupUnicodeName(data.substr(i + 1, end - i - 1));
  if (c == kNoCodePoint) return {.size = end + 1 - at, .reason = "unknown Unicode character name"};
  return {.size = end + 1 - at, .c = c};
}
static Escape escapeAt(std::string_view data, size_t at) {
  if (at + 1 >= data.size()) return {.size = 1, .reason = "\\ at end of string", .is_cut = true};
  char c = data[at + 1];
  static constexpr std::string_view kNames = "\\'\"bftnrva", kValues = "\\'\"\b\f\t\n\r\v\a";
  if (size_t k = kNames.find(c); k != std::string_view::npos) return {.size = 2, .c = static_cast<unsigned char>(kValues[k])};
  switch (c) {
    case '\n': return {.size = 2, .count = 0};
    case 'x': return hexEscape(data, at, 2, "truncated \\xXX escape", "");
    case 'u': return hexEscape(data, at, 4, "truncated \\uXXXX escape", "");
    case 'U': return hexEscape(data, at, 8, "truncated \\UXXXXXXXX escape", "illegal Unicode character");
    case 'N': return nameEscape(data, at);
    default: break;
  }
  if (c >= '0' && c <= '7') {
    size_t i = at + 1;
    char32_t n = 0;
    for (; i < data.size() && i < at + 4 && data[i] >= '0' && data[i] <= '7'; ++i) n = n * 8 + static_cast<char32_t>(data[i] - '0');
    return {.size = i - at, .c = n, .is_unknown = n > 0xff};
  }
  return {.size = 2, .c = static_cast<unsigned char>(c), .count = 2, .is_unknown = true};
}
static Escape rawEscapeAt(std::string_view data, size_t at) {
  if (at + 1 >= data.size()) return {.size = 1, .c = '\\', .is_cut = true};
  char c = data[at + 1];
  if (c == 'u') return hexEscape(data, at, 4, "truncated \\uXXXX escape", "");
  if (c == 'U') return hexEscape(data, at, 8, "truncated \\UXXXXXXXX escape", "\\Uxxxxxxxx out of range");
  return {.size = 2, .c = static_cast<unsigned char>(c), .count = 2};
}

// a: module, data (bytes-like or str), errors, final.
static Ref decodeEscapes(Thread& t, const Value* a, const char* codec, Escape (*step)(std::string_view, size_t), bool warns) {
  Ref held = isStr(a[1]) ? newBytes(t, toUtf8(a[1].as<Str>())) : Ref::of(a[1]);
  std::string_view data;
  TRY(viewOf_py(t, held.get(), &data));
  bool is_final = TRY(isTrue_py(t, a[3]));
  StrBuilder out;
  std::string unknown;
  size_t at = 0, given = data.size();
  while (at < data.size()) {
    if (data[at] != '\\') {
      out.add(static_cast<unsigned char>(data[at++]));
      continue;
    }
    Escape escape = step(data, at);
    if (escape.is_cut && !is_final) break;
    if (escape.reason == nullptr) {
      if (escape.count == 2) out.add('\\');
      if (escape.count > 0) out.add(escape.c);
      if (escape.is_unknown && unknown.empty()) unknown = escape.count == 2 ? std::string(1, data[at + 1]) : std::string(data.substr(at + 1, 3));
      at += escape.size;
      continue;
    }
    Ref exception = TRY(newDecodeError_py(t, codec, held.get(), static_cast<int64_t>(at), static_cast<int64_t>(at + escape.size), escape.reason));
    Ref replacement = TRY(askDecodeHandler_py(t, a[0], a[2], exception.get(), held, &data, &at));
    out.add(replacement.as<Str>());
  }
  if (warns && !unknown.empty()) {
    bool is_octal = unknown.size() == 3;
    TRY(warn_py(t, errors(t).deprecation_warning, 1, "\"\\%s\" is an invalid %sescape sequence. Such sequences will not work in the future. ", unknown.c_str(), is_octal ? "octal " : ""));
  }
  Ref text = out.finish(t);
  return tupleOf(t, {text.get(), Value::fromInt(static_cast<int64_t>(is_final ? given : at))});
}
static Ref unicodeEscapeDecode(Thread& t, const Value* a) { return decodeEscapes(t, a, "unicodeescape", escapeAt, true); }
static Ref rawUnicodeEscapeDecode(Thread& t, const Value* a) { return decodeEscapes(t, a, "rawunicodeescape", rawEscapeAt, false); }

static Ref encodeEscapes(Thread& t, const Value* a, const char* name, bool is_raw) {
  if (!isStr(a[1])) return raiseTypeError(t, "%s_encode() argument 1 must be str, not %s", name, typeNameOf(t, a[1]));
  const Str* s = a[1].as<Str>();
  std::string out;
  for (int64_t i = 0; i < s->length; ++i) {
    char32_t c = s->at(i);
    if (c > 0xffff) out += format("\\U%08x", static_cast<unsigned>(c));
    else if (c > 0xff) out += format("\\u%04x", static_cast<unsigned>(c));
    else if (is_raw || (c >= ' ' && c < 0x7f && c != '\\')) out += static_cast<char>(c);
    else if (c == '\\') out += "\\\\";
    else if (c == '\t') out += "\\t";
    else if (c == '\n') out += "\\n";
    else if (c == '\r') out += "\\r";
    else out += format("\\x%02x", static_cast<unsigned>(c));
  }
  Ref bytes = newBytes(t, out);
  return tupleOf(t, {bytes.get(), Value::fromInt(s->length)});
}
static Ref unicodeEscapeEncode(Thread& t, const Value* a) { return encodeEscapes(t, a, "unicode_escape", false); }
static Ref rawUnicodeEscapeEncode(Thread& t, const Value* a) { return encodeEscapes(t, a, "raw_unicode_escape", true); }

const NativeDef kEscapeFunctions[] = {
    {"unicode_escape_encode", "($self, str, errors=None, /)", unicodeEscapeEncode},
    {"unicode_escape_decode", "($self, data, errors=None, final=True, /)", unicodeEscapeDecode},
    {"raw_unicode_escape_encode", "($self, str, errors=None, /)", rawUnicodeEscapeEncode},
    {"raw_unicode_escape_decode", "($self, data, errors=None, final=True, /)", rawUnicodeEscapeDecode},
    {nullptr, nullptr, nullptr}};

}  // namespace krait::modules
