// The built-in error handlers and the loops of encoding and decoding that call handlers. A handler gets the exception
// and gives a replacement and the position to go on from. ref: Python/codecs.c.
#include <algorithm>
#include <string>

#include "analyzer/base/unicode_names.h"
#include "runtime/modules/codecs/codecs.h"
#include "runtime/object/buffer.h"
#include "runtime/object/exception.h"
#include "runtime/object/int.h"

namespace krait::modules {

// --- what an exception says
struct ErrorRange {
  Ref object;
  int64_t begin = 0, end = 0;
  bool is_decode = false, is_encode = false;
};

enum Kinds { kDecode = 1, kEncode = 2, kTranslate = 4, kAllKinds = 7 };

static RaisedTag wrongError(Thread& t, Value exception) {
  return raiseTypeError(t, "don't know how to handle %s in error callback", typeNameOf(t, exception));
}
// Which of the kinds that a handler takes an exception is.
static Status kindOf_py(Thread& t, Value exception, int kinds, ErrorRange& out) {
  if (!isException(exception)) return wrongError(t, exception);
  out.is_decode = isInstanceOf(t, exception, errors(t).unicode_decode_error);
  out.is_encode = isInstanceOf(t, exception, errors(t).unicode_encode_error);
  bool is_translate = isInstanceOf(t, exception, errors(t).unicode_translate_error);
  bool is_taken = (out.is_decode && (kinds & kDecode)) || (out.is_encode && (kinds & kEncode)) || (is_translate && (kinds & kTranslate));
  if (!is_taken) return wrongError(t, exception);
  return kDone;
}
// ref: _PyUnicodeError_GetParams.
static Status rangeOf_py(Thread& t, Value exception, int kinds, ErrorRange& out) {
  TRY(kindOf_py(t, exception, kinds, out));
  out.object = TRY(getAttrNamed_py(t, exception, "object"));
  Value object = out.object.get();
  if (object.isNone()) return raiseTypeError(t, "UnicodeError 'object' attribute is not set");
  if (!(out.is_decode ? isBytes(object) : isStr(object))) return raiseTypeError(t, "UnicodeError 'object' attribute must be a %s", out.is_decode ? "bytes" : "string");
  Ref begin = TRY(getAttrNamed_py(t, exception, "start")), end = TRY(getAttrNamed_py(t, exception, "end"));
  out.begin = TRY(toInt64_py(t, begin.get()));
  out.end = TRY(toInt64_py(t, end.get()));
  int64_t length = out.is_decode ? object.as<Bytes>()->size : object.as<Str>()->length;
  out.end = std::clamp<int64_t>(out.end, std::min<int64_t>(1, length), length);
  out.begin = std::clamp<int64_t>(out.begin, 0, std::max<int64_t>(length - 1, 0));
  return kDone;
}
static Ref answer(Thread& t, StrBuilder& text, int64_t position) {
  Ref replacement = text.finish(t);
  return tupleOf(t, {replacement.get(), Value::fromInt(position)});
}

// --- handlers; a[0] is the exception
static Ref strictErrors(Thread& t, const Value* a) {
  if (!isException(a[0])) return raiseTypeError(t, "codec must pass exception instance");
  return raiseException(t, a[0]);
}
static Ref ignoreErrors(Thread& t, const Value* a) {
  ErrorRange range;
  TRY(rangeOf_py(t, a[0], kAllKinds, range));
  StrBuilder out;
  return answer(t, out, range.end);
}
static Ref replaceErrors(Thread& t, const Value* a) {
  ErrorRange range;
  TRY(rangeOf_py(t, a[0], kAllKinds, range));
  StrBuilder out;
  if (range.is_decode) out.add(0xfffd);
  else out.fill(range.is_encode ? U'?' : 0xfffd, range.end - range.begin);
  return answer(t, out, range.end);
}
static Ref xmlcharrefreplaceErrors(Thread& t, const Value* a) {
  ErrorRange range;
  TRY(rangeOf_py(t, a[0], kEncode, range));
  StrBuilder out;
  for (int64_t i = range.begin; i < range.end; ++i) {
    out.addAscii("&#" + std::to_string(static_cast<uint32_t>(range.object.as<Str>()->at(i))) + ";");
  }
  return answer(t, out, range.end);
}
static std::string escaped(char32_t c) {
  return format(c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x", static_cast<unsigned>(c));
}
static Ref backslashreplaceErrors(Thread& t, const Value* a) {
  ErrorRange range;
  TRY(rangeOf_py(t, a[0], kAllKinds, range));
  std::string_view data;
  if (range.is_decode) TRY(viewOf_py(t, range.object.get(), &data));
  StrBuilder out;
  for (int64_t i = range.begin; i < range.end; ++i) {
    char32_t c = range.is_decode ? static_cast<unsigned char>(data[static_cast<size_t>(i)]) : range.object.as<Str>()->at(i);
    out.addAscii(escaped(c));
  }
  return answer(t, out, range.end);
}
static Ref namereplaceErrors(Thread& t, const Value* a) {
  ErrorRange range;
  TRY(rangeOf_py(t, a[0], kEncode, range));
  StrBuilder out;
  for (int64_t i = range.begin; i < range.end; ++i) {
    char32_t c = range.object.as<Str>()->at(i);
    std::string name = unicodeName(c);
    out.addAscii(name.empty() ? escaped(c) : "\\N{" + name + "}");
  }
  return answer(t, out, range.end);
}
// Bytes that could not be decoded travel as U+DC80 to U+DCFF. PEP 383.
static Ref surrogateescapeErrors(Thread& t, const Value* a) {
  ErrorRange range;
  TRY(rangeOf_py(t, a[0], kDecode | kEncode, range));
  if (range.is_encode) {
    std::string bytes;
    for (int64_t i = range.begin; i < range.end; ++i) {
      char32_t c = range.object.as<Str>()->at(i);
      if (c < 0xdc80 || c > 0xdcff) return raiseException(t, a[0]);
      bytes += static_cast<char>(c - 0xdc00);
    }
    Ref replacement = newBytes(t, bytes);
    return tupleOf(t, {replacement.get(), Value::fromInt(range.end)});
  }
  std::string_view data;
  TRY(viewOf_py(t, range.object.get(), &data));
  StrBuilder out;
  int64_t i = range.begin;
  for (; i < range.end && i < range.begin + 4; ++i) {
    unsigned char c = static_cast<unsigned char>(data[static_cast<size_t>(i)]);
    if (c < 0x80) break;
    out.add(0xdc00 + c);
  }
  if (i == range.begin) return raiseException(t, a[0]);
  return answer(t, out, i);
}

// The unit's size and byte order of a UTF codec by the name in an exception; 0: another codec.
// ref: get_standard_encoding.
static int utfUnit(std::string_view name, bool& is_big) {
  is_big = false;
  if (name == "cp65001") return 3;
  std::string plain;  // without the dashes that may stand behind "utf" and the size
  for (size_t i = 0; i < name.size(); ++i) {
    bool is_dash = (name[i] == '-' || name[i] == '_') && (i == 3 || plain.size() == 5);
    if (!is_dash || (i > 0 && (name[i - 1] == '-' || name[i - 1] == '_'))) plain += static_cast<char>(std::tolower(static_cast<unsigned char>(name[i])));
  }
  if (plain == "utf8") return 3;
  is_big = plain.size() == 7 && plain.ends_with("be");
  if (is_big || (plain.size() == 7 && plain.ends_with("le"))) plain.resize(5);
  return plain == "utf16" ? 2 : plain == "utf32" ? 4 : 0;
}
static bool isSurrogate(char32_t c) { return c >= 0xd800 && c <= 0xdfff; }
static void addSurrogate(std::string& out, char32_t c, int unit, bool is_big) {
  if (unit == 3) return appendUtf8(out, c);
  for (int i = 0; i < unit; ++i) out += static_cast<char>(c >> 8 * (is_big ? unit - 1 - i : i));
}
// Lets surrogates through as if they were characters. ref: PyCodec_SurrogatePassErrors.
static Ref surrogatepassErrors(Thread& t, const Value* a) {
  ErrorRange range;
  TRY(kindOf_py(t, a[0], kDecode | kEncode, range));
  Ref encoding = TRY(getAttrNamed_py(t, a[0], "encoding"));
  bool is_big;
  int unit = isStr(encoding.get()) ? utfUnit(toUtf8(encoding.as<Str>()), is_big) : 0;
  if (unit == 0) return raiseException(t, a[0]);
  TRY(rangeOf_py(t, a[0], kDecode | kEncode, range));
  if (range.is_encode) {
    std::string bytes;
    for (int64_t i = range.begin; i < range.end; ++i) {
      char32_t c = range.object.as<Str>()->at(i);
      if (!isSurrogate(c)) return raiseException(t, a[0]);
      addSurrogate(bytes, c, unit, is_big);
    }
    Ref replacement = newBytes(t, bytes);
    return tupleOf(t, {replacement.get(), Value::fromInt(range.end)});
  }
  std::string_view data;
  TRY(viewOf_py(t, range.object.get(), &data));
  size_t at = static_cast<size_t>(range.begin);
  if (data.size() < at + static_cast<size_t>(unit)) return raiseException(t, a[0]);
  char32_t c = 0;
  auto byte = [&](int i) { return static_cast<char32_t>(static_cast<unsigned char>(data[at + static_cast<size_t>(i)])); };
  if (unit == 3) {
    bool is_three = (byte(0) & 0xf0) == 0xe0 && (byte(1) & 0xc0) == 0x80 && (byte(2) & 0xc0) == 0x80;
    if (is_three) c = (byte(0) & 0x0f) << 12 | (byte(1) & 0x3f) << 6 | (byte(2) & 0x3f);
  } else {
    for (int i = 0; i < unit; ++i) c |= byte(i) << 8 * (is_big ? unit - 1 - i : i);
  }
  if (!isSurrogate(c)) return raiseException(t, a[0]);
  StrBuilder out;
  out.add(c);
  return answer(t, out, range.begin + unit);
}
static const NativeDef kHandlers[] = {
    {"strict_errors", "(exception, /)", strictErrors, "Implements the 'strict' error handling, which raises a UnicodeError on coding errors."},
    {"ignore_errors", "(exception, /)", ignoreErrors, "Implements the 'ignore' error handling, which ignores malformed data and continues."},
    {"replace_errors", "(exception, /)", replaceErrors, "Implements the 'replace' error handling, which replaces malformed data with a replacement marker."},
    {"xmlcharrefreplace_errors", "(exception, /)", xmlcharrefreplaceErrors, "Implements the 'xmlcharrefreplace' error handling, which replaces an unencodable character with the appropriate XML character reference."},
    {"backslashreplace_errors", "(exception, /)", backslashreplaceErrors, "Implements the 'backslashreplace' error handling, which replaces malformed data with a backslashed escape sequence."},
    {"namereplace_errors", "(exception, /)", namereplaceErrors, "Implements the 'namereplace' error handling, which replaces an unencodable character with a \\N{...} escape sequence."},
    {"surrogateescape", "(exception, /)", surrogateescapeErrors}, {"surrogatepass", "(exception, /)", surrogatepassErrors}};

Status addErrorHandlers(Thread& t, Module* module) {
  Ref table = newDict(t);
  Ref module_name = newStr(t, "_codecs");
  for (const NativeDef& def : kHandlers) {
    std::string_view name = def.name;
    if (name.ends_with("_errors")) name.remove_suffix(7);
    Ref function = newNativeFunction(t, &def, module, module_name.get());
    dictSetStr(table.as<Dict>(), intern(*t.isolate, name), function.get());
  }
  moduleSet(t, module, "_error_handlers", table.get());
  return kDone;
}

Ref lookupError_py(Thread& t, Value module, Value name) {
  Value table = dictGetStr(module.as<Module>()->dict, intern(*t.isolate, "_error_handlers"));
  if (!isDict(table)) return raiseRuntimeError(t, "_codecs._error_handlers is missing");
  Str* key = isStr(name) ? name.as<Str>() : intern(*t.isolate, "strict");
  Value found = dictGet_py(t, table.as<Dict>(), key);
  if (found.defined()) return Ref::of(found);
  if (isPending(t)) return kRaised;
  return raise(t, errors(t).lookup_error, "unknown error handler name '%s'", toUtf8(key).c_str());
}

Ref newDecodeError_py(Thread& t, const char* codec, Value bytes, int64_t begin, int64_t end, const char* reason) {
  std::string_view view;
  TRY(viewOf_py(t, bytes, &view));
  Ref data = newBytes(t, view), name = newStr(t, codec), text = newStr(t, reason);
  Value args[5] = {name.get(), data.get(), Value::fromInt(begin), Value::fromInt(end), text.get()};
  return newException_py(t, errors(t).unicode_decode_error, args, 5);
}
Ref newEncodeError_py(Thread& t, const char* codec, Value text, int64_t begin, int64_t end, const char* reason) {
  Ref name = newStr(t, codec), why = newStr(t, reason);
  Value args[5] = {name.get(), text, Value::fromInt(begin), Value::fromInt(end), why.get()};
  return newException_py(t, errors(t).unicode_encode_error, args, 5);
}

Ref askHandler_py(Thread& t, Value module, Value handler_name, Value exception, int64_t length, int64_t* position) {
  Ref handler = TRY(lookupError_py(t, module, handler_name));
  Ref answered = TRY(callArgs_py(t, handler.get(), exception));
  bool is_decode = isInstanceOf(t, exception, errors(t).unicode_decode_error);
  const char* wanted = is_decode ? "decoding error handler must return (str, int) tuple"
                                 : "encoding error handler must return (str/bytes, int) tuple";
  if (!isTuple(answered.get()) || answered.as<Tuple>()->size != 2) return raiseTypeError(t, "%s", wanted);
  Value replacement = answered.as<Tuple>()->items()[0], where = answered.as<Tuple>()->items()[1];
  if (!(isStr(replacement) || (!is_decode && isBytes(replacement))) || !isIntLike(where)) return raiseTypeError(t, "%s", wanted);
  int64_t at = TRY(toInt64_py(t, where));
  if (at < 0 && length >= 0) at += length;
  if (length >= 0 && (at < 0 || at > length)) return raiseIndexError(t, "position %lld from error handler out of bounds", static_cast<long long>(at));
  *position = at;
  return Ref::of(replacement);
}

Ref askDecodeHandler_py(Thread& t, Value module, Value handler_name, Value exception, Ref& held, std::string_view* data, size_t* position) {
  int64_t at = 0;
  Ref replacement = TRY(askHandler_py(t, module, handler_name, exception, -1, &at));
  Ref object = TRY(getAttrNamed_py(t, exception, "object"));
  if (!isBytes(object.get())) return raiseTypeError(t, "UnicodeError 'object' attribute must be a bytes");
  held = std::move(object);
  *data = held.as<Bytes>()->view();
  int64_t length = static_cast<int64_t>(data->size());
  if (at < 0) at += length;
  if (at < 0 || at > length) return raiseIndexError(t, "position %lld from error handler out of bounds", static_cast<long long>(at));
  *position = static_cast<size_t>(at);
  return replacement;
}

Status viewOf_py(Thread& t, Value v, std::string_view* data) {
  if (isBytes(v)) *data = v.as<Bytes>()->view();
  else if (isByteArray(v)) *data = v.as<ByteArray>()->view();
  else {  // the caller holds the object: its memory stays
    BufferInfo info;
    TRY(getBuffer(t, v, info));
    releaseBuffer(v);
    *data = {reinterpret_cast<const char*>(info.data), static_cast<size_t>(info.size)};
  }
  return kDone;
}

// Adds what a handler gave for an unencodable part; false if it cannot be encoded either. UTF codecs take whole units and ASCII.
static bool addReplacement(const Encoder& encoder, Value replacement, std::string& out) {
  if (isBytes(replacement)) {
    std::string_view bytes = replacement.as<Bytes>()->view();
    if (encoder.utf_unit > 1 && bytes.size() % encoder.utf_unit != 0) return false;
    out += bytes;
    return true;
  }
  if (encoder.utf_unit > 0 && !replacement.as<Str>()->is_ascii) return false;
  for (int64_t i = 0; i < replacement.as<Str>()->length; ++i) {
    if (!encoder.encode(replacement.as<Str>()->at(i), out)) return false;
  }
  return true;
}

Ref encodeText_py(Thread& t, Value module, const Encoder& encoder, Value text, Value handler) {
  if (!isStr(text)) {
    std::string name = encoder.name;
    std::replace(name.begin(), name.end(), '-', '_');
    return raiseTypeError(t, "%s_encode() argument 1 must be str, not %s", name.c_str(), typeNameOf(t, text));
  }
  Ref held = Ref::of(text);
  const Str* s = text.as<Str>();
  std::string out, scratch;
  bool escapes = encoder.utf_unit < 2 && isStr(handler) && strEquals(handler.as<Str>(), "surrogateescape");
  for (int64_t i = 0; i < s->length;) {
    if (encoder.encode(s->at(i), out)) {
      ++i;
      continue;
    }
    int64_t end = i + 1;
    while (encoder.utf_unit < 2 && end < s->length && !encoder.encode(s->at(end), scratch)) ++end;
    scratch.clear();
    if (escapes) {  // the rest of the run is for the handler, which refuses it
      for (; i < end && s->at(i) >= 0xdc80 && s->at(i) <= 0xdcff; ++i) out += static_cast<char>(s->at(i) - 0xdc00);
      if (i == end) continue;
    }
    Ref exception = TRY(newEncodeError_py(t, encoder.name, text, i, end, encoder.reason));
    Ref replacement = TRY(askHandler_py(t, module, handler, exception.get(), s->length, &i));
    if (!addReplacement(encoder, replacement.get(), out)) return raiseException(t, exception.get());
  }
  Ref bytes = newBytes(t, out);
  return tupleOf(t, {bytes.get(), Value::fromInt(s->length)});
}

Ref decodeBytes_py(Thread& t, Value module, const char* name, Decoder decoder, Value data, Value handler, bool is_final, size_t begin) {
  std::string_view view;
  TRY(viewOf_py(t, data, &view));
  Ref held = Ref::of(data);
  StrBuilder out;
  size_t at = begin, given = view.size();
  while (at < view.size()) {
    DecodeStep step = decoder(view, at);
    if (step.reason == nullptr) {
      out.add(step.c);
      at += step.size;
      continue;
    }
    if (step.is_cut && !is_final) break;
    Ref exception = TRY(newDecodeError_py(t, name, held.get(), static_cast<int64_t>(at), static_cast<int64_t>(at + step.size), step.reason));
    Ref replacement = TRY(askDecodeHandler_py(t, module, handler, exception.get(), held, &view, &at));
    out.add(replacement.as<Str>());
  }
  Ref text = out.finish(t);
  return tupleOf(t, {text.get(), Value::fromInt(static_cast<int64_t>(is_final ? given : at))});
}

}  // namespace krait::modules
