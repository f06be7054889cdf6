// `_multibytecodec` and the modules of East Asian codecs (`_codecs_jp` …), on the C library's iconv. ref: Modules/cjkcodecs.
#include <iconv.h>

#include <cerrno>
#include <cstring>

#include "runtime/modules/codecs/codecs.h"
#include "runtime/modules/codecs/hz.h"
#include "runtime/modules/compile_hook.h"
#include "runtime/object/heap.h"
#include "runtime/object/int.h"

namespace krait::modules {

namespace multibyte {

struct CodecDef {
  const char* family;  // module
  const char* name;
  const char* system;  // iconv's name
};
constexpr const char* kHz = "EUC-CN (7 bits)";  // the C library lacks it: hz.cpp
static const CodecDef kCodecs[] = {
    {"_codecs_cn", "hz", kHz},
    {"_codecs_cn", "gb2312", "EUC-CN"}, {"_codecs_cn", "gbk", "CP936"}, {"_codecs_cn", "gb18030", "GB18030"}, {"_codecs_hk", "big5hkscs", "BIG5-HKSCS"}, {"_codecs_tw", "big5", "BIG5"},
    {"_codecs_tw", "cp950", "CP950"}, {"_codecs_kr", "euc_kr", "EUC-KR"}, {"_codecs_kr", "cp949", "UHC"}, {"_codecs_kr", "johab", "JOHAB"}, {"_codecs_jp", "shift_jis", "SHIFT_JIS"}, {"_codecs_jp", "cp932", "IBM943"},
    {"_codecs_jp", "euc_jp", "EUC-JP"}, {"_codecs_jp", "shift_jisx0213", "SHIFT_JISX0213"}, {"_codecs_jp", "shift_jis_2004", "SHIFT_JISX0213"}, {"_codecs_jp", "euc_jisx0213", "EUC-JISX0213"},
    {"_codecs_jp", "euc_jis_2004", "EUC-JISX0213"}, {"_codecs_iso2022", "iso2022_jp", "ISO-2022-JP"}, {"_codecs_iso2022", "iso2022_jp_1", "ISO-2022-JP"}, {"_codecs_iso2022", "iso2022_jp_2", "ISO-2022-JP-2"},
    {"_codecs_iso2022", "iso2022_jp_3", "ISO-2022-JP-3"}, {"_codecs_iso2022", "iso2022_jp_2004", "ISO-2022-JP-3"}, {"_codecs_iso2022", "iso2022_jp_ext", "ISO-2022-JP-2"}, {"_codecs_iso2022", "iso2022_kr", "ISO-2022-KR"}};

struct Codec : Object {
  const CodecDef* def;
};
// An incremental encoder or decoder, or a stream: a codec with a state of its own.
struct Incremental : Object {
  const CodecDef* def;
  Converter* state;    // made at first use
  bool is_open;
  std::string* pending;  // bytes of a character that is not complete
  Value errors, stream;
  int64_t flags;         // of a decoder: what setstate was given beside the bytes
};
constexpr int64_t kMaxPending = 8;
static Type *codec_type, *encoder_type, *decoder_type, *reader_type, *writer_type;
static Incremental* self(Value v) { return v.as<Incremental>(); }

static Ref codecsModule_py(Thread& t) {
  Ref name = newStr(t, "_codecs"), list = newList(t);
  return importModule_py(t, name.get(), Value::none(), Value::none(), list.get(), Value::fromInt(0));
}
static Fallible<Converter*> openIconv(Thread& t, const CodecDef* def, bool decodes) {
  bool is_hz = def->system == kHz;
  const char* system = is_hz ? "EUC-CN" : def->system;
  iconv_t made = decodes ? iconv_open("UTF-32LE", system) : iconv_open(system, "UTF-32LE");
  if (made == reinterpret_cast<iconv_t>(-1)) return raise(t, errors(t).lookup_error, "no such codec is supported.");
  return new Converter{made, is_hz, decodes, false};
}
static void closeIconv(Converter* c) {
  iconv_close(c->state);
  delete c;
}
static size_t convert(Converter* c, char** in, size_t* left, char** to, size_t* room) {
  if (!c->is_hz) return iconv(c->state, in, left, to, room);
  if (in == nullptr) return finishHz(*c, to, room);
  return c->decodes ? decodeHz(*c, in, left, to, room) : encodeHz(*c, in, left, to, room);
}
class IconvScope {
 public:
  explicit IconvScope(Converter* state) : state_(state) {}
  ~IconvScope() { closeIconv(state_); }

