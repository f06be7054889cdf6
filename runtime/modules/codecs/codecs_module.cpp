// The `_codecs` module: the registry of codecs and error handlers, and the codecs of the UTF family, ASCII and Latin-1.
// ref: Modules/_codecsmodule.c. Tables and backslashes in bytes are in charmap.cpp, those of text in escapes.cpp.
#include "analyzer/base/unicode/utf8.h"
#include <algorithm>

#include "runtime/modules/codecs/codecs.h"
#include "runtime/object/import.h"
#include "runtime/object/int.h"

namespace krait::modules {

// --- encoders
static bool isSurrogate(char32_t c) { return c >= 0xd800 && c < 0xe000; }
static bool encodeUtf8(char32_t c, std::string& out) {
  if (isSurrogate(c)) return false;
  unicode::appendUtf8(out, c);
  return true;
}
template <uint32_t limit>
static bool encodeByte(char32_t c, std::string& out) {
  if (c >= limit) return false;
  out += static_cast<char>(c);
  return true;
}
template <int bytes, bool big_endian>
static void addUnit(std::string& out, uint32_t unit) {
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(unit >> (8 * (big_endian ? bytes - 1 - i : i)));
}
template <bool big_endian>
static bool encodeUtf16(char32_t c, std::string& out) {
  if (isSurrogate(c)) return false;
  if (c >= 0x10000) {
    addUnit<2, big_endian>(out, 0xd800 + ((c - 0x10000) >> 10));
    addUnit<2, big_endian>(out, 0xdc00 + ((c - 0x10000) & 0x3ff));
  } else {
    addUnit<2, big_endian>(out, c);
  }
  return true;
}
template <bool big_endian>
static bool encodeUtf32(char32_t c, std::string& out) {
  if (isSurrogate(c)) return false;
  addUnit<4, big_endian>(out, c);
  return true;
}

static constexpr const char* kSurrogates = "surrogates not allowed";
static constexpr Encoder kUtf8 = {"utf-8", kSurrogates, encodeUtf8, 1};
static constexpr Encoder kAscii = {"ascii", "ordinal not in range(128)", encodeByte<128>};
static constexpr Encoder kLatin1 = {"latin-1", "ordinal not in range(256)", encodeByte<256>};
static constexpr Encoder kUtf16 = {"utf-16", kSurrogates, encodeUtf16<false>, 2};
static constexpr Encoder kUtf32 = {"utf-32", kSurrogates, encodeUtf32<false>, 4};
static constexpr Encoder kUtf16Le = {"utf-16-le", kSurrogates, encodeUtf16<false>, 2};
static constexpr Encoder kUtf16Be = {"utf-16-be", kSurrogates, encodeUtf16<true>, 2};
static constexpr Encoder kUtf32Le = {"utf-32-le", kSurrogates, encodeUtf32<false>, 4};
static constexpr Encoder kUtf32Be = {"utf-32-be", kSurrogates, encodeUtf32<true>, 4};

// a: module, text, errors.
// TypeError unless `errors` is a name or None; the codec's name tells the function's: utf-16-le, utf_16_le_encode.
static Status checkErrors(Thread& t, const char* codec, const char* direction, Value errors) {
  if (errors.isUndefined() || errors.isNone() || isStr(errors)) return kDone;
  std::string function = codec;
  std::replace(function.begin(), function.end(), '-', '_');
  return raiseTypeError(t, "%s_%s() argument 2 must be str or None, not %s", function.c_str(), direction, typeNameOf(t, errors));
}
template <const Encoder* encoder>
static Ref encodeWith(Thread& t, const Value* a) {
  TRY(checkErrors(t, encoder->name, "encode", a[2]));
  return encodeText_py(t, a[0], *encoder, a[1], a[2]);
}

// Native order with a byte order mark, as "utf-16" and "utf-32" write.
template <const Encoder* encoder>
static Ref encodeMarked(Thread& t, const Value* a) {
  TRY(checkErrors(t, encoder->name, "encode", a[2]));
  Ref made = TRY(encodeText_py(t, a[0], *encoder, a[1], a[2]));
  std::string marked;
  encoder->encode(0xfeff, marked);
  marked += made.as<Tuple>()->items()[0].as<Bytes>()->view();
  Ref bytes = newBytes(t, marked);
  return tupleOf(t, {bytes.get(), made.as<Tuple>()->items()[1]});
}

// --- decoders
static uint32_t byteAt(std::string_view data, size_t at) { return static_cast<unsigned char>(data[at]); }

// ref: the table of well-formed byte sequences of the Unicode standard; the malformed part is the longest valid beginning.
static DecodeStep decodeUtf8(std::string_view data, size_t at) {
  uint32_t lead = byteAt(data, at);
  if (lead < 0x80) return {1, lead};
  size_t more = lead >= 0xc2 && lead <= 0xdf ? 1 : (lead & 0xf0) == 0xe0 ? 2 : lead >= 0xf0 && lead <= 0xf4 ? 3 : 0;
  if (more == 0) return {1, 0, "invalid start byte"};
  char32_t c = lead & (0x3f >> more);
  for (size_t i = 1; i <= more; ++i) {
    if (at + i >= data.size()) return {i, 0, "unexpected end of data", true};
    uint32_t next = byteAt(data, at + i);
    bool fits = (next & 0xc0) == 0x80;
    if (i == 1) {
      fits = fits && !(lead == 0xe0 && next < 0xa0) && !(lead == 0xed && next > 0x9f) && !(lead == 0xf0 && next < 0x90) &&
             !(lead == 0xf4 && next > 0x8f);
    }
    // The first two bytes of a surrogate may be for a handler that wants it whole.
    bool is_surrogate = i == 1 && lead == 0xed && (next & 0xe0) == 0xa0 && data.size() - at == 2;
    if (!fits) return {i, 0, "invalid continuation byte", is_surrogate};
    c = c << 6 | (next & 0x3f);
  }
  return {more + 1, c};
}
static DecodeStep decodeAscii(std::string_view data, size_t at) {
  if (byteAt(data, at) < 0x80) return {1, byteAt(data, at)};
  return {1, 0, "ordinal not in range(128)"};
}
static DecodeStep decodeLatin1(std::string_view data, size_t at) { return {1, byteAt(data, at)}; }

template <int bytes, bool big_endian>
static uint32_t unitAt(std::string_view data, size_t at) {
  uint32_t unit = 0;
  for (int i = 0; i < bytes; ++i) unit |= byteAt(data, at + static_cast<size_t>(i)) << (8 * (big_endian ? bytes - 1 - i : i));
  return unit;
}
template <bool big_endian>
static DecodeStep decodeUtf16(std::string_view data, size_t at) {
  if (data.size() - at < 2) return {1, 0, "truncated data", true};
  uint32_t unit = unitAt<2, big_endian>(data, at);
  if (!isSurrogate(unit)) return {2, unit};
  if (unit >= 0xdc00) return {2, 0, "illegal encoding"};
  if (data.size() - at < 4) return {data.size() - at, 0, "unexpected end of data", true};
  uint32_t low = unitAt<2, big_endian>(data, at + 2);
  if (low < 0xdc00 || low > 0xdfff) return {2, 0, "illegal UTF-16 surrogate"};
  return {4, 0x10000 + ((unit & 0x3ff) << 10 | (low & 0x3ff))};
}
template <bool big_endian>
static DecodeStep decodeUtf32(std::string_view data, size_t at) {
  if (data.size() - at < 4) return {data.size() - at, 0, "truncated data", true};
  uint32_t unit = unitAt<4, big_endian>(data, at);
  if (isSurrogate(unit)) return {4, 0, "code point in surrogate code point range(0xd800, 0xe000)"};
  if (unit > 0x10ffff) return {4, 0, "code point not in range(0x110000)"};
  return {4, unit};
}

// a: module, data, errors, final.
template <const char* const* name, Decoder decoder>
static Ref decodeWith(Thread& t, const Value* a) {
  Ref text;
  if (isStr(a[1]) && decoder == decodeUtf8) return raiseTypeError(t, "a bytes-like object is required, not 'str'");
  TRY(checkErrors(t, *name, "decode", a[2]));
  bool is_final = a[3].isUndefined() || TRY(isTrue_py(t, a[3]));
  return decodeBytes_py(t, a[0], *name, decoder, a[1], a[2], is_final);
}

static constexpr const char* kUtf8Name = "utf-8";
static constexpr const char* kAsciiName = "ascii";
static constexpr const char* kLatin1Name = "latin-1";
static constexpr const char* kUtf16LeName = "utf-16-le";
static constexpr const char* kUtf16BeName = "utf-16-be";
static constexpr const char* kUtf32LeName = "utf-32-le";
static constexpr const char* kUtf32BeName = "utf-32-be";

// A byte order mark decides, else the machine's order; errors name the codec of that order. `order`: -1 little, 1 big, 0 by the
// mark, and afterwards what it is. ref: PyUnicode_DecodeUTF16Stateful
template <int bytes>
static Ref decodeOrdered_py(Thread& t, Value module, Value data, Value errors, Value final, int64_t& order) {
  bool is_final = final.isUndefined() || TRY(isTrue_py(t, final));
  std::string_view view;
  TRY(viewOf_py(t, data, &view));
  size_t skipped = 0;
  if (order == 0 && view.size() >= bytes) {
    if (unitAt<bytes, false>(view, 0) == 0xfeff) order = -1, skipped = bytes;
    else if (unitAt<bytes, true>(view, 0) == 0xfeff) order = 1, skipped = bytes;
  }
  if constexpr (bytes == 2) return decodeBytes_py(t, module, order > 0 ? kUtf16BeName : kUtf16LeName, order > 0 ? decodeUtf16<true> : decodeUtf16<false>, data, errors, is_final, skipped);
  return decodeBytes_py(t, module, order > 0 ? kUtf32BeName : kUtf32LeName, order > 0 ? decodeUtf32<true> : decodeUtf32<false>, data, errors, is_final, skipped);
}

// a: module, data, errors, final.
template <int bytes>
static Ref decodeMarked(Thread& t, const Value* a) {
  TRY(checkErrors(t, bytes == 2 ? "utf-16" : "utf-32", "decode", a[2]));
  int64_t order = 0;
  return decodeOrdered_py<bytes>(t, a[0], a[1], a[2], a[3], order);
}

// utf_16_ex_decode(data, errors, byteorder, final) -> (text, used, byteorder).
template <int bytes>
static Ref decodeOrdered(Thread& t, const Value* a) {
  TRY(checkErrors(t, bytes == 2 ? "utf-16-ex" : "utf-32-ex", "decode", a[2]));
  int64_t order = TRY(toInt64_py(t, a[3]));
  Ref made = TRY(decodeOrdered_py<bytes>(t, a[0], a[1], a[2], a[4], order));
  return tupleOf(t, {made.as<Tuple>()->items()[0], made.as<Tuple>()->items()[1], Value::fromInt(order)});
}

// --- the registry
static Ref moduleValue(Thread& t, Value module, const char* name) {
  Value found = dictGetStr(module.as<Module>()->dict, intern(*t.isolate, name));
  return found.defined() ? Ref::of(found) : Ref(raiseRuntimeError(t, "_codecs.%s is missing", name));
}

static Ref registerSearch(Thread& t, const Value* a) {
  if (!isCallable(t, a[1])) return raiseTypeError(t, "argument must be callable");
  Ref path = TRY(moduleValue(t, a[0], "_search_path"));
  listAppend(path.as<List>(), a[1]);
  return Ref::none();
}
static Ref unregisterSearch(Thread& t, const Value* a) {
  Ref path = TRY(moduleValue(t, a[0], "_search_path")), cache = TRY(moduleValue(t, a[0], "_search_cache"));
  List* list = path.as<List>();
  for (int64_t i = 0; i < list->size; ++i) {
    if (list->items[i] != a[1]) continue;
    TRY(setItem_py(t, path.get(), Value::fromInt(i), Value()));
    dictClear(cache.as<Dict>());
    break;
  }
  return Ref::none();
}

// Lower case, with runs of other characters than letters, digits and dots made one underscore. ref: normalizestring.
static std::string normalizedName(const Str* encoding) {
  std::string out;
  bool is_gap = false;
  for (int64_t i = 0; i < encoding->length; ++i) {
    char32_t c = encoding->at(i);
    bool is_word = c < 128 && (((c | 32) >= 'a' && (c | 32) <= 'z') || (c >= '0' && c <= '9') || c == '.');
    if (!is_word) {
      is_gap = true;
      continue;
    }
    if (is_gap && !out.empty()) out += '_';
    is_gap = false;
    out += static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  }
  return out;
}

// The library's `encodings` package registers its search function when it is imported.
static Ref lookupCodec_py(Thread& t, Value module, Value encoding) {
  if (!isStr(encoding)) return raiseTypeError(t, "lookup() argument must be str, not %s", typeNameOf(t, encoding));
  Ref path = TRY(moduleValue(t, module, "_search_path")), cache = TRY(moduleValue(t, module, "_search_cache"));
  if (path.as<List>()->size == 0) {
    TRY(importByName_py(t, "encodings"));
  }
  Ref key = newStr(t, normalizedName(encoding.as<Str>()));
  Value known = dictGet_py(t, cache.as<Dict>(), key.get());
  if (known.defined()) return Ref::of(known);
  for (int64_t i = 0; i < path.as<List>()->size; ++i) {
    Ref search = Ref::of(path.as<List>()->items[i]);
    Ref found = TRY(callArgs_py(t, search.get(), key.get()));
    if (found.get().isNone()) continue;
    if (!isTuple(found.get()) || found.as<Tuple>()->size != 4) return raiseTypeError(t, "codec search functions must return 4-tuples");
    TRY(dictSet_py(t, cache.as<Dict>(), key.get(), found.get()));
    return found;
  }
  return raise(t, errors(t).lookup_error, "unknown encoding: %s", toUtf8(encoding.as<Str>()).c_str());
}
static Ref lookup(Thread& t, const Value* a) { return lookupCodec_py(t, a[0], a[1]); }

// The pending exception gets a note that says which codec raised it. ref: _PyErr_FormatNote in _PyCodec_EncodeInternal.
static void noteFailure_py(Thread& t, const char* action, Value encoding) {
  Ref e = takeException(t);
  Ref note = newStr(t, std::string(action) + " with '" + toUtf8(encoding.as<Str>()) + "' codec failed");
  Ref done = callMethod_py(t, e.get(), intern(*t.isolate, "add_note"), note.get());
  if (!done) clearException(t);
  restoreException(t, std::move(e));
}
// What encode() and decode() do: the codec's function `which`, and of its answer the first item.
static Ref runCodec_py(Thread& t, const Value* a, int which, const char* what) {
  Ref utf8 = newStr(t, "utf-8");
  Ref codec = TRY(lookupCodec_py(t, a[0], a[2].isUndefined() ? utf8.get() : a[2]));
  Value function = codec.as<Tuple>()->items()[which];
  Ref made = a[3].isUndefined() ? callArgs_py(t, function, a[1]) : callArgs_py(t, function, a[1], a[3]);
  if (!made) {
    noteFailure_py(t, which == 0 ? "encoding" : "decoding", a[2].isUndefined() ? utf8.get() : a[2]);
    return kRaised;
  }
  if (!isTuple(made.get()) || made.as<Tuple>()->size != 2) return raiseTypeError(t, "%s must return a tuple (object,%sinteger)", what, which == 0 ? " " : "");
  return Ref::of(made.as<Tuple>()->items()[0]);
}
static Ref encode(Thread& t, const Value* a) { return runCodec_py(t, a, 0, "encoder"); }
static Ref decode(Thread& t, const Value* a) { return runCodec_py(t, a, 1, "decoder"); }

static Ref registerError(Thread& t, const Value* a) {
  if (!isStr(a[1])) return raiseTypeError(t, "register_error() argument 1 must be str, not %s", typeNameOf(t, a[1]));
  if (!isCallable(t, a[2])) return raiseTypeError(t, "handler must be callable");
  Ref table = TRY(moduleValue(t, a[0], "_error_handlers"));
  TRY(dictSet_py(t, table.as<Dict>(), a[1], a[2]));
  return Ref::none();
}
// True when there was one. ref: _PyCodec_UnregisterError: those that Python has itself stay.
static Ref unregisterError(Thread& t, const Value* a) {
  if (!isStr(a[1])) return raiseTypeError(t, "_unregister_error() argument must be str, not %s", typeNameOf(t, a[1]));
  for (const char* own : {"strict", "ignore", "replace", "xmlcharrefreplace", "backslashreplace", "namereplace", "surrogatepass", "surrogateescape"}) {
    if (strEquals(a[1].as<Str>(), own)) return raiseValueError(t, "cannot un-register built-in error handler '%s'", own);
  }
  Ref table = TRY(moduleValue(t, a[0], "_error_handlers"));
  return Ref::boolean(TRY(dictDelete_py(t, table.as<Dict>(), a[1])));
}
static Ref lookupError(Thread& t, const Value* a) {
  if (!isStr(a[1])) return raiseTypeError(t, "lookup_error() argument must be str, not %s", typeNameOf(t, a[1]));
  return lookupError_py(t, a[0], a[1]);
}

static Status init(Thread& t, Module* module) {
  Ref name = newStr(t, "_codecs");
  for (const NativeDef* table : {kMapFunctions, kEscapeFunctions, kUtf7Functions}) {
    for (const NativeDef* f = table; f->name != nullptr; ++f) moduleSet(t, module, f->name, newNativeFunction(t, f, module, name.get()).get());
  }
  moduleSet(t, module, "_search_path", newList(t).get());
  moduleSet(t, module, "_search_cache", newDict(t).get());
  return addErrorHandlers(t, module);
}

#define ENCODER "($self, str, errors=None, /)"
#define DECODER "($self, data, errors=None, final=False, /)"
#define FULL_DECODER "($self, data, errors=None, final=<unset>, /)"
static const NativeDef kFunctions[] = {
    {"register", "($self, search_function, /)", registerSearch, "Register a codec search function."},
    {"unregister", "($self, search_function, /)", unregisterSearch, "Unregister a codec search function and clear the registry's cache."},
    {"lookup", "($self, encoding, /)", lookup, "Looks up a codec tuple in the Python codec registry and returns a CodecInfo object."},
    {"encode", "($self, /, obj, encoding=<unset>, errors=<unset>)", encode, "Encodes obj using the codec registered for encoding."},
    {"decode", "($self, /, obj, encoding=<unset>, errors=<unset>)", decode, "Decodes obj using the codec registered for encoding."},
    {"register_error", "($self, errors, handler, /)", registerError, "Register the specified error handler under the name errors."},
    {"_unregister_error", "($self, errors, /)", unregisterError, "Un-register the specified error handler for the error handling `errors'."},
    {"lookup_error", "($self, name, /)", lookupError, "lookup_error(errors) -> handler"},
    {"utf_8_encode", ENCODER, encodeWith<&kUtf8>},
    {"ascii_encode", ENCODER, encodeWith<&kAscii>},
    {"latin_1_encode", ENCODER, encodeWith<&kLatin1>},
    {"utf_16_le_encode", ENCODER, encodeWith<&kUtf16Le>},
    {"utf_16_be_encode", ENCODER, encodeWith<&kUtf16Be>},
    {"utf_16_encode", ENCODER, encodeMarked<&kUtf16>},
    {"utf_32_le_encode", ENCODER, encodeWith<&kUtf32Le>},
    {"utf_32_be_encode", ENCODER, encodeWith<&kUtf32Be>},
    {"utf_32_encode", ENCODER, encodeMarked<&kUtf32>},
    {"utf_8_decode", DECODER, decodeWith<&kUtf8Name, decodeUtf8>},
    {"ascii_decode", FULL_DECODER, decodeWith<&kAsciiName, decodeAscii>},
    {"latin_1_decode", FULL_DECODER, decodeWith<&kLatin1Name, decodeLatin1>},
    {"utf_16_le_decode", DECODER, decodeWith<&kUtf16LeName, decodeUtf16<false>>},
    {"utf_16_be_decode", DECODER, decodeWith<&kUtf16BeName, decodeUtf16<true>>},
    {"utf_16_decode", DECODER, decodeMarked<2>},
    {"utf_16_ex_decode", "($self, data, errors=None, byteorder=0, final=False, /)", decodeOrdered<2>},
    {"utf_32_ex_decode", "($self, data, errors=None, byteorder=0, final=False, /)", decodeOrdered<4>},
    {"utf_32_le_decode", DECODER, decodeWith<&kUtf32LeName, decodeUtf32<false>>},
    {"utf_32_be_decode", DECODER, decodeWith<&kUtf32BeName, decodeUtf32<true>>},
    {"utf_32_decode", DECODER, decodeMarked<4>},
    {nullptr, nullptr, nullptr}};
#undef ENCODER
#undef DECODER
#undef FULL_DECODER

extern const NativeModule kCodecsModule;
const NativeModule kCodecsModule = {"_codecs", nullptr, kFunctions, init};

}  // namespace krait::modules
