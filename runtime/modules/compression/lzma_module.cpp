// The `_lzma` module on liblzma. ref: Modules/_lzmamodule.c.
#include <lzma.h>

#include <algorithm>
#include <vector>

#include "runtime/modules/compression/incremental.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/heap.h"
#include "runtime/object/int.h"
#include "runtime/object/int_conversions.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::modules {

namespace xz {
enum Format { kAuto, kXz, kAlone, kRaw };
struct LzmaStream : compression::Incremental {
  lzma_stream z;
  int check;
  bool is_open, is_flushed;
};
static Type* error_type;
static LzmaStream* self(Value v) { return v.as<LzmaStream>(); }

static Status checkCode(Thread& t, LzmaStream* s, lzma_ret code) {
  switch (code) {
    case LZMA_OK: case LZMA_GET_CHECK: case LZMA_NO_CHECK: case LZMA_STREAM_END: return kDone;
    case LZMA_UNSUPPORTED_CHECK: return raise(t, error_type, "Unsupported integrity check");
    case LZMA_MEM_ERROR: return raiseMemoryError(t);
    case LZMA_MEMLIMIT_ERROR: return raise(t, error_type, "Memory usage limit exceeded");
    case LZMA_FORMAT_ERROR: return raise(t, error_type, "Input format not supported by decoder");
    case LZMA_OPTIONS_ERROR: return raise(t, error_type, "Invalid or unsupported options");
    case LZMA_DATA_ERROR: return raise(t, error_type, "Corrupt input data");
    case LZMA_BUF_ERROR: return raise(t, error_type, "Insufficient buffer space");
    case LZMA_PROG_ERROR: return raise(t, error_type, "Internal error");
    default: return raise(t, error_type, "Unrecognized error from liblzma: %d", static_cast<int>(code));
  }
  (void)s;
}

// --- filter chains: lists of dictionaries
struct Filters {
  lzma_filter chain[LZMA_FILTERS_MAX + 1];
  std::vector<lzma_options_lzma> lzma;
  std::vector<lzma_options_delta> delta;
  std::vector<lzma_options_bcj> bcj;
};
static Fallible<uint32_t> toUint32_py(Thread& t, Value v) {
  Ref index = TRY(toIndex_py(t, v));
  int64_t n;
  if (intIsNegative(index.get())) return raiseValueError(t, "Cannot convert negative int");
  if (!intFits(index.get(), n) || n > UINT32_MAX) return raiseOverflowError(t, "Python int too large for C uint32_t");
  return static_cast<uint32_t>(n);
}
// What the specifier has beside these names, or a number that is none, makes it invalid as a whole. ref: parse_filter_spec_lzma.
static Status checkSpec(Thread& t, Value spec, const char* kind, std::initializer_list<std::string_view> names) {
  bool is_good = true;
  Ref keys = dictKeysList(t, spec.as<Dict>());
  for (int64_t i = 0; i < keys.as<List>()->size && is_good; ++i) {
    Value key = keys.as<List>()->items[i];
    std::string name = isStr(key) ? toUtf8(key.as<Str>()) : "";
    is_good = name == "id" || std::find(names.begin(), names.end(), name) != names.end();
    if (!is_good || name == "id") continue;
    Value value = dictGet_py(t, spec.as<Dict>(), key);
    is_good = value.defined() && !toUint32_py(t, value).failed;
    clearException(t);
  }
  return is_good ? Status(kDone) : Status(raiseValueError(t, "Invalid filter specifier for %s filter", kind));
}
static Status numberOf(Thread& t, Value spec, const char* name, uint32_t& out) {
  Ref key = newStr(t, name);
  Value v = dictGet_py(t, spec.as<Dict>(), key.get());
  if (v.isUndefined()) return isPending(t) ? Status(kRaised) : Status(kDone);
  out = TRY(toUint32_py(t, v));
  return kDone;
}
static Status fillFilter(Thread& t, Value spec, lzma_filter& out, Filters& f) {
  if (!isDict(spec)) return raiseTypeError(t, "Filter specifier must be a dict or dict-like object");
  Ref id_name = newStr(t, "id");
  Value id = dictGet_py(t, spec.as<Dict>(), id_name.get());
  if (id.isUndefined()) return raiseValueError(t, "Filter specifier must have an \"id\" entry");
  int64_t n = 0;
  Ref index = TRY(toIndex_py(t, id));
  uint64_t raw;
  if (!intFitsUnsigned(index.get(), raw)) return raiseOverflowError(t, "Python int too large to convert to C unsigned long long");
  (void)n;
  out.id = raw;
  if (out.id == LZMA_FILTER_LZMA1 || out.id == LZMA_FILTER_LZMA2) {
    uint32_t preset = LZMA_PRESET_DEFAULT, mode, finder;
    TRY(checkSpec(t, spec, "LZMA", {"preset", "dict_size", "lc", "lp", "pb", "mode", "nice_len", "mf", "depth"}));
    TRY(numberOf(t, spec, "preset", preset));
    lzma_options_lzma options;
    if (lzma_lzma_preset(&options, preset)) return raise(t, error_type, "Invalid compression preset: %u", preset);
    mode = options.mode;
    finder = options.mf;
    TRY(numberOf(t, spec, "dict_size", options.dict_size));
    TRY(numberOf(t, spec, "lc", options.lc));
    TRY(numberOf(t, spec, "lp", options.lp));
    TRY(numberOf(t, spec, "pb", options.pb));
    TRY(numberOf(t, spec, "mode", mode));
    TRY(numberOf(t, spec, "nice_len", options.nice_len));
    TRY(numberOf(t, spec, "mf", finder));
    TRY(numberOf(t, spec, "depth", options.depth));
    options.mode = static_cast<lzma_mode>(mode);
    options.mf = static_cast<lzma_match_finder>(finder);
    f.lzma.push_back(options);
    out.options = &f.lzma.back();
  } else if (out.id == LZMA_FILTER_DELTA) {
    lzma_options_delta options = {};
    options.type = LZMA_DELTA_TYPE_BYTE;
    options.dist = 1;
    TRY(checkSpec(t, spec, "delta", {"dist"}));
    TRY(numberOf(t, spec, "dist", options.dist));
    f.delta.push_back(options);
    out.options = &f.delta.back();
  } else if (out.id >= LZMA_FILTER_X86 && out.id <= LZMA_FILTER_SPARC) {
    lzma_options_bcj options = {};
    TRY(checkSpec(t, spec, "BCJ", {"start_offset"}));
    TRY(numberOf(t, spec, "start_offset", options.start_offset));
    f.bcj.push_back(options);
    out.options = &f.bcj.back();
  } else {
    return raiseValueError(t, "Invalid filter ID: %llu", static_cast<unsigned long long>(out.id));
  }
  return kDone;
}
static Status parseFilters(Thread& t, Value specs, Filters& f) {
  if (typeOf(t, specs)->slots.length == nullptr) return raiseTypeError(t, "object of type '%s' has no len()", typeNameOf(t, specs));
  if (isDict(specs)) return raiseTypeError(t, "%s is not a sequence", typeNameOf(t, specs));
  Ref list = TRY(listFromIterable_py(t, specs));
  int64_t count = list.as<List>()->size;
  if (count > LZMA_FILTERS_MAX) return raiseValueError(t, "Too many filters - liblzma supports a maximum of %d", LZMA_FILTERS_MAX);
  f.lzma.reserve(LZMA_FILTERS_MAX);
  f.delta.reserve(LZMA_FILTERS_MAX);
  f.bcj.reserve(LZMA_FILTERS_MAX);
  for (int64_t i = 0; i < count; ++i) TRY(fillFilter(t, list.as<List>()->items[i], f.chain[i], f));
  f.chain[count].id = LZMA_VLI_UNKNOWN;
  return kDone;
}

// --- compressor
static Ref compressorMake(Thread& t, Type* type, const Value* args, uint32_t nargs, Tuple* keywords) {
  BoundArguments a;
  TRY(bindArguments_py(t, "LZMACompressor", "(format=1, check=-1, preset=None, filters=None)", args, nargs, keywords, a));
  int format = TRY(toFormatInt_py(t, a[0])), check = TRY(toFormatInt_py(t, a[1]));
  if (!a[2].isNone() && !a[3].isNone()) return raiseValueError(t, "Cannot specify both preset and filter chain");
  uint32_t preset = a[2].isNone() ? LZMA_PRESET_DEFAULT : TRY(toUint32_py(t, a[2]));
  if (format != kXz && check != -1 && check != LZMA_CHECK_NONE) return raiseValueError(t, "Integrity checks are only supported by FORMAT_XZ");
  LzmaStream* s = allocate<LzmaStream>(type);
  Ref r = Ref::steal(s);
  s->z = LZMA_STREAM_INIT;
  Filters f;
  if (!a[3].isNone()) TRY(parseFilters(t, a[3], f));
  lzma_ret code;
  if (format == kXz) {
    lzma_check wanted = check == -1 ? LZMA_CHECK_CRC64 : static_cast<lzma_check>(check);
    code = a[3].isNone() ? lzma_easy_encoder(&s->z, preset, wanted) : lzma_stream_encoder(&s->z, f.chain, wanted);
  } else if (format == kAlone) {
    lzma_options_lzma options;
    if (a[3].isNone()) {
      if (lzma_lzma_preset(&options, preset)) return raise(t, error_type, "Invalid compression preset: %u", preset);
      code = lzma_alone_encoder(&s->z, &options);
    } else {
      if (f.chain[0].id != LZMA_FILTER_LZMA1 || f.chain[1].id != LZMA_VLI_UNKNOWN) return raiseValueError(t, "Invalid filter chain for FORMAT_ALONE - must be a single LZMA1 filter");
      code = lzma_alone_encoder(&s->z, static_cast<lzma_options_lzma*>(f.chain[0].options));
    }
  } else if (format == kRaw) {
    if (a[3].isNone()) return raiseValueError(t, "Must specify filters for FORMAT_RAW");
    code = lzma_raw_encoder(&s->z, f.chain);
  } else {
    return raiseValueError(t, "Invalid container format: %d", format);
  }
  TRY(checkCode(t, s, code));
  s->is_open = true;
  return r;
}
static Ref pump(Thread& t, LzmaStream* s, std::string_view in, lzma_action action) {
  std::string out;
  s->z.next_in = reinterpret_cast<const uint8_t*>(in.data());
  s->z.avail_in = in.size();
  for (;;) {
    size_t old = out.size(), room = std::max<size_t>(16384, old);
    out.resize(old + room);
    s->z.next_out = reinterpret_cast<uint8_t*>(out.data() + old);
    s->z.avail_out = room;
    lzma_ret code = lzma_code(&s->z, action);
    out.resize(out.size() - s->z.avail_out);
    if (code == LZMA_BUF_ERROR && in.empty() && s->z.avail_out > 0) code = LZMA_OK;
    TRY(checkCode(t, s, code));
    if (code == LZMA_STREAM_END || (action == LZMA_RUN && s->z.avail_in == 0 && s->z.avail_out > 0)) break;
  }
  return newBytes(t, out);
}
static Ref compress(Thread& t, const Value* a) {
  Buffer in;
  TRY(in.acquire(t, a[1]));
  if (self(a[0])->is_flushed) return raiseValueError(t, "Compressor has been flushed");
  return pump(t, self(a[0]), in.view(), LZMA_RUN);
}
static Ref flush(Thread& t, const Value* a) {
  if (self(a[0])->is_flushed) return raiseValueError(t, "Repeated call to flush()");
  self(a[0])->is_flushed = true;
  return pump(t, self(a[0]), {}, LZMA_FINISH);
}

// --- decompressor
static Ref decompressorMake(Thread& t, Type* type, const Value* args, uint32_t nargs, Tuple* keywords) {
  BoundArguments a;
  TRY(bindArguments_py(t, "LZMADecompressor", "(format=0, memlimit=None, filters=None)", args, nargs, keywords, a));
  int format = TRY(toCInt_py(t, a[0]));
  if (!a[1].isNone() && format == kRaw) return raiseValueError(t, "Cannot specify memory limit with FORMAT_RAW");
  uint64_t limit = UINT64_MAX;
  if (!a[1].isNone()) {
    Ref index = TRY(toIndex_py(t, a[1]));
    if (intIsNegative(index.get())) return raiseValueError(t, "Cannot convert negative int");
    if (!intFitsUnsigned(index.get(), limit)) return raiseOverflowError(t, "Python int too large for C uint64_t");
  }
  if (format == kRaw && a[2].isNone()) return raiseValueError(t, "Must specify filters for FORMAT_RAW");
  if (format != kRaw && !a[2].isNone()) return raiseValueError(t, "Cannot specify filters except with FORMAT_RAW");
  LzmaStream* s = allocate<LzmaStream>(type);
  Ref r = Ref::steal(s);
  s->z = LZMA_STREAM_INIT;
  compression::beginIncremental(s);
  s->check = LZMA_CHECK_ID_MAX + 1;
  constexpr uint32_t kFlags = LZMA_TELL_ANY_CHECK | LZMA_TELL_NO_CHECK;
  lzma_ret code;
  if (format == kAuto) code = lzma_auto_decoder(&s->z, limit, kFlags);
  else if (format == kXz) code = lzma_stream_decoder(&s->z, limit, kFlags);
  else if (format == kAlone) code = lzma_alone_decoder(&s->z, limit), s->check = LZMA_CHECK_NONE;
  else if (format == kRaw) {
    Filters f;
    TRY(parseFilters(t, a[2], f));
    code = lzma_raw_decoder(&s->z, f.chain);
    s->check = LZMA_CHECK_NONE;
  } else {
    return raiseValueError(t, "Invalid container format: %d", format);
  }
  TRY(checkCode(t, s, code));
  s->is_open = true;
  return r;
}
static Ref decompress(Thread& t, const Value* a) {
  LzmaStream* s = self(a[0]);
  return compression::decompressMore(t, a, "Already at end of stream", [&](compression::Step& step) -> Status {
    s->z.next_in = reinterpret_cast<const uint8_t*>(step.in);
    s->z.avail_in = step.in_left;
    s->z.next_out = reinterpret_cast<uint8_t*>(step.out);
    s->z.avail_out = step.out_left;
    lzma_ret code = lzma_code(&s->z, LZMA_RUN);
    if (code == LZMA_BUF_ERROR && (s->z.avail_in == 0 || s->z.avail_out == 0)) code = LZMA_OK;
    TRY(checkCode(t, s, code));
    if (code == LZMA_GET_CHECK || code == LZMA_NO_CHECK) s->check = static_cast<int>(lzma_get_check(&s->z));
    step = {reinterpret_cast<const char*>(s->z.next_in), s->z.avail_in, reinterpret_cast<char*>(s->z.next_out), s->z.avail_out, code == LZMA_STREAM_END};
    return kDone;
  });
}
static Ref getCheck(Thread&, Value v) { return newIntSmall(self(v)->check); }

// --- functions
static Ref isCheckSupported(Thread& t, const Value* a) { return Ref::boolean(lzma_check_is_supported(static_cast<lzma_check>(TRY(toCInt_py(t, a[0]))))); }
static Ref encodeProperties(Thread& t, const Value* a) {
  Filters f;
  Ref list = newList(t);
  listAppend(list.as<List>(), a[0]);
  TRY(parseFilters(t, list.get(), f));
  uint32_t size = 0;
  TRY(checkCode(t, nullptr, lzma_properties_size(&size, &f.chain[0])));
  Ref out = TRY(newBytesBuffer(t, size));
  TRY(checkCode(t, nullptr, lzma_properties_encode(&f.chain[0], out.as<Bytes>()->data())));
  return out;
}
static Ref decodeProperties(Thread& t, const Value* a) {
  lzma_filter filter = {};
  filter.id = static_cast<lzma_vli>(TRY(toInt64_py(t, a[0])));
  Buffer data;
  TRY(data.acquire(t, a[1]));
  TRY(checkCode(t, nullptr, lzma_properties_decode(&filter, nullptr, data.data(), static_cast<size_t>(data.size()))));
  Ref out = newDict(t);
  auto put = [&](const char* name, uint64_t v) { dictSetStr(out.as<Dict>(), intern(*t.isolate, name), newIntUnsigned(t, v).get()); };
  put("id", filter.id);
  if (filter.id == LZMA_FILTER_LZMA1 || filter.id == LZMA_FILTER_LZMA2) {
    lzma_options_lzma* o = static_cast<lzma_options_lzma*>(filter.options);
    put("dict_size", o->dict_size);
    if (filter.id == LZMA_FILTER_LZMA1) put("lc", o->lc), put("lp", o->lp), put("pb", o->pb);
  } else if (filter.id == LZMA_FILTER_DELTA) {
    put("dist", static_cast<lzma_options_delta*>(filter.options)->dist);
  } else if (filter.options != nullptr) {
    put("start_offset", static_cast<lzma_options_bcj*>(filter.options)->start_offset);
  }
  free(filter.options);
  return out;
}
static const NativeDef kFunctions[] = {{"is_check_supported", "(check_id, /)", isCheckSupported, "Test whether the given integrity check is supported."},
    {"_encode_filter_properties", "(filter, /)", encodeProperties}, {"_decode_filter_properties", "(filter_id, encoded_props, /)", decodeProperties}, {nullptr, nullptr, nullptr}};
static const NativeDef kCompressorMethods[] = {{"compress", "($self, data, /)", compress}, {"flush", "($self, /)", flush}, {nullptr, nullptr, nullptr}};
static const NativeDef kDecompressorMethods[] = {{"decompress", "($self, data, max_length=-1)", decompress}, {nullptr, nullptr, nullptr}};
static const GetSetDef kDecompressorGetSets[] = {INCREMENTAL_GETSETS, {"check", getCheck}, {nullptr, nullptr}};

static Status init(Thread& t, Module* m) {
  Ref name = newStr(t, "LZMAError"), bases = tupleOf(t, {errors(t).exception}), ns = newDict(t), module = newStr(t, "_lzma");
  dictSetStr(ns.as<Dict>(), t.names().d_module, module.get());
  Ref error = TRY(callArgs_py(t, t.types().type, name.get(), bases.get(), ns.get()));
  error_type = error.as<Type>();
  moduleSet(t, m, "LZMAError", error.release());
  Type* c = makeType(*t.isolate, {.name = "_lzma.LZMACompressor", .size = sizeof(LzmaStream), .methods = kCompressorMethods});
  c->slots.make = compressorMake;
  Type* d = makeType(*t.isolate, {.name = "_lzma.LZMADecompressor", .size = sizeof(LzmaStream), .methods = kDecompressorMethods, .getsets = kDecompressorGetSets});
  d->slots.make = decompressorMake;
  for (Type* type : {c, d}) {
    type->slots.dealloc = [](Object* o) {
      LzmaStream* s = static_cast<LzmaStream*>(o);
      lzma_end(&s->z);
      compression::endIncremental(s);
    };
    readyType(*t.isolate, type);
    moduleSetType(t, m, type);
  }
  struct Constant {
    const char* name;
    uint64_t value;
  };
  static const Constant kConstants[] = {
      {"FORMAT_AUTO", kAuto}, {"FORMAT_XZ", kXz}, {"FORMAT_ALONE", kAlone}, {"FORMAT_RAW", kRaw}, {"CHECK_NONE", LZMA_CHECK_NONE}, {"CHECK_CRC32", LZMA_CHECK_CRC32}, {"CHECK_CRC64", LZMA_CHECK_CRC64},
      {"CHECK_SHA256", LZMA_CHECK_SHA256}, {"CHECK_ID_MAX", LZMA_CHECK_ID_MAX}, {"CHECK_UNKNOWN", LZMA_CHECK_ID_MAX + 1}, {"FILTER_LZMA1", LZMA_FILTER_LZMA1}, {"FILTER_LZMA2", LZMA_FILTER_LZMA2},
      {"FILTER_DELTA", LZMA_FILTER_DELTA}, {"FILTER_X86", LZMA_FILTER_X86}, {"FILTER_POWERPC", LZMA_FILTER_POWERPC}, {"FILTER_IA64", LZMA_FILTER_IA64}, {"FILTER_ARM", LZMA_FILTER_ARM},
      {"FILTER_ARMTHUMB", LZMA_FILTER_ARMTHUMB}, {"FILTER_SPARC", LZMA_FILTER_SPARC}, {"MF_HC3", LZMA_MF_HC3}, {"MF_HC4", LZMA_MF_HC4}, {"MF_BT2", LZMA_MF_BT2}, {"MF_BT3", LZMA_MF_BT3}, {"MF_BT4", LZMA_MF_BT4},
      {"MODE_FAST", LZMA_MODE_FAST}, {"MODE_NORMAL", LZMA_MODE_NORMAL}, {"PRESET_DEFAULT", LZMA_PRESET_DEFAULT}, {"PRESET_EXTREME", LZMA_PRESET_EXTREME}};
  for (const Constant& k : kConstants) moduleSet(t, m, k.name, newIntUnsigned(t, k.value).get());
  return kDone;
}
}  // namespace xz

extern const NativeModule kLzmaModule;
const NativeModule kLzmaModule = {"_lzma", nullptr, xz::kFunctions, xz::init};

}  // namespace krait::modules
