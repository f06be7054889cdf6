// The `zlib` module. ref: Modules/zlibmodule.c.
#include <zlib.h>

#include <climits>

#include "runtime/modules/module_table.h"
#include "runtime/object/buffer.h"
#include "runtime/object/bytes.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"
#include "runtime/object/int.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::modules {

struct Stream : Object {  // compressobj and decompressobj
  z_stream z;
  Value dictionary;      // zdict, or Undefined
  Value unused, pending; // bytes: after the stream's end; not consumed because of max_length
  bool is_open, at_end, needs_input;
};
struct ZlibState {
  Type *error, *compressor, *decompressor, *buffered;
};
static ZlibState* state;
static Stream* self(Value v) { return v.as<Stream>(); }

static RaisedTag fail(Thread& t, const z_stream& z, int code, const char* doing) {
  const char* message = code == Z_VERSION_ERROR ? "library version mismatch" : z.msg;
  if (message == nullptr) {
    message = code == Z_BUF_ERROR ? "incomplete or truncated stream" : code == Z_STREAM_ERROR ? "inconsistent stream state" : code == Z_DATA_ERROR ? "invalid input data" : nullptr;
  }
  if (message == nullptr) return raise(t, state->error, "Error %d %s", code, doing);
  return raise(t, state->error, "Error %d %s: %.200s", code, doing, message);
}

// Runs deflate or inflate over `in` until it is used up, the stream ends or `limit` bytes came out (negative: no limit).
template <class Step>
static int pump(z_stream& z, std::string_view in, int64_t limit, int flush, std::string& out, Step step) {
  const char* at = in.data();
  size_t left = in.size();
  int code = Z_OK;
  for (;;) {
    uInt chunk = static_cast<uInt>(std::min<size_t>(left, UINT_MAX));
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(at));
    z.avail_in = chunk;
    bool is_last = chunk == left;
    do {
      size_t old = out.size(), room = std::max<size_t>(16384, old / 2);
      if (limit >= 0) room = std::min<size_t>(room, static_cast<size_t>(limit) - old);
      if (room == 0 && limit >= 0) break;
      out.resize(old + room);
      z.next_out = reinterpret_cast<Bytef*>(out.data() + old);
      z.avail_out = static_cast<uInt>(room);
      code = step(&z, is_last ? flush : Z_NO_FLUSH);
      out.resize(out.size() - z.avail_out);
    } while (z.avail_out == 0 && code != Z_STREAM_END && (code == Z_OK || code == Z_BUF_ERROR));
    size_t used = chunk - z.avail_in;
    at += used;
    left -= used;
    if (left == 0 || code == Z_STREAM_END || code != Z_OK || z.avail_in > 0) break;
  }
  z.avail_in = static_cast<uInt>(std::min<size_t>(left, UINT_MAX));
  return code;
}

