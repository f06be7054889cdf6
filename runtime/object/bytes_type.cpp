// `bytes` and `bytearray`: storage, slots, and the built-in codecs (utf-8, ascii, latin-1).
// ref: Objects/bytesobject.c, Objects/bytearrayobject.c, Objects/unicodeobject.c (codecs).
#include <cstring>

#include "runtime/object/buffer.h"
#include "runtime/object/bytes.h"
#include "runtime/object/bytes_methods.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/exception.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"
#include "runtime/object/heap_trace.h"
#include "runtime/object/import.h"
#include "runtime/object/int.h"
#include "runtime/object/int_conversions.h"
#include "runtime/object/iterators.h"
#include "runtime/object/native.h"
#include "runtime/object/plain_key.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"
#include "runtime/object/str_methods.h"
#include "runtime/object/type_names.h"

namespace krait::object {

constexpr size_t kManyBytes = size_t{1} << 16;

size_t bytesObjectSize(const Object* o) { return sizeof(Bytes) + static_cast<size_t>(static_cast<const Bytes*>(o)->size) + 1; }

Ref newBytesBuffer(Thread& t, int64_t size) {
  if (!canAllocate(sizeof(Bytes) + static_cast<size_t>(size) + 1)) return raiseMemoryError(t);
  Bytes* b = static_cast<Bytes*>(allocateBytes(sizeof(Bytes) + static_cast<size_t>(size) + 1));
  initHeader(b, t.types().bytes);
  b->size = size;
  b->hash = 0;
  b->data()[size] = 0;
  return Ref::steal(b);
}
// Large ones are zero pages of the system, which take no memory until somebody writes on them; a bytes object is never written on.
static Ref newZeroBytes(Thread& t, int64_t size) {
  size_t needed = sizeof(Bytes) + static_cast<size_t>(size) + 1;
  if (needed < kManyBytes) {
    Ref r = TRY(newBytesBuffer(t, size));
    std::memset(r.as<Bytes>()->data(), 0, static_cast<size_t>(size));
    return r;
  }
  Bytes* b = static_cast<Bytes*>(std::calloc(needed, 1));
  if (b == nullptr) return raiseMemoryError(t);
  if (free_lists.is_traced) noteBlock(b, needed);
  initHeader(b, t.types().bytes);
  b->size = size;
  return Ref::steal(b);
}
Ref newBytes(Thread& t, std::string_view data) {
  Ref r = TRY(newBytesBuffer(t, static_cast<int64_t>(data.size())));
  if (!data.empty()) std::memcpy(r.as<Bytes>()->data(), data.data(), data.size());
  return r;
}
// `size` bytes, zero or not yet written.
static Ref newByteArrayBuffer(Thread& t, int64_t size, bool is_zero) {
  size_t needed = static_cast<size_t>(size) + 1;
  uint8_t* data = static_cast<uint8_t*>(is_zero ? std::calloc(needed, 1) : std::malloc(needed));
  if (data == nullptr) return raiseMemoryError(t);
  ByteArray* b = allocate<ByteArray>(t.types().bytearray);
  b->size = b->capacity = size;
  b->data = data;
  noteMoved(nullptr, b->data, needed);
  return Ref::steal(b);
}
Ref newByteArray(Thread& t, std::string_view data) {
  Ref r = TRY(newByteArrayBuffer(t, static_cast<int64_t>(data.size()), false));
  if (!data.empty()) std::memcpy(r.as<ByteArray>()->data, data.data(), data.size());
  return r;
}

static std::string_view viewOf(Value v) { return bytesView(v); }
static Ref sameKind(Thread& t, Value like, std::string_view data) { return isByteArray(like) ? newByteArray(t, data) : newBytes(t, data); }

// --- codecs
static std::string normalised(Value encoding) {
  std::string s = encoding.defined() && isStr(encoding) ? toUtf8(encoding.as<Str>()) : "utf-8";
  for (char& c : s) c = c == '_' || c == ' ' ? '-' : c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return s;
}
// The name of an encoding has a form in UTF-8 (surrogates have none) and no NUL within.
static Status checkName_py(Thread& t, Value encoding) {
  if (!encoding.defined() || !isStr(encoding)) return kDone;
  Str* name = encoding.as<Str>();
  for (int64_t i = 0; i < name->length; ++i) {
    if (name->at(i) == 0) return raiseValueError(t, "embedded null character");
  }
  if (name->is_ascii) return kDone;
  Ref encoded = encode_py(t, encoding, Value(), Value());
  return encoded ? Status(kDone) : Status(kRaised);
}
static std::string handlerName(Value e) { return e.defined() && isStr(e) ? toUtf8(e.as<Str>()) : "strict"; }

static Ref decodeFailed(Thread& t, const char* codec, Value bytes, int64_t begin, int64_t end, const char* reason) {
  Ref data = newBytes(t, viewOf(bytes)), name = newStr(t, codec), text = newStr(t, reason);
  Value args[5] = {name.get(), data.get(), Value::fromInt(begin), Value::fromInt(end), text.get()};
  Ref e = newException_py(t, errors(t).unicode_decode_error, args, 5);
  if (e) (void)raiseException(t, e.get());
  return Ref();
}
static Ref encodeFailed(Thread& t, const char* codec, Value s, int64_t begin, int64_t end, const char* reason) {
  Ref name = newStr(t, codec), text = newStr(t, reason);
  Value args[5] = {name.get(), s, Value::fromInt(begin), Value::fromInt(end), text.get()};
  Ref e = newException_py(t, errors(t).unicode_encode_error, args, 5);
  if (e) (void)raiseException(t, e.get());
  return Ref();
}

// Length of the valid UTF-8 sequence at s[i], or minus the length of the malformed part. ref: utf8_decode.
static int utf8Step(std::string_view s, size_t i, char32_t& c, const char*& reason) {
  auto at = [&](size_t k) { return static_cast<unsigned char>(s[k]); };
  unsigned char b = at(i);
  if (b < 0x80) {
    c = b;
    return 1;
  }
  int need = b >= 0xC2 && b <= 0xDF ? 1 : b >= 0xE0 && b <= 0xEF ? 2 : b >= 0xF0 && b <= 0xF4 ? 3 : 0;
  if (need == 0) {
    reason = "invalid start byte";
    return -1;
  }
  c = b & (0x3F >> need);
  for (int k = 1; k <= need; ++k) {
    if (i + k >= s.size()) {
      reason = "unexpected end of data";
      return -k;
    }
    unsigned char n = at(i + k);
    bool ok = (n & 0xC0) == 0x80;
    if (k == 1) ok = ok && !(b == 0xE0 && n < 0xA0) && !(b == 0xED && n > 0x9F) && !(b == 0xF0 && n < 0x90) && !(b == 0xF4 && n > 0x8F);
    if (!ok) {
      reason = "invalid continuation byte";
      return -k;
    }
    c = c << 6 | (n & 0x3F);
  }
  return need + 1;
}
static Ref decodeUtf8(Thread& t, Value bytes, const std::string& handler) {
  std::string_view s = viewOf(bytes);
  StrBuilder out;
  for (size_t i = 0; i < s.size();) {
    char32_t c;
    const char* reason = "";
    int n = utf8Step(s, i, c, reason);
    if (n > 0) {
      out.add(c);
      i += static_cast<size_t>(n);
      continue;
    }
    size_t bad = static_cast<size_t>(-n);
    if (handler == "replace") out.add(0xFFFD);
    else if (handler == "surrogateescape") for (size_t k = 0; k < bad; ++k) out.add(0xDC00 + static_cast<unsigned char>(s[i + k]));
    else if (handler == "backslashreplace") for (size_t k = 0; k < bad; ++k) out.addAscii(format("\\x%02x", static_cast<unsigned char>(s[i + k])));
    else if (handler == "surrogatepass" && i + 2 < s.size() && (s[i] & 0xFF) == 0xED && (s[i + 1] & 0xE0) == 0xA0 && (s[i + 2] & 0xC0) == 0x80) {
      out.add(static_cast<char32_t>((s[i] & 0xF) << 12 | (s[i + 1] & 0x3F) << 6 | (s[i + 2] & 0x3F)));
      bad = 3;
    } else if (handler != "ignore") {
      return decodeFailed(t, "utf-8", bytes, static_cast<int64_t>(i), static_cast<int64_t>(i + bad), reason);
    }
    i += bad;
  }
  return out.finish(t);
}
// The encoding that most texts have, as it is written mostly.
static bool isUtf8(Thread& t, Value encoding) { return encoding.isUndefined() || encoding.isNone() || encoding == Value(t.names().utf8); }
static bool isAscii(std::string_view text) {
  size_t i = 0;
  uint64_t high = 0, word;
  for (; i + 8 <= text.size(); i += 8) {
    std::memcpy(&word, text.data() + i, 8);
    high |= word;
  }
  for (; i < text.size(); ++i) high |= static_cast<unsigned char>(text[i]);
  return (high & 0x8080808080808080u) == 0;
}

// Whether the functions here know the error handler; others are asked by the module `_codecs`.
static bool isKnownHandler(const std::string& name, bool decodes) {
  for (const char* known : {"strict", "ignore", "replace", "surrogateescape", "backslashreplace", "surrogatepass"}) {
    if (name == known) return true;
  }
  return !decodes && name == "xmlcharrefreplace";
}
// _codecs.`function`(data, errors[, True])[0]
static Ref codecsFunction_py(Thread& t, const char* name, Value data, Value handler, bool decodes) {
  Ref function = TRY(importAttr_py(t, "_codecs", name));
  Value args[3] = {data, handler.defined() ? handler : Value(t.names().strict), Value::fromBool(true)};
  Ref made = TRY(call_py(t, function.get(), args, decodes ? 3 : 2));
  return Ref::of((*made.as<Tuple>())[0]);
}
// A codec of the registry that is one for texts. ref: _PyCodec_LookupTextEncoding.
static Ref textCodec_py(Thread& t, const char* name, Value data, Value encoding, Value handler) {
  Ref lookup = TRY(importAttr_py(t, "_codecs", "lookup"));
  Ref codec = TRY(callArgs_py(t, lookup.get(), encoding));
  if (typeOf(t, codec.get()) != t.types().tuple) {
    Ref is_text = findAttr_py(t, codec.get(), intern(*t.isolate, "_is_text_encoding"));
    if (!is_text && isPending(t)) return kRaised;
    if (is_text && !TRY(isTrue_py(t, is_text.get()))) {
      return raise(t, errors(t).lookup_error, "'%s' is not a text encoding; use codecs.%s() to handle arbitrary codecs", toUtf8(encoding.as<Str>()).c_str(), name);
    }
  }
  Ref function = TRY(importAttr_py(t, "_codecs", name));
  Value args[3] = {data, encoding, handler.defined() ? handler : Value(t.names().strict)};
  return call_py(t, function.get(), args, 3);
}
static const char* wideName(const std::string& codec, bool decodes) {
  if (codec == "utf-16" || codec == "utf16") return decodes ? "utf_16_decode" : "utf_16_encode";
  if (codec == "utf-32" || codec == "utf32") return decodes ? "utf_32_decode" : "utf_32_encode";
  return nullptr;
}

bool checks_codec_names = false;
// In development mode a wrong name is told even where it would not be needed. ref: unicode_check_encoding_errors.
static Status checkNames_py(Thread& t, Value encoding, Value handler) {
  if (!checks_codec_names) return kDone;
  std::pair<const char*, Value> names[] = {{"lookup", encoding}, {"lookup_error", handler}};
  for (auto [function, name] : names) {
    if (name.isUndefined() || !isStr(name)) continue;
    Ref lookup = TRY(importAttr_py(t, "_codecs", function)), found = TRY(callArgs_py(t, lookup.get(), name));
  }
  return kDone;
}

Ref decode_py(Thread& t, Value bytes, Value encoding, Value handler_value) {
  Ref copy;
  if (!isBytes(bytes) && !isByteArray(bytes)) {
    Buffer data;
    if (!isBytesLike(bytes) || data.acquire(t, bytes).failed) {
      clearException(t);
      return raiseTypeError(t, "decoding to str: need a bytes-like object, %s found", typeNameOf(t, bytes));
    }
    copy = newBytes(t, data.view());
    bytes = copy.get();
  }
  TRY(checkNames_py(t, encoding, handler_value));
  std::string_view ascii = viewOf(bytes);
  if (isUtf8(t, encoding) && isAscii(ascii)) return newStrLatin1(t, reinterpret_cast<const uint8_t*>(ascii.data()), static_cast<int64_t>(ascii.size()));
  TRY(checkName_py(t, encoding));
  std::string codec = normalised(encoding), handler = handlerName(handler_value);
  bool is_known = isKnownHandler(handler, true);
  if (codec == "utf-8" || codec == "utf8") return is_known ? decodeUtf8(t, bytes, handler) : codecsFunction_py(t, "utf_8_decode", bytes, handler_value, true);
  std::string_view s = viewOf(bytes);
  if (codec == "latin-1" || codec == "latin1" || codec == "iso-8859-1") return newStrLatin1(t, reinterpret_cast<const uint8_t*>(s.data()), static_cast<int64_t>(s.size()));
  if (codec == "ascii" || codec == "us-ascii") {
    if (!is_known) return codecsFunction_py(t, "ascii_decode", bytes, handler_value, true);
    StrBuilder out;
    for (size_t i = 0; i < s.size(); ++i) {
      unsigned char c = static_cast<unsigned char>(s[i]);
      if (c < 0x80) out.add(c);
      else if (handler == "replace") out.add(0xFFFD);
      else if (handler == "surrogateescape") out.add(0xDC00 + c);
      else if (handler == "backslashreplace") out.addAscii(format("\\x%02x", c));
      else if (handler != "ignore") return decodeFailed(t, "ascii", bytes, static_cast<int64_t>(i), static_cast<int64_t>(i + 1), "ordinal not in range(128)");
    }
    return out.finish(t);
  }
  if (const char* wide = wideName(codec, true)) return codecsFunction_py(t, wide, bytes, handler_value, true);
  Ref text = TRY(textCodec_py(t, "decode", bytes, encoding, handler_value));
  if (isStr(text.get())) return text;
  return raiseTypeError(t, "'%s' decoder returned '%s' instead of 'str'; use codecs.decode() to decode to arbitrary types", toUtf8(encoding.as<Str>()).c_str(), typeNameOf(t, text.get()));
}
Ref encode_py(Thread& t, Value str, Value encoding, Value handler_value) {
  TRY(checkNames_py(t, encoding, handler_value));
  Str* s = str.as<Str>();
  if (s->is_ascii && isUtf8(t, encoding)) return newBytes(t, s->ascii());
  TRY(checkName_py(t, encoding));
  std::string codec = normalised(encoding), handler = handlerName(handler_value);
  bool utf8 = codec == "utf-8" || codec == "utf8", ascii = codec == "ascii" || codec == "us-ascii";
  bool latin = codec == "latin-1" || codec == "latin1" || codec == "iso-8859-1";
  if (!utf8 && !ascii && !latin) {
    if (const char* wide = wideName(codec, false)) return codecsFunction_py(t, wide, str, handler_value, false);
    Ref data = TRY(textCodec_py(t, "encode", str, encoding, handler_value));
    if (isBytes(data.get())) return data;
    std::string name = toUtf8(encoding.as<Str>());
    if (isByteArray(data.get())) {
      TRY(warn_py(t, errors(t).runtime_warning, 1, "encoder %s returned bytearray instead of bytes; use codecs.encode() to encode to arbitrary types", name.c_str()));
      return newBytes(t, viewOf(data.get()));
    }
    return raiseTypeError(t, "'%s' encoder returned '%s' instead of 'bytes'; use codecs.encode() to encode to arbitrary types", name.c_str(), typeNameOf(t, data.get()));
  }
  if (!isKnownHandler(handler, false)) return codecsFunction_py(t, utf8 ? "utf_8_encode" : ascii ? "ascii_encode" : "latin_1_encode", str, handler_value, false);
  std::string out;
  char32_t limit = utf8 ? 0x110000 : ascii ? 0x80 : 0x100;
  for (int64_t i = 0; i < s->length; ++i) {
    char32_t c = s->at(i);
    bool surrogate = c >= 0xD800 && c < 0xE000;
    if (c < limit && !(utf8 && surrogate)) {
      if (utf8) appendUtf8(out, c);
      else out += static_cast<char>(c);
    } else if (handler == "ignore") {
    } else if (handler == "replace") {
      out += '?';
    } else if (handler == "surrogateescape" && c >= 0xDC80 && c <= 0xDCFF) {
      out += static_cast<char>(c - 0xDC00);
    } else if (handler == "surrogatepass" && utf8) {
      appendUtf8(out, c);
    } else if (handler == "backslashreplace") {
      out += format(c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x", static_cast<unsigned>(c));
    } else if (handler == "xmlcharrefreplace") {
      out += "&#" + std::to_string(static_cast<uint32_t>(c)) + ";";
    } else {
      int64_t end = i + 1;
      while (end < s->length && (s->at(end) >= limit || (utf8 && s->at(end) >= 0xD800 && s->at(end) < 0xE000))) ++end;
      return encodeFailed(t, utf8 ? "utf-8" : ascii ? "ascii" : "latin-1", str, i, end,
                          utf8 ? "surrogates not allowed" : ascii ? "ordinal not in range(128)" : "ordinal not in range(256)");
    }
  }
  return newBytes(t, out);
}

// --- slots
bool warns_of_bytes = false;
static Ref bytesRepr(Thread& t, Value v) {
  std::string_view s = viewOf(v);
  char quote = s.find('\'') != std::string_view::npos && s.find('"') == std::string_view::npos ? '"' : '\'';
  std::string out = isByteArray(v) ? std::string(typeNameOf(t, v)) + "(b" : "b";
  out += quote;
  for (unsigned char c : s) {
    if (c == static_cast<unsigned char>(quote) || c == '\\') out += '\\', out += static_cast<char>(c);
    else if (c == '\n') out += "\\n";
    else if (c == '\r') out += "\\r";
    else if (c == '\t') out += "\\t";
    else if (c < 0x20 || c >= 0x7F) out += format("\\x%02x", c);
    else out += static_cast<char>(c);
  }
  out += quote;
  if (isByteArray(v)) out += ')';
  return newStr(t, out);
}
static Fallible<int64_t> hash(Thread&, Value v) {
  Bytes* b = v.as<Bytes>();
  if (b->hash == 0) b->hash = hashBytesKeyed(b->data(), static_cast<size_t>(b->size));
  return b->hash;
}
static Ref bytesStr(Thread& t, Value v) {
  if (warns_of_bytes) TRY(warn_py(t, errors(t).bytes_warning, 1, "str() on a %s instance", isByteArray(v) ? "bytearray" : "bytes"));
  return typeOf(t, v)->slots.repr(t, v);
}
static Ref compareWithOther(Thread& t, Value a, Value b, CompareOp op) {
  const char* other = isStr(b) ? "string" : b.isInt() && !isByteArray(a) ? "int" : nullptr;
  bool warns = warns_of_bytes && other != nullptr && (op == CompareOp::kEq || op == CompareOp::kNe);
  if (warns) TRY(warn_py(t, errors(t).bytes_warning, 1, "Comparison between %s and %s", isByteArray(a) ? "bytearray" : "bytes", other));
  return Ref::notImplemented();
}
static Ref compare(Thread& t, Value a, Value b, CompareOp op) {
  if (!isBytes(b) && !isByteArray(b) && !(isByteArray(a) && isBytesLike(b))) return compareWithOther(t, a, b, op);
  Buffer other;
  if (other.acquire(t, b).failed) {  // memory that cannot be seen is another thing. ref: bytearray_richcompare
    clearException(t);
    return Ref::notImplemented();
  }
  int order = viewOf(a).compare(other.view());
  switch (op) {
    case CompareOp::kLt: return Ref::boolean(order < 0);
    case CompareOp::kLe: return Ref::boolean(order <= 0);
    case CompareOp::kEq: return Ref::boolean(order == 0);
    case CompareOp::kNe: return Ref::boolean(order != 0);
    case CompareOp::kGt: return Ref::boolean(order > 0);
    default: return Ref::boolean(order >= 0);
  }
}
static Fallible<int64_t> length(Thread&, Value v) { return static_cast<int64_t>(viewOf(v).size()); }
static Fallible<int> byteValue(Thread& t, Value v) {
  Ref index = TRY(toIndex_py(t, v));
  int64_t n = TRY(toIndexClamped_py(t, index.get()));
  if (n < 0 || n > 255) return raiseValueError(t, "byte must be in range(0, 256)");
  return static_cast<int>(n);
}
static Fallible<bool> contains(Thread& t, Value v, Value item) {
  if (isBytesLike(item)) {
    Buffer wanted;
    TRY(wanted.acquire(t, item));
    return viewOf(v).find(wanted.view()) != std::string_view::npos;
  }
  if (!isIntLike(item) && typeOf(t, item)->slots.index == nullptr) return raiseTypeError(t, "a bytes-like object is required, not '%s'", typeNameOf(t, item));
  int b = TRY(byteValue(t, item));
  return viewOf(v).find(static_cast<char>(b)) != std::string_view::npos;
}
static Ref getItem(Thread& t, Value v, Value key) {
  Ref plain = TRY(plainKey_py(t, key));
  key = plain.get();
  std::string_view s = viewOf(v);
  if (key.isInt() && static_cast<uint64_t>(key.asInt()) < s.size()) return newIntSmall(static_cast<unsigned char>(s[static_cast<size_t>(key.asInt())]));
  if (isExact(key, TypeId::kSlice)) {
    SliceBounds b = TRY(sliceBounds_py(t, key, static_cast<int64_t>(s.size())));
    if (b.step == 1) return sameKind(t, v, s.substr(static_cast<size_t>(b.start), static_cast<size_t>(b.length)));
    std::string out(static_cast<size_t>(b.length), 0);
    for (int64_t i = 0; i < b.length; ++i) out[static_cast<size_t>(i)] = s[b.start + i * b.step];
    return sameKind(t, v, out);
  }
  const char* kind = isByteArray(v) ? "bytearray" : "byte";
  if (!isIntLike(key) && typeOf(t, key)->slots.index == nullptr) return raiseTypeError(t, "%s indices must be integers or slices, not %s", kind, typeNameOf(t, key));
  int64_t i = TRY(checkIndex_py(t, key, static_cast<int64_t>(s.size()), isByteArray(v) ? "bytearray index out of range" : "index out of range"));
  return newIntSmall(static_cast<unsigned char>(s[i]));
}
static Ref concat(Thread& t, Value a, Value b) {
  Buffer other;
  if (!isBytesLike(b) || other.acquire(t, b).failed) {
    clearException(t);
    return raiseTypeError(t, "can't concat %s to %s", typeNameOf(t, b), typeNameOf(t, a));
  }
  std::string_view x = viewOf(a), y = other.view();
  if (isByteArray(a)) return newByteArray(t, std::string(x).append(y));
  Ref r = TRY(newBytesBuffer(t, static_cast<int64_t>(x.size() + y.size())));
  std::memcpy(r.as<Bytes>()->data(), x.data(), x.size());
  std::memcpy(r.as<Bytes>()->data() + x.size(), y.data(), y.size());
  return r;
}
static Ref repeat(Thread& t, Value v, Value count) {
  int64_t n = TRY(toSize_py(t, count)), size = static_cast<int64_t>(viewOf(v).size());
  if (n == 1 && isExact(v, TypeId::kBytes)) return Ref::of(v);
  if (n <= 0 || size == 0) return sameKind(t, v, {});
  if (n > (int64_t{1} << 46) / size || !canAllocate(static_cast<size_t>(n * size))) return raiseMemoryError(t);
  std::string_view piece = viewOf(v);
  bool is_zero = piece == std::string_view("\0", 1);
  Ref r = isByteArray(v) ? newByteArrayBuffer(t, n * size, is_zero) : is_zero ? newZeroBytes(t, n * size) : newBytesBuffer(t, n * size);
  if (!r) return r;
  if (is_zero) return r;
  uint8_t* to = isByteArray(v) ? r.as<ByteArray>()->data : r.as<Bytes>()->data();
  if (size == 1) std::memset(to, piece[0], static_cast<size_t>(n));
  else for (int64_t i = 0; i < n; ++i) std::memcpy(to + i * size, piece.data(), piece.size());
  return r;
}
static Ref iterate(Thread& t, Value v) { return newIterator(t, isByteArray(v) ? t.types().bytearray_iterator : t.types().bytes_iterator, v); }

// The bytes that bytes(x) and bytearray(x) hold. ref: bytes_new_impl.
// What a large source gives is held by `whole` instead, once.
struct Collected {
  std::string bytes;
  Ref whole;            // bytes that are the result
  int64_t zeros = -1;   // so many zeros
  std::string_view view() const { return whole ? viewOf(whole.get()) : std::string_view(bytes); }
};
static Status collect(Thread& t, Value source, Value encoding, Value handler, const char* unit, Collected& collected) {
  std::string& out = collected.bytes;
  bool makes_array = std::string_view(unit) == "byte";
  const char* kind = makes_array ? "bytearray" : "bytes";
  if (encoding.defined() && !isStr(encoding)) return raiseTypeError(t, "%s() argument 'encoding' must be str, not %s", kind, typeNameOf(t, encoding));
  if (handler.defined() && !isStr(handler)) return raiseTypeError(t, "%s() argument 'errors' must be str, not %s", kind, typeNameOf(t, handler));
  if (source.isUndefined() && encoding.isUndefined() && handler.isUndefined()) return kDone;
  if (source.isUndefined()) return raiseTypeError(t, encoding.defined() ? "encoding without a string argument" : "errors without a string argument");
  bool has_options = encoding.defined() || handler.defined();
  if (!makes_array && !has_options && !isExact(source, TypeId::kBytes)) {  // bytes() asks before it looks what the object is
    Ref method = findSpecial_py(t, source, t.names().d_bytes);
    if (!method && isPending(t)) return kRaised;
    if (method) {
      Ref b = TRY(call_py(t, method.get(), nullptr, 0));
      if (!isBytes(b.get())) return raiseTypeError(t, "__bytes__ returned non-bytes (type %s)", typeNameOf(t, b.get()));
      out = viewOf(b.get());
      return kDone;
    }
  }
  if (isStr(source)) {
    if (encoding.isUndefined()) return raiseTypeError(t, "string argument without an encoding");
    collected.whole = TRY(encode_py(t, source, encoding, handler));
    return kDone;
  }
  if (encoding.defined() || handler.defined()) return raiseTypeError(t, encoding.defined() ? "encoding without a string argument" : "errors without a string argument");
  if (isBytesLike(source)) {
    Buffer buffer;
    if (buffer.acquire(t, source).failed) {  // memory of another layout is gathered. ref: PyBuffer_ToContiguous
      if (!pendingMatches(t, errors(t).buffer_error)) return kRaised;
      clearException(t);
      Value view_type = dictGetStr(t.isolate->builtins, intern(*t.isolate, "memoryview"));
      Ref view = TRY(callArgs_py(t, view_type, source));
      collected.whole = TRY(callMethod_py(t, view.get(), intern(*t.isolate, "tobytes")));
      return kDone;
    }
    if (buffer.view().size() < kManyBytes) out = buffer.view();
    else collected.whole = isExact(source, TypeId::kBytes) ? Ref::of(source) : TRY(newBytes(t, buffer.view()));
    return kDone;
  }
  if (isIntLike(source) || typeOf(t, source)->slots.index != nullptr) {
    int64_t n = 0;
    Ref count = TRY(toIndex_py(t, source));
    if (!intFits(count.get(), n)) return raiseOverflowError(t, "cannot fit '%s' into an index-sized integer", typeNameOf(t, source));
    if (n < 0) return raiseValueError(t, "negative count");
    if (!canAllocate(static_cast<size_t>(n) + sizeof(Bytes) + 1)) return raiseMemoryError(t);
    collected.zeros = n;
    return kDone;
  }
  if (typeOf(t, source)->slots.iter == nullptr && typeOf(t, source)->slots.get_item == nullptr) {
    return raiseTypeError(t, "cannot convert '%s' object to %s", typeNameOf(t, source), kind);
  }
  Iteration it(t, source);
  TRY(lengthHint_py(t, source, 0));  // what it raises counts
  while (it.next()) {
    Ref item = TRY(toIndex_py(t, it.value()));
    int64_t value = TRY(toIndexClamped_py(t, item.get()));
    if (value < 0 || value > 255) return raiseValueError(t, "%s must be in range(0, 256)", unit);
    out += static_cast<char>(value);
  }
  if (it.raised()) return kRaised;
  return kDone;
}
Status bytesCollect_py(Thread& t, Value source, std::string& out) {
  Collected collected;
  TRY(collect(t, source, Value(), Value(), "byte", collected));
  if (collected.zeros >= 0) out.assign(static_cast<size_t>(collected.zeros), '\0');
  else if (collected.whole) out = collected.view();
  else out = std::move(collected.bytes);
  return kDone;
}
static Ref bytesMake(Thread& t, Type* type, const Value* args, uint32_t nargs, Tuple* keywords) {
  BoundArguments a;
  TRY(bindArguments_py(t, "bytes", "(source=<unset>, encoding=<unset>, errors=<unset>)", args, nargs, keywords, a));
  if (a[0].defined() && isExact(a[0], TypeId::kBytes) && type == t.types().bytes && a[1].isUndefined() && a[2].isUndefined()) return Ref::of(a[0]);
  if (a[0].defined() && a[1].isUndefined() && a[2].isUndefined() && type == t.types().bytes) {  // what __bytes__ returns, as it is
    Ref method = findSpecial_py(t, a[0], t.names().d_bytes);
    if (!method && isPending(t)) return Ref();
    Ref own = method ? TRY(call_py(t, method.get(), nullptr, 0)) : Ref();
    if (own && isBytes(own.get())) return own;
    if (own) return raiseTypeError(t, "__bytes__ returned non-bytes (type %s)", typeNameOf(t, own.get()));
  }
  Collected collected;
  TRY(collect(t, a[0], a[1], a[2], "bytes", collected));
  if (type == t.types().bytes && collected.zeros >= 0) return newZeroBytes(t, collected.zeros);
  if (type == t.types().bytes && collected.whole && isExact(collected.whole.get(), TypeId::kBytes)) return std::move(collected.whole);
  if (collected.zeros >= 0) collected.bytes.assign(static_cast<size_t>(collected.zeros), '\0');
  std::string_view data = collected.view();
  if (type == t.types().bytes) return newBytes(t, data);
  Bytes* b = allocate<Bytes>(type, data.size() + 24);
  b->size = static_cast<int64_t>(data.size());
  std::memcpy(b->data(), data.data(), data.size());
  gcTrack(b);
  return Ref::steal(b);
}
static void byteArrayDealloc(Object* o) {
  uint8_t* data = static_cast<ByteArray*>(o)->data;
  if (free_lists.is_traced) forgetBlock(data);
  std::free(data);
}
static Ref byteArrayMake(Thread& t, Type* type, const Value*, uint32_t, Tuple*) {
  ByteArray* b = allocate<ByteArray>(type);
  if (type != t.types().bytearray) gcTrack(b);  // it has a dictionary, and can be in a cycle
  return Ref::steal(b);
}
static void assignData(ByteArray* b, std::string_view data) {
  const uint8_t* old = b->data;
  b->data = static_cast<uint8_t*>(std::realloc(b->data, data.size() + 1));
  noteMoved(old, b->data, data.size() + 1);
  std::memcpy(b->data, data.data(), data.size());
  b->size = b->capacity = static_cast<int64_t>(data.size());
}
static Status assignZeros(Thread& t, ByteArray* b, int64_t size) {
  const uint8_t* old = b->data;
  uint8_t* data = static_cast<uint8_t*>(std::calloc(static_cast<size_t>(size) + 1, 1));
  if (data == nullptr) return raiseMemoryError(t);
  noteMoved(old, data, static_cast<size_t>(size) + 1);
  std::free(b->data);
  b->data = data;
  b->size = b->capacity = size;
  return kDone;
}
static Status byteArrayInit(Thread& t, Value v, const Value* args, uint32_t nargs, Tuple* keywords) {
  BoundArguments a;
  TRY(bindArguments_py(t, "bytearray", "(source=<unset>, encoding=<unset>, errors=<unset>)", args, nargs, keywords, a));
  Collected collected;
  TRY(collect(t, a[0], a[1], a[2], "byte", collected));
  if (collected.zeros < 0) assignData(v.as<ByteArray>(), collected.view());
  else return assignZeros(t, v.as<ByteArray>(), collected.zeros);
  return kDone;
}
static Status byteArraySetItem(Thread& t, Value v, Value key, Value value) {
  ByteArray* b = v.as<ByteArray>();
  if (key.isInt() && value.isInt() && static_cast<uint64_t>(key.asInt()) < static_cast<uint64_t>(b->size) && static_cast<uint64_t>(value.asInt()) < 256) {
    b->data[key.asInt()] = static_cast<uint8_t>(value.asInt());
    return kDone;
  }
  Ref plain = TRY(plainKey_py(t, key));
  key = plain.get();
  if (!isExact(key, TypeId::kSlice)) {
    if (!isIntLike(key) && typeOf(t, key)->slots.index == nullptr) return raiseTypeError(t, "bytearray indices must be integers or slices, not %s", typeNameOf(t, key));
    int64_t i = TRY(checkIndex_py(t, key, b->size, "bytearray index out of range"));
    if (value.isUndefined()) return byteArraySplice(t, b, i, 1, {});
    uint8_t byte = static_cast<uint8_t>(TRY(byteValue(t, value)));
    if (i >= b->size) return raiseIndexError(t, "bytearray index out of range");
    b->data[i] = byte;
    return kDone;
  }
  SliceBounds s = TRY(sliceBounds_py(t, key, b->size));
  std::string with;
  if (value.defined()) {
    if (isIntLike(value) || isStr(value)) return raiseTypeError(t, "can assign only bytes, buffers, or iterables of ints in range(0, 256)");
    TRY(bytesCollect_py(t, value, with));
    s = TRY(sliceBounds_py(t, key, b->size));
  }
  if (s.step == 1) return byteArraySplice(t, b, s.start, s.stop > s.start ? s.stop - s.start : 0, with);
  if (with.empty()) value = Value();  // nothing in the place of something is a deletion
  if (value.defined() && static_cast<int64_t>(with.size()) != s.length) {
    return raiseValueError(t, "attempt to assign bytes of size %zu to extended slice of size %ld", with.size(), static_cast<long>(s.length));
  }
  if (value.defined()) {
    uint8_t* to = b->data + s.start;
    for (int64_t i = 0; i < s.length; ++i, to += s.step) *to = static_cast<uint8_t>(with[static_cast<size_t>(i)]);
    return kDone;
  }
  std::string kept;
  for (int64_t i = 0; i < b->size; ++i) {
    int64_t offset = i - s.start;
    bool gone = s.length > 0 && offset % s.step == 0 && offset / s.step >= 0 && offset / s.step < s.length;
    if (!gone) kept += static_cast<char>(b->data[i]);
  }
  return byteArraySplice(t, b, 0, b->size, kept);
}
static Ref byteArrayInplace(Thread& t, Value a, Value b) {
  std::string more;
  {
    Buffer other;
    if (!isBytesLike(b) || other.acquire(t, b).failed) {
      clearException(t);
      return raiseTypeError(t, "can't concat %s to %s", typeNameOf(t, b), typeNameOf(t, a));
    }
    more = other.view();
  }
  TRY(byteArraySplice(t, a.as<ByteArray>(), a.as<ByteArray>()->size, 0, more));
  return Ref::of(a);
}
static Ref byteArrayInplaceRepeat(Thread& t, Value v, Value count) {
  int64_t n = TRY(toSize_py(t, count)), size = v.as<ByteArray>()->size;
  if (size == 0) return Ref::of(v);
  if (n < 0) n = 0;
  if (size > 0 && (n > (int64_t{1} << 46) / size || !canAllocate(static_cast<size_t>(n * size)))) return raiseMemoryError(t);
  std::string once(viewOf(v));
  TRY(byteArrayResize(t, v.as<ByteArray>(), size * n));
  for (int64_t i = 1; i < n; ++i) std::memcpy(v.as<ByteArray>()->data + i * size, once.data(), once.size());
  return Ref::of(v);
}

// --- methods
static Ref decodeMethod(Thread& t, const Value* a) {
  for (int i = 1; i <= 2; ++i) {
    if (a[i].defined() && !isStr(a[i])) return raiseTypeError(t, "decode() argument '%s' must be str, not %s", i == 1 ? "encoding" : "errors", typeNameOf(t, a[i]));
  }
  return decode_py(t, a[0], a[1], a[2]);
}
static Ref mapped(Thread& t, Value v, int (*map)(int)) {
  std::string s(viewOf(v));
  for (char& c : s) c = static_cast<char>(map(static_cast<unsigned char>(c)));
  return sameKind(t, v, s);
}
static Ref lower(Thread& t, const Value* a) { return mapped(t, a[0], [](int c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; }); }
static Ref upper(Thread& t, const Value* a) { return mapped(t, a[0], [](int c) { return c >= 'a' && c <= 'z' ? c - 32 : c; }); }
static Ref fromHex(Thread& t, const Value* a) {
  std::string out, s;
  if (isStr(a[1])) {
    s = toUtf8(a[1].as<Str>());
  } else {
    Buffer data;
    if (!isBytesLike(a[1])) return raiseTypeError(t, "fromhex() argument must be str or bytes-like, not %s", fullTypeName(t, a[1]).c_str());
    TRY(data.acquire(t, a[1]));
    s = data.view();
  }
  auto digit = [](char c) { return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1; };
  for (size_t i = 0; i < s.size();) {
    if (s[i] == ' ' || (s[i] >= 9 && s[i] <= 13)) {
      ++i;
      continue;
    }
    if (digit(s[i]) >= 0 && i + 1 >= s.size()) return raiseValueError(t, "fromhex() arg must contain an even number of hexadecimal digits");
    if (digit(s[i]) < 0 || digit(s[i + 1]) < 0) {
      return raiseValueError(t, "non-hexadecimal number found in fromhex() arg at position %zu", digit(s[i]) < 0 ? i : i + 1);
    }
    out += static_cast<char>(digit(s[i]) * 16 + digit(s[i + 1]));
    i += 2;
  }
  if (a[0] == Value(t.types().bytes)) return newBytes(t, out);
  Ref data = newByteArray(t, out);
  if (a[0] == Value(t.types().bytearray)) return data;
  if (!isSubtype(a[0].as<Type>(), t.types().bytearray)) data = newBytes(t, out);
  return callArgs_py(t, a[0], data.get());
}
static Ref bytesExpandTabs(Thread& t, const Value* a) {
  Buffer data;
  TRY(data.acquire(t, a[0]));
  int64_t size = TRY(toCInt_py(t, a[1])), column = 0;
  int64_t total = 0;
  for (char c : data.view()) {
    total += c == '\t' && size > 0 ? size : 1;
    if (total > int64_t{1} << 46) return raiseMemoryError(t);
  }
  if (!canAllocate(static_cast<size_t>(total) * 2)) return raiseMemoryError(t);
  std::string out;
  for (char c : data.view()) {
    if (c == '\t') {
      int64_t n = size > 0 ? size - column % size : 0;
      out.append(static_cast<size_t>(n), ' ');
      column += n;
      continue;
    }
    out += c;
    column = c == '\n' || c == '\r' ? 0 : column + 1;
  }
  return isByteArray(a[0]) ? newByteArray(t, out) : newBytes(t, out);
}
static Ref bytesNewArgs(Thread& t, const Value* a) {
  Ref own = newBytes(t, a[0].as<Bytes>()->view());
  return tupleOf(t, {own.get()});
}
static Ref bytesBytes(Thread& t, const Value* a) {
  return isExact(a[0], TypeId::kBytes) ? Ref::of(a[0]) : newBytes(t, a[0].as<Bytes>()->view());
}
#define SHARED                                                                                                                         \
  {"translate", "($self, table, /, delete=<unset>)", bytesTranslate}, {"maketrans", "(frm, to, /)", bytesMakeTrans, "A table for translate()."},                     \
  {"count", "($self, sub, start=None, end=None, /)", bytesCount}, {"find", "($self, sub, start=None, end=None, /)", bytesFind},         \
  {"rfind", "($self, sub, start=None, end=None, /)", bytesRFind}, {"index", "($self, sub, start=None, end=None, /)", bytesIndex},       \
  {"rindex", "($self, sub, start=None, end=None, /)", bytesRIndex}, {"lstrip", "($self, bytes=None, /)", bytesLStrip},                  \
  {"rstrip", "($self, bytes=None, /)", bytesRStrip}, {"partition", "($self, sep, /)", bytesPartition},                                  \
  {"rpartition", "($self, sep, /)", bytesRPartition}, {"removeprefix", "($self, prefix, /)", bytesRemovePrefix},                        \
  {"removesuffix", "($self, suffix, /)", bytesRemoveSuffix}, {"splitlines", "($self, /, keepends=False)", bytesSplitLines},             \
  {"ljust", "($self, width, fillchar=<unset>, /)", bytesLJust}, {"rjust", "($self, width, fillchar=<unset>, /)", bytesRJust},             \
  {"center", "($self, width, fillchar=<unset>, /)", bytesCenter}, {"zfill", "($self, width, /)", bytesZFill}, {"expandtabs", "($self, /, tabsize=8)", bytesExpandTabs},                            \
  {"isalpha", "($self, /)", bytesIsAlpha}, {"isdigit", "($self, /)", bytesIsDigit}, {"isalnum", "($self, /)", bytesIsAlnum},            \
  {"isspace", "($self, /)", bytesIsSpace}, {"islower", "($self, /)", bytesIsLower}, {"isupper", "($self, /)", bytesIsUpper},            \
  {"isascii", "($self, /)", bytesIsAscii}, {"swapcase", "($self, /)", bytesSwapCase}, {"capitalize", "($self, /)", bytesCapitalize},    \
  {"title", "($self, /)", bytesTitle},                                                                                                  \
  {"decode", "($self, /, encoding='utf-8', errors='strict')", decodeMethod}, {"hex", "($self, sep=<unset>, bytes_per_sep=1)", bytesHex}, {"rsplit", "($self, /, sep=None, maxsplit=-1)", bytesRSplit}, {"istitle", "($self, /)", bytesIsTitle},                         \
  {"join", "($self, iterable_of_bytes, /)", bytesJoin}, {"startswith", "($self, prefix, start=None, end=None, /)", bytesStartsWith},                             \
  {"endswith", "($self, suffix, start=None, end=None, /)", bytesEndsWith}, {"replace", "($self, old, new, count=-1, /)", bytesReplace}, \
  {"lower", "($self, /)", lower}, {"upper", "($self, /)", upper}, {"strip", "($self, bytes=None, /)", bytesStrip},                          \
  {"split", "($self, /, sep=None, maxsplit=-1)", bytesSplit}, {"fromhex", "($type, string, /)", fromHex}
static const NativeDef kBytesMethods[] = {SHARED, {"__getnewargs__", "($self, /)", bytesNewArgs}, {"__bytes__", "($self, /)", bytesBytes, "Convert this value to exact type bytes."}, {nullptr, nullptr, nullptr}};
static const NativeDef kByteArrayMethods[] = {SHARED, {"append", "($self, item, /)", byteArrayAppend},
    {"extend", "($self, iterable_of_ints, /)", byteArrayExtend}, {"insert", "($self, index, item, /)", byteArrayInsert}, {"pop", "($self, index=-1, /)", byteArrayPop},
    {"remove", "($self, value, /)", byteArrayRemove}, {"reverse", "($self, /)", byteArrayReverse}, {"clear", "($self, /)", byteArrayClear},
    {"copy", "($self, /)", byteArrayCopy}, {"resize", "($self, size, /)", byteArrayResizeMethod}, {"__reduce__", "($self, /)", byteArrayReduce}, {"__reduce_ex__", "($self, protocol=0, /)", byteArrayReduceEx},
    {"__alloc__", "($self, /)", byteArrayAlloc}, {nullptr, nullptr, nullptr}};

static void setSlots(Type* type) {
  Slots& s = type->slots;
  s.repr = bytesRepr;
  s.str = bytesStr;
  s.compare = compare;
  s.length = length;
  s.contains = contains;
  s.get_item = getItem;
  s.concat = concat;
  s.binary[static_cast<int>(BinaryOp::kMod)] = [](Thread& t, Value a, Value b) -> Ref {
    return isBytes(a) ? bytesPercent_py(t, a, b) : Ref::notImplemented();
  };
  s.repeat = repeat;
  s.iter = iterate;
}
void initBytesType(Isolate& isolate) {
  Type* type = isolate.types.bytes = makeType(isolate, {.name = "bytes", .id = TypeId::kBytes, .size = sizeof(Bytes), .flags = kTypeBaseable | kTypeMatchSelf, .methods = kBytesMethods,
      .doc = "bytes(iterable_of_ints) -> bytes"});
  setSlots(type);
  type->slots.hash = hash;
  type->slots.make = bytesMake;
}
void initByteArrayType(Isolate& isolate) {
  Type* type = isolate.types.bytearray = makeType(isolate, {.name = "bytearray", .id = TypeId::kByteArray, .size = sizeof(ByteArray), .flags = kTypeBaseable | kTypeMatchSelf,
      .methods = kByteArrayMethods, .doc = "bytearray(iterable_of_ints) -> bytearray"});
  setSlots(type);
  type->slots.binary[static_cast<int>(BinaryOp::kMod)] = [](Thread& t, Value a, Value b) -> Ref {
    return isByteArray(a) ? bytesPercent_py(t, a, b) : Ref::notImplemented();
  };
  type->slots.dealloc = byteArrayDealloc;
  type->slots.make = byteArrayMake;
  type->slots.init = byteArrayInit;
  type->slots.set_item = byteArraySetItem;
  type->slots.inplace_concat = byteArrayInplace;
  type->slots.inplace_repeat = byteArrayInplaceRepeat;
}

}  // namespace krait::object
