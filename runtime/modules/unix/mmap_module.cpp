// The `mmap` module: memory of files. ref: Modules/mmapmodule.c.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>

#include "runtime/modules/audit.h"
#include "runtime/modules/os_support.h"
#include "runtime/object/heap.h"
#include "runtime/object/plain_key.h"

namespace krait::modules {

struct Mapping : Object {
  uint8_t* data;  // null once closed
  int64_t size, position, offset, exports;
  int fd;         // a duplicate, or -1
  int access, flags;
  bool has_fd;    // false: trackfd=False, or memory without a file
  bool is_tracked;
};
enum Access { kDefault = 0, kRead = 1, kWrite = 2, kCopy = 3 };
static Mapping* self(Value v) { return v.as<Mapping>(); }
static Mapping* self(const Value* a) { return a[0].as<Mapping>(); }
static std::string_view view(const Mapping* m) { return {reinterpret_cast<const char*>(m->data), static_cast<size_t>(m->size)}; }

static Ref make(Thread& t, Type* type, const Value* args, uint32_t nargs, Tuple* keywords) {
  BoundArguments a;
  TRY(bindArguments_py(t, "mmap", "(fileno, length, flags=1, prot=3, access=0, offset=0, *, trackfd=True)", args, nargs, keywords, a));
  int fd = TRY(toCInt_py(t, a[0]));
  int64_t length = TRY(toInt64_py(t, a[1])), offset = TRY(toInt64_py(t, a[5]));
  int flags = TRY(toCInt_py(t, a[2])), protection = TRY(toCInt_py(t, a[3])), access = TRY(toCInt_py(t, a[4]));
  if (length < 0) return raiseOverflowError(t, "memory mapped length must be positive");
  if (offset < 0) return raiseOverflowError(t, "memory mapped offset must be positive");
  if (access != kDefault && (flags != MAP_SHARED || protection != (PROT_READ | PROT_WRITE))) return raiseValueError(t, "mmap can't specify both access and flags, prot.");
  if (access == kRead) protection = PROT_READ;
  else if (access == kCopy) flags = MAP_PRIVATE;
  else if (access < 0 || access > kCopy) return raiseValueError(t, "mmap invalid access parameter.");
  else if (access == kDefault && (protection & (PROT_READ | PROT_WRITE)) != (PROT_READ | PROT_WRITE)) access = protection & PROT_WRITE ? kWrite : kRead;
  bool is_tracked = TRY(isTrue_py(t, a[6]));
  TRY(audit_py(t, "mmap.__new__", {Value::fromInt(fd), a[1], Value::fromInt(access), a[5]}));
  struct stat st;
  if (fd != -1) {
    if (fstat(fd, &st) != 0) return raiseOSError(t, errno);
    if (S_ISREG(st.st_mode)) {
      if (length == 0) {
        if (st.st_size == 0) return raiseValueError(t, "cannot mmap an empty file");
        if (offset >= st.st_size) return raiseValueError(t, "mmap offset is greater than file size");
        length = st.st_size - offset;
      } else if (offset > st.st_size || st.st_size - offset < length) {
        return raiseValueError(t, "mmap length is greater than file size");
      }
    }
  } else {
    flags |= MAP_ANONYMOUS;
  }
  void* data = ::mmap(nullptr, static_cast<size_t>(length), protection, flags, fd, offset);
  if (data == MAP_FAILED) return raiseOSError(t, errno);
  Mapping* m = allocate<Mapping>(type);
  m->data = static_cast<uint8_t*>(data);
  m->size = length;
  m->offset = offset;
  m->fd = fd >= 0 && is_tracked ? fcntl(fd, F_DUPFD_CLOEXEC, 0) : -1;
  m->has_fd = fd >= 0;
  m->is_tracked = is_tracked;
  m->access = access;
  m->flags = flags;
  return Ref::steal(m);
}
static void unmap(Mapping* m) {
  if (m->data != nullptr) munmap(m->data, static_cast<size_t>(m->size));
  if (m->fd >= 0) ::close(m->fd);
  m->data = nullptr;
  m->fd = -1;
}
static void dealloc(Object* o) {
  if (static_cast<Mapping*>(o)->data != nullptr) unmap(static_cast<Mapping*>(o));
}
#define OPEN(m) \
  if ((m)->data == nullptr) return raiseValueError(t, "mmap closed or invalid")
#define WRITABLE(m) \
  if ((m)->access == kRead) return raiseTypeError(t, "mmap can't modify a readonly memory map.")
static Ref closeFn(Thread& t, const Value* a) {
  if (self(a)->exports > 0) return raise(t, errors(t).buffer_error, "cannot close exported pointers exist");
  unmap(self(a));
  return Ref::none();
}
static Ref take(Thread& t, Mapping* m, int64_t n) {
  int64_t left = m->size - m->position;
  if (left < 0) left = 0;
  if (n < 0 || n > left) n = left;
  Ref r = newBytes(t, view(m).substr(static_cast<size_t>(m->position < m->size ? m->position : m->size), static_cast<size_t>(n)));
  m->position += n;
  return r;
}
static Ref readFn(Thread& t, const Value* a) {
  int64_t count = a[1].isNone() ? -1 : TRY(toInt64_py(t, a[1]));
  OPEN(self(a));  // after the arguments' own code, here and below
  return take(t, self(a), count);
}
static Ref readline(Thread& t, const Value* a) {
  OPEN(self(a));
  size_t end = view(self(a)).find('\n', static_cast<size_t>(self(a)->position));
  return take(t, self(a), end == std::string_view::npos ? -1 : static_cast<int64_t>(end) + 1 - self(a)->position);
}
static Ref readByte(Thread& t, const Value* a) {
  OPEN(self(a));
  if (self(a)->position >= self(a)->size) return raiseValueError(t, "read byte out of range");
  return newIntSmall(self(a)->data[self(a)->position++]);
}
static Ref writeFn(Thread& t, const Value* a) {
  Mapping* m = self(a);
  Buffer data;
  TRY(data.acquire(t, a[1]));
  OPEN(m);
  WRITABLE(m);
  if (m->position > m->size || data.size() > m->size - m->position) return raiseValueError(t, "data out of range");
  std::memcpy(m->data + m->position, data.data(), static_cast<size_t>(data.size()));
  m->position += data.size();
  return newIntSmall(data.size());
}
static Ref writeByte(Thread& t, const Value* a) {
  int64_t n = TRY(toInt64_py(t, a[1]));
  OPEN(self(a));
  WRITABLE(self(a));
  if (self(a)->position >= self(a)->size) return raiseValueError(t, "write byte out of range");
  self(a)->data[self(a)->position++] = static_cast<uint8_t>(n);
  return Ref::none();
}
static Ref findIn(Thread& t, const Value* a, bool from_end) {
  Mapping* m = self(a);
  Buffer needle;
  TRY(needle.acquire(t, a[1]));
  int64_t begin = a[2].isUndefined() ? (from_end ? 0 : m->position) : TRY(toInt64_py(t, a[2])), end = a[3].isUndefined() ? m->size : TRY(toInt64_py(t, a[3]));
  OPEN(m);
  if (begin < 0) begin = begin + m->size < 0 ? 0 : begin + m->size;
  if (end < 0) end = end + m->size < 0 ? 0 : end + m->size;
  if (end > m->size) end = m->size;
  if (begin > end) return newIntSmall(-1);
  std::string_view part = view(m).substr(static_cast<size_t>(begin), static_cast<size_t>(end - begin));
  size_t at = from_end ? part.rfind(needle.view()) : part.find(needle.view());
  return newIntSmall(at == std::string_view::npos ? -1 : begin + static_cast<int64_t>(at));
}
static Ref findFn(Thread& t, const Value* a) { return findIn(t, a, false); }
static Ref rfindFn(Thread& t, const Value* a) { return findIn(t, a, true); }
static Ref tell(Thread& t, const Value* a) {
  OPEN(self(a));
  return newInt(t, self(a)->position);
}
static Ref seek(Thread& t, const Value* a) {
  Mapping* m = self(a);
  int64_t offset = TRY(toInt64_py(t, a[1]));
  int whence = TRY(toCInt_py(t, a[2]));
  OPEN(m);
  if (whence < 0 || whence > 2) return raiseValueError(t, "unknown seek type");
  int64_t to = offset + (whence == 0 ? 0 : whence == 1 ? m->position : m->size);
  if (to < 0 || to > m->size) return raiseValueError(t, "seek out of range");
  m->position = to;
  return newInt(t, to);
}
static Ref flushFn(Thread& t, const Value* a) {
  Mapping* m = self(a);
  int64_t offset = TRY(toInt64_py(t, a[1])), size = a[2].isUndefined() ? m->size : TRY(toInt64_py(t, a[2]));
  OPEN(m);
  if (offset < 0 || size < 0 || offset + size > m->size) return raiseValueError(t, "flush values out of range");
  if (m->access == kRead || m->access == kCopy) return Ref::none();
  if (msync(m->data + offset, static_cast<size_t>(size), MS_SYNC) != 0) return raiseOSError(t, errno);
  return Ref::none();
}
static Ref sizeFn(Thread& t, const Value* a) {
  OPEN(self(a));
  struct stat st;
  if (self(a)->fd < 0 && self(a)->has_fd) return raiseValueError(t, "can't get size with trackfd=False");
  if (self(a)->fd < 0) return newInt(t, self(a)->size);
  if (fstat(self(a)->fd, &st) != 0) return raiseOSError(t, errno);
  return newInt(t, st.st_size);
}
static Ref resizeFn(Thread& t, const Value* a) {
  Mapping* m = self(a);
  int64_t size = TRY(toInt64_py(t, a[1]));
  OPEN(m);
  if (!m->is_tracked) return raiseValueError(t, "mmap can't resize with trackfd=False.");
  if (m->exports > 0) return raise(t, errors(t).buffer_error, "mmap can't resize with extant pointers exported.");
  if (m->access != kWrite && m->access != kDefault) return raiseTypeError(t, "mmap can't resize a readonly or copy-on-write memory map.");
  if (size < 0) return raiseValueError(t, "new size out of range");
  if (m->fd >= 0 && ftruncate(m->fd, m->offset + size) != 0) return raiseOSError(t, errno);
  void* data = mremap(m->data, static_cast<size_t>(m->size), static_cast<size_t>(size), MREMAP_MAYMOVE);
  if (data == MAP_FAILED) return raiseOSError(t, errno);
  m->data = static_cast<uint8_t*>(data);
  m->size = size;
  return Ref::none();
}
static Ref moveFn(Thread& t, const Value* a) {
  Mapping* m = self(a);
  int64_t to = TRY(toInt64_py(t, a[1])), from = TRY(toInt64_py(t, a[2])), n = TRY(toInt64_py(t, a[3]));
  OPEN(m);
  WRITABLE(m);
  if (to < 0 || from < 0 || n < 0 || m->size - to < n || m->size - from < n) return raiseValueError(t, "source, destination, or count out of range");
  std::memmove(m->data + to, m->data + from, static_cast<size_t>(n));
  return Ref::none();
}
static Ref madviseFn(Thread& t, const Value* a) {
  Mapping* m = self(a);
  int option = TRY(toCInt_py(t, a[1]));
  int64_t start = TRY(toInt64_py(t, a[2])), length = a[3].isUndefined() ? m->size - start : TRY(toInt64_py(t, a[3]));
  OPEN(m);
  if (start < 0 || start >= m->size) return raiseValueError(t, "madvise start out of bounds");
  if (length < 0) return raiseValueError(t, "madvise length invalid");
  if (INT64_MAX - start < length) return raiseOverflowError(t, "madvise length too large");
  if (length > m->size - start) length = m->size - start;
  return noneOrError(t, madvise(m->data + start, static_cast<size_t>(length), option));
}
static Ref enter(Thread& t, const Value* a) {
  OPEN(self(a));
  return Ref::of(a[0]);
}
static Ref yes(Thread&, const Value*) { return Ref::boolean(true); }
static Ref getClosed(Thread&, Value v) { return Ref::boolean(self(v)->data == nullptr); }
static Fallible<int64_t> length(Thread& t, Value v) {
  OPEN(self(v));
  return self(v)->size;
}
static Ref getItem(Thread& t, Value v, Value key) {
  Mapping* m = self(v);
  OPEN(m);
  Ref plain = TRY(plainKey_py(t, key));
  key = plain.get();
  OPEN(m);
  if (!isExact(key, TypeId::kSlice)) return newIntSmall(m->data[TRY(checkIndex_py(t, key, m->size, "mmap index out of range"))]);
  SliceBounds s = TRY(sliceBounds_py(t, key, m->size));
  if (s.step == 1) return newBytes(t, view(m).substr(static_cast<size_t>(s.start), static_cast<size_t>(s.length)));
  std::string out;
  for (int64_t i = 0; i < s.length; ++i) out += static_cast<char>(m->data[s.start + i * s.step]);
  return newBytes(t, out);
}
static Status setItem(Thread& t, Value v, Value key, Value value) {
  Mapping* m = self(v);
  OPEN(m);
  WRITABLE(m);
  if (value.isUndefined()) return raiseTypeError(t, "mmap object doesn't support item deletion");
  Ref plain = TRY(plainKey_py(t, key));
  key = plain.get();
  OPEN(m);
  if (!isExact(key, TypeId::kSlice)) {
    int64_t index = TRY(checkIndex_py(t, key, m->size, "mmap index out of range")), n = TRY(toInt64_py(t, value));
    OPEN(m);
    if (index >= m->size) return raiseIndexError(t, "mmap index out of range");
    if (n < 0 || n > 255) return raiseValueError(t, "mmap item value must be in range(0, 256)");
    m->data[index] = static_cast<uint8_t>(n);
    return kDone;
  }
  Buffer data;
  TRY(data.acquire(t, value));
  OPEN(m);
  SliceBounds s = TRY(sliceBounds_py(t, key, m->size));
  if (data.size() != s.length) return raiseIndexError(t, "mmap slice assignment is wrong size");
  for (int64_t i = 0; i < s.length; ++i) m->data[s.start + i * s.step] = data.data()[i];
  return kDone;
}
static Status exportBuffer(Thread& t, Value v, BufferInfo& out) {
  Mapping* m = self(v);
  OPEN(m);
  ++m->exports;
  out = {.data = m->data, .size = m->size, .is_read_only = m->access == kRead};
  return kDone;
}
static Ref repr(Thread& t, Value v) {
  static constexpr const char* kNames[] = {"ACCESS_DEFAULT", "ACCESS_READ", "ACCESS_WRITE", "ACCESS_COPY"};
  const Mapping* m = self(v);
  std::string name(typeName(typeOf(t, v)));
  if (m->data == nullptr) return newStr(t, "<" + name + " closed=True>");
  return newStr(t, format("<%s closed=False, access=%s, length=%lld, pos=%lld, offset=%lld>", name.c_str(), kNames[m->access], static_cast<long long>(m->size),
                          static_cast<long long>(m->position), static_cast<long long>(m->offset)));
}
static const NativeDef kMethods[] = {{"close", "($self, /)", closeFn}, {"read", "($self, n=None, /)", readFn}, {"readline", "($self, /)", readline}, {"read_byte", "($self, /)", readByte},
    {"write", "($self, bytes, /)", writeFn}, {"write_byte", "($self, byte, /)", writeByte}, {"find", "($self, view, start=<unset>, end=<unset>, /)", findFn},
    {"rfind", "($self, view, start=<unset>, end=<unset>, /)", rfindFn}, {"tell", "($self, /)", tell}, {"seek", "($self, pos, whence=0, /)", seek}, {"flush", "($self, offset=0, size=<unset>, /)", flushFn},
    {"size", "($self, /)", sizeFn}, {"resize", "($self, newsize, /)", resizeFn}, {"move", "($self, dest, src, count, /)", moveFn}, {"madvise", "($self, option, start=0, length=<unset>, /)", madviseFn},
    {"seekable", "($self, /)", yes}, {"__enter__", "($self, /)", enter}, {"__exit__", "($self, /, *exc_info)", closeFn}, {nullptr, nullptr, nullptr}};
static const GetSetDef kGetSets[] = {{"closed", getClosed}, {nullptr, nullptr}};
static Status init(Thread& t, Module* m) {
  Type* type = makeType(*t.isolate, {.name = "mmap.mmap", .size = sizeof(Mapping), .flags = kTypeBaseable | kTypeWeakrefable, .methods = kMethods, .getsets = kGetSets});
  Slots& s = type->slots;
  s.make = make;
  s.dealloc = dealloc;
  s.repr = repr;
  s.length = length;
  s.get_item = getItem;
  s.set_item = setItem;
  s.get_buffer = exportBuffer;
  s.release_buffer = [](Value v) { --self(v)->exports; };
  readyType(*t.isolate, type);
  moduleSetType(t, m, type);
  moduleSet(t, m, "error", errors(t).os_error);
  for (auto [name, value] : {
#define C(name) std::pair<const char*, int64_t>{#name, name},
           C(PROT_EXEC) C(PROT_READ) C(PROT_WRITE) C(MAP_SHARED) C(MAP_PRIVATE) C(MAP_DENYWRITE) C(MAP_EXECUTABLE) C(MAP_ANONYMOUS) C(MAP_POPULATE) C(MAP_STACK) C(MAP_NORESERVE) C(MAP_32BIT) C(MAP_GROWSDOWN) C(MAP_HUGETLB) C(MAP_LOCKED) C(MAP_NONBLOCK) C(MADV_HWPOISON) C(MADV_DONTDUMP) C(MADV_DODUMP) C(MADV_NORMAL) C(MADV_RANDOM)
           C(MADV_SEQUENTIAL) C(MADV_WILLNEED) C(MADV_DONTNEED) C(MADV_REMOVE) C(MADV_DONTFORK) C(MADV_DOFORK) C(MADV_MERGEABLE) C(MADV_UNMERGEABLE) C(MADV_HUGEPAGE) C(MADV_NOHUGEPAGE) C(MADV_FREE)
#undef C
           std::pair<const char*, int64_t>{"MAP_ANON", MAP_ANONYMOUS}, {"ACCESS_DEFAULT", kDefault}, {"ACCESS_READ", kRead}, {"ACCESS_WRITE", kWrite}, {"ACCESS_COPY", kCopy}, {"PAGESIZE", getpagesize()},
           {"ALLOCATIONGRANULARITY", getpagesize()}}) {
    moduleSet(t, m, name, Value::fromInt(value));
  }
  return kDone;
}
extern const NativeModule kMmapModule;
const NativeModule kMmapModule = {"mmap", nullptr, nullptr, init};

}  // namespace krait::modules