// --- whole buffers
static Fallible<int> level(Thread& t, Value v) { return toCInt_py(t, v); }
static Ref compressFn(Thread& t, const Value* a) {
  Buffer in;
  TRY(in.acquire(t, a[0]));
  z_stream z = {};
  int lvl = TRY(level(t, a[1])), bits = TRY(level(t, a[2]));
  int code = deflateInit2(&z, lvl, Z_DEFLATED, bits, MAX_MEM_LEVEL > 8 ? 8 : MAX_MEM_LEVEL, Z_DEFAULT_STRATEGY);
  if (code == Z_STREAM_ERROR) return raise(t, state->error, "Bad compression level");
  if (code != Z_OK) return fail(t, z, code, "while compressing data");
  std::string out;
  code = pump(z, in.view(), -1, Z_FINISH, out, deflate);
  deflateEnd(&z);
  if (code != Z_STREAM_END) return fail(t, z, code, "while compressing data");
  return newBytes(t, out);
}
static Ref decompressFn(Thread& t, const Value* a) {
  Buffer in;
  TRY(in.acquire(t, a[0]));
  int64_t size = TRY(toInt64_py(t, a[2]));
  if (size < 0) return raiseValueError(t, "bufsize must be non-negative");
  z_stream z = {};
  int code = inflateInit2(&z, TRY(level(t, a[1])));
  if (code != Z_OK) return fail(t, z, code, "while preparing to decompress data");
  std::string out;
  code = pump(z, in.view(), -1, Z_FINISH, out, inflate);
  std::string message = z.msg == nullptr ? "" : z.msg;
  z.msg = message.empty() ? nullptr : message.data();
  inflateEnd(&z);
  if (code != Z_STREAM_END) return fail(t, z, code == Z_OK ? Z_BUF_ERROR : code, "while decompressing data");
  return newBytes(t, out);
}
static Ref checksum(Thread& t, const Value* a, uLong (*f)(uLong, const Bytef*, z_size_t)) {
  Buffer in;
  TRY(in.acquire(t, a[0]));
  Ref mask = TRY(intBitwise(t, TRY(toIndex_py(t, a[1])).get(), Value::fromInt(0xFFFFFFFF), '&'));
  return newInt(t, static_cast<int64_t>(f(static_cast<uLong>(mask.get().asInt()), in.data(), static_cast<size_t>(in.size())) & 0xFFFFFFFF));
}
static Ref crc32Fn(Thread& t, const Value* a) { return checksum(t, a, crc32_z); }
static Ref adler32Fn(Thread& t, const Value* a) { return checksum(t, a, adler32_z); }

