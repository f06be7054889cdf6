// Parameters of zstd contexts: names, bounds and the checks of the options dictionaries. ref: Modules/_zstd/compressor.c.
#include "runtime/modules/compression/zstd.h"
#include "runtime/object/containers.h"
#include "runtime/object/protocol.h"

namespace krait::modules::zstd {

struct Parameter {
  const char* constant;
  const char* name;
  int number;
};
static constexpr Parameter kCompression[] = {{"ZSTD_c_compressionLevel", "compression_level", ZSTD_c_compressionLevel}, {"ZSTD_c_windowLog", "window_log", ZSTD_c_windowLog},
    {"ZSTD_c_hashLog", "hash_log", ZSTD_c_hashLog}, {"ZSTD_c_chainLog", "chain_log", ZSTD_c_chainLog}, {"ZSTD_c_searchLog", "search_log", ZSTD_c_searchLog},
    {"ZSTD_c_minMatch", "min_match", ZSTD_c_minMatch}, {"ZSTD_c_targetLength", "target_length", ZSTD_c_targetLength}, {"ZSTD_c_strategy", "strategy", ZSTD_c_strategy},
    {"ZSTD_c_enableLongDistanceMatching", "enable_long_distance_matching", ZSTD_c_enableLongDistanceMatching}, {"ZSTD_c_ldmHashLog", "ldm_hash_log", ZSTD_c_ldmHashLog},
    {"ZSTD_c_ldmMinMatch", "ldm_min_match", ZSTD_c_ldmMinMatch}, {"ZSTD_c_ldmBucketSizeLog", "ldm_bucket_size_log", ZSTD_c_ldmBucketSizeLog},
    {"ZSTD_c_ldmHashRateLog", "ldm_hash_rate_log", ZSTD_c_ldmHashRateLog}, {"ZSTD_c_contentSizeFlag", "content_size_flag", ZSTD_c_contentSizeFlag},
    {"ZSTD_c_checksumFlag", "checksum_flag", ZSTD_c_checksumFlag}, {"ZSTD_c_dictIDFlag", "dict_id_flag", ZSTD_c_dictIDFlag}, {"ZSTD_c_nbWorkers", "nb_workers", ZSTD_c_nbWorkers},
    {"ZSTD_c_jobSize", "job_size", ZSTD_c_jobSize}, {"ZSTD_c_overlapLog", "overlap_log", ZSTD_c_overlapLog}};
static constexpr Parameter kDecompression[] = {{"ZSTD_d_windowLogMax", "window_log_max", ZSTD_d_windowLogMax}};
static constexpr Parameter kOthers[] = {{"ZSTD_fast", nullptr, ZSTD_fast}, {"ZSTD_dfast", nullptr, ZSTD_dfast}, {"ZSTD_greedy", nullptr, ZSTD_greedy}, {"ZSTD_lazy", nullptr, ZSTD_lazy},
    {"ZSTD_lazy2", nullptr, ZSTD_lazy2}, {"ZSTD_btlazy2", nullptr, ZSTD_btlazy2}, {"ZSTD_btopt", nullptr, ZSTD_btopt}, {"ZSTD_btultra", nullptr, ZSTD_btultra},
    {"ZSTD_btultra2", nullptr, ZSTD_btultra2}, {"ZSTD_CLEVEL_DEFAULT", nullptr, ZSTD_CLEVEL_DEFAULT}, {"zstd_version_number", nullptr, ZSTD_VERSION_NUMBER}};
static Value parameter_types[2];  // CompressionParameter, DecompressionParameter, owned

static std::string nameOf(int number, bool compresses) {
  for (const Parameter& p : kCompression) if (compresses && p.number == number) return p.name;
  for (const Parameter& p : kDecompression) if (!compresses && p.number == number) return p.name;
  return "unknown parameter (key " + std::to_string(number) + ")";
}
static ZSTD_bounds boundsOf(int number, bool compresses) {
  return compresses ? ZSTD_cParam_getBounds(static_cast<ZSTD_cParameter>(number)) : ZSTD_dParam_getBounds(static_cast<ZSTD_dParameter>(number));
}
static RaisedTag raiseParameter(Thread& t, int number, int value, bool compresses) {
  const char* kind = compresses ? "compression" : "decompression";
  ZSTD_bounds bounds = boundsOf(number, compresses);
  if (ZSTD_isError(bounds.error)) return raiseValueError(t, "invalid %s parameter '%s'", kind, nameOf(number, compresses).c_str());
  return raiseValueError(t, "%s parameter '%s' received an illegal value %d; the valid range is [%d, %d]", kind, nameOf(number, compresses).c_str(), value, bounds.lowerBound, bounds.upperBound);
}

Status setLevel(Thread& t, ZSTD_CCtx* context, Value level) {
  if (!isIntLike(level)) return raiseTypeError(t, "invalid type for level, expected int");
  int64_t n;
  bool fits = intFits(level, n) && n >= INT32_MIN && n <= INT32_MAX;
  if (!fits) return raiseValueError(t, "illegal compression level; the valid range is [%d, %d]", ZSTD_minCLevel(), ZSTD_maxCLevel());
  if (n < ZSTD_minCLevel() || n > ZSTD_maxCLevel()) {
    return raiseValueError(t, "illegal compression level %d; the valid range is [%d, %d]", static_cast<int>(n), ZSTD_minCLevel(), ZSTD_maxCLevel());
  }
  size_t code = ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, static_cast<int>(n));
  if (ZSTD_isError(code)) return raiseZstd(t, "Unable to set compression level", code);
  return kDone;
}
template <class Context>
static Status applyOptions(Thread& t, Context* context, Value options, bool compresses) {
  const char* function = compresses ? "ZstdCompressor" : "ZstdDecompressor";
  if (!isDict(options)) return raiseTypeError(t, "%s() argument 'options' must be dict, not %s", function, typeNameOf(t, options));
  Value key, value;
  for (int64_t position = 0; dictNext(options.as<Dict>(), position, key, value);) {
    if (typeOf(t, key) == parameter_types[compresses ? 1 : 0].object()) {
      return raiseTypeError(t, "compression options dictionary key must not be a %s attribute", compresses ? "DecompressionParameter" : "CompressionParameter");
    }
    Ref held_key = Ref::of(key), held_value = Ref::of(value);
    int number = TRY(toCInt_py(t, held_key.get())), wanted = TRY(toCInt_py(t, held_value.get()));
    ZSTD_bounds bounds = boundsOf(number, compresses);
    if (ZSTD_isError(bounds.error) || wanted < bounds.lowerBound || wanted > bounds.upperBound) return raiseParameter(t, number, wanted, compresses);
    size_t code;
    if constexpr (std::is_same_v<Context, ZSTD_CCtx>) code = ZSTD_CCtx_setParameter(context, static_cast<ZSTD_cParameter>(number), wanted);
    else code = ZSTD_DCtx_setParameter(context, static_cast<ZSTD_dParameter>(number), wanted);
    if (ZSTD_isError(code)) return raiseParameter(t, number, wanted, compresses);
  }
  return kDone;
}
Status setOptions(Thread& t, ZSTD_CCtx* context, Value options) { return applyOptions(t, context, options, true); }
Status setOptions(Thread& t, ZSTD_DCtx* context, Value options) { return applyOptions(t, context, options, false); }

