// BufferedReader, BufferedWriter and BufferedRandom: one layout. Reading takes from data[at, end), which the raw stream
// has passed already; writing collects in `pending`. At most one of the two is not empty: changing over seeks the raw
// stream back, or flushes. A raw stream that is exactly a FileIO is used without Python calls. ref: Modules/_io/bufferedio.c.
#include <cstring>

#include "runtime/modules/io/io.h"
#include "runtime/object/exception.h"

namespace krait::modules::io {

static Buffered* self(Value v) { return v.as<Buffered>(); }
static Buffered* self(const Value* a) { return a[0].as<Buffered>(); }

static void dealloc(Object* o) {
  Buffered* b = static_cast<Buffered*>(o);
  decref(b->raw);
  std::free(b->data);
  delete b->pending;
  deallocDict(b);
}
static void traverse(Object* o, Visitor visitor, void* context) {
  visit(static_cast<Buffered*>(o)->raw, visitor, context);
  visit(static_cast<Buffered*>(o)->dict, visitor, context);
}
static Ref make(Thread&, Type* type, const Value*, uint32_t, Tuple*) {
  Buffered* b = allocate<Buffered>(type);
  gcTrack(b);
  return Ref::steal(b);
}

// One operation at a time: other threads wait, the same thread must not come back inside. ref: _enter_buffered_busy.
class Operation {
 public:
  Operation(Thread& t, Buffered* b) : b_(b) {
    if (b->owner == &t) {
      failed_ = true;
      (void)raiseRuntimeError(t, "reentrant call inside %s", reprText_py(t, Value(b)).c_str());
      return;
    }
    while (b->owner != nullptr) yieldLock(t);
    b->owner = &t;
  }
  ~Operation() {
    if (!failed_) b_->owner = nullptr;
  }
  bool failed() const { return failed_; }