// --- streams
static Ref newStream(Thread& t, Type* type) {
  Stream* s = allocate<Stream>(type);
  s->unused = newBytes(t, "").release();
  s->pending = newBytes(t, "").release();
  s->needs_input = true;
  return Ref::steal(s);
}
static void replace(Thread& t, Value& slot, std::string_view data) {
  Value old = slot;
  slot = newBytes(t, data).release();
  decref(old);
}
static void streamDealloc(Object* o, int (*end)(z_streamp)) {
  Stream* s = static_cast<Stream*>(o);
  if (s->is_open) end(&s->z);
  for (Value v : {s->dictionary, s->unused, s->pending}) decref(v);
}
static Ref compressObj(Thread& t, const Value* a) {
  Ref r = newStream(t, state->compressor);
  Stream* s = self(r.get());
  int code = deflateInit2(&s->z, TRY(level(t, a[0])), TRY(level(t, a[1])), TRY(level(t, a[2])), TRY(level(t, a[3])), TRY(level(t, a[4])));
  if (code == Z_STREAM_ERROR) return raiseValueError(t, "Invalid initialization option");
  if (code != Z_OK) return fail(t, s->z, code, "while creating compression object");
  s->is_open = true;
  if (!a[5].isNone()) {
    Buffer dictionary;
    TRY(dictionary.acquire(t, a[5]));
    if (deflateSetDictionary(&s->z, dictionary.data(), static_cast<uInt>(dictionary.size())) != Z_OK) return raiseValueError(t, "Invalid dictionary");
  }
  return r;
}
static Ref compressMethod(Thread& t, const Value* a) {
  Buffer in;
  TRY(in.acquire(t, a[1]));
  std::string out;
  int code = pump(self(a[0])->z, in.view(), -1, Z_NO_FLUSH, out, deflate);
  if (code != Z_OK && code != Z_BUF_ERROR) return fail(t, self(a[0])->z, code, "while compressing data");
  return newBytes(t, out);
}
static Ref flushCompressor(Thread& t, const Value* a) {
  int mode = TRY(toCInt_py(t, a[1]));
  if (mode == Z_NO_FLUSH) return newBytes(t, "");
  std::string out;
  Stream* s = self(a[0]);
  int code = pump(s->z, {}, -1, mode, out, deflate);
  if (code == Z_STREAM_END && mode == Z_FINISH) {
    deflateEnd(&s->z);
    s->is_open = false;
  } else if (code != Z_OK && code != Z_BUF_ERROR) {
    return fail(t, s->z, code, "while flushing");
  }
  return newBytes(t, out);
}
static Ref copyCompressor(Thread& t, const Value* a) {
  Ref r = newStream(t, state->compressor);
  int code = self(a[0])->is_open ? deflateCopy(&self(r.get())->z, &self(a[0])->z) : Z_STREAM_ERROR;
  if (code == Z_STREAM_ERROR) return raiseValueError(t, "Inconsistent stream state");
  self(r.get())->is_open = true;
  return r;
}
static Status useDictionary(Thread& t, Stream* s) {
  Buffer dictionary;
  TRY(dictionary.acquire(t, s->dictionary));
  int code = inflateSetDictionary(&s->z, dictionary.data(), static_cast<uInt>(dictionary.size()));
  if (code != Z_OK) return fail(t, s->z, code, "while setting zdict");
  return kDone;
}
static Status openInflate(Thread& t, Stream* s, Value bits, Value dictionary) {
  int wbits = TRY(level(t, bits));
  if (dictionary.defined() && !isBytesLike(dictionary)) return raiseTypeError(t, "zdict argument must support the buffer protocol");
  int code = inflateInit2(&s->z, wbits);
  if (code == Z_STREAM_ERROR) return raiseValueError(t, "Invalid initialization option");
  if (code != Z_OK) return fail(t, s->z, code, "while creating decompression object");
  s->is_open = true;
  s->dictionary = share(dictionary);
  if (dictionary.defined() && wbits < 0) TRY(useDictionary(t, s));
  return kDone;
}
static Ref decompressObj(Thread& t, const Value* a) {
  Ref r = newStream(t, state->decompressor);
  TRY(openInflate(t, self(r.get()), a[0], a[1]));
  return r;
}
// Decompresses; what follows the stream's end and what was not consumed go to their attributes.
static Status inflateInto(Thread& t, Stream* s, std::string_view in, int64_t limit, int flush, std::string& out) {
  int code = pump(s->z, in, limit, flush, out, inflate);
  if (code == Z_NEED_DICT && s->dictionary.defined()) {
    TRY(useDictionary(t, s));
    std::string_view rest = in.substr(in.size() - s->z.avail_in);
    in = rest;
    code = pump(s->z, in, limit, flush, out, inflate);
  }
  if (code != Z_STREAM_END && code != Z_OK && code != Z_BUF_ERROR) return fail(t, s->z, code, "while decompressing data");
  std::string rest(in.substr(in.size() - s->z.avail_in));
  if (code == Z_STREAM_END) {
    s->at_end = true;
    replace(t, s->unused, std::string(s->unused.as<Bytes>()->view()) + rest);
    replace(t, s->pending, "");
  } else {
    replace(t, s->pending, rest);
  }
  return kDone;
}
static Ref decompressMethod(Thread& t, const Value* a) {
  Buffer in;
  TRY(in.acquire(t, a[1]));
  int64_t limit = TRY(toInt64_py(t, a[2]));
  if (limit < 0) return raiseValueError(t, "max_length must be non-negative");
  Stream* s = self(a[0]);
  std::string out;
  if (s->at_end) {
    replace(t, s->unused, std::string(s->unused.as<Bytes>()->view()) + std::string(in.view()));
    return newBytes(t, "");
  }
  TRY(inflateInto(t, s, in.view(), limit == 0 ? -1 : limit, Z_SYNC_FLUSH, out));
  return newBytes(t, out);
}
static Ref flushDecompressor(Thread& t, const Value* a) {
  if (TRY(toInt64_py(t, a[1])) <= 0) return raiseValueError(t, "length must be greater than zero");
  Stream* s = self(a[0]);
  std::string out, in(s->pending.as<Bytes>()->view());
  if (s->is_open && !s->at_end) TRY(inflateInto(t, s, in, -1, Z_FINISH, out));
  if (s->is_open && s->at_end) {
    inflateEnd(&s->z);
    s->is_open = false;
  }
  return newBytes(t, out);
}
static Ref copyDecompressor(Thread& t, const Value* a) {
  Ref r = newStream(t, state->decompressor);
  Stream *from = self(a[0]), *to = self(r.get());
  if (!from->is_open || inflateCopy(&to->z, &from->z) != Z_OK) return raiseValueError(t, "Inconsistent stream state");
  to->is_open = true;
  to->at_end = from->at_end;
  to->dictionary = share(from->dictionary);
  replace(t, to->unused, from->unused.as<Bytes>()->view());
  replace(t, to->pending, from->pending.as<Bytes>()->view());
  return r;
}
static Ref getUnused(Thread&, Value v) { return Ref::of(self(v)->unused); }
static Ref getPending(Thread&, Value v) { return Ref::of(self(v)->pending); }
static Ref getEnd(Thread&, Value v) { return Ref::boolean(self(v)->at_end); }
static Ref getNeedsInput(Thread&, Value v) { return Ref::boolean(self(v)->needs_input); }

