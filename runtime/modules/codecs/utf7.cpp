// The UTF-7 codec: direct ASCII with runs of modified base64. ref: RFC 2152, Objects/unicodeobject.c (PyUnicode_DecodeUTF7Stateful).
#include "runtime/modules/codecs/codecs.h"
#include "runtime/object/int.h"

namespace krait::modules {

static constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static bool isDigit(unsigned char c) { return c < 128 && c != 0 && kDigits.find(static_cast<char>(c)) != std::string_view::npos; }
static bool isDirect(char32_t c) { return c == '\t' || c == '\n' || c == '\r' || (c >= ' ' && c < 0x7f && c != '+' && c != '\\' && c != '~'); }

static Ref utf7Encode(Thread& t, const Value* a) {
  if (!isStr(a[1])) return raiseTypeError(t, "utf_7_encode() argument 1 must be str, not %s", typeNameOf(t, a[1]));
  const Str* s = a[1].as<Str>();
  std::string out;
  bool is_shifted = false;
  uint32_t buffer = 0;
  int bits = 0;
  auto flush = [&] {
    while (bits >= 6) out += kDigits[buffer >> (bits -= 6) & 0x3f];
  };
  auto unit = [&](uint32_t u) {
    buffer = buffer << 16 | u;
    bits += 16;
    flush();
  };
  for (int64_t i = 0; i < s->length; ++i) {
    char32_t c = s->at(i);
    if (is_shifted && isDirect(c)) {
      if (bits > 0) out += kDigits[buffer << (6 - bits) & 0x3f];
      bits = 0;
      is_shifted = false;
      if (isDigit(static_cast<unsigned char>(c)) || c == '-') out += '-';
    }
    if (!is_shifted) {
      if (c == '+') {
        out += "+-";
        continue;
      }
      if (isDirect(c)) {
        out += static_cast<char>(c);
        continue;
      }
      out += '+';
      is_shifted = true;
    }
    if (c >= 0x10000) {
      unit(0xd800 + ((c - 0x10000) >> 10));
      c = 0xdc00 + ((c - 0x10000) & 0x3ff);
    }
    unit(c);
  }
  if (bits > 0) out += kDigits[buffer << (6 - bits) & 0x3f];
  if (is_shifted) out += '-';
  Ref bytes = newBytes(t, out);
  return tupleOf(t, {bytes.get(), Value::fromInt(s->length)});
}

// The state of a base64 run while decoding.
struct Utf7Run {
  bool is_open = false;
  uint32_t buffer = 0;
  int bits = 0;
  char32_t surrogate = 0;  // a high one that waits for its low one
};
static void addDigit(Utf7Run& run, char c, std::vector<char32_t>& out) {
  run.buffer = run.buffer << 6 | static_cast<uint32_t>(kDigits.find(c));
  run.bits += 6;
  if (run.bits < 16) return;
  char32_t unit = run.buffer >> (run.bits -= 16) & 0xffff;
  run.buffer &= (1u << run.bits) - 1;
  if (run.surrogate != 0) {
    char32_t high = run.surrogate;
    run.surrogate = 0;
    if (unit >= 0xdc00 && unit < 0xe000) {
      out.push_back(0x10000 + ((high & 0x3ff) << 10 | (unit & 0x3ff)));
      return;
    }
    out.push_back(high);
  }
  if (unit >= 0xd800 && unit < 0xdc00) run.surrogate = unit;
  else out.push_back(unit);
}

// One byte outside or at the end of a run; an error's text, or null. `at` moves on.
static const char* stepUtf7(std::string_view data, size_t& at, size_t& begin, size_t& out_begin, Utf7Run& run, std::vector<char32_t>& out) {
  unsigned char c = static_cast<unsigned char>(data[at]);
  if (run.is_open) {
    if (isDigit(c)) {
      addDigit(run, data[at++], out);
      return nullptr;
    }
    run.is_open = false;
    if (run.bits > 0 && (run.bits >= 6 || run.buffer != 0)) {
      ++at;
      return run.bits >= 6 ? "partial character in base-64 section" : "non-zero padding bits in base-64 section";
    }
    if (run.surrogate != 0 && c < 128 && c != '+') out.push_back(run.surrogate);
    run.surrogate = 0;
    if (c == '-') ++at;
    return nullptr;
  }
  if (c == '+') {
    begin = at++;
    if (at < data.size() && data[at] == '-') {
      ++at;
      out.push_back('+');
    } else if (at < data.size() && !isDigit(static_cast<unsigned char>(data[at]))) {
      ++at;
      return "ill-formed sequence";
    } else {
      run = {.is_open = true};
      out_begin = out.size();
    }
    return nullptr;
  }
  begin = at++;
  if (c >= 128) return "unexpected special character";
  out.push_back(c);
  return nullptr;
}

static Ref utf7Decode(Thread& t, const Value* a) {
  std::string_view data;
  TRY(viewOf_py(t, a[1], &data));
  Ref held = Ref::of(a[1]);
  bool is_final = TRY(isTrue_py(t, a[3]));
  std::vector<char32_t> out;
  Utf7Run run;
  size_t at = 0, begin = 0, out_begin = 0, given = data.size();
  for (;;) {
    const char* reason = nullptr;
    if (at < data.size()) {
      reason = stepUtf7(data, at, begin, out_begin, run, out);
      if (reason == nullptr) continue;
    } else {
      bool is_open = run.is_open && (run.surrogate != 0 || run.bits >= 6 || (run.bits > 0 && run.buffer != 0));
      if (!is_final || !is_open) break;
      reason = "unterminated shift sequence";
      run.is_open = false;
    }
    Ref exception = TRY(newDecodeError_py(t, "utf7", held.get(), static_cast<int64_t>(begin), static_cast<int64_t>(at), reason));
    Ref replacement = TRY(askDecodeHandler_py(t, a[0], a[2], exception.get(), held, &data, &at));
    for (char32_t c : toChars(replacement.as<Str>())) out.push_back(c);
  }
  if (!is_final && run.is_open) {
    at = begin;
    out.resize(out_begin);
  }
  StrBuilder text;
  for (char32_t c : out) text.add(c);
  Ref made = text.finish(t);
  return tupleOf(t, {made.get(), Value::fromInt(static_cast<int64_t>(is_final ? given : at))});
}

const NativeDef kUtf7Functions[] = {{"utf_7_encode", "($self, str, errors=None, /)", utf7Encode},
    {"utf_7_decode", "($self, data, errors=None, final=False, /)", utf7Decode}, {nullptr, nullptr, nullptr}};

}  // namespace krait::modules