 private:
  Buffered* b_;
  bool failed_ = false;
};
#define ENTER(b)               \
  Operation operation_(t, b);  \
  if (operation_.failed()) return kRaised

static Status checkReady(Thread& t, const Buffered* b) {
  if (b->ok) return kDone;
  if (b->detached) return raiseValueError(t, "raw stream has been detached");
  return raiseValueError(t, "I/O operation on uninitialized object");
}
static Status checkOpen_py(Thread& t, Buffered* b, const char* what) {
  TRY(checkReady(t, b));
  bool is_closed = isPlainFile(b->raw) ? b->raw.as<FileIO>()->fd < 0 : TRY(isClosed_py(t, b->raw));
  if (is_closed) return raiseValueError(t, "%s of closed file", what);
  return kDone;
}

// --- the raw stream
static Fallible<int64_t> rawRead_py(Thread& t, Buffered* b, uint8_t* out, int64_t size) {
  if (isPlainFile(b->raw)) return fileRead_py(t, b->raw.as<FileIO>(), out, size);
  if (!canAllocate(static_cast<size_t>(size) * 2)) return raiseMemoryError(t);
  Ref memory = newByteArray(t, std::string(static_cast<size_t>(size), '\0'));
  Ref view = callArgs_py(t, Value(dictGetStr(t.isolate->builtins, intern(*t.isolate, "memoryview"))), memory.get());
  if (!view) return kRaised;
  Ref count = callName(t, b->raw, "readinto", view.get());
  if (!count) return kRaised;
  Ref released = callName(t, view.get(), "release");
  if (!released) return kRaised;
  if (count.get().isNone()) return kWouldBlock;
  Ref index = toIndex_py(t, count.get());
  int64_t n = -1;
  if (!index) {
    Ref cause = takeException(t);
    (void)raise(t, errors(t).os_error, "raw readinto() failed");
    if (isPending(t)) setCause(t.pending.as<BaseException>(), cause.get());
    return kRaised;
  }
  if (!intFits(index.get(), n) || n < 0 || n > size) {
    return raise(t, errors(t).os_error, "raw readinto() returned invalid length %s (should have been between 0 and %ld)", reprText_py(t, index.get()).c_str(), static_cast<long>(size));
  }
  std::memcpy(out, memory.as<ByteArray>()->data, static_cast<size_t>(n));
  return n;
}
static Fallible<int64_t> rawWrite_py(Thread& t, Buffered* b, std::string_view data) {
  if (isPlainFile(b->raw)) return fileWrite_py(t, b->raw.as<FileIO>(), reinterpret_cast<const uint8_t*>(data.data()), static_cast<int64_t>(data.size()));
  Ref memory = newBytes(t, data);
  Ref view = callArgs_py(t, Value(dictGetStr(t.isolate->builtins, intern(*t.isolate, "memoryview"))), memory.get());
  if (!view) return kRaised;
  Ref count = callName(t, b->raw, "write", view.get());
  if (!count) return kRaised;
  if (count.get().isNone()) return kWouldBlock;
  int64_t n = TRY(toInt64_py(t, count.get()));
  if (n < 0 || n > static_cast<int64_t>(data.size())) {
    return raise(t, errors(t).os_error, "raw write() returned invalid length %ld (should have been between 0 and %ld)", static_cast<long>(n), static_cast<long>(data.size()));
  }
  return n;
}
static Fallible<int64_t> rawSeek_py(Thread& t, Buffered* b, int64_t offset, int whence) {
  Ref wanted = newInt(t, offset);
  Ref at = callName(t, b->raw, "seek", wanted.get(), Value::fromInt(whence));
  if (!at) return kRaised;
  int64_t n = TRY(toInt64_py(t, at.get()));
  if (n < 0) return raise(t, errors(t).os_error, "Raw stream returned invalid position %ld", static_cast<long>(n));
  return n;
}
static Fallible<int64_t> rawTell_py(Thread& t, Buffered* b) {
  Ref at = callName(t, b->raw, "tell");
  if (!at) return kRaised;
  int64_t n = TRY(toInt64_py(t, at.get()));
  if (n < 0) return raise(t, errors(t).os_error, "Raw stream returned invalid position %ld", static_cast<long>(n));
  return n;
}

// --- changing over
static RaisedTag raiseBlocking(Thread& t, int64_t written) {
  Ref text = newStr(t, "write could not complete without blocking");
  Value args[3] = {Value::fromInt(EAGAIN), text.get(), Value::fromInt(written)};
  Ref e = newException_py(t, errors(t).blocking_io_error, args, 3);
  if (!e) return kRaised;
  return raiseException(t, e.get());
}
static Status flushPending_py(Thread& t, Buffered* b) {
  size_t done = 0;
  while (done < b->pending->size()) {
    auto n = rawWrite_py(t, b, std::string_view(*b->pending).substr(done));
    if (n.failed || n.value == kWouldBlock) {
      b->pending->erase(0, done);
      if (n.failed) return kRaised;
      return raiseBlocking(t, 0);
    }
    done += static_cast<size_t>(n.value);
    if (done < b->pending->size()) TRY(checkSignals_py(t));
  }
  b->pending->clear();
  return kDone;
}
// Drops what was read ahead; the raw stream goes back to the logical position.
static Status dropAhead_py(Thread& t, Buffered* b) {
  int64_t ahead = b->end - b->at;
  b->at = b->end = 0;
  if (ahead > 0) TRY(rawSeek_py(t, b, -ahead, 1));
  return kDone;
}
static Status readyToRead_py(Thread& t, Buffered* b) {
  if (b->pending != nullptr && !b->pending->empty()) TRY(flushPending_py(t, b));
  if (b->data == nullptr) b->data = static_cast<uint8_t*>(std::malloc(static_cast<size_t>(b->capacity)));
  if (b->data == nullptr) return raiseMemoryError(t);
  return kDone;
}
// Refills an empty buffer: bytes read, 0 at the end, kWouldBlock.
static Fallible<int64_t> fill_py(Thread& t, Buffered* b) {
  b->at = b->end = 0;
  int64_t n = TRY(rawRead_py(t, b, b->data, b->capacity));
  if (n > 0) b->end = n;
  return n;
}

// --- reading
static Ref takeAhead(Thread& t, Buffered* b, int64_t n) {
  Ref bytes = newBytes(t, {reinterpret_cast<const char*>(b->data + b->at), static_cast<size_t>(n)});
  b->at += n;
  return bytes;
}
static Ref readAll_py(Thread& t, Buffered* b) {
  TRY(readyToRead_py(t, b));
  std::string all(reinterpret_cast<const char*>(b->data + b->at), static_cast<size_t>(b->end - b->at));
  b->at = b->end = 0;
  Ref readall = findAttr_py(t, b->raw, intern(*t.isolate, "readall"));
  if (!readall && isPending(t)) return Ref();
  if (readall) {
    Ref rest = TRY(call_py(t, readall.get(), nullptr, 0));
    if (rest.get().isNone()) return all.empty() ? std::move(rest) : newBytes(t, all);
    if (!isBytes(rest.get())) return raiseTypeError(t, "readall() should return bytes");
    if (all.empty()) return rest;
    all += rest.as<Bytes>()->view();
    return newBytes(t, all);
  }
  for (;;) {
    Ref part = TRY(callName(t, b->raw, "read"));
    if (part.get().isNone()) return all.empty() ? std::move(part) : newBytes(t, all);
    if (!isBytes(part.get())) return raiseTypeError(t, "read() should return bytes");
    if (part.as<Bytes>()->size == 0) return newBytes(t, all);
    all += part.as<Bytes>()->view();
  }
}
static Ref readExactly_py(Thread& t, Buffered* b, int64_t size) {
  TRY(readyToRead_py(t, b));
  if (b->end - b->at >= size) return takeAhead(t, b, size);
  Ref out = TRY(newBytesBuffer(t, size));
  uint8_t* to = out.as<Bytes>()->data();
  int64_t filled = 0;
  bool blocked = false;
  while (filled < size) {
    if (b->at < b->end) {
      int64_t n = b->end - b->at < size - filled ? b->end - b->at : size - filled;
      std::memcpy(to + filled, b->data + b->at, static_cast<size_t>(n));
      b->at += n;
      filled += n;
      continue;
    }
    int64_t missing = size - filled, n;
    if (missing >= b->capacity) {
      n = TRY(rawRead_py(t, b, to + filled, missing - missing % b->capacity));
      if (n > 0) filled += n;
    } else {
      n = TRY(fill_py(t, b));
    }
    if (n == kWouldBlock) blocked = true;
    if (n <= 0) break;
  }
  if (filled == size) return out;
  if (filled == 0 && blocked) return Ref::none();
  return newBytes(t, out.as<Bytes>()->view().substr(0, static_cast<size_t>(filled)));
}
static Ref read(Thread& t, const Value* a) {
  int64_t size = TRY(sizeArg_py(t, a[1]));
  if (size < -1) return raiseValueError(t, "read length must be non-negative or -1");
  TRY(checkOpen_py(t, self(a), "read"));
  ENTER(self(a));
  return size < 0 ? readAll_py(t, self(a)) : readExactly_py(t, self(a), size);
}
Ref bufferedReadOne_py(Thread& t, Buffered* b, int64_t size) {
  TRY(checkOpen_py(t, b, "read"));
  ENTER(b);
  TRY(readyToRead_py(t, b));
  if (size < 0) size = b->capacity;
  if (size == 0) return newBytes(t, "");
  if (b->at == b->end) {
    if (size > b->capacity) {
      Ref out = TRY(newBytesBuffer(t, size));
      int64_t n = TRY(rawRead_py(t, b, out.as<Bytes>()->data(), size));
      return newBytes(t, out.as<Bytes>()->view().substr(0, static_cast<size_t>(n > 0 ? n : 0)));
    }
    TRY(fill_py(t, b));
  }
  return takeAhead(t, b, b->end - b->at < size ? b->end - b->at : size);
}
static Ref read1(Thread& t, const Value* a) {
  TRY(checkReady(t, self(a)));
  return bufferedReadOne_py(t, self(a), TRY(toInt64_py(t, a[1])));
}
static Ref readInto_py(Thread& t, const Value* a, bool only_once) {
  Buffered* b = self(a);
  TRY(checkReady(t, b));
  Buffer out;
  TRY(out.acquireWritable(t, a[1], only_once ? "readinto1() argument" : "readinto() argument"));
  TRY(checkOpen_py(t, b, "readinto"));
  ENTER(b);
  TRY(readyToRead_py(t, b));
  int64_t filled = 0;
  bool has_read = false;
  while (filled < out.size()) {
    if (b->at < b->end) {
      int64_t n = b->end - b->at < out.size() - filled ? b->end - b->at : out.size() - filled;
      std::memcpy(out.data() + filled, b->data + b->at, static_cast<size_t>(n));
      b->at += n;
      filled += n;
      continue;
    }
    // readinto1 reads once from below, and only when the buffer held nothing or all of it was wanted and more. ref: _buffered_readinto_generic.
    if (has_read) break;
    int64_t missing = out.size() - filled, n;
    if (missing > b->capacity) {
      n = TRY(rawRead_py(t, b, out.data() + filled, missing));
      if (n > 0) filled += n;
      if (n > 0 && only_once) break;
    } else if (only_once && filled > 0) {
      break;
    } else {
      n = TRY(fill_py(t, b));
    }
    has_read = only_once;
    if (n == kWouldBlock && filled == 0) return Ref::none();
    if (n <= 0) break;
  }
  return newIntSmall(filled);
}
static Ref readinto(Thread& t, const Value* a) { return readInto_py(t, a, false); }
static Ref readinto1(Thread& t, const Value* a) { return readInto_py(t, a, true); }
static Ref peek(Thread& t, const Value* a) {
  Buffered* b = self(a);
  TRY(toInt64_py(t, a[1]));  // the number itself does not matter
  TRY(checkOpen_py(t, b, "peek"));
  ENTER(b);
  TRY(readyToRead_py(t, b));
  if (b->at == b->end) TRY(fill_py(t, b));
  return newBytes(t, {reinterpret_cast<const char*>(b->data + b->at), static_cast<size_t>(b->end - b->at)});
}
static Ref lineFrom_py(Thread& t, Buffered* b, int64_t limit) {
  TRY(checkOpen_py(t, b, "readline"));
  ENTER(b);
  TRY(readyToRead_py(t, b));
  std::string line;
  for (;;) {
    int64_t available = b->end - b->at;
    if (limit >= 0 && available > limit - static_cast<int64_t>(line.size())) available = limit - static_cast<int64_t>(line.size());
    const uint8_t* begin = b->data + b->at;
    const void* newline = available > 0 ? std::memchr(begin, '\n', static_cast<size_t>(available)) : nullptr;
    int64_t n = newline != nullptr ? static_cast<const uint8_t*>(newline) - begin + 1 : available;
    bool is_end = newline != nullptr || (limit >= 0 && static_cast<int64_t>(line.size()) + n >= limit);
    if (is_end && line.empty()) return takeAhead(t, b, n);
    line.append(reinterpret_cast<const char*>(begin), static_cast<size_t>(n));
    b->at += n;
    if (is_end || TRY(fill_py(t, b)) <= 0) return newBytes(t, line);
  }
}
static Ref readline(Thread& t, const Value* a) {
  TRY(checkReady(t, self(a)));
  return lineFrom_py(t, self(a), TRY(sizeArg_py(t, a[1])));
}
static Ref next(Thread& t, Value v) {
  TRY(checkReady(t, self(v)));
  bool is_exact = v.object()->type == types.reader || v.object()->type == types.random;
  Ref line = is_exact ? lineFrom_py(t, self(v), -1) : callMethod_py(t, v, t.names().readline);
  if (!line || !isBytes(line.get())) {
    if (line) return raise(t, errors(t).os_error, "readline() should have returned a bytes object, not '%s'", typeNameOf(t, line.get()));
    return Ref();
  }
  if (line.as<Bytes>()->size == 0) return Ref();
  return line;
}

// --- writing
Status bufferedWrite_py(Thread& t, Buffered* b, std::string_view data) {
  TRY(checkOpen_py(t, b, "write"));
  ENTER(b);
  TRY(dropAhead_py(t, b));
  size_t capacity = static_cast<size_t>(b->capacity);
  if (b->pending->size() + data.size() <= capacity) {
    b->pending->append(data);
    return kDone;
  }
  if (!b->pending->empty() && flushPending_py(t, b).failed) {
    if (!pendingMatches(t, errors(t).blocking_io_error)) return kRaised;
    clearException(t);
    size_t room = capacity > b->pending->size() ? capacity - b->pending->size() : 0;
    b->pending->append(data.substr(0, room));
    if (room >= data.size()) return kDone;
    return raiseBlocking(t, static_cast<int64_t>(room));
  }
  size_t done = 0;
  while (data.size() - done > capacity) {
    int64_t n = TRY(rawWrite_py(t, b, data.substr(done)));
    if (n == kWouldBlock) {
      b->pending->append(data.substr(done, capacity));
      if (data.size() - done <= capacity) return kDone;
      return raiseBlocking(t, static_cast<int64_t>(done + capacity));
    }
    done += static_cast<size_t>(n);
    TRY(checkSignals_py(t));
  }
  b->pending->append(data.substr(done));
  return kDone;
}
static Ref write(Thread& t, const Value* a) {
  TRY(checkReady(t, self(a)));
  if (isStr(a[1])) return raiseTypeError(t, "a bytes-like object is required, not 'str'");
  Buffer data;
  TRY(data.acquire(t, a[1]));
  TRY(checkOpen_py(t, self(a), "write"));
  TRY(bufferedWrite_py(t, self(a), data.view()));
  return newIntSmall(data.size());
}
Status bufferedFlush_py(Thread& t, Buffered* b) {
  TRY(checkOpen_py(t, b, "flush"));
  ENTER(b);
  if (b->writable && !b->pending->empty()) TRY(flushPending_py(t, b));
  if (b->readable && b->end > b->at) {
    bool can_seek = TRY(asks_py(t, b->raw, "seekable"));
    if (can_seek) TRY(dropAhead_py(t, b));
  }
  return kDone;
}
static Ref flush(Thread& t, const Value* a) {
  Buffered* b = self(a);
  TRY(checkReady(t, b));
  if (!b->writable) {  // a reader only passes it on
    if (TRY(isClosed_py(t, a[0]))) return raiseClosedFile(t);
    return callName(t, b->raw, "flush");
  }
  TRY(bufferedFlush_py(t, b));
  return Ref::none();
}

// --- position
static Ref tell(Thread& t, const Value* a) {
  Buffered* b = self(a);
  TRY(checkReady(t, b));
  int64_t at = TRY(rawTell_py(t, b)) - (b->end - b->at) + static_cast<int64_t>(b->pending != nullptr ? b->pending->size() : 0);
  return newInt(t, at < 0 ? 0 : at);
}
static Ref seek(Thread& t, const Value* a) {
  Buffered* b = self(a);
  TRY(checkReady(t, b));
  int whence = TRY(toCInt_py(t, a[2]));
  if (whence < 0 || whence > 4) return raiseValueError(t, "whence value %d unsupported", whence);
  TRY(checkOpen_py(t, b, "seek"));
  if (!TRY(asks_py(t, b->raw, "seekable"))) return raiseUnsupported(t, "File or stream is not seekable.");
  int64_t target = TRY(toInt64_py(t, a[1]));
  ENTER(b);
  if (b->writable && !b->pending->empty()) TRY(flushPending_py(t, b));
  int64_t ahead = b->end - b->at;
  if (whence != 2 && ahead > 0) {  // inside what was read: no system call but one
    int64_t at = TRY(rawTell_py(t, b)) - ahead;
    int64_t distance = whence == 0 ? target - at : target;
    if (distance >= -b->at && distance <= ahead) {
      b->at += distance;
      return newInt(t, at + distance);
    }
  }
  if (whence == 1) target -= ahead;
  b->at = b->end = 0;
  return newInt(t, TRY(rawSeek_py(t, b, target, whence)));
}
static Ref truncate(Thread& t, const Value* a) {
  Buffered* b = self(a);
  TRY(checkOpen_py(t, b, "truncate"));
  if (!b->writable) return raiseUnsupported(t, "truncate");
  Ref position = Ref::of(a[1]);
  {
    ENTER(b);
    TRY(flushPending_py(t, b));
    TRY(dropAhead_py(t, b));
  }
  if (position.get().isNone()) position = TRY(callName(t, b->raw, "tell"));
  return callName(t, b->raw, "truncate", position.get());
}

// --- the rest goes to the raw stream
template <int Name>
static Ref onRaw(Thread& t, const Value* a) {
  static constexpr const char* kNames[] = {"seekable", "readable", "writable", "fileno", "isatty"};
  TRY(checkReady(t, self(a)));
  return callName(t, self(a)->raw, kNames[Name]);
}
template <int Name>
static Ref rawAttribute(Thread& t, Value v) {
  static constexpr const char* kNames[] = {"closed", "name", "mode"};
  TRY(checkReady(t, self(v)));
  return getAttrNamed_py(t, self(v)->raw, kNames[Name]);
}
static Ref getRaw(Thread&, Value v) { return self(v)->raw.defined() ? Ref::of(self(v)->raw) : Ref::none(); }
static Ref getFinalizing(Thread&, Value v) { return Ref::boolean(self(v)->finalizing); }
static Status setFinalizing(Thread& t, Value v, Value value) {
  self(v)->finalizing = TRY(isTrue_py(t, value));
  return kDone;
}
static Ref deallocWarn(Thread& t, const Value* a) {
  if (self(a)->ok && self(a)->raw.defined()) {
    Ref done = callName(t, self(a)->raw, "_dealloc_warn", a[1]);
    if (!done) clearException(t);
  }
  return Ref::none();
}
static Ref close(Thread& t, const Value* a) {
  Buffered* b = self(a);
  TRY(checkReady(t, b));
  if (TRY(isClosed_py(t, a[0]))) return Ref::none();
  if (b->finalizing) {
    Value args[2] = {a[0], a[0]};
    (void)deallocWarn(t, args);
  }
  Ref flushed = callName(t, a[0], "flush");
  Ref first = flushed ? Ref() : takeException(t);
  Ref closed = callName(t, b->raw, "close");
  std::free(b->data);
  b->data = nullptr;
  b->at = b->end = 0;
  if (b->pending != nullptr) b->pending->clear();
  if (!first) return closed ? Ref::none() : Ref();
  if (!closed) {
    Ref second = takeException(t);
    setContext(second.as<BaseException>(), first.get());
    first = std::move(second);
  }
  restoreException(t, std::move(first));
  return Ref();
}
static Ref detach(Thread& t, const Value* a) {
  Buffered* b = self(a);
  TRY(checkReady(t, b));
  Ref done = TRY(callName(t, a[0], "flush"));
  Ref raw = Ref::steal(b->raw);
  b->raw = Value();
  b->detached = true;
  b->ok = false;
  return raw;
}
static Ref repr(Thread& t, Value v) {
  Type* type = v.object()->type;
  std::string module = "_io";
  if (type->has(kTypeHeap)) {
    Ref m = getAttr_py(t, Value(type), t.names().d_module);
    if (m && isStr(m.get())) module = toUtf8(m.as<Str>());
  }
  return newStr(t, "<" + module + "." + toUtf8(type->qualname) + nameText_py(t, v) + ">");
}

// --- construction
static Status start_py(Thread& t, Value v, const char* name, const Value* args, uint32_t nargs, Tuple* keywords, bool readable, bool writable) {
  BoundArguments a;
  Buffered* b = self(v);
  TRY(bindArguments_py(t, name, "(raw, buffer_size=131072)", args, nargs, keywords, a));
  b->ok = b->detached = false;
  if (readable && writable && !TRY(asks_py(t, a[0], "seekable"))) return raiseUnsupported(t, "File or stream is not seekable.");
  if (readable && !TRY(asks_py(t, a[0], "readable"))) return raiseUnsupported(t, "File or stream is not readable.");
  if (writable && !TRY(asks_py(t, a[0], "writable"))) return raiseUnsupported(t, "File or stream is not writable.");
  int64_t size = TRY(toInt64_py(t, a[1]));
  if (size <= 0) return raiseValueError(t, "buffer size must be strictly positive");
  if (!canAllocate(static_cast<size_t>(size))) return raiseMemoryError(t);
  Value old = b->raw;
  b->raw = share(a[0]);
  decref(old);
  std::free(b->data);
  b->data = nullptr;
  b->capacity = size;
  b->at = b->end = 0;
  if (b->pending == nullptr) b->pending = new std::string();
  b->pending->clear();
  b->readable = readable;
  b->writable = writable;
  b->ok = true;
  return kDone;
}
static Status initReader(Thread& t, Value v, const Value* args, uint32_t nargs, Tuple* keywords) { return start_py(t, v, "BufferedReader", args, nargs, keywords, true, false); }
static Status initWriter(Thread& t, Value v, const Value* args, uint32_t nargs, Tuple* keywords) { return start_py(t, v, "BufferedWriter", args, nargs, keywords, false, true); }
static Status initRandom(Thread& t, Value v, const Value* args, uint32_t nargs, Tuple* keywords) { return start_py(t, v, "BufferedRandom", args, nargs, keywords, true, true); }

#define READING {"read", "($self, size=-1, /)", read}, {"read1", "($self, size=-1, /)", read1}, {"readinto", "($self, buffer, /)", readinto}, \
    {"readinto1", "($self, buffer, /)", readinto1}, {"peek", "($self, size=0, /)", peek}, {"readline", "($self, size=-1, /)", readline}
#define WRITING {"write", "($self, buffer, /)", write}
#define BOTH {"flush", "($self, /)", flush}, {"close", "($self, /)", close}, {"detach", "($self, /)", detach}, {"seekable", "($self, /)", onRaw<0>}, \
    {"fileno", "($self, /)", onRaw<3>}, {"isatty", "($self, /)", onRaw<4>}, {"tell", "($self, /)", tell}, {"seek", "($self, target, whence=0, /)", seek}, \
    {"truncate", "($self, pos=None, /)", truncate}, {"_dealloc_warn", "($self, source, /)", deallocWarn}, {"__getstate__", "($self, /)", cannotPickle}, \
    {"__reduce__", "($self, /)", cannotPickle}, {"__reduce_ex__", "($self, protocol, /)", cannotPickle}
static const NativeDef kReaderMethods[] = {READING, BOTH, {"readable", "($self, /)", onRaw<1>}, {nullptr, nullptr, nullptr}};
static const NativeDef kWriterMethods[] = {WRITING, BOTH, {"writable", "($self, /)", onRaw<2>}, {nullptr, nullptr, nullptr}};
static const NativeDef kRandomMethods[] = {READING, WRITING, BOTH, {"readable", "($self, /)", onRaw<1>}, {"writable", "($self, /)", onRaw<2>}, {nullptr, nullptr, nullptr}};
static const GetSetDef kGetSets[] = {{"raw", getRaw}, {"closed", rawAttribute<0>}, {"name", rawAttribute<1>}, {"mode", rawAttribute<2>},
    {"_finalizing", getFinalizing, setFinalizing}, {nullptr, nullptr}};

void addBufferedTypes(Thread& t, Module* m) {
  auto add = [&](const char* name, const NativeDef* methods, auto init, bool reads, const char* doc) {
    Type* type = makeType(*t.isolate, {.name = name, .size = sizeof(Buffered), .flags = kTypeGc | kTypeBaseable | kTypeWeakrefable | kTypeFinalizesLate, .base = types.buffered,
                                       .methods = methods, .getsets = kGetSets, .doc = doc, .dict_offset = kDictOffset});
    type->slots.dealloc = dealloc;
    type->slots.traverse = traverse;
    type->slots.make = make;
    type->slots.init = init;
    type->slots.repr = repr;
    if (reads) type->slots.next = next;
    readyType(*t.isolate, type);
    moduleSetType(t, m, type);
    return type;
  };
  types.reader = add("_io.BufferedReader", kReaderMethods, initReader, true, "Create a new buffered reader using the given readable raw IO object.");
  types.writer = add("_io.BufferedWriter", kWriterMethods, initWriter, false, "A buffer for a writeable sequential RawIO object.");
  types.random = add("_io.BufferedRandom", kRandomMethods, initRandom, true, "A buffered interface to random access streams.");
}

}  // namespace krait::modules::io
