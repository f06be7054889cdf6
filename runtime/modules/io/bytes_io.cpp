// BytesIO: a stream over bytes in memory. ref: Modules/_io/bytesio.c.
#include <cstring>

#include "runtime/modules/io/io.h"
#include "runtime/object/heap.h"
#include "runtime/object/instance.h"

namespace krait::modules::io {

static BytesIO* self(Value v) { return v.as<BytesIO>(); }
static BytesIO* self(const Value* a) { return a[0].as<BytesIO>(); }

static void dealloc(Object* o) {
  decref(static_cast<BytesIO*>(o)->bytes);
  delete static_cast<BytesIO*>(o)->text;
  deallocDict(static_cast<IOBase*>(o));
}
static Ref make(Thread&, Type* type, const Value*, uint32_t, Tuple*) {
  BytesIO* b = allocate<BytesIO>(type);
  b->text = new std::string();
  gcTrack(b);
  return Ref::steal(b);
}
static std::string_view contents(const BytesIO* b) { return b->bytes.defined() ? b->bytes.as<Bytes>()->view() : std::string_view(*b->text); }
// The contents as text of our own, to change.
static std::string& owned(BytesIO* b) {
  if (b->bytes.defined()) {
    b->text->assign(b->bytes.as<Bytes>()->view());
    clearField(b->bytes);
  }
  return *b->text;
}
static Status checkOpen(Thread& t, const BytesIO* b) {
  if (b->is_closed) return raiseValueError(t, "I/O operation on closed file.");
  return kDone;
}
static Status checkExports(Thread& t, const BytesIO* b) {
  if (b->exports > 0) return raise(t, errors(t).buffer_error, "Existing exports of data: object cannot be re-sized");
  return kDone;
}

static Status init(Thread& t, Value v, const Value* args, uint32_t nargs, Tuple* keywords) {
  BoundArguments a;
  TRY(bindArguments_py(t, "BytesIO", "(initial_bytes=b'')", args, nargs, keywords, a));
  BytesIO* b = self(v);
  TRY(checkExports(t, b));
  b->position = 0;
  clearField(b->bytes);
  b->text->clear();
  if (a[0].isUndefined() || a[0].isNone()) return kDone;
  if (isExact(a[0], TypeId::kBytes)) {
    b->bytes = share(a[0]);
    return kDone;
  }
  Buffer data;
  TRY(data.acquire(t, a[0]));
  b->text->assign(data.view());
  return kDone;
}

static Ref take(Thread& t, BytesIO* b, int64_t n) {
  std::string_view all = contents(b);
  int64_t left = static_cast<int64_t>(all.size()) - b->position;
  if (left < 0) left = 0;
  if (n < 0 || n > left) n = left;
  if (b->bytes.defined() && b->position == 0 && n == static_cast<int64_t>(all.size()) && n > 1) {
    b->position = n;
    return Ref::of(b->bytes);
  }
  Ref r = newBytes(t, n == 0 ? std::string_view() : all.substr(static_cast<size_t>(b->position), static_cast<size_t>(n)));
  b->position += n;
  return r;
}
static Ref read(Thread& t, const Value* a) {
  TRY(checkOpen(t, self(a)));
  return take(t, self(a), TRY(sizeArg_py(t, a[1])));
}
static int64_t lineLength(const BytesIO* b, int64_t limit) {
  std::string_view all = contents(b);
  if (b->position >= static_cast<int64_t>(all.size())) return 0;
  std::string_view rest = all.substr(static_cast<size_t>(b->position));
  size_t newline = rest.find('\n');
  int64_t n = static_cast<int64_t>(newline == std::string_view::npos ? rest.size() : newline + 1);
  return limit >= 0 && n > limit ? limit : n;
}
static Ref readline(Thread& t, const Value* a) {
  TRY(checkOpen(t, self(a)));
  int64_t limit = TRY(sizeArg_py(t, a[1]));
  return take(t, self(a), lineLength(self(a), limit));
}
static Ref next(Thread& t, Value v) {
  TRY(checkOpen(t, self(v)));
  int64_t n = lineLength(self(v), -1);
  if (n == 0) return Ref();
  return take(t, self(v), n);
}
static Ref readlines(Thread& t, const Value* a) {
  TRY(checkOpen(t, self(a)));
  int64_t hint = TRY(sizeArg_py(t, a[1])), total = 0;
  Ref list = newList(t);
  for (int64_t n; (n = lineLength(self(a), -1)) > 0;) {
    listAppendSteal(list.as<List>(), take(t, self(a), n).release());
    total += n;
    if (hint > 0 && total >= hint) break;
  }
  return list;
}
static Ref readinto(Thread& t, const Value* a) {
  TRY(checkOpen(t, self(a)));
  Buffer out;
  TRY(out.acquireWritable(t, a[1], "readinto() argument"));
  std::string_view all = contents(self(a));
  int64_t n = static_cast<int64_t>(all.size()) - self(a)->position;
  if (n < 0) n = 0;
  if (n > out.size()) n = out.size();
  if (n > 0) std::memcpy(out.data(), all.data() + self(a)->position, static_cast<size_t>(n));
  self(a)->position += n;
  return newIntSmall(n);
}
static void put(BytesIO* b, std::string_view data) {
  std::string& text = owned(b);
  size_t at = static_cast<size_t>(b->position);
  if (at == text.size()) {
    text.append(data);
  } else {
    if (text.size() < at + data.size()) text.resize(at + data.size());
    std::memcpy(text.data() + at, data.data(), data.size());
  }
  b->position += static_cast<int64_t>(data.size());
}
static Ref write(Thread& t, const Value* a) {
  TRY(checkOpen(t, self(a)));
  TRY(checkExports(t, self(a)));
  Buffer data;
  TRY(data.acquire(t, a[1]));
  if (self(a)->is_closed) return raiseValueError(t, "I/O operation on closed file.");
  int64_t end = self(a)->position + data.size();
  if (end > int64_t{1} << 46 || !canAllocate(static_cast<size_t>(end))) return raiseMemoryError(t);
  if (data.size() > 0) put(self(a), data.view());
  return newIntSmall(data.size());
}
static Ref writelines(Thread& t, const Value* a) {
  TRY(checkOpen(t, self(a)));
  Iteration it(t, a[1]);
  while (it.next()) {
    Value args[2] = {a[0], it.value()};
    TRY(write(t, args));
  }
  if (it.raised()) return Ref();
  return Ref::none();
}
static Ref getvalue(Thread& t, const Value* a) {
  BytesIO* b = self(a);
  TRY(checkOpen(t, b));
  if (b->bytes.defined()) return Ref::of(b->bytes);
  Ref r = newBytes(t, *b->text);
  if (b->exports == 0) {
    b->bytes = share(r.get());
    b->text->clear();
    b->text->shrink_to_fit();
  }
  return r;
}
static Ref tell(Thread& t, const Value* a) {
  TRY(checkOpen(t, self(a)));
  return newInt(t, self(a)->position);
}
static Ref seek(Thread& t, const Value* a) {
  BytesIO* b = self(a);
  TRY(checkOpen(t, b));
  int64_t offset = TRY(toInt64_py(t, a[1]));
  int whence = TRY(toCInt_py(t, a[2]));
  if (offset < 0 && whence == 0) return raiseValueError(t, "negative seek value %ld", static_cast<long>(offset));
  if (whence < 0 || whence > 2) return raiseValueError(t, "invalid whence (%i, should be 0, 1 or 2)", whence);
  int64_t base = whence == 0 ? 0 : whence == 1 ? b->position : static_cast<int64_t>(contents(b).size());
  if (offset > INT64_MAX - base) return raiseOverflowError(t, "new position too large");
  b->position = offset + base < 0 ? 0 : offset + base;
  return newInt(t, b->position);
}
static Ref truncate(Thread& t, const Value* a) {
  BytesIO* b = self(a);
  TRY(checkOpen(t, b));
  TRY(checkExports(t, b));
  int64_t size = a[1].isNone() ? b->position : TRY(toInt64_py(t, a[1]));
  if (size < 0) return raiseValueError(t, "negative size value %ld", static_cast<long>(size));
  if (size < static_cast<int64_t>(contents(b).size())) owned(b).resize(static_cast<size_t>(size));
  return newInt(t, size);
}
static Ref yes(Thread& t, const Value* a) {
  TRY(checkOpen(t, self(a)));
  return Ref::boolean(true);
}
static Ref isatty(Thread& t, const Value* a) {
  TRY(checkOpen(t, self(a)));
  return Ref::boolean(false);
}
static Ref flush(Thread& t, const Value* a) {
  TRY(checkOpen(t, self(a)));
  return Ref::none();
}
static Ref close(Thread& t, const Value* a) {
  TRY(checkExports(t, self(a)));
  self(a)->is_closed = true;
  clearField(self(a)->bytes);
  self(a)->text->clear();
  return Ref::none();
}
static Ref getClosed(Thread&, Value v) { return Ref::boolean(self(v)->is_closed); }
static Ref getstate(Thread& t, const Value* a) {
  Ref value = TRY(getvalue(t, a));
  Ref dict = self(a)->dict != nullptr ? dictCopy(t, self(a)->dict) : Ref::none();
  return tupleOf(t, {value.get(), Value::fromInt(self(a)->position), dict.get()});
}
static Ref setstate(Thread& t, const Value* a) {
  TRY(checkOpen(t, self(a)));
  if (!isTuple(a[1]) || a[1].as<Tuple>()->size < 3) return raiseTypeError(t, "%s.__setstate__ argument should be 3-tuple, got %s", typeNameOf(t, a[0]), typeNameOf(t, a[1]));
  const Value* s = a[1].as<Tuple>()->items();
  TRY(init(t, a[0], s, 1, nullptr));
  if (!isIntLike(s[1])) return raiseTypeError(t, "second item of state must be an integer, not %s", typeNameOf(t, s[1]));
  int64_t at = TRY(toInt64_py(t, s[1]));
  if (at < 0) return raiseValueError(t, "position value cannot be negative");
  self(a)->position = at;
  if (s[2].isNone()) return Ref::none();
  if (!isDict(s[2])) return raiseTypeError(t, "third item of state should be a dict, got a %s", typeNameOf(t, s[2]));
  TRY(dictMerge_py(t, objectDict(t, a[0].object()), s[2]));
  return Ref::none();
}

// --- getbuffer(): an exporter of the contents, kept from moving while it lives
struct BytesBuffer : Object {
  Value source;
};
static Status exportBuffer(Thread& t, Value v, BufferInfo& out) {
  BytesIO* b = self(v.as<BytesBuffer>()->source);
  TRY(checkOpen(t, b));
  std::string& text = owned(b);
  ++b->exports;
  out = {.data = reinterpret_cast<uint8_t*>(text.data()), .size = static_cast<int64_t>(text.size()), .is_read_only = false};
  return kDone;
}
static void releaseExport(Value v) { --self(v.as<BytesBuffer>()->source)->exports; }
static Ref getbuffer(Thread& t, const Value* a) {
  TRY(checkOpen(t, self(a)));
  BytesBuffer* e = allocate<BytesBuffer>(types.bytes_buffer);
  e->source = share(a[0]);
  Ref exporter = Ref::steal(e);
  return callArgs_py(t, Value(dictGetStr(t.isolate->builtins, intern(*t.isolate, "memoryview"))), exporter.get());
}

static const NativeDef kMethods[] = {
    {"read", "($self, size=-1, /)", read}, {"read1", "($self, size=-1, /)", read}, {"readline", "($self, size=-1, /)", readline},
    {"readlines", "($self, size=None, /)", readlines}, {"readinto", "($self, buffer, /)", readinto}, {"readinto1", "($self, buffer, /)", readinto},
    {"write", "($self, b, /)", write}, {"writelines", "($self, lines, /)", writelines}, {"getvalue", "($self, /)", getvalue}, {"getbuffer", "($self, /)", getbuffer},
    {"tell", "($self, /)", tell}, {"seek", "($self, pos, whence=0, /)", seek}, {"truncate", "($self, size=None, /)", truncate}, {"readable", "($self, /)", yes},
    {"writable", "($self, /)", yes}, {"seekable", "($self, /)", yes}, {"isatty", "($self, /)", isatty}, {"flush", "($self, /)", flush}, {"close", "($self, /)", close},
    {"__getstate__", "($self, /)", getstate}, {"__setstate__", "($self, state, /)", setstate}, {nullptr, nullptr, nullptr}};
static const GetSetDef kGetSets[] = {{"closed", getClosed}, {nullptr, nullptr}};

void addBytesIOType(Thread& t, Module* m) {
  Type* type = types.bytes_io = makeType(*t.isolate, {.name = "_io.BytesIO", .size = sizeof(BytesIO), .flags = kTypeGc | kTypeBaseable | kTypeWeakrefable, .base = types.buffered,
      .methods = kMethods, .getsets = kGetSets, .doc = "Buffered I/O implementation using an in-memory bytes buffer.", .dict_offset = kDictOffset});
  type->slots.dealloc = dealloc;
  type->slots.make = make;
  type->slots.init = init;
  type->slots.next = next;
  readyType(*t.isolate, type);
  moduleSetType(t, m, type);
  Type* buffer = types.bytes_buffer = makeType(*t.isolate, {.name = "_io._BytesIOBuffer", .size = sizeof(BytesBuffer), .flags = kTypeDisallowNew});
  buffer->slots.dealloc = [](Object* o) { decref(static_cast<BytesBuffer*>(o)->source); };
  buffer->slots.get_buffer = exportBuffer;
  buffer->slots.release_buffer = releaseExport;
  readyType(*t.isolate, buffer);
}

}  // namespace krait::modules::io