Ref paramBounds(Thread& t, const Value* a) {
  int number = TRY(toCInt_py(t, a[0]));
  bool compresses = TRY(isTrue_py(t, a[1]));
  ZSTD_bounds bounds = boundsOf(number, compresses);
  if (ZSTD_isError(bounds.error)) return raiseZstd(t, compresses ? "Unable to get zstd compression parameter bounds" : "Unable to get zstd decompression parameter bounds", bounds.error);
  return tupleOf(t, {Value::fromInt(bounds.lowerBound), Value::fromInt(bounds.upperBound)});
}
Ref setParameterTypes(Thread& t, const Value* a) {
  for (int i = 0; i < 2; ++i) {
    if (!isType(a[i])) return raiseTypeError(t, "set_parameter_types() argument '%c_parameter_type' must be type, not %s", "cd"[i], typeNameOf(t, a[i]));
  }
  for (int i = 0; i < 2; ++i) {
    Value old = parameter_types[i];
    parameter_types[i] = share(a[i]);
    decref(old);
  }
  return Ref::none();
}
void addConstants(Thread& t, Module* m) {
  for (const Parameter& p : kCompression) moduleSet(t, m, p.constant, Value::fromInt(p.number));
  for (const Parameter& p : kDecompression) moduleSet(t, m, p.constant, Value::fromInt(p.number));
  for (const Parameter& p : kOthers) moduleSet(t, m, p.constant, Value::fromInt(p.number));
  moduleSet(t, m, "ZSTD_DStreamOutSize", Value::fromInt(static_cast<int64_t>(ZSTD_DStreamOutSize())));
  moduleSet(t, m, "zstd_version", newStr(t, ZSTD_versionString()).get());
}

}  // namespace krait::modules::zstd
