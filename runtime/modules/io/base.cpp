// _IOBase, _RawIOBase, _BufferedIOBase, _TextIOBase. ref: Modules/_io/iobase.c, bufferedio.c, textio.c.
#include "runtime/modules/io/io.h"
#include "runtime/object/instance.h"
#include "runtime/object/int_conversions.h"

namespace krait::modules::io {

Types types;

RaisedTag raiseUnsupported(Thread& t, const char* text) {
  Ref message = newStr(t, text);
  Ref e = callArgs_py(t, types.unsupported, message.get());
  if (!e) return kRaised;
  return raiseException(t, e.get());
}
Fallible<bool> isClosed_py(Thread& t, Value v) {
  Ref closed = getAttrNamed_py(t, v, "closed");
  if (!closed) return kRaised;
  return isTrue_py(t, closed.get());
}
Fallible<int64_t> sizeArg_py(Thread& t, Value v) {
  if (v.isUndefined() || v.isNone()) return -1;
  if (!isIntLike(v) && typeOf(t, v)->slots.index == nullptr) return raiseTypeError(t, "argument should be integer or None, not '%s'", typeNameOf(t, v));
  return toSize_py(t, v);
}
Fallible<bool> asks_py(Thread& t, Value object, const char* name) {
  Ref r = callName(t, object, name);
  if (!r) return kRaised;
  return isTrue_py(t, r.get());
}
Ref cannotPickle(Thread& t, const Value* a) { return raiseTypeError(t, "cannot pickle '%s' instances", shortTypeName(typeOf(t, a[0]))); }
std::string nameText_py(Thread& t, Value v) {
  Ref name = getAttrNamed_py(t, v, "name");
  if (!name) {
    clearException(t);
    return "";
  }
  return " name=" + reprText_py(t, name.get());
}

static IOBase* self(Value v) { return v.as<IOBase>(); }

void deallocDict(IOBase* o) {
  if (o->dict != nullptr) decref(static_cast<Object*>(o->dict));
}
static void dealloc(Object* o) { deallocDict(static_cast<IOBase*>(o)); }
static void traverse(Object* o, Visitor visitor, void* context) { visit(static_cast<IOBase*>(o)->dict, visitor, context); }

static Ref make(Thread&, Type* type, const Value*, uint32_t, Tuple*) {
  IOBase* o = allocate<IOBase>(type);
  gcTrack(o);
  return Ref::steal(o);
}
static Status init(Thread&, Value, const Value*, uint32_t, Tuple*) { return kDone; }

static Status checkOpen_py(Thread& t, Value v) {
  if (TRY(isClosed_py(t, v))) return raiseClosedFile(t);
  return kDone;
}

Status finalizeStream_py(Thread& t, Value v) {
  Ref closed = getAttrNamed_py(t, v, "closed");
  bool is_closed = true;
  if (!closed) clearException(t);
  else if (auto truth = isTrue_py(t, closed.get()); truth.failed) clearException(t);
  else is_closed = truth.value;
  if (is_closed) return kDone;
  self(v)->finalizing = true;
  Ref done = callName(t, v, "close");
  if (!done) writeUnraisable_py(t, "Exception ignored while finalizing file ", v);
  return kDone;
}

// --- _IOBase
template <int Text>
static Ref unsupported(Thread& t, const Value*) {
  static constexpr const char* kTexts[] = {"seek", "tell", "truncate", "fileno", "detach", "read", "read1", "write", "readline"};
  return raiseUnsupported(t, kTexts[Text]);
}
static Ref tell(Thread& t, const Value* a) { return callName(t, a[0], "seek", Value::fromInt(0), Value::fromInt(1)); }
static Ref flush(Thread& t, const Value* a) {
  if (self(a[0])->is_closed) return raiseClosedFile(t);
  return Ref::none();
}
static Ref close(Thread& t, const Value* a) {
  if (self(a[0])->is_closed) return Ref::none();
  Ref done = callName(t, a[0], "flush");
  self(a[0])->is_closed = true;
  return done ? Ref::none() : Ref();
}
static Ref no(Thread&, const Value*) { return Ref::boolean(false); }
static Ref isatty(Thread& t, const Value* a) {
  TRY(checkOpen_py(t, a[0]));
  return Ref::boolean(false);
}
static Ref checkClosed(Thread& t, const Value* a) {
  TRY(checkOpen_py(t, a[0]));
  return Ref::none();
}
static Ref checks(Thread& t, Value v, const char* name, const char* text) {
  if (!TRY(asks_py(t, v, name))) return raiseUnsupported(t, text);
  return Ref::boolean(true);
}
static Ref checkSeekable(Thread& t, const Value* a) { return checks(t, a[0], "seekable", "File or stream is not seekable."); }
static Ref checkReadable(Thread& t, const Value* a) { return checks(t, a[0], "readable", "File or stream is not readable."); }
static Ref checkWritable(Thread& t, const Value* a) { return checks(t, a[0], "writable", "File or stream is not writable."); }
static Ref enter(Thread& t, const Value* a) {
  TRY(checkOpen_py(t, a[0]));
  return Ref::of(a[0]);
}
static Ref exitFn(Thread& t, const Value* a) { return callName(t, a[0], "close"); }

// Byte by byte, or by what peek() shows. ref: _io__IOBase_readline_impl.
static Ref readline(Thread& t, const Value* a) {
  int64_t limit = TRY(sizeArg_py(t, a[1]));
  Ref peek = findAttr_py(t, a[0], intern(*t.isolate, "peek"));
  if (!peek && isPending(t)) return Ref();
  std::string line;
  while (limit < 0 || static_cast<int64_t>(line.size()) < limit) {
    int64_t wanted = 1;
    if (peek) {
      Ref ahead = TRY(callArgs_py(t, peek.get(), Value::fromInt(1)));
      if (!isBytes(ahead.get())) return raise(t, errors(t).os_error, "peek() should have returned a bytes object, not '%s'", typeNameOf(t, ahead.get()));
      std::string_view seen = ahead.as<Bytes>()->view();
      if (!seen.empty()) {
        size_t newline = seen.find('\n');
        wanted = static_cast<int64_t>(newline == std::string_view::npos ? seen.size() : newline + 1);
        if (limit >= 0 && wanted > limit - static_cast<int64_t>(line.size())) wanted = limit - static_cast<int64_t>(line.size());
      }
    }
    Ref got = TRY(callName(t, a[0], "read", Value::fromInt(wanted)));
    if (!isBytes(got.get())) return raise(t, errors(t).os_error, "read() should have returned a bytes object, not '%s'", typeNameOf(t, got.get()));
    if (got.as<Bytes>()->size == 0) break;
    line += got.as<Bytes>()->view();
    if (line.back() == '\n') break;
  }
  return newBytes(t, line);
}
static Ref iter(Thread& t, Value v) {
  TRY(checkOpen_py(t, v));
  return Ref::of(v);
}
static Ref next(Thread& t, Value v) {
  Ref line = TRY(callMethod_py(t, v, t.names().readline));
  if (TRY(length_py(t, line.get())) == 0) return Ref();
  return line;
}
static Ref readlines(Thread& t, const Value* a) {
  int64_t hint = TRY(sizeArg_py(t, a[1])), total = 0;
  Ref list = newList(t);
  Iteration it(t, a[0]);
  while (it.next()) {
    listAppend(list.as<List>(), it.value());
    if (hint <= 0) continue;
    total += TRY(length_py(t, it.value()));
    if (total > hint) break;
  }
  if (it.raised()) return Ref();
  return list;
}
static Ref writelines(Thread& t, const Value* a) {
  TRY(checkOpen_py(t, a[0]));
  Iteration it(t, a[1]);
  while (it.next()) {
    Ref done = TRY(callMethod_py(t, a[0], t.names().write, it.value()));
  }
  if (it.raised()) return Ref();
  return Ref::none();
}
static Ref getClosed(Thread&, Value v) { return Ref::boolean(self(v)->is_closed); }
static Ref getDict(Thread& t, Value v) { return Ref::of(objectDict(t, v.object())); }

static const NativeDef kBaseMethods[] = {
    {"seek", "($self, offset, whence=0, /)", unsupported<0>}, {"tell", "($self, /)", tell}, {"truncate", "($self, size=None, /)", unsupported<2>},
    {"flush", "($self, /)", flush}, {"close", "($self, /)", close}, {"seekable", "($self, /)", no}, {"readable", "($self, /)", no}, {"writable", "($self, /)", no},
    {"_checkClosed", "($self, msg=None, /)", checkClosed}, {"_checkSeekable", "($self, msg=None, /)", checkSeekable},
    {"_checkReadable", "($self, msg=None, /)", checkReadable}, {"_checkWritable", "($self, msg=None, /)", checkWritable}, {"fileno", "($self, /)", unsupported<3>},
    {"isatty", "($self, /)", isatty}, {"__enter__", "($self, /)", enter}, {"__exit__", "($self, /, *exc_info)", exitFn},
    {"readline", "($self, size=-1, /)", readline}, {"readlines", "($self, hint=-1, /)", readlines}, {"writelines", "($self, lines, /)", writelines},
    {nullptr, nullptr, nullptr}};
static const GetSetDef kBaseGetSets[] = {{"closed", getClosed}, {"__dict__", getDict}, {nullptr, nullptr}};

// --- _RawIOBase
static Ref rawRead(Thread& t, const Value* a) {
  int64_t n = TRY(sizeArg_py(t, a[1]));
  if (n < 0) return callName(t, a[0], "readall");
  std::string zeros(static_cast<size_t>(n), '\0');
  Ref buffer = newByteArray(t, zeros);
  Ref count = TRY(callName(t, a[0], "readinto", buffer.get()));
  if (count.get().isNone()) return count;
  int64_t got = TRY(toInt64_py(t, count.get()));
  if (got < 0 || got > n) return raiseValueError(t, "readinto returned %ld outside buffer size %ld", static_cast<long>(got), static_cast<long>(n));
  return newBytes(t, buffer.as<ByteArray>()->view().substr(0, static_cast<size_t>(got)));
}
static Ref rawReadAll(Thread& t, const Value* a) {
  std::string all;
  for (bool is_first = true;; is_first = false) {
    Ref part = TRY(callName(t, a[0], "read", Value::fromInt(kBufferSize)));
    if (part.get().isNone()) {
      if (is_first) return part;
      break;
    }
    if (!isBytes(part.get())) return raiseTypeError(t, "read() should return bytes");
    if (part.as<Bytes>()->size == 0) break;
    all += part.as<Bytes>()->view();
  }
  return newBytes(t, all);
}
static Ref rawUnsupported(Thread& t, const Value*) { return raise(t, errors(t).not_implemented_error, ""); }
static const NativeDef kRawMethods[] = {{"readinto", "($self, buffer, /)", rawUnsupported}, {"write", "($self, b, /)", rawUnsupported}, {"read", "($self, size=-1, /)", rawRead}, {"readall", "($self, /)", rawReadAll}, {nullptr, nullptr, nullptr}};

// --- _BufferedIOBase
static Ref readIntoBy(Thread& t, const Value* a, const char* method) {
  Buffer buffer;
  TRY(buffer.acquireWritable(t, a[1], "readinto() argument"));
  Ref data = TRY(callName(t, a[0], method, Value::fromInt(buffer.size())));
  if (!isBytes(data.get())) return raiseTypeError(t, "%s() should return bytes", method);
  int64_t n = data.as<Bytes>()->size;
  if (n > buffer.size()) return raiseValueError(t, "%s() returned too much data: %ld bytes requested, %ld returned", method, static_cast<long>(buffer.size()), static_cast<long>(n));
  std::memcpy(buffer.data(), data.as<Bytes>()->data(), static_cast<size_t>(n));
  return newIntSmall(n);
}
static Ref readinto(Thread& t, const Value* a) { return readIntoBy(t, a, "read"); }
static Ref readinto1(Thread& t, const Value* a) { return readIntoBy(t, a, "read1"); }
static const NativeDef kBufferedMethods[] = {{"detach", "($self, /)", unsupported<4>}, {"read", "($self, size=-1, /)", unsupported<5>},
    {"read1", "($self, size=-1, /)", unsupported<6>}, {"write", "($self, b, /)", unsupported<7>}, {"readinto", "($self, buffer, /)", readinto},
    {"readinto1", "($self, buffer, /)", readinto1}, {nullptr, nullptr, nullptr}};

// --- _TextIOBase
static Ref none(Thread&, Value) { return Ref::none(); }
static const NativeDef kTextMethods[] = {{"detach", "($self, /)", unsupported<4>}, {"read", "($self, size=-1, /)", unsupported<5>},
    {"readline", "($self, size=-1, /)", unsupported<8>}, {"write", "($self, s, /)", unsupported<7>}, {nullptr, nullptr, nullptr}};
static const GetSetDef kTextGetSets[] = {{"encoding", none}, {"newlines", none}, {"errors", none}, {nullptr, nullptr}};

void addBaseTypes(Thread& t, Module* m) {
  Isolate& isolate = *t.isolate;
  Type* base = types.base = makeType(isolate, {.name = "_io._IOBase", .size = sizeof(IOBase), .flags = kTypeGc | kTypeBaseable | kTypeWeakrefable | kTypeFinalizesLate,
      .methods = kBaseMethods, .getsets = kBaseGetSets, .doc = "The abstract base class for all I/O classes.", .dict_offset = kDictOffset});
  Slots& s = base->slots;
  s.dealloc = dealloc;
  s.traverse = traverse;
  s.make = make;
  s.init = init;
  s.finalize = finalizeStream_py;
  s.iter = iter;
  s.next = next;
  readyType(isolate, base);
  auto derived = [&](const char* name, const NativeDef* methods, const GetSetDef* getsets, const char* doc) {
    Type* type = makeType(isolate, {.name = name, .flags = kTypeGc | kTypeBaseable | kTypeWeakrefable, .base = base, .methods = methods, .getsets = getsets, .doc = doc});
    readyType(isolate, type);
    return type;
  };
  types.raw = derived("_io._RawIOBase", kRawMethods, nullptr, "Base class for raw binary I/O.");
  types.buffered = derived("_io._BufferedIOBase", kBufferedMethods, nullptr, "Base class for buffered IO objects.");
  types.text_base = derived("_io._TextIOBase", kTextMethods, kTextGetSets, "Base class for text I/O.");
  for (Type* type : {base, types.raw, types.buffered, types.text_base}) moduleSetType(t, m, type);
}

}  // namespace krait::modules::io