 private:
  Converter* state_;
};
// What the handler says; a position beyond any number is out of bounds, too.
static Ref askBounded_py(Thread& t, Value handler, Value exception, size_t length, int64_t* position) {
  Ref module = TRY(codecsModule_py(t));
  Ref replacement = askHandler_py(t, module.get(), handler, exception, static_cast<int64_t>(length), position);
  if (replacement || !pendingMatches(t, errors(t).overflow_error)) return replacement;
  clearException(t);
  return raiseIndexError(t, "position -1 from error handler out of bounds");
}

// Decodes what is complete; `used` bytes of `data` were taken.
static Ref decode_py(Thread& t, const CodecDef* def, Converter* state, Value data, Value handler, bool is_final, size_t& used) {
  std::string_view view;
  TRY(viewOf_py(t, data, &view));
  StrBuilder out;
  size_t at = 0;
  while (at < view.size()) {
    uint32_t buffer[256];
    char* in = const_cast<char*>(view.data()) + at;
    size_t left = view.size() - at, room = sizeof buffer;
    char* to = reinterpret_cast<char*>(buffer);
    size_t result = convert(state, &in, &left, &to, &room);
    int why = errno;
    for (size_t i = 0; i < (sizeof buffer - room) / 4; ++i) out.add(buffer[i]);
    at = view.size() - left;
    if (result != static_cast<size_t>(-1) || why == E2BIG) continue;
    bool is_cut = why == EINVAL;
    if (is_cut && !is_final) break;
    int64_t end = static_cast<int64_t>(is_cut ? view.size() : at + 1);
    Ref e = TRY(newDecodeError_py(t, def->name, data, static_cast<int64_t>(at), end, is_cut ? "incomplete multibyte sequence" : "illegal multibyte sequence"));
    int64_t position = 0;
    Ref replacement = TRY(askBounded_py(t, handler, e.get(), view.size(), &position));
    TRY(viewOf_py(t, data, &view));
    out.add(replacement.as<Str>());
    at = static_cast<size_t>(position);
  }
  used = at;
  return out.finish(t);
}
static void run(Converter* state, const uint32_t* chars, size_t count, std::string& out, size_t& done, bool& failed) {
  char* in = reinterpret_cast<char*>(const_cast<uint32_t*>(chars));
  size_t left = count * 4;
  failed = false;
  while (left > 0) {
    char buffer[512];
    char* to = buffer;
    size_t room = sizeof buffer;
    size_t result = convert(state, &in, &left, &to, &room);
    out.append(buffer, sizeof buffer - room);
    if (result == static_cast<size_t>(-1) && errno != E2BIG) {
      failed = true;
      break;
    }
  }
  done = count - left / 4;
}
static Ref encode_py(Thread& t, const CodecDef* def, Converter* state, Value text, Value handler, bool is_final) {
  std::vector<char32_t> chars = toChars(text.as<Str>());
  std::string out;
  for (size_t at = 0; at < chars.size();) {
    size_t done;
    bool failed;
    run(state, reinterpret_cast<const uint32_t*>(chars.data()) + at, chars.size() - at, out, done, failed);
    at += done;
    if (!failed) break;
    Ref e = TRY(newEncodeError_py(t, def->name, text, static_cast<int64_t>(at), static_cast<int64_t>(at) + 1, "illegal multibyte sequence"));
    int64_t position = 0;
    Ref replacement = TRY(askBounded_py(t, handler, e.get(), chars.size(), &position));
    if (isBytes(replacement.get())) {
      out += replacement.as<Bytes>()->view();
    } else {
      std::vector<char32_t> more = toChars(replacement.as<Str>());
      run(state, reinterpret_cast<const uint32_t*>(more.data()), more.size(), out, done, failed);
      if (failed) return raiseException(t, e.get());
    }
    at = static_cast<size_t>(position);
  }
  if (is_final) {
    char buffer[64];
    char* to = buffer;
    size_t room = sizeof buffer;
    convert(state, nullptr, nullptr, &to, &room);
    out.append(buffer, sizeof buffer - room);
  }
  return newBytes(t, out);
}

// --- MultibyteCodec
static Ref codecEncode(Thread& t, const Value* a) {
  const CodecDef* def = a[0].as<Codec>()->def;
  Ref text = isStr(a[1]) ? Ref::of(a[1]) : str_py(t, a[1]);
  if (!text) return kRaised;
  Converter* state = TRY(openIconv(t, def, false));
  IconvScope closer(state);
  Ref bytes = TRY(encode_py(t, def, state, text.get(), a[2], true));
  return tupleOf(t, {bytes.get(), Value::fromInt(text.as<Str>()->length)});
}
static Ref codecDecode(Thread& t, const Value* a) {
  const CodecDef* def = a[0].as<Codec>()->def;
  Converter* state = TRY(openIconv(t, def, true));
  IconvScope closer(state);
  size_t used = 0;
  Ref text = TRY(decode_py(t, def, state, a[1], a[2], true, used));
  return tupleOf(t, {text.get(), Value::fromInt(static_cast<int64_t>(used))});
}
static const NativeDef kCodecMethods[] = {{"encode", "($self, /, input, errors=None)", codecEncode, "Return an encoded string version of 'input'."},
    {"decode", "($self, /, input, errors=None)", codecDecode, "Decodes 'input'."}, {nullptr, nullptr, nullptr}};

// --- incremental
static Ref incrementalMake(Thread& t, Type* type, Value stream, Value error_handler) {
  Ref codec = TRY(getAttrNamed_py(t, type, "codec"));
  if (typeOf(t, codec.get()) != codec_type) return raiseTypeError(t, "codec is unexpected type");
  Incremental* made = allocate<Incremental>(type);
  made->def = codec.as<Codec>()->def;
  made->pending = new std::string;
  made->errors = share(error_handler);
  made->stream = share(stream);
  return Ref::steal(made);
}
static Ref plainMake(Thread& t, Type* type, const Value* args, uint32_t nargs, Tuple* keywords) {
  BoundArguments a;
  TRY(bindArguments_py(t, "MultibyteIncrementalCodec", "(errors='strict')", args, nargs, keywords, a));
  return incrementalMake(t, type, Value(), a[0]);
}
static Ref streamMake(Thread& t, Type* type, const Value* args, uint32_t nargs, Tuple* keywords) {
  BoundArguments a;
  TRY(bindArguments_py(t, "MultibyteStream", "(stream, errors='strict')", args, nargs, keywords, a));
  return incrementalMake(t, type, a[0], a[1]);
}
static Status ensureOpen(Thread& t, Incremental* i, bool decodes) {
  if (i->is_open) return kDone;
  i->state = TRY(openIconv(t, i->def, decodes));
  i->is_open = true;
  return kDone;
}
static void resetState(Incremental* i) {
  if (i->is_open) convert(i->state, nullptr, nullptr, nullptr, nullptr);
  i->pending->clear();
}
static Ref encodeMore(Thread& t, const Value* a) {
  Incremental* i = self(a[0]);
  if (!isStr(a[1])) return raiseTypeError(t, "couldn't convert the object to str.");
  TRY(ensureOpen(t, i, false));
  return encode_py(t, i->def, i->state, a[1], i->errors, a[2].defined() && TRY(isTrue_py(t, a[2])));
}
// `resets`: the end brings the codec back to its first state.
static Ref decodeMoreOf(Thread& t, Incremental* i, Value data, bool is_final, bool resets) {
  TRY(ensureOpen(t, i, true));
  std::string_view view;
  TRY(viewOf_py(t, data, &view));
  std::string all = *i->pending + std::string(view);
  Ref bytes = newBytes(t, all);
  size_t used = 0;
  Ref text = TRY(decode_py(t, i->def, i->state, bytes.get(), i->errors, is_final, used));
  *i->pending = all.substr(used);
  if (is_final && resets) resetState(i);
  return text;
}
static Ref decodeMore(Thread& t, const Value* a) { return decodeMoreOf(t, self(a[0]), a[1], a[2].defined() && TRY(isTrue_py(t, a[2])), true); }
static Ref reset(Thread&, const Value* a) {
  resetState(self(a[0]));
  return Ref::none();
}
static Ref encoderState(Thread&, const Value*) { return newIntSmall(0); }
static Ref decoderState(Thread& t, const Value* a) {
  Ref bytes = newBytes(t, *self(a[0])->pending), flags = newInt(t, self(a[0])->flags);
  return tupleOf(t, {bytes.get(), flags.get()});
}
static Ref setDecoderState(Thread& t, const Value* a) {
  if (!isTuple(a[1])) return raiseTypeError(t, "setstate() argument must be tuple, not %s", typeNameOf(t, a[1]));
  if (a[1].as<Tuple>()->size != 2) return raiseTypeError(t, "setstate(): illegal state argument");
  Value bytes = (*a[1].as<Tuple>())[0], flags = (*a[1].as<Tuple>())[1];
  if (!isBytes(bytes) || !isIntLike(flags)) return raiseTypeError(t, "setstate(): illegal state argument");
  if (bytes.as<Bytes>()->size > kMaxPending) return raise(t, errors(t).unicode_error, "pending buffer too large");
  int64_t kept = TRY(toInt64_py(t, flags));
  resetState(self(a[0]));
  *self(a[0])->pending = bytes.as<Bytes>()->view();
  self(a[0])->flags = kept;
  return Ref::none();
}
static Ref setEncoderState(Thread& t, const Value* a) {
  if (!isIntLike(a[1])) return raiseTypeError(t, "setstate() argument must be int, not %s", typeNameOf(t, a[1]));
  resetState(self(a[0]));
  return Ref::none();
}
static Ref getErrors(Thread&, Value v) { return Ref::of(self(v)->errors); }
static Status setErrors(Thread& t, Value v, Value value) {
  if (value.isUndefined()) return raise(t, errors(t).attribute_error, "cannot delete attribute");
  if (!isStr(value)) return raiseTypeError(t, "errors must be a string");
  Value old = self(v)->errors;
  self(v)->errors = share(value);
  decref(old);
  return kDone;
}
static Ref getStream(Thread&, Value v) { return self(v)->stream.defined() ? Ref::of(self(v)->stream) : Ref::none(); }

// --- streams
// ref: mbstreamreader_iread: reads on, a byte at a time, until there is a character.
static Ref readWith(Thread& t, Value v, const char* method, Value size) {
  Incremental* i = self(v);
  int64_t hint = size.isUndefined() || size.isNone() ? -1 : TRY(toInt64_py(t, size));
  if (hint == 0) return newStr(t, "");
  for (;;) {
    Str* name = intern(*t.isolate, method);
    Ref data = hint < 0 ? callMethod_py(t, i->stream, name) : callMethod_py(t, i->stream, name, Value::fromInt(hint));
    if (!data) return kRaised;
    if (!isBytes(data.get())) return raiseTypeError(t, "stream function returned a non-bytes object (%s)", typeNameOf(t, data.get()));
    bool is_end = data.as<Bytes>()->size == 0;
    bool had_none = is_end && i->pending->empty();
    Ref text = TRY(decodeMoreOf(t, i, data.get(), is_end || hint < 0, false));
    if (hint < 0 || had_none || text.as<Str>()->length > 0) return text;
    hint = 1;
  }
}
static Ref readAll(Thread& t, const Value* a) { return readWith(t, a[0], "read", a[1]); }
static Ref readLine(Thread& t, const Value* a) { return readWith(t, a[0], "readline", a[1]); }
static Ref readLines(Thread& t, const Value* a) {
  Ref text = TRY(readWith(t, a[0], "read", a[1]));
  return callMethod_py(t, text.get(), intern(*t.isolate, "splitlines"), Value::fromBool(true));
}
static Ref write(Thread& t, const Value* a) {
  Value args[3] = {a[0], a[1], Value()};
  Ref bytes = TRY(encodeMore(t, args));
  if (!callMethod_py(t, self(a[0])->stream, intern(*t.isolate, "write"), bytes.get())) return kRaised;
  return Ref::none();
}
static Ref writeLines(Thread& t, const Value* a) {
  Iteration it(t, a[1]);
  while (it.next()) {
    Value args[2] = {a[0], it.value()};
    TRY(write(t, args));
  }
  if (it.raised()) return kRaised;
  return Ref::none();
}
static const GetSetDef kGetSets[] = {{"errors", getErrors, setErrors}, {"stream", getStream}, {nullptr, nullptr}};
static const NativeDef kEncoderMethods[] = {{"encode", "($self, /, input, final=False)", encodeMore}, {"reset", "($self, /)", reset}, {"getstate", "($self, /)", encoderState}, {"setstate", "($self, state, /)", setEncoderState}, {nullptr, nullptr, nullptr}};
static const NativeDef kDecoderMethods[] = {{"decode", "($self, /, input, final=False)", decodeMore}, {"reset", "($self, /)", reset}, {"getstate", "($self, /)", decoderState}, {"setstate", "($self, state, /)", setDecoderState}, {nullptr, nullptr, nullptr}};
static const NativeDef kReaderMethods[] = {{"read", "($self, size=None, /)", readAll}, {"readline", "($self, size=None, /)", readLine}, {"readlines", "($self, size=None, /)", readLines}, {"reset", "($self, /)", reset}, {nullptr, nullptr, nullptr}};
static const NativeDef kWriterMethods[] = {{"write", "($self, strobj, /)", write}, {"writelines", "($self, lines, /)", writeLines}, {"reset", "($self, /)", reset}, {nullptr, nullptr, nullptr}};

static Type* makeIncremental(Thread& t, const char* name, const NativeDef* methods, Ref (*make)(Thread&, Type*, const Value*, uint32_t, Tuple*)) {
  Type* type = makeType(*t.isolate, {.name = name, .size = sizeof(Incremental), .flags = kTypeBaseable, .methods = methods, .getsets = kGetSets});
  type->slots.make = make;
  type->slots.init = [](Thread&, Value, const Value*, uint32_t, Tuple*) -> Status { return kDone; };
  type->slots.dealloc = [](Object* o) {
    Incremental* i = static_cast<Incremental*>(o);
    if (i->is_open) closeIconv(i->state);
    delete i->pending;
    decref(i->errors);
    decref(i->stream);
  };
  readyType(*t.isolate, type);
  return type;
}
static void ensureTypes(Thread& t) {
  if (codec_type != nullptr) return;
  codec_type = makeType(*t.isolate, {.name = "_multibytecodec.MultibyteCodec", .size = sizeof(Codec), .flags = kTypeDisallowNew, .methods = kCodecMethods});
  readyType(*t.isolate, codec_type);
  encoder_type = makeIncremental(t, "_multibytecodec.MultibyteIncrementalEncoder", kEncoderMethods, plainMake);
  decoder_type = makeIncremental(t, "_multibytecodec.MultibyteIncrementalDecoder", kDecoderMethods, plainMake);
  reader_type = makeIncremental(t, "_multibytecodec.MultibyteStreamReader", kReaderMethods, streamMake);
  writer_type = makeIncremental(t, "_multibytecodec.MultibyteStreamWriter", kWriterMethods, streamMake);
}
static Status init(Thread& t, Module* m) {
  ensureTypes(t);
  for (Type* type : {encoder_type, decoder_type, reader_type, writer_type}) moduleSetType(t, m, type);
  return kDone;
}
static Status familyInit(Thread& t, Module*) {
  ensureTypes(t);
  return kDone;
}
static Ref getCodec(Thread& t, const Value* a) {
  if (!isStr(a[0])) return raiseTypeError(t, "encoding name must be a string.");
  for (const CodecDef& def : kCodecs) {
    if (!strEquals(a[0].as<Str>(), def.name)) continue;
    Converter* probe = TRY(openIconv(t, &def, true));
    closeIconv(probe);
    Codec* c = allocate<Codec>(codec_type);
    c->def = &def;
    return Ref::steal(c);
  }
  return raise(t, errors(t).lookup_error, "no such codec is supported.");
}
static const NativeDef kNone[] = {{nullptr, nullptr, nullptr}};
static const NativeDef kFamilyFunctions[] = {{"getcodec", "(encoding, /)", getCodec}, {nullptr, nullptr, nullptr}};
}  // namespace multibyte

#define FAMILY(Identifier, name)                           \
  extern const NativeModule k##Identifier##Module;         \
  const NativeModule k##Identifier##Module = {name, nullptr, multibyte::kFamilyFunctions, multibyte::familyInit};
FAMILY(CodecsCn, "_codecs_cn")
FAMILY(CodecsHk, "_codecs_hk")
FAMILY(CodecsIso2022, "_codecs_iso2022")
FAMILY(CodecsJp, "_codecs_jp")
FAMILY(CodecsKr, "_codecs_kr")
FAMILY(CodecsTw, "_codecs_tw")
#undef FAMILY
extern const NativeModule kMultibyteModule;
const NativeModule kMultibyteModule = {"_multibytecodec", nullptr, multibyte::kNone, multibyte::init};

}  // namespace krait::modules
