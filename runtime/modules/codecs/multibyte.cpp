// `_multibytecodec` and the modules of East Asian codecs (`_codecs_jp` …): what the codecs are, and whole texts.
// ref: Modules/cjkcodecs/multibytecodec.c.
#include "runtime/modules/codecs/multibyte.h"

#include "runtime/modules/compile_hook.h"
#include "runtime/object/heap.h"

namespace krait::modules {

namespace multibyte {

#define STATELESS(family, name) {family, name, decodeStateless, encodeStateless, prepareStateless, nullptr, nullptr}
#define SWITCHING(name) {"_codecs_iso2022", name, decodeIso2022, encodeIso2022, prepareIso2022, beginIso2022, finishIso2022}
static const CodecDef kCodecs[] = {{"_codecs_cn", "hz", decodeHz, encodeHz, prepareHz, beginHz, finishHz}, STATELESS("_codecs_cn", "gb2312"),
    STATELESS("_codecs_cn", "gbk"), STATELESS("_codecs_cn", "gb18030"), STATELESS("_codecs_hk", "big5hkscs"), STATELESS("_codecs_tw", "big5"),
    STATELESS("_codecs_tw", "cp950"), STATELESS("_codecs_kr", "euc_kr"), STATELESS("_codecs_kr", "cp949"), STATELESS("_codecs_kr", "johab"),
    STATELESS("_codecs_jp", "shift_jis"), STATELESS("_codecs_jp", "cp932"), STATELESS("_codecs_jp", "euc_jp"), STATELESS("_codecs_jp", "shift_jisx0213"),
    STATELESS("_codecs_jp", "shift_jis_2004"), STATELESS("_codecs_jp", "euc_jisx0213"), STATELESS("_codecs_jp", "euc_jis_2004"), SWITCHING("iso2022_jp"),
    SWITCHING("iso2022_jp_1"), SWITCHING("iso2022_jp_2"), SWITCHING("iso2022_jp_3"), SWITCHING("iso2022_jp_2004"), SWITCHING("iso2022_jp_ext"),
    SWITCHING("iso2022_kr")};
#undef STATELESS
#undef SWITCHING

Type* codec_type;

static Ref codecsModule_py(Thread& t) {
  Ref name = newStr(t, "_codecs"), list = newList(t);
  return importModule_py(t, name.get(), Value::none(), Value::none(), list.get(), Value::fromInt(0));
}
CodecState firstState(const CodecDef* codec, bool decodes) {
  CodecState state{};
  if (codec->begin != nullptr) codec->begin(state, decodes);
  return state;
}
// What the handler says; a position beyond any number is out of bounds, too.
static Ref askBounded_py(Thread& t, Value handler, Value exception, size_t length, int64_t* position) {
  Ref module = TRY(codecsModule_py(t));
  Ref replacement = askHandler_py(t, module.get(), handler, exception, static_cast<int64_t>(length), position);
  if (replacement || !pendingMatches(t, errors(t).overflow_error)) return replacement;
  clearException(t);
  return raiseIndexError(t, "position -1 from error handler out of bounds");
}
static const char* reasonOf(int why) { return why == kCut ? "incomplete multibyte sequence" : "illegal multibyte sequence"; }

Ref decodeWith_py(Thread& t, const CodecDef* codec, CodecState& state, Value data, Value handler, bool is_last, size_t& used) {
  std::string_view view;
  TRY(viewOf_py(t, data, &view));
  StrBuilder out;
  size_t at = 0;
  for (;;) {
    std::string_view in = view.substr(at);
    int why = codec->decode(*codec, state, in, out);
    at = view.size() - in.size();
    if (why == kDoneAll || (why == kCut && !is_last)) break;
    size_t end = why == kCut ? view.size() : at + static_cast<size_t>(why);
    Ref e = TRY(newDecodeError_py(t, codec->name, data, static_cast<int64_t>(at), static_cast<int64_t>(end), reasonOf(why)));
    int64_t position = 0;
    Ref replacement = TRY(askBounded_py(t, handler, e.get(), view.size(), &position));
    TRY(viewOf_py(t, data, &view));
    out.add(replacement.as<Str>());
    at = static_cast<size_t>(position);
  }
  used = at;
  return out.finish(t);
}
// A handler's text goes through the codec itself; what that cannot write, either, is an error. `?` stands in any codec.
static Status putReplacement(Thread& t, const CodecDef* codec, CodecState& state, Value replacement, std::string& out) {
  if (isBytes(replacement)) {
    out += replacement.as<Bytes>()->view();
    return kDone;
  }
  size_t used = 0;
  Ref bytes = TRY(encodeWith_py(t, codec, state, replacement, Value(), true, used));
  out += bytes.as<Bytes>()->view();
  return kDone;
}
Ref encodeWith_py(Thread& t, const CodecDef* codec, CodecState& state, Value text, Value handler, bool is_last, size_t& used) {
  std::vector<char32_t> chars = toChars(text.as<Str>());
  std::u32string_view all(chars.data(), chars.size());
  std::string out;
  size_t at = 0;
  for (;;) {
    std::u32string_view in = all.substr(at);
    int why = codec->encode(*codec, state, in, out, is_last);
    at = all.size() - in.size();
    if (why == kDoneAll || (why == kCut && !is_last)) break;
    size_t end = why == kCut ? all.size() : at + static_cast<size_t>(why);
    Ref e = TRY(newEncodeError_py(t, codec->name, text, static_cast<int64_t>(at), static_cast<int64_t>(end), reasonOf(why)));
    int64_t position = 0;
    Ref replacement = TRY(askBounded_py(t, handler, e.get(), all.size(), &position));
    TRY(putReplacement(t, codec, state, replacement.get(), out));
    at = static_cast<size_t>(position);
  }
  used = at;
  return newBytes(t, out);
}

// --- MultibyteCodec
static Ref codecEncode(Thread& t, const Value* a) {
  const CodecDef* codec = a[0].as<Codec>()->def;
  Ref text = isStr(a[1]) ? Ref::of(a[1]) : str_py(t, a[1]);
  if (!text) return kRaised;
  CodecState state = firstState(codec, false);
  size_t used = 0;
  Ref bytes = TRY(encodeWith_py(t, codec, state, text.get(), a[2], true, used));
  std::string rest;
  if (codec->finish != nullptr) codec->finish(state, &rest);
  if (!rest.empty()) bytes = newBytes(t, std::string(bytes.as<Bytes>()->view()) + rest);
  return tupleOf(t, {bytes.get(), Value::fromInt(text.as<Str>()->length)});
}
static Ref codecDecode(Thread& t, const Value* a) {
  const CodecDef* codec = a[0].as<Codec>()->def;
  CodecState state = firstState(codec, true);
  size_t used = 0;
  Ref text = TRY(decodeWith_py(t, codec, state, a[1], a[2], true, used));
  return tupleOf(t, {text.get(), Value::fromInt(static_cast<int64_t>(used))});
}
static const NativeDef kCodecMethods[] = {{"encode", "($self, /, input, errors=None)", codecEncode, "Return an encoded string version of 'input'."},
    {"decode", "($self, /, input, errors=None)", codecDecode, "Decodes 'input'."}, {nullptr, nullptr, nullptr}};

static void ensureTypes(Thread& t) {
  if (codec_type != nullptr) return;
  codec_type = makeType(*t.isolate, {.name = "_multibytecodec.MultibyteCodec", .size = sizeof(Codec), .flags = kTypeDisallowNew, .methods = kCodecMethods});
  readyType(*t.isolate, codec_type);
  makeIncrementalTypes(t);
}
static Status init(Thread& t, Module* m) {
  ensureTypes(t);
  addIncrementalTypes(t, m);
  return kDone;
}
static Status familyInit(Thread& t, Module*) {
  ensureTypes(t);
  return kDone;
}
static Ref getCodec(Thread& t, const Value* a) {
  if (!isStr(a[0])) return raiseTypeError(t, "encoding name must be a string.");
  for (const CodecDef& codec : kCodecs) {
    if (!strEquals(a[0].as<Str>(), codec.name) || !codec.prepare(codec)) continue;
    Codec* c = allocate<Codec>(codec_type);
    c->def = &codec;
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
