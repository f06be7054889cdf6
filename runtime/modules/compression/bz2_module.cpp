// The `_bz2` module: BZ2Compressor and BZ2Decompressor. ref: Modules/_bz2module.c.
#include <bzlib.h>

#include <string>

#include "runtime/modules/compression/incremental.h"
#include "runtime/object/protocol.h"

namespace krait::modules {

struct BzStream : compression::Incremental {
  bz_stream bz;
  bool is_open, is_flushed;
};
static BzStream* self(Value v) { return v.as<BzStream>(); }

static Status check(Thread& t, int code) {
  switch (code) {
    case BZ_OK: case BZ_RUN_OK: case BZ_FLUSH_OK: case BZ_FINISH_OK: case BZ_STREAM_END: return kDone;
    case BZ_PARAM_ERROR: return raiseValueError(t, "Internal error - invalid parameters passed to libbzip2");
    case BZ_MEM_ERROR: return raiseMemoryError(t);
    case BZ_DATA_ERROR: case BZ_DATA_ERROR_MAGIC: return raise(t, errors(t).os_error, "Invalid data stream");
    case BZ_UNEXPECTED_EOF: return raise(t, errors(t).eof_error, "Compressed file ended before the logical end-of-stream was detected");
    case BZ_SEQUENCE_ERROR: return raiseRuntimeError(t, "Internal error - Invalid sequence of commands sent to libbzip2");
    default: return raise(t, errors(t).os_error, "Unrecognized error from libbzip2: %d", code);
  }
}
static Ref compressorMake(Thread& t, Type* type, const Value* args, uint32_t nargs, Tuple* keywords) {
  BoundArguments a;
  TRY(bindArguments_py(t, "BZ2Compressor", "(compresslevel=9, /)", args, nargs, keywords, a));
  int level = TRY(toCInt_py(t, a[0]));
  if (level < 1 || level > 9) return raiseValueError(t, "compresslevel must be between 1 and 9");
  BzStream* s = allocate<BzStream>(type);
  Ref r = Ref::steal(s);
  TRY(check(t, BZ2_bzCompressInit(&s->bz, static_cast<int>(level), 0, 0)));
  s->is_open = true;
  return r;
}
static Ref run(Thread& t, BzStream* s, std::string_view in, int action) {
  std::string out;
  s->bz.next_in = const_cast<char*>(in.data());
  s->bz.avail_in = static_cast<unsigned>(in.size());
  for (;;) {
    size_t old = out.size(), room = std::max<size_t>(16384, old);
    out.resize(old + room);
    s->bz.next_out = out.data() + old;
    s->bz.avail_out = static_cast<unsigned>(room);
    int code = action == BZ_RUN && s->bz.avail_in == 0 ? BZ_RUN_OK : BZ2_bzCompress(&s->bz, action);
    out.resize(out.size() - s->bz.avail_out);
    TRY(check(t, code));
    if ((action == BZ_RUN && s->bz.avail_in == 0) || (action == BZ_FINISH && code == BZ_STREAM_END)) break;
  }
  return newBytes(t, out);
}
static Ref compressMethod(Thread& t, const Value* a) {
  Buffer in;
  TRY(in.acquire(t, a[1]));
  if (self(a[0])->is_flushed) return raiseValueError(t, "Compressor has been flushed");
  return run(t, self(a[0]), in.view(), BZ_RUN);
}
static Ref flush(Thread& t, const Value* a) {
  if (self(a[0])->is_flushed) return raiseValueError(t, "Repeated call to flush()");
  self(a[0])->is_flushed = true;
  return run(t, self(a[0]), {}, BZ_FINISH);
}
static Ref decompressorMake(Thread& t, Type* type, const Value* args, uint32_t nargs, Tuple* keywords) {
  BoundArguments a;
  TRY(bindArguments_py(t, "BZ2Decompressor", "()", args, nargs, keywords, a));
  BzStream* s = allocate<BzStream>(type);
  Ref r = Ref::steal(s);
  compression::beginIncremental(s);
  TRY(check(t, BZ2_bzDecompressInit(&s->bz, 0, 0)));
  s->is_open = true;
  return r;
}
static Ref decompress(Thread& t, const Value* a) {
  bz_stream& bz = self(a[0])->bz;
  return compression::decompressMore(t, a, "End of stream already reached", [&](compression::Step& step) -> Status {
    bz.next_in = const_cast<char*>(step.in);
    bz.avail_in = static_cast<unsigned>(step.in_left);
    bz.next_out = step.out;
    bz.avail_out = static_cast<unsigned>(step.out_left);
    int code = BZ2_bzDecompress(&bz);
    step = {bz.next_in, bz.avail_in, bz.next_out, bz.avail_out, code == BZ_STREAM_END};
    self(a[0])->needs_input = self(a[0])->needs_input && code >= 0;
    return check(t, code);
  });
}
static const NativeDef kCompressorMethods[] = {{"compress", "($self, data, /)", compressMethod}, {"flush", "($self, /)", flush}, {nullptr, nullptr, nullptr}};
static const NativeDef kDecompressorMethods[] = {{"decompress", "($self, data, max_length=-1)", decompress}, {nullptr, nullptr, nullptr}};
static const GetSetDef kDecompressorGetSets[] = {INCREMENTAL_GETSETS, {nullptr, nullptr}};

static Status initModule(Thread& t, Module* m) {
  Type* c = makeType(*t.isolate, {.name = "_bz2.BZ2Compressor", .size = sizeof(BzStream), .methods = kCompressorMethods});
  c->slots.dealloc = [](Object* o) {
    if (static_cast<BzStream*>(o)->is_open) BZ2_bzCompressEnd(&static_cast<BzStream*>(o)->bz);
  };
  c->slots.make = compressorMake;
  Type* d = makeType(*t.isolate, {.name = "_bz2.BZ2Decompressor", .size = sizeof(BzStream), .methods = kDecompressorMethods, .getsets = kDecompressorGetSets});
  d->slots.dealloc = [](Object* o) {
    BzStream* s = static_cast<BzStream*>(o);
    if (s->is_open) BZ2_bzDecompressEnd(&s->bz);
    compression::endIncremental(s);
  };
  d->slots.make = decompressorMake;
  for (Type* type : {c, d}) {
    readyType(*t.isolate, type);
    moduleSetType(t, m, type);
  }
  return kDone;
}
extern const NativeModule kBz2Module;
const NativeModule kBz2Module = {"_bz2", nullptr, nullptr, initModule};

}  // namespace krait::modules
