// Codecs by tables (charmap), backslash escapes, and raw memory. ref: Objects/unicodeobject.c, Objects/bytesobject.c.
#include "runtime/modules/codecs/codecs.h"
#include "runtime/object/int.h"

namespace krait::modules {

static constexpr const char* kUndefined = "character maps to <undefined>";
static constexpr char32_t kNoCharacter = 0xfffe;

// What a byte means: 1 added, 0 nothing, -1 raised.
static int mapByte_py(Thread& t, Value mapping, unsigned char byte, StrBuilder& out) {
  if (isStr(mapping)) {
    Str* table = mapping.as<Str>();
    if (byte >= table->length || table->at(byte) == kNoCharacter) return 0;
    out.add(table->at(byte));
    return 1;
  }
  Ref item = getItem_py(t, mapping, Value::fromInt(byte));
  if (!item) {
    if (!pendingMatches(t, errors(t).lookup_error)) return -1;
    clearException(t);
    return 0;
  }
  if (item.get().isNone()) return 0;
  if (isStr(item.get())) {
    if (item.as<Str>()->length == 1 && item.as<Str>()->at(0) == kNoCharacter) return 0;
    out.add(item.as<Str>());
    return 1;
  }
  int64_t n = -1;
  if (!isIntLike(item.get())) return (void)raiseTypeError(t, "character mapping must return integer, None or str"), -1;
  if (!intFits(item.get(), n) || n < 0 || n > 0x10ffff) return (void)raiseTypeError(t, "character mapping must be in range(0x110000)"), -1;
  if (n == static_cast<int64_t>(kNoCharacter)) return 0;
  out.add(static_cast<char32_t>(n));
  return 1;
}
static Ref charmapDecode(Thread& t, const Value* a) {
  std::string_view view;
  TRY(viewOf_py(t, a[1], &view));
  if (a[3].isNone()) {
    Ref text = newStrLatin1(t, reinterpret_cast<const uint8_t*>(view.data()), static_cast<int64_t>(view.size()));
    return tupleOf(t, {text.get(), Value::fromInt(static_cast<int64_t>(view.size()))});
  }
  Ref held = Ref::of(a[1]);
  int64_t given = static_cast<int64_t>(view.size());
  StrBuilder out;
  for (size_t at = 0; at < view.size();) {
    int known = mapByte_py(t, a[3], static_cast<unsigned char>(view[at]), out);
    if (known < 0) return Ref();
    if (known > 0) {
      ++at;
      continue;
    }
    Ref exception = TRY(newDecodeError_py(t, "charmap", held.get(), static_cast<int64_t>(at), static_cast<int64_t>(at) + 1, kUndefined));
    Ref replacement = TRY(askDecodeHandler_py(t, a[0], a[2], exception.get(), held, &view, &at));
    out.add(replacement.as<Str>());
  }
  Ref text = out.finish(t);
  return tupleOf(t, {text.get(), Value::fromInt(given)});
}

// The bytes of a character: 1 added, 0 none, -1 raised.
static int mapCharacter_py(Thread& t, Value mapping, char32_t c, std::string& out) {
  if (mapping.isNone()) {
    if (c < 256) out += static_cast<char>(c);
    return c < 256;
  }
  Ref item = getItem_py(t, mapping, Value::fromInt(c));
  if (!item) {
    if (!pendingMatches(t, errors(t).lookup_error)) return -1;
    clearException(t);
    return 0;
  }
  if (item.get().isNone()) return 0;
  if (isBytes(item.get())) {
    out += item.as<Bytes>()->view();
    return 1;
  }
  int64_t n = -1;
  if (!isIntLike(item.get())) return (void)raiseTypeError(t, "character mapping must return integer, bytes or None, not %s", typeNameOf(t, item.get())), -1;
  if (!intFits(item.get(), n) || n < 0 || n > 255) return (void)raiseTypeError(t, "character mapping must be in range(256)"), -1;
  out += static_cast<char>(n);
  return 1;
}
static Ref charmapEncode(Thread& t, const Value* a) {
  if (!isStr(a[1])) return raiseTypeError(t, "charmap_encode() argument 1 must be str, not %s", typeNameOf(t, a[1]));
  Ref held = Ref::of(a[1]);
  const Str* s = a[1].as<Str>();
  std::string out, scratch;
  for (int64_t i = 0; i < s->length;) {
    int known = mapCharacter_py(t, a[3], s->at(i), out);
    if (known < 0) return Ref();
    if (known > 0) {
      ++i;
      continue;
    }
    int64_t end = i + 1;
    while (end < s->length && (known = mapCharacter_py(t, a[3], s->at(end), scratch)) == 0) ++end;
    if (known < 0) return Ref();
    Ref exception = TRY(newEncodeError_py(t, "charmap", a[1], i, end, kUndefined));
    Ref replacement = TRY(askHandler_py(t, a[0], a[2], exception.get(), s->length, &i));
    if (isBytes(replacement.get())) {
      out += replacement.as<Bytes>()->view();
      continue;
    }
    for (int64_t k = 0; k < replacement.as<Str>()->length; ++k) {
      known = mapCharacter_py(t, a[3], replacement.as<Str>()->at(k), out);
      if (known < 0) return Ref();
      if (known == 0) return raiseException(t, exception.get());
    }
  }
  Ref bytes = newBytes(t, out);
  return tupleOf(t, {bytes.get(), Value::fromInt(s->length)});
}
static Ref charmapBuild(Thread& t, const Value* a) {
  if (!isStr(a[1])) return raiseTypeError(t, "charmap_build() argument must be str, not %s", typeNameOf(t, a[1]));
  Ref dict = newDict(t);
  for (int64_t i = 0; i < a[1].as<Str>()->length; ++i) {
    char32_t c = a[1].as<Str>()->at(i);
    if (c != kNoCharacter) TRY(dictSet_py(t, dict.as<Dict>(), Value::fromInt(c), Value::fromInt(i)));
  }
  return dict;
}

// --- backslashes in bytes
static int hexDigit(char c) { return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1; }
static Ref escapeDecode(Thread& t, const Value* a) {
  std::string data;
  if (isStr(a[1])) {
    data = toUtf8(a[1].as<Str>());
  } else {
    std::string_view view;
    TRY(viewOf_py(t, a[1], &view));
    data = view;
  }
  std::string handler = isStr(a[2]) ? toUtf8(a[2].as<Str>()) : "strict", out;
  size_t first_unknown = std::string::npos;  // what is warned of
  for (size_t i = 0; i < data.size();) {
    if (data[i] != '\\') {
      out += data[i++];
      continue;
    }
    if (++i >= data.size()) return raiseValueError(t, "Trailing \\ in string");
    char c = data[i++];
    static constexpr std::string_view kNames = "\\'\"bftnrva", kValues = "\\'\"\b\f\t\n\r\v\a";
    if (size_t at = kNames.find(c); at != std::string_view::npos) {
      out += kValues[at];
    } else if (c >= '0' && c <= '7') {
      int n = c - '0';
      size_t began = i - 1;
      for (int k = 0; k < 2 && i < data.size() && data[i] >= '0' && data[i] <= '7'; ++k) n = n * 8 + data[i++] - '0';
      if (n > 0xFF) first_unknown = std::min(first_unknown, began);
      out += static_cast<char>(n);
    } else if (c == 'x') {
      int high = i < data.size() ? hexDigit(data[i]) : -1, low = i + 1 < data.size() ? hexDigit(data[i + 1]) : -1;
      if (high >= 0 && low >= 0) {
        out += static_cast<char>(high * 16 + low);
        i += 2;
      } else if (handler == "strict") {
        return raiseValueError(t, "invalid \\x escape at position %zu", i - 2);
      } else if (handler != "replace" && handler != "ignore") {
        return raiseValueError(t, "decoding error; unknown error handling code: %s", handler.c_str());
      } else {
        if (handler == "replace") out += '?';
        i += high >= 0;
      }
    } else if (c != '\n') {
      first_unknown = std::min(first_unknown, i - 1);
      out += '\\';
      out += c;
    }
  }
  if (first_unknown != std::string::npos) {
    char c = data[first_unknown];
    bool is_octal = c >= '4' && c <= '7';
    std::string unknown = is_octal ? data.substr(first_unknown, 3) : "";
    if (!is_octal) appendUtf8(unknown, static_cast<char32_t>(static_cast<unsigned char>(c)));
    TRY(warn_py(t, errors(t).deprecation_warning, 1, "b\"\\%s\" is an invalid %sescape sequence. Such sequences will not work in the future. ",
                unknown.c_str(), is_octal ? "octal " : ""));
  }
  Ref bytes = newBytes(t, out);
  return tupleOf(t, {bytes.get(), Value::fromInt(static_cast<int64_t>(data.size()))});
}
static Ref escapeEncode(Thread& t, const Value* a) {
  if (!isBytes(a[1])) return raiseTypeError(t, "escape_encode() argument 1 must be bytes, not %s", typeNameOf(t, a[1]));
  std::string out;
  for (unsigned char c : a[1].as<Bytes>()->view()) {
    if (c == '\'' || c == '\\') out += '\\', out += static_cast<char>(c);
    else if (c == '\t') out += "\\t";
    else if (c == '\n') out += "\\n";
    else if (c == '\r') out += "\\r";
    else if (c < ' ' || c >= 0x7f) out += format("\\x%02x", c);
    else out += static_cast<char>(c);
  }
  Ref bytes = newBytes(t, out);
  return tupleOf(t, {bytes.get(), Value::fromInt(a[1].as<Bytes>()->size)});
}
static Ref readbufferEncode(Thread& t, const Value* a) {
  std::string data;
  if (isStr(a[1])) {
    data = toUtf8(a[1].as<Str>());
  } else {
    std::string_view view;
    TRY(viewOf_py(t, a[1], &view));
    data = view;
  }
  Ref bytes = newBytes(t, data);
  return tupleOf(t, {bytes.get(), Value::fromInt(static_cast<int64_t>(data.size()))});
}

const NativeDef kMapFunctions[] = {{"charmap_decode", "($self, data, errors=None, mapping=None, /)", charmapDecode}, {"charmap_encode", "($self, str, errors=None, mapping=None, /)", charmapEncode},
    {"charmap_build", "($self, map, /)", charmapBuild}, {"escape_decode", "($self, data, errors=None, /)", escapeDecode}, {"escape_encode", "($self, data, errors=None, /)", escapeEncode},
    {"readbuffer_encode", "($self, data, errors=None, /)", readbufferEncode}, {nullptr, nullptr, nullptr}};

}  // namespace krait::modules