// --- _ZlibDecompressor: keeps what it could not consume itself
static Ref bufferedMake(Thread& t, Type* type, const Value* args, uint32_t nargs, Tuple* keywords) {
  BoundArguments a;
  TRY(bindArguments_py(t, "_ZlibDecompressor", "(wbits=15, zdict=<unset>)", args, nargs, keywords, a));
  Ref r = newStream(t, type);
  TRY(openInflate(t, self(r.get()), a[0], a[1]));
  return r;
}
static Ref bufferedDecompress(Thread& t, const Value* a) {
  Stream* s = self(a[0]);
  Buffer in;
  TRY(in.acquire(t, a[1]));
  int64_t limit = TRY(toInt64_py(t, a[2]));
  if (s->at_end) return raise(t, errors(t).eof_error, "End of stream already reached");
  std::string all(s->pending.as<Bytes>()->view()), out;
  all += in.view();
  TRY(inflateInto(t, s, all, limit, Z_SYNC_FLUSH, out));
  s->needs_input = !s->at_end && s->pending.as<Bytes>()->size == 0 && (limit < 0 || static_cast<int64_t>(out.size()) < limit);
  return newBytes(t, out);
}

static const NativeDef kCompressorMethods[] = {{"compress", "($self, data, /)", compressMethod}, {"flush", "($self, mode=4, /)", flushCompressor},
    {"copy", "($self, /)", copyCompressor}, {"__copy__", "($self, /)", copyCompressor}, {"__deepcopy__", "($self, memo, /)", copyCompressor}, {nullptr, nullptr, nullptr}};
static const NativeDef kDecompressorMethods[] = {{"decompress", "($self, data, /, max_length=0)", decompressMethod}, {"flush", "($self, length=16384, /)", flushDecompressor},
    {"copy", "($self, /)", copyDecompressor}, {"__copy__", "($self, /)", copyDecompressor}, {"__deepcopy__", "($self, memo, /)", copyDecompressor}, {nullptr, nullptr, nullptr}};
static const GetSetDef kDecompressorGetSets[] = {{"unused_data", getUnused}, {"unconsumed_tail", getPending}, {"eof", getEnd}, {nullptr, nullptr}};
static const NativeDef kBufferedMethods[] = {{"decompress", "($self, data, max_length=-1)", bufferedDecompress}, {nullptr, nullptr, nullptr}};
static const GetSetDef kBufferedGetSets[] = {{"unused_data", getUnused}, {"needs_input", getNeedsInput}, {"eof", getEnd}, {nullptr, nullptr}};
static const NativeDef kFunctions[] = {{"compress", "(data, /, level=-1, wbits=15)", compressFn, "Returns a bytes object containing compressed data."},
    {"decompress", "(data, /, wbits=15, bufsize=16384)", decompressFn, "Returns a bytes object containing the uncompressed data."},
    {"compressobj", "(level=-1, method=8, wbits=15, memLevel=8, strategy=0, zdict=None)", compressObj},
    {"decompressobj", "(wbits=15, zdict=<unset>)", decompressObj}, {"crc32", "(data, value=0, /)", crc32Fn}, {"adler32", "(data, value=1, /)", adler32Fn},
    {nullptr, nullptr, nullptr}};

