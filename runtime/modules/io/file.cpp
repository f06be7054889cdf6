// FileIO: unbuffered files. ref: Modules/_io/fileio.c.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>

#include "runtime/modules/audit.h"
#include "runtime/modules/io/io.h"
#include "runtime/object/instance.h"
#include "runtime/object/repr_guard.h"

namespace krait::modules::io {

static FileIO* self(Value v) { return v.as<FileIO>(); }
static FileIO* self(const Value* a) { return a[0].as<FileIO>(); }

static void dealloc(Object* o) { deallocDict(static_cast<IOBase*>(o)); }
static Ref make(Thread&, Type* type, const Value*, uint32_t, Tuple*) {
  FileIO* f = allocate<FileIO>(type);
  f->fd = -1;
  f->seekable = -1;
  f->closefd = true;
  f->block_size = kBufferSize;
  gcTrack(f);
  return Ref::steal(f);
}

static Ref closeFd(Thread& t, FileIO* f) {
  int fd = f->fd;
  f->fd = -1;
  if (fd < 0) return Ref::none();
  int result;
  {
    WithoutLock unlocked(t);
    result = ::close(fd);
  }
  if (result != 0 && errno != EINTR) return raiseOSError(t, errno);
  return Ref::none();
}

// The flags of a mode like "rb+"; raises ValueError. ref: the mode loop of _io_FileIO___init___impl.
static Fallible<int> flagsOf_py(Thread& t, FileIO* f, std::string_view mode) {
  constexpr const char* kOnce = "Must have exactly one of create/read/write/append mode and at most one plus";
  bool has_kind = false, has_plus = false;
  int flags = 0;
  for (char c : mode) {
    if (c == 'b') continue;
    if (c == '+') {
      if (has_plus) return raiseValueError(t, "%s", kOnce);
      has_plus = f->readable = f->writable = true;
      continue;
    }
    if (c != 'r' && c != 'w' && c != 'a' && c != 'x') return raiseValueError(t, "invalid mode: %.200s", std::string(mode).c_str());
    if (has_kind) return raiseValueError(t, "%s", kOnce);
    has_kind = true;
    if (c == 'r') f->readable = true;
    else f->writable = true;
    if (c == 'w') flags |= O_CREAT | O_TRUNC;
    if (c == 'x') f->created = true, flags |= O_EXCL | O_CREAT;
    if (c == 'a') f->appending = true, flags |= O_APPEND | O_CREAT;
  }
  if (!has_kind) return raiseValueError(t, "%s", kOnce);
  return flags | (f->readable && f->writable ? O_RDWR : f->readable ? O_RDONLY : O_WRONLY) | O_CLOEXEC;
}

static Status openNamed_py(Thread& t, FileIO* f, Value file, int flags, Value opener) {
  if (!opener.isNone() && opener.defined()) {
    Ref fd = callArgs_py(t, opener, file, Value::fromInt(flags));
    if (!fd) return kRaised;
    if (!isIntLike(fd.get())) return raiseTypeError(t, "expected integer from opener");
    f->fd = TRY(toCInt_py(t, fd.get()));
    if (f->fd < 0) {
      int bad = f->fd;
      f->fd = -1;
      return raiseValueError(t, "opener returned %d", bad);
    }
    int now = fcntl(f->fd, F_GETFD);
    if (now >= 0) fcntl(f->fd, F_SETFD, now | FD_CLOEXEC);
    return kDone;
  }
  PathArg path;
  TRY(pathArg_py(t, file, kPathOnly, "", "path", path));
  f->fd = static_cast<int>(TRY(blockingCall_py(t, [&] { return ::open(path.c(), flags, 0666); })));
  if (f->fd < 0) return raiseOSError(t, errno, file);
  return kDone;
}

static Status init(Thread& t, Value v, const Value* args, uint32_t nargs, Tuple* keywords) {
  BoundArguments a;
  TRY(bindArguments_py(t, "FileIO", "(file, mode='r', closefd=True, opener=None)", args, nargs, keywords, a));
  FileIO* f = self(v);
  if (f->fd >= 0) {
    if (f->closefd) {
      if (closeFd(t, f).raised()) return kRaised;
    } else {
      f->fd = -1;
    }
  }
  f->readable = f->writable = f->created = f->appending = false;
  f->seekable = -1;
  if (!isStr(a[1])) return raiseTypeError(t, "FileIO() argument 'mode' must be str, not %s", typeNameOf(t, a[1]));
  bool is_number = isIntLike(a[0]);
  int fd = -1;
  if (a[0].isFloat()) return raiseTypeError(t, "integer argument expected, got float");
  if (is_number) {
    int64_t wanted;  // a number that is no int is taken for a path: ref: _io_FileIO___init___impl
    if (!intFits(a[0], wanted) || wanted != static_cast<int>(wanted)) return raiseTypeError(t, "expected str, bytes or os.PathLike object, not %s", typeNameOf(t, a[0]));
    if (wanted < 0) return raiseValueError(t, "negative file descriptor");
    fd = static_cast<int>(wanted);
  }
  std::string mode = toUtf8(a[1].as<Str>());
  int flags = TRY(flagsOf_py(t, f, mode));
  f->closefd = TRY(isTrue_py(t, a[2]));
  TRY(audit_py(t, "open", {a[0], a[1], Value::fromInt(flags)}));
  if (is_number) {
    f->fd = fd;
  } else {
    if (!f->closefd) return raiseValueError(t, "Cannot use closefd=False with file name");
    TRY(openNamed_py(t, f, a[0], flags, a[3]));
  }
  struct stat st;
  int error = 0;
  if (fstat(f->fd, &st) != 0) error = errno == EBADF ? EBADF : 0;
  else if (S_ISDIR(st.st_mode)) error = EISDIR;
  else if (st.st_blksize > 1) f->block_size = st.st_blksize;
  if (error != 0) {
    if (!is_number && f->closefd) ::close(f->fd);
    f->fd = -1;
    return raiseOSError(t, error, is_number && error == EBADF ? Value() : a[0]);
  }
  if (setAttr_py(t, v, t.names().name, a[0]).failed) {
    if (is_number) f->fd = -1;  // it stays its owner's
    return kRaised;
  }
  if (f->appending) lseek(f->fd, 0, SEEK_END);
  return kDone;
}
Ref newFileIO_py(Thread& t, Value file, Value mode, Value closefd, Value opener) {
  Value args[4] = {file, mode, closefd, opener};
  Ref made = make(t, types.file, args, 4, nullptr);
  TRY(init(t, made.get(), args, 4, nullptr));
  return made;
}

#define OPEN(f) \
  if ((f)->fd < 0) return raiseClosedFile(t)
#define NEEDS(f, what, text) \
  if (!(f)->what) return raiseUnsupported(t, "File not open for " text)

// --- reading and writing
Fallible<int64_t> fileRead_py(Thread& t, FileIO* f, uint8_t* out, int64_t size) {
  OPEN(f);
  NEEDS(f, readable, "reading");
  int fd = f->fd;
  int64_t n = TRY(blockingCall_py(t, [&] { return ::read(fd, out, static_cast<size_t>(size > 0x7ffff000 ? 0x7ffff000 : size)); }));
  if (n >= 0) return n;
  if (errno == EAGAIN) return kWouldBlock;
  return raiseOSError(t, errno);
}
Fallible<int64_t> fileWrite_py(Thread& t, FileIO* f, const uint8_t* data, int64_t size) {
  OPEN(f);
  NEEDS(f, writable, "writing");
  int fd = f->fd;
  int64_t n = TRY(blockingCall_py(t, [&] { return ::write(fd, data, static_cast<size_t>(size > 0x7ffff000 ? 0x7ffff000 : size)); }));
  if (n >= 0) return n;
  if (errno == EAGAIN) return kWouldBlock;
  return raiseOSError(t, errno);
}
static Ref countOrNone(Thread&, int64_t n) { return n == kWouldBlock ? Ref::none() : newIntSmall(n); }
static Ref readinto(Thread& t, const Value* a) {
  FileIO* f = self(a);
  OPEN(f);
  NEEDS(f, readable, "reading");
  Buffer buffer;
  TRY(buffer.acquireWritable(t, a[1], "readinto() argument"));
  return countOrNone(t, TRY(fileRead_py(t, f, buffer.data(), buffer.size())));
}
static Ref write(Thread& t, const Value* a) {
  FileIO* f = self(a);
  OPEN(f);
  NEEDS(f, writable, "writing");
  Buffer data;
  TRY(data.acquire(t, a[1]));
  return countOrNone(t, TRY(fileWrite_py(t, f, data.data(), data.size())));
}
static Ref readall(Thread& t, const Value* a) {
  FileIO* f = self(a);
  OPEN(f);
  NEEDS(f, readable, "reading");
  struct stat st;
  int64_t guess = kBufferSize;
  if (fstat(f->fd, &st) == 0 && st.st_size > 0) {
    int64_t at = lseek(f->fd, 0, SEEK_CUR);
    if (at >= 0 && st.st_size >= at) guess = st.st_size - at + 1;
  }
  std::string all;
  for (size_t filled = 0;;) {
    if (filled == all.size()) all.resize(filled == 0 ? static_cast<size_t>(guess) : filled + filled / 2 + 65536);
    int64_t n = TRY(fileRead_py(t, f, reinterpret_cast<uint8_t*>(all.data()) + filled, static_cast<int64_t>(all.size() - filled)));
    if (n == kWouldBlock && filled == 0) return Ref::none();
    if (n <= 0) {
      all.resize(filled);
      return newBytes(t, all);
    }
    filled += static_cast<size_t>(n);
  }
}
static Ref read(Thread& t, const Value* a) {
  FileIO* f = self(a);
  OPEN(f);
  NEEDS(f, readable, "reading");
  int64_t size = TRY(sizeArg_py(t, a[1]));
  if (size < 0) return readall(t, a);
  Ref bytes = TRY(newBytesBuffer(t, size));
  int64_t n = TRY(fileRead_py(t, f, bytes.as<Bytes>()->data(), size));
  if (n == kWouldBlock) return Ref::none();
  return n == size ? std::move(bytes) : newBytes(t, bytes.as<Bytes>()->view().substr(0, static_cast<size_t>(n)));
}

// --- position and state
static Ref seek(Thread& t, const Value* a) {
  OPEN(self(a));
  if (a[1].isFloat()) return raiseTypeError(t, "an integer is required");
  int64_t offset = TRY(toInt64_py(t, a[1]));
  int64_t at = lseek(self(a)->fd, offset, TRY(toCInt_py(t, a[2])));
  return intOrError(t, at);
}
static Ref tell(Thread& t, const Value* a) {
  OPEN(self(a));
  return intOrError(t, lseek(self(a)->fd, 0, SEEK_CUR));
}
static Ref truncate(Thread& t, const Value* a) {
  FileIO* f = self(a);
  OPEN(f);
  NEEDS(f, writable, "writing");
  int64_t size = a[1].isNone() ? lseek(f->fd, 0, SEEK_CUR) : TRY(toInt64_py(t, a[1]));
  if (size < 0 && a[1].isNone()) return raiseOSError(t, errno);
  int fd = f->fd;
  if (TRY(blockingCall_py(t, [&] { return ftruncate(fd, size); })) != 0) return raiseOSError(t, errno);
  return newInt(t, size);
}
static Ref seekable(Thread& t, const Value* a) {
  FileIO* f = self(a);
  OPEN(f);
  if (f->seekable < 0) f->seekable = lseek(f->fd, 0, SEEK_CUR) >= 0;
  return Ref::boolean(f->seekable != 0);
}
static Ref readable(Thread& t, const Value* a) {
  OPEN(self(a));
  return Ref::boolean(self(a)->readable);
}
static Ref writable(Thread& t, const Value* a) {
  OPEN(self(a));
  return Ref::boolean(self(a)->writable);
}
static Ref fileno(Thread& t, const Value* a) {
  OPEN(self(a));
  return newInt(t, self(a)->fd);
}
static Ref isatty(Thread& t, const Value* a) {
  OPEN(self(a));
  return Ref::boolean(::isatty(self(a)->fd) == 1);
}
static Status warnUnclosed_py(Thread& t, Value v, Value shown) {
  if (self(v)->fd < 0 || !self(v)->closefd) return kDone;
  return warn_py(t, errors(t).resource_warning, 1, "unclosed file %s", reprText_py(t, shown).c_str());
}
static Ref deallocWarn(Thread& t, const Value* a) {
  Status s = warnUnclosed_py(t, a[0], a[1]);
  if (s.failed) clearException(t);
  return Ref::none();
}
static Ref close(Thread& t, const Value* a) {
  FileIO* f = self(a);
  bool was_closed = f->is_closed;
  if (f->finalizing && warnUnclosed_py(t, a[0], a[0]).failed) {
    if (pendingMatches(t, errors(t).warning)) writeUnraisable_py(t, nullptr, a[0]);
    else clearException(t);
  }
  Ref flushed = was_closed ? Ref::none() : callName(t, a[0], "flush");
  f->is_closed = true;
  if (!f->closefd) {
    f->fd = -1;
    return flushed ? Ref::none() : Ref();
  }
  if (!flushed) {
    Ref saved = takeException(t);
    Ref closed = closeFd(t, f);
    clearException(t);
    restoreException(t, std::move(saved));
    return Ref();
  }
  return closeFd(t, f);
}
static const char* modeText(const FileIO* f) {
  if (f->created) return f->readable ? "xb+" : "xb";
  if (f->appending) return f->readable ? "ab+" : "ab";
  if (f->readable) return f->writable ? "rb+" : "rb";
  return "wb";
}
static Ref getMode(Thread& t, Value v) { return newStr(t, modeText(self(v))); }
static Ref getClosed(Thread&, Value v) { return Ref::boolean(self(v)->fd < 0); }
static Ref getCloseFd(Thread&, Value v) { return Ref::boolean(self(v)->closefd); }
static Ref getFinalizing(Thread&, Value v) { return Ref::boolean(self(v)->finalizing); }
static Status setFinalizing(Thread& t, Value v, Value value) {
  self(v)->finalizing = TRY(isTrue_py(t, value));
  return kDone;
}
static Ref getBlockSize(Thread& t, Value v) { return newInt(t, self(v)->block_size); }
static Status setBlockSize(Thread& t, Value v, Value value) {
  self(v)->block_size = TRY(toInt64_py(t, value));
  return kDone;
}
static Ref repr(Thread& t, Value v) {
  FileIO* f = self(v);
  std::string type = "_io";
  Ref module = getAttr_py(t, Value(v.object()->type), t.names().d_module);
  if (!module) clearException(t);
  if (module && isStr(module.get())) type = toUtf8(module.as<Str>());
  type += "." + toUtf8(v.object()->type->qualname);
  if (f->fd < 0) return newStr(t, "<" + type + " [closed]>");
  Ref name = findAttr_py(t, v, t.names().name);
  if (!name) {
    clearException(t);
    return strFormat(t, "<%s fd=%d mode='%s' closefd=%s>", type.c_str(), f->fd, modeText(f), f->closefd ? "True" : "False");
  }
  ReprGuard guard(t, v);
  if (guard.isNested()) return raiseRuntimeError(t, "reentrant call inside %s.__repr__", typeName(v.object()->type));
  Ref name_text = TRY(repr_py(t, name.get()));
  return strFormat(t, "<%s name=%s mode='%s' closefd=%s>", type.c_str(), toUtf8(name_text.as<Str>()).c_str(), modeText(f), f->closefd ? "True" : "False");
}

static const NativeDef kMethods[] = {
    {"read", "($self, size=-1, /)", read}, {"readall", "($self, /)", readall}, {"readinto", "($self, buffer, /)", readinto}, {"write", "($self, b, /)", write},
    {"seek", "($self, pos, whence=0, /)", seek}, {"tell", "($self, /)", tell}, {"truncate", "($self, size=None, /)", truncate}, {"close", "($self, /)", close},
    {"seekable", "($self, /)", seekable}, {"readable", "($self, /)", readable}, {"writable", "($self, /)", writable}, {"fileno", "($self, /)", fileno},
    {"isatty", "($self, /)", isatty}, {"_isatty_open_only", "($self, /)", isatty}, {"_dealloc_warn", "($self, source, /)", deallocWarn},
    {"__getstate__", "($self, /)", cannotPickle}, {"__reduce__", "($self, /)", cannotPickle}, {"__reduce_ex__", "($self, protocol, /)", cannotPickle}, {nullptr, nullptr, nullptr}};
static const GetSetDef kGetSets[] = {{"closed", getClosed, nullptr, "True if the file is closed"}, {"closefd", getCloseFd, nullptr, "True if the file descriptor will be closed by close()."}, {"mode", getMode, nullptr, "String giving the file mode"}, {"_finalizing", getFinalizing, setFinalizing},
    {"_blksize", getBlockSize, setBlockSize}, {nullptr, nullptr}};

void addFileType(Thread& t, Module* m) {
  Type* type = types.file = makeType(*t.isolate, {.name = "_io.FileIO", .size = sizeof(FileIO), .flags = kTypeGc | kTypeBaseable | kTypeWeakrefable | kTypeFinalizesLate,
      .base = types.raw, .methods = kMethods, .getsets = kGetSets, .doc = "Open a file.", .dict_offset = kDictOffset});
  type->slots.dealloc = dealloc;
  type->slots.make = make;
  type->slots.init = init;
  type->slots.repr = repr;
  readyType(*t.isolate, type);
  moduleSetType(t, m, type);
}

}  // namespace krait::modules::io
