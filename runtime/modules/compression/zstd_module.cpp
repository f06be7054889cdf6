// The `_zstd` module on libzstd: compressor, decompressor and dictionaries under the library's `compression.zstd`.
// Parameters are checked in zstd_parameters.cpp. ref: Modules/_zstd.
#define ZSTD_STATIC_LINKING_ONLY
#include <zdict.h>
#include <zstd_errors.h>

#include "runtime/modules/compression/zstd.h"
#include "runtime/object/containers.h"
#include "runtime/object/protocol.h"

namespace krait::modules::zstd {

Type* error_type = nullptr;
static Type* dictionary_type = nullptr;

RaisedTag raiseZstd(Thread& t, const char* what, size_t code) { return raise(t, error_type, "%s: %s", what, ZSTD_getErrorName(code)); }

// --- dictionaries
enum Use { kDigested, kUndigested, kPrefix };
struct Dictionary : Object {
  std::string* content;
  uint32_t id;
};
static Dictionary* dictionaryOf(Value v) { return v.as<Dictionary>(); }
static Ref makeDictionary(Thread& t, Type* type, const Value* args, uint32_t nargs, Tuple* keywords) {
  BoundArguments a;
  TRY(bindArguments_py(t, "ZstdDict", "(dict_content, /, *, is_raw=False)", args, nargs, keywords, a));
  bool is_raw = TRY(isTrue_py(t, a[1]));
  Buffer content;
  TRY(content.acquire(t, a[0]));
  if (content.size() < 8) return raiseValueError(t, "Zstandard dictionary content too short (must have at least eight bytes)");
  uint32_t id = is_raw ? 0 : ZSTD_getDictID_fromDict(content.data(), static_cast<size_t>(content.size()));
  if (!is_raw && id == 0) return raiseValueError(t, "invalid Zstandard dictionary");
  Dictionary* d = allocate<Dictionary>(type);
  d->content = new std::string(content.view());
  d->id = id;
  return Ref::steal(d);
}
static Ref dictionaryRepr(Thread& t, Value v) { return strFormat(t, "<ZstdDict dict_id=%u dict_size=%zu>", dictionaryOf(v)->id, dictionaryOf(v)->content->size()); }
static Fallible<int64_t> dictionaryLength(Thread&, Value v) { return static_cast<int64_t>(dictionaryOf(v)->content->size()); }
static Ref getId(Thread&, Value v) { return newIntSmall(dictionaryOf(v)->id); }
static Ref getContent(Thread& t, Value v) { return newBytes(t, *dictionaryOf(v)->content); }
template <Use kUse>
static Ref getAs(Thread& t, Value v) { return tupleOf(t, {v, Value::fromInt(kUse)}); }
static const GetSetDef kDictionaryGetSets[] = {{"dict_id", getId, nullptr, "The Zstandard dictionary, an int between 0 and 2**32."},
    {"dict_content", getContent, nullptr, "The content of a Zstandard dictionary, as a bytes object."},
    {"as_digested_dict", getAs<kDigested>, nullptr, "Load as a digested dictionary to compressor."},
    {"as_undigested_dict", getAs<kUndigested>, nullptr, "Load as an undigested dictionary to compressor."},
    {"as_prefix", getAs<kPrefix>, nullptr, "Load as a prefix to compressor/decompressor."}, {nullptr, nullptr}};

// The dictionary of a zstd_dict argument (null for None) and how it is to be used.
struct DictionaryUse {
  Dictionary* dictionary = nullptr;
  Use use = kUndigested;
};
static Fallible<DictionaryUse> dictionaryUse(Thread& t, Value v, Use usual) {
  DictionaryUse out = {nullptr, usual};
  if (v.isNone()) return out;
  Value first = v;
  if (isTuple(v) && v.as<Tuple>()->size == 2) {
    first = (*v.as<Tuple>())[0];
    Value use = (*v.as<Tuple>())[1];
    if (!use.isInt() || use.asInt() < kDigested || use.asInt() > kPrefix) first = Value::none();
    else out.use = static_cast<Use>(use.asInt());
  }
  if (!isInstanceOf(t, first, dictionary_type)) return raiseTypeError(t, "zstd_dict argument should be a ZstdDict object.");
  out.dictionary = dictionaryOf(first);
  return out;
}

// --- compressor
struct Compressor : Object {
  ZSTD_CCtx* context;
  Value dictionary;  // owned: a prefix is referred to, not copied
  Use use;
  int last_mode;
};
static Compressor* compressorOf(Value v) { return v.as<Compressor>(); }
static Status loadPrefix(Thread& t, Compressor* c) {
  if (c->dictionary.isUndefined() || c->use != kPrefix) return kDone;
  const std::string& content = *dictionaryOf(c->dictionary)->content;
  size_t code = ZSTD_CCtx_refPrefix(c->context, content.data(), content.size());
  if (ZSTD_isError(code)) return raiseZstd(t, "Unable to load Zstandard dictionary or prefix for compression", code);
  return kDone;
}
static Ref makeCompressor(Thread& t, Type* type, const Value* args, uint32_t nargs, Tuple* keywords) {
  BoundArguments a;
  TRY(bindArguments_py(t, "ZstdCompressor", "(level=None, options=None, zstd_dict=None)", args, nargs, keywords, a));
  Compressor* c = allocate<Compressor>(type);
  Ref r = Ref::steal(c);
  c->context = ZSTD_createCCtx();
  if (c->context == nullptr) return raiseMemoryError(t);
  c->last_mode = ZSTD_e_end;
  if (!a[0].isNone() && !a[1].isNone()) return raiseTypeError(t, "Only one of level or options should be used.");
  if (!a[0].isNone()) TRY(setLevel(t, c->context, a[0]));
  if (!a[1].isNone()) TRY(setOptions(t, c->context, a[1]));
  DictionaryUse use = TRY(dictionaryUse(t, a[2], kUndigested));
  if (use.dictionary == nullptr) return r;
  c->dictionary = share(use.dictionary);
  c->use = use.use;
  if (use.use != kPrefix) {
    size_t code = ZSTD_CCtx_loadDictionary(c->context, use.dictionary->content->data(), use.dictionary->content->size());
    if (ZSTD_isError(code)) return raiseZstd(t, "Unable to load Zstandard dictionary or prefix for compression", code);
  }
  TRY(loadPrefix(t, c));
  return r;
}
static Ref run(Thread& t, Compressor* c, std::string_view data, ZSTD_EndDirective mode) {
  std::string out;
  ZSTD_inBuffer in = {data.data(), data.size(), 0};
  int workers = 0;
  (void)ZSTD_CCtx_getParameter(c->context, ZSTD_c_nbWorkers, &workers);
  for (;;) {
    size_t old = out.size(), room = std::max<size_t>(ZSTD_CStreamOutSize() / 4, old);
    out.resize(old + room);
    ZSTD_outBuffer to = {out.data() + old, room, 0};
    size_t left = ZSTD_compressStream2(c->context, &to, &in, mode);
    out.resize(old + to.pos);
    if (ZSTD_isError(left)) {
      c->last_mode = ZSTD_e_end;
      ZSTD_CCtx_reset(c->context, ZSTD_reset_session_only);
      return raiseZstd(t, "Unable to compress Zstandard data", left);
    }
    if (mode == ZSTD_e_continue ? in.pos == in.size && to.pos < room : left == 0) break;
  }
  c->last_mode = mode;
  if (mode == ZSTD_e_end) TRY(loadPrefix(t, c));
  return newBytes(t, out);
}
static Ref compress(Thread& t, const Value* a) {
  Buffer data;
  TRY(data.acquire(t, a[1]));
  int mode = TRY(toCInt_py(t, a[2]));
  if (mode < ZSTD_e_continue || mode > ZSTD_e_end) {
    return raiseValueError(t, "mode argument wrong value, it should be one of ZstdCompressor.CONTINUE, ZstdCompressor.FLUSH_BLOCK, ZstdCompressor.FLUSH_FRAME.");
  }
  return run(t, compressorOf(a[0]), data.view(), static_cast<ZSTD_EndDirective>(mode));
}
static Ref flush(Thread& t, const Value* a) {
  int mode = TRY(toCInt_py(t, a[1]));
  if (mode != ZSTD_e_end && mode != ZSTD_e_flush) {
    return raiseValueError(t, "mode argument wrong value, it should be ZstdCompressor.FLUSH_FRAME or ZstdCompressor.FLUSH_BLOCK.");
  }
  return run(t, compressorOf(a[0]), {}, static_cast<ZSTD_EndDirective>(mode));
}
static Ref setPledgedSize(Thread& t, const Value* a) {
  uint64_t size = ZSTD_CONTENTSIZE_UNKNOWN;
  if (!a[1].isNone()) {
    if (!isIntLike(a[1])) return raiseTypeError(t, "an integer is required");
    if (intIsNegative(a[1]) || !intFitsUnsigned(a[1], size) || size >= ZSTD_CONTENTSIZE_ERROR) {
      return raiseValueError(t, "size argument should be a positive int less than %llull", ZSTD_CONTENTSIZE_ERROR);
    }
  }
  if (compressorOf(a[0])->last_mode != ZSTD_e_end) return raiseValueError(t, "set_pledged_input_size() method must be called when last_mode == FLUSH_FRAME");
  size_t code = ZSTD_CCtx_setPledgedSrcSize(compressorOf(a[0])->context, size);
  if (ZSTD_isError(code)) return raiseZstd(t, "Unable to set pledged uncompressed content size", code);
  return Ref::none();
}
static Ref getLastMode(Thread&, Value v) { return newIntSmall(compressorOf(v)->last_mode); }
static const NativeDef kCompressorMethods[] = {{"compress", "($self, /, data, mode=0)", compress, "Provide data to the compressor object."},
    {"flush", "($self, /, mode=2)", flush, "Finish the compression process."},
    {"set_pledged_input_size", "($self, size, /)", setPledgedSize, "Set the uncompressed content size to be written into the frame header."}, {nullptr, nullptr, nullptr}};
static const GetSetDef kCompressorGetSets[] = {{"last_mode", getLastMode, nullptr, "The last mode used to this compressor object."}, {nullptr, nullptr}};

// --- decompressor
struct Decompressor : compression::Incremental {
  ZSTD_DCtx* context;
  Value dictionary;
};
static Ref makeDecompressor(Thread& t, Type* type, const Value* args, uint32_t nargs, Tuple* keywords) {
  BoundArguments a;
  TRY(bindArguments_py(t, "ZstdDecompressor", "(zstd_dict=None, options=None)", args, nargs, keywords, a));
  Decompressor* d = allocate<Decompressor>(type);
  Ref r = Ref::steal(d);
  compression::beginIncremental(d);
  d->context = ZSTD_createDCtx();
  if (d->context == nullptr) return raiseMemoryError(t);
  DictionaryUse use = TRY(dictionaryUse(t, a[0], kDigested));
  if (use.dictionary != nullptr) {
    d->dictionary = share(use.dictionary);
    const std::string& content = *use.dictionary->content;
    size_t code = use.use == kPrefix ? ZSTD_DCtx_refPrefix(d->context, content.data(), content.size()) : ZSTD_DCtx_loadDictionary(d->context, content.data(), content.size());
    if (ZSTD_isError(code)) return raiseZstd(t, "Unable to load Zstandard dictionary or prefix for decompression", code);
  }
  if (!a[1].isNone()) TRY(setOptions(t, d->context, a[1]));
  return r;
}
static Ref decompress(Thread& t, const Value* a) {
  Decompressor* d = a[0].as<Decompressor>();
  Ref out = compression::decompressMore(t, a, "Already at the end of a Zstandard frame.", [&](compression::Step& step) -> Status {
    ZSTD_inBuffer in = {step.in, step.in_left, 0};
    ZSTD_outBuffer to = {step.out, step.out_left, 0};
    size_t left = ZSTD_decompressStream(d->context, &to, &in);
    if (ZSTD_isError(left)) return raiseZstd(t, "Unable to decompress Zstandard data", left);
    step = {step.in + in.pos, step.in_left - in.pos, step.out + to.pos, step.out_left - to.pos, left == 0};
    return kDone;
  });
  if (!out && isPending(t) && pendingMatches(t, error_type)) {
    d->pending->clear();
    d->needs_input = true;
    d->at_end = false;
    ZSTD_DCtx_reset(d->context, ZSTD_reset_session_only);
  }
  return out;
}
static const NativeDef kDecompressorMethods[] = {{"decompress", "($self, /, data, max_length=-1)", decompress, "Decompress *data*, returning uncompressed bytes if possible, or b'' otherwise."}, {nullptr, nullptr, nullptr}};
static const GetSetDef kDecompressorGetSets[] = {INCREMENTAL_GETSETS, {nullptr, nullptr}};

// --- functions
static Status sampleSizes(Thread& t, const char* function, Value sizes, size_t total, std::vector<size_t>& out) {
  if (!isTuple(sizes)) return raiseTypeError(t, "%s() argument %d must be tuple, not %s", function, function[0] == 't' ? 2 : 3, typeNameOf(t, sizes));
  size_t sum = 0;
  for (int64_t i = 0; i < sizes.as<Tuple>()->size; ++i) {
    Value v = (*sizes.as<Tuple>())[i];
    if (!isIntLike(v)) return raiseTypeError(t, "an integer is required");
    uint64_t size;
    if (intIsNegative(v) || !intFitsUnsigned(v, size)) return raiseValueError(t, "Items in samples_sizes should be an int object, with a value between 0 and %zu.", SIZE_MAX);
    out.push_back(size);
    sum += size;
  }
  if (sum != total) return raiseValueError(t, "The samples size tuple doesn't match the concatenation's size.");
  return kDone;
}
static Ref trainDict(Thread& t, const Value* a) {
  if (!isBytes(a[0])) return raiseTypeError(t, "train_dict() argument 1 must be bytes, not %s", typeNameOf(t, a[0]));
  if (!isTuple(a[1])) return raiseTypeError(t, "train_dict() argument 2 must be tuple, not %s", typeNameOf(t, a[1]));
  int64_t size = TRY(toInt64_py(t, a[2]));
  if (size <= 0) return raiseValueError(t, "dict_size argument should be positive number.");
  std::vector<size_t> sizes;
  std::string_view samples = a[0].as<Bytes>()->view();
  TRY(sampleSizes(t, "train_dict", a[1], samples.size(), sizes));
  std::string out(static_cast<size_t>(size), '\0');
  size_t used = ZDICT_trainFromBuffer(out.data(), out.size(), samples.data(), sizes.data(), static_cast<unsigned>(sizes.size()));
  if (ZDICT_isError(used)) return raiseZstd(t, "Unable to train the Zstandard dictionary", used);
  return newBytes(t, std::string_view(out).substr(0, used));
}
static Ref finalizeDict(Thread& t, const Value* a) {
  if (!isBytes(a[0]) || !isBytes(a[1])) return raiseTypeError(t, "finalize_dict() argument %d must be bytes, not %s", isBytes(a[0]) ? 2 : 1, typeNameOf(t, isBytes(a[0]) ? a[1] : a[0]));
  if (!isTuple(a[2])) return raiseTypeError(t, "finalize_dict() argument 3 must be tuple, not %s", typeNameOf(t, a[2]));
  int64_t size = TRY(toInt64_py(t, a[3]));
  int level = TRY(toCInt_py(t, a[4]));
  if (size <= 0) return raiseValueError(t, "dict_size argument should be positive number.");
  std::vector<size_t> sizes;
  std::string_view samples = a[1].as<Bytes>()->view(), custom = a[0].as<Bytes>()->view();
  TRY(sampleSizes(t, "finalize_dict", a[2], samples.size(), sizes));
  std::string out(static_cast<size_t>(size), '\0');
  ZDICT_params_t params = {level, 0, 0};
  size_t used = ZDICT_finalizeDictionary(out.data(), out.size(), custom.data(), custom.size(), samples.data(), sizes.data(), static_cast<unsigned>(sizes.size()), params);
  if (ZDICT_isError(used)) return raiseZstd(t, "Unable to finalize the Zstandard dictionary", used);
  return newBytes(t, std::string_view(out).substr(0, used));
}
static Ref frameSize(Thread& t, const Value* a) {
  Buffer frame;
  TRY(frame.acquire(t, a[0]));
  size_t size = ZSTD_findFrameCompressedSize(frame.data(), static_cast<size_t>(frame.size()));
  if (ZSTD_isError(size)) {
    return raise(t, error_type, "Error when finding the compressed size of a Zstandard frame. Ensure the frame_buffer argument starts from the beginning of a frame, "
                 "and its length is not less than this complete frame. Zstd error message: %s.", ZSTD_getErrorName(size));
  }
  return newInt(t, static_cast<int64_t>(size));
}
static Ref frameInfo(Thread& t, const Value* a) {
  Buffer frame;
  TRY(frame.acquire(t, a[0]));
  unsigned long long size = ZSTD_getFrameContentSize(frame.data(), static_cast<size_t>(frame.size()));
  if (size == ZSTD_CONTENTSIZE_ERROR) {
    return raise(t, error_type, "Error when getting information from the header of a Zstandard frame. Ensure the frame_buffer argument starts from the beginning of a frame, "
                 "and its length is not less than the frame header (6~18 bytes).");
  }
  Ref known = size == ZSTD_CONTENTSIZE_UNKNOWN ? Ref::none() : newIntUnsigned(t, size);
  return tupleOf(t, {known.get(), Value::fromInt(ZSTD_getDictID_fromFrame(frame.data(), static_cast<size_t>(frame.size())))});
}
static const NativeDef kFunctions[] = {{"train_dict", "($module, samples_bytes, samples_sizes, dict_size, /)", trainDict, "Train a Zstandard dictionary on sample data."},
    {"finalize_dict", "($module, custom_dict_bytes, samples_bytes, samples_sizes, dict_size, compression_level, /)", finalizeDict, "Finalize a Zstandard dictionary."},
    {"get_frame_size", "($module, /, frame_buffer)", frameSize, "Get the size of a Zstandard frame, including the header and optional checksum."},
    {"get_frame_info", "($module, /, frame_buffer)", frameInfo, "Get Zstandard frame infomation from a frame header."},
    {"get_param_bounds", "($module, /, parameter, is_compress)", paramBounds, "Get CompressionParameter/DecompressionParameter bounds."},
    {"set_parameter_types", "($module, /, c_parameter_type, d_parameter_type)", setParameterTypes, "Set CompressionParameter and DecompressionParameter types for validity check."},
    {nullptr, nullptr, nullptr}};

static Type* addType(Thread& t, Module* m, const TypeSpec& spec, decltype(Slots::make) make) {
  Type* type = makeType(*t.isolate, spec);
  type->slots.make = make;
  moduleSet(t, m, spec.name + sizeof("compression.zstd"), type);
  return type;
}
static Status init(Thread& t, Module* m) {
  Ref name = newStr(t, "ZstdError"), bases = tupleOf(t, {errors(t).exception}), ns = newDict(t), module = newStr(t, "compression.zstd");
  dictSetStr(ns.as<Dict>(), t.names().d_module, module.get());
  Ref doc = newStr(t, "An error occurred in the zstd library.");
  dictSetStr(ns.as<Dict>(), intern(*t.isolate, "__doc__"), doc.get());
  Ref error = TRY(callArgs_py(t, t.types().type, name.get(), bases.get(), ns.get()));
  error_type = error.as<Type>();
  moduleSet(t, m, "ZstdError", error.release());
  Type* d = dictionary_type = addType(t, m, {.name = "compression.zstd.ZstdDict", .size = sizeof(Dictionary), .flags = kTypeBaseable, .getsets = kDictionaryGetSets, .doc = "Represents a Zstandard dictionary."}, makeDictionary);
  d->slots.dealloc = [](Object* o) { delete static_cast<Dictionary*>(o)->content; };
  d->slots.repr = dictionaryRepr;
  d->slots.length = dictionaryLength;
  readyType(*t.isolate, d);
  Type* c = addType(t, m, {.name = "compression.zstd.ZstdCompressor", .size = sizeof(Compressor), .flags = kTypeBaseable, .methods = kCompressorMethods, .getsets = kCompressorGetSets,
      .doc = "Create a compressor object for compressing data incrementally."}, makeCompressor);
  c->slots.dealloc = [](Object* o) {
    ZSTD_freeCCtx(static_cast<Compressor*>(o)->context);
    decref(static_cast<Compressor*>(o)->dictionary);
  };
  readyType(*t.isolate, c);
  Type* e = addType(t, m, {.name = "compression.zstd.ZstdDecompressor", .size = sizeof(Decompressor), .flags = kTypeBaseable, .methods = kDecompressorMethods, .getsets = kDecompressorGetSets,
      .doc = "Create a decompressor object for decompressing data incrementally."}, makeDecompressor);
  e->slots.dealloc = [](Object* o) {
    ZSTD_freeDCtx(static_cast<Decompressor*>(o)->context);
    decref(static_cast<Decompressor*>(o)->dictionary);
    compression::endIncremental(static_cast<Decompressor*>(o));
  };
  readyType(*t.isolate, e);
  const struct { const char* name; int mode; } modes[] = {{"CONTINUE", ZSTD_e_continue}, {"FLUSH_BLOCK", ZSTD_e_flush}, {"FLUSH_FRAME", ZSTD_e_end}};
  for (const auto& mode : modes) dictSetStr(c->dict, intern(*t.isolate, mode.name), Value::fromInt(mode.mode));
  addConstants(t, m);
  return kDone;
}

}  // namespace krait::modules::zstd

namespace krait::modules {
extern const NativeModule kZstdModule;
const NativeModule kZstdModule = {"_zstd", "Implementation module for Zstandard compression.", zstd::kFunctions, zstd::init};
}  // namespace krait::modules