static Type* makeStreamType(Thread& t, const char* name, const NativeDef* methods, const GetSetDef* getsets, void (*dealloc)(Object*)) {
  Type* type = makeType(*t.isolate, {.name = name, .size = sizeof(Stream), .flags = kTypeDisallowNew, .methods = methods, .getsets = getsets});
  type->slots.dealloc = dealloc;
  readyType(*t.isolate, type);
  return type;
}
static Status initModule(Thread& t, Module* m) {
  state = new ZlibState();
  Ref name = newStr(t, "error"), bases = tupleOf(t, {errors(t).exception}), ns = newDict(t), module = newStr(t, "zlib");
  dictSetStr(ns.as<Dict>(), t.names().d_module, module.get());
  Ref error = TRY(callArgs_py(t, t.types().type, name.get(), bases.get(), ns.get()));
  state->error = error.as<Type>();
  moduleSet(t, m, "error", error.release());
  auto end_inflate = [](Object* o) { streamDealloc(o, inflateEnd); };
  state->compressor = makeStreamType(t, "zlib.Compress", kCompressorMethods, nullptr, [](Object* o) { streamDealloc(o, deflateEnd); });
  state->decompressor = makeStreamType(t, "zlib.Decompress", kDecompressorMethods, kDecompressorGetSets, end_inflate);
  state->buffered = makeType(*t.isolate, {.name = "zlib._ZlibDecompressor", .size = sizeof(Stream), .methods = kBufferedMethods, .getsets = kBufferedGetSets});
  state->buffered->slots.dealloc = end_inflate;
  state->buffered->slots.make = bufferedMake;
  readyType(*t.isolate, state->buffered);
  moduleSetType(t, m, state->buffered);
  static constexpr struct { const char* name; int value; } kConstants[] = {{"MAX_WBITS", 15}, {"DEFLATED", 8}, {"DEF_MEM_LEVEL", 8}, {"DEF_BUF_SIZE", 16384},
      {"Z_NO_COMPRESSION", 0}, {"Z_BEST_SPEED", 1}, {"Z_BEST_COMPRESSION", 9}, {"Z_DEFAULT_COMPRESSION", -1}, {"Z_FILTERED", 1}, {"Z_HUFFMAN_ONLY", 2},
      {"Z_RLE", 3}, {"Z_FIXED", 4}, {"Z_DEFAULT_STRATEGY", 0}, {"Z_FINISH", 4}, {"Z_NO_FLUSH", 0}, {"Z_PARTIAL_FLUSH", 1}, {"Z_SYNC_FLUSH", 2},
      {"Z_FULL_FLUSH", 3}, {"Z_BLOCK", 5}, {"Z_TREES", 6}};
  for (auto& c : kConstants) moduleSet(t, m, c.name, Value::fromInt(c.value));
  Ref built = newStr(t, ZLIB_VERSION), running = newStr(t, zlibVersion()), own = newStr(t, "1.0");
  moduleSet(t, m, "ZLIB_VERSION", built.get());
  moduleSet(t, m, "ZLIB_RUNTIME_VERSION", running.get());
  moduleSet(t, m, "__version__", own.get());
  return kDone;
}
extern const NativeModule kZlibModule;
const NativeModule kZlibModule = {"zlib", "The functions in this module allow compression and decompression using the zlib library.", kFunctions, initModule};

}  // namespace krait::modules
