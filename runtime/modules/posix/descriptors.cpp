// File descriptors: open, read, write, pipes, locks, copying.
#include <fcntl.h>
#include <pty.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <unistd.h>
#include <utmp.h>

#include <memory>
#include <vector>

#include "runtime/modules/audit.h"
#include "runtime/modules/posix/posix.h"
#include "runtime/object/float.h"

namespace krait::modules::posix {

#define INT(value) TRY(toCInt_py(t, value))
#define LONG(value) TRY(toInt64_py(t, value))
#define FLAG(value) TRY(isTrue_py(t, value))
#define BLOCKING(call) TRY(blockingCall_py(t, [&] { return call; }))

static Ref openFn(Thread& t, const Value* a) {
  PathArg path;
  TRY(pathArg_py(t, a[0], kPathOnly, "open", "path", path));
  int flags = INT(a[1]), mode = INT(a[2]), dir_fd = TRY(dirFd_py(t, a[3]));
  TRY(audit_py(t, "open", {a[0], Value::none(), Value::fromInt(flags)}));
  int64_t fd = BLOCKING(openat(dir_fd, path.c(), flags | O_CLOEXEC, mode));
  if (fd < 0) return raisePathError(t, path);
  return newInt(t, fd);
}
static Ref closeFn(Thread& t, const Value* a) {
  int fd = INT(a[0]), result;
  {
    WithoutLock unlocked(t);
    result = close(fd);
  }
  if (result < 0 && errno != EINTR) return raiseOSError(t, errno);
  return Ref::none();
}
static Ref closerange(Thread& t, const Value* a) {
  int low = INT(a[0]), high = INT(a[1]);
  if (low < 0) low = 0;
  if (high > low) close_range(static_cast<unsigned>(low), static_cast<unsigned>(high - 1), 0);
  return Ref::none();
}
static Ref readFn(Thread& t, const Value* a) {
  int fd = INT(a[0]);
  int64_t size = LONG(a[1]);
  if (size < 0) return raiseOSError(t, EINVAL);
  Ref bytes = TRY(newBytesBuffer(t, size));
  uint8_t* data = bytes.as<Bytes>()->data();
  int64_t n = BLOCKING(read(fd, data, static_cast<size_t>(size)));
  if (n < 0) return raiseOSError(t, errno);
  return n == size ? std::move(bytes) : newBytes(t, bytes.as<Bytes>()->view().substr(0, static_cast<size_t>(n)));
}
static Ref readintoFn(Thread& t, const Value* a) {
  int fd = INT(a[0]);
  Buffer buffer;
  TRY(buffer.acquireWritable(t, a[1], "readinto() argument 2"));
  return intOrError(t, BLOCKING(read(fd, buffer.data(), static_cast<size_t>(buffer.size()))));
}
static Ref writeFn(Thread& t, const Value* a) {
  int fd = INT(a[0]);
  Buffer data;
  TRY(data.acquire(t, a[1]));
  return intOrError(t, BLOCKING(write(fd, data.data(), static_cast<size_t>(data.size()))));
}
static Ref preadFn(Thread& t, const Value* a) {
  int fd = INT(a[0]);
  int64_t size = LONG(a[1]), offset = LONG(a[2]);
  if (size < 0) return raiseOSError(t, EINVAL);
  Ref bytes = TRY(newBytesBuffer(t, size));
  int64_t n = BLOCKING(pread(fd, bytes.as<Bytes>()->data(), static_cast<size_t>(size), offset));
  if (n < 0) return raiseOSError(t, errno);
  return newBytes(t, bytes.as<Bytes>()->view().substr(0, static_cast<size_t>(n)));
}
static Ref pwriteFn(Thread& t, const Value* a) {
  int fd = INT(a[0]);
  Buffer data;
  TRY(data.acquire(t, a[1]));
  int64_t offset = LONG(a[2]);
  return intOrError(t, BLOCKING(pwrite(fd, data.data(), static_cast<size_t>(data.size()), offset)));
}

// Buffers of a sequence, held while a vectored call runs.
struct Vector {
  std::vector<std::unique_ptr<Buffer>> buffers;
  std::vector<iovec> parts;
};
static Status vectorOf_py(Thread& t, Value sequence, bool is_writable, const char* what, Vector& out) {
  Ref list = listFromIterable_py(t, sequence);
  if (!list) return kRaised;
  for (int64_t i = 0; i < list.as<List>()->size; ++i) {
    out.buffers.push_back(std::make_unique<Buffer>());
    Buffer& b = *out.buffers.back();
    TRY(is_writable ? b.acquireWritable(t, list.as<List>()->items[i], what) : b.acquire(t, list.as<List>()->items[i]));
    out.parts.push_back({b.data(), static_cast<size_t>(b.size())});
  }
  return kDone;
}
static Ref readvFn(Thread& t, const Value* a) {
  int fd = INT(a[0]);
  Vector v;
  TRY(vectorOf_py(t, a[1], true, "readv() argument 2", v));
  return intOrError(t, BLOCKING(readv(fd, v.parts.data(), static_cast<int>(v.parts.size()))));
}
static Ref writevFn(Thread& t, const Value* a) {
  int fd = INT(a[0]);
  Vector v;
  TRY(vectorOf_py(t, a[1], false, "", v));
  return intOrError(t, BLOCKING(writev(fd, v.parts.data(), static_cast<int>(v.parts.size()))));
}
static Ref preadvFn(Thread& t, const Value* a) {
  int fd = INT(a[0]);
  Vector v;
  TRY(vectorOf_py(t, a[1], true, "preadv() argument 2", v));
  int64_t offset = LONG(a[2]);
  int flags = INT(a[3]);
  return intOrError(t, BLOCKING(preadv2(fd, v.parts.data(), static_cast<int>(v.parts.size()), offset, flags)));
}
static Ref pwritevFn(Thread& t, const Value* a) {
  int fd = INT(a[0]);
  Vector v;
  TRY(vectorOf_py(t, a[1], false, "", v));
  int64_t offset = LONG(a[2]);
  int flags = INT(a[3]);
  return intOrError(t, BLOCKING(pwritev2(fd, v.parts.data(), static_cast<int>(v.parts.size()), offset, flags)));
}
static Ref lseekFn(Thread& t, const Value* a) {
  int fd = INT(a[0]);
  int64_t offset = LONG(a[1]);
  return intOrError(t, lseek(fd, offset, INT(a[2])));
}
static Ref dupFn(Thread& t, const Value* a) { return intOrError(t, fcntl(INT(a[0]), F_DUPFD_CLOEXEC, 0)); }
static Ref dup2Fn(Thread& t, const Value* a) {
  int from = INT(a[0]), to = INT(a[1]);
  bool inheritable = FLAG(a[2]);
  if (from < 0 || to < 0) return raiseOSError(t, EBADF);
  return intOrError(t, inheritable || from == to ? dup2(from, to) : dup3(from, to, O_CLOEXEC));
}
static Ref pair(Thread& t, const int* fds) { return tupleOf(t, {Value::fromInt(fds[0]), Value::fromInt(fds[1])}); }
static Ref pipeFn(Thread& t, const Value*) {
  int fds[2];
  if (pipe2(fds, O_CLOEXEC) != 0) return raiseOSError(t, errno);
  return pair(t, fds);
}
static Ref pipe2Fn(Thread& t, const Value* a) {
  int fds[2];
  if (pipe2(fds, INT(a[0])) != 0) return raiseOSError(t, errno);
  return pair(t, fds);
}
static Ref isattyFn(Thread& t, const Value* a) { return Ref::boolean(isatty(INT(a[0])) == 1); }
static Ref fsyncFn(Thread& t, const Value* a) {
  int fd = TRY(toDescriptor_py(t, a[0]));
  return noneOrError(t, BLOCKING(fsync(fd)));
}
static Ref fdatasyncFn(Thread& t, const Value* a) {
  int fd = TRY(toDescriptor_py(t, a[0]));
  return noneOrError(t, BLOCKING(fdatasync(fd)));
}
static Ref syncFn(Thread& t, const Value*) {
  WithoutLock unlocked(t);
  sync();
  return Ref::none();
}
static Ref ftruncateFn(Thread& t, const Value* a) {
  int fd = INT(a[0]);
  int64_t length = LONG(a[1]);
  TRY(audit_py(t, "os.truncate", {a[0], a[1]}));
  return noneOrError(t, BLOCKING(ftruncate(fd, length)));
}
static Ref lockfFn(Thread& t, const Value* a) {
  int fd = INT(a[0]), command = INT(a[1]);
  int64_t length = LONG(a[2]);
  TRY(audit_py(t, "os.lockf", {a[0], a[1], a[2]}));
  return noneOrError(t, BLOCKING(lockf(fd, command, length)));
}
static Ref fallocateFn(Thread& t, const Value* a) {
  int fd = INT(a[0]);
  int64_t offset = LONG(a[1]), length = LONG(a[2]);
  int error = posix_fallocate(fd, offset, length);
  if (error != 0) return raiseOSError(t, error);
  return Ref::none();
}
static Ref fadviseFn(Thread& t, const Value* a) {
  int fd = INT(a[0]);
  int64_t offset = LONG(a[1]), length = LONG(a[2]);
  int error = posix_fadvise(fd, offset, length, INT(a[3]));
  if (error != 0) return raiseOSError(t, error);
  return Ref::none();
}
static Ref sendfileFn(Thread& t, const Value* a) {
  int out = INT(a[0]), in = INT(a[1]);
  int64_t count = LONG(a[3]);
  if (a[2].isNone()) return intOrError(t, BLOCKING(sendfile(out, in, nullptr, static_cast<size_t>(count))));
  off_t offset = LONG(a[2]);
  return intOrError(t, BLOCKING(sendfile(out, in, &offset, static_cast<size_t>(count))));
}
static Ref copyFileRangeFn(Thread& t, const Value* a) {
  int from = INT(a[0]), to = INT(a[1]);
  int64_t count = LONG(a[2]);
  if (count < 0) return raiseValueError(t, "negative value for 'count' not allowed");
  loff_t from_at = a[3].isNone() ? 0 : LONG(a[3]), to_at = a[4].isNone() ? 0 : LONG(a[4]);
  loff_t *pf = a[3].isNone() ? nullptr : &from_at, *pt = a[4].isNone() ? nullptr : &to_at;
  return intOrError(t, BLOCKING(copy_file_range(from, pf, to, pt, static_cast<size_t>(count), 0)));
}
static Ref spliceFn(Thread& t, const Value* a) {
  int from = INT(a[0]), to = INT(a[1]);
  int64_t count = LONG(a[2]);
  if (count < 0) return raiseValueError(t, "count cannot be negative");
  loff_t from_at = a[3].isNone() ? 0 : LONG(a[3]), to_at = a[4].isNone() ? 0 : LONG(a[4]);
  loff_t *pf = a[3].isNone() ? nullptr : &from_at, *pt = a[4].isNone() ? nullptr : &to_at;
  unsigned flags = static_cast<unsigned>(INT(a[5]));
  return intOrError(t, BLOCKING(splice(from, pf, to, pt, static_cast<size_t>(count), flags)));
}
static Ref getInheritable(Thread& t, const Value* a) {
  int flags = fcntl(INT(a[0]), F_GETFD);
  if (flags < 0) return raiseOSError(t, errno);
  return Ref::boolean(!(flags & FD_CLOEXEC));
}
static Ref setInheritable(Thread& t, const Value* a) {
  int fd = INT(a[0]), flags = fcntl(fd, F_GETFD);
  if (flags < 0) return raiseOSError(t, errno);
  return noneOrError(t, fcntl(fd, F_SETFD, FLAG(a[1]) ? flags & ~FD_CLOEXEC : flags | FD_CLOEXEC));
}
static Ref getBlocking(Thread& t, const Value* a) {
  int flags = fcntl(INT(a[0]), F_GETFL);
  if (flags < 0) return raiseOSError(t, errno);
  return Ref::boolean(!(flags & O_NONBLOCK));
}
static Ref setBlocking(Thread& t, const Value* a) {
  int fd = INT(a[0]), flags = fcntl(fd, F_GETFL);
  if (flags < 0) return raiseOSError(t, errno);
  return noneOrError(t, fcntl(fd, F_SETFL, FLAG(a[1]) ? flags & ~O_NONBLOCK : flags | O_NONBLOCK));
}
static Ref openptyFn(Thread& t, const Value*) {
  int fds[2];
  if (openpty(&fds[0], &fds[1], nullptr, nullptr, nullptr) != 0) return raiseOSError(t, errno);
  for (int fd : fds) fcntl(fd, F_SETFD, FD_CLOEXEC);
  return pair(t, fds);
}
static Ref posixOpenptFn(Thread& t, const Value* a) {
  int fd = posix_openpt(INT(a[0]));
  if (fd < 0) return raiseOSError(t, errno);
  fcntl(fd, F_SETFD, FD_CLOEXEC);
  return newInt(t, fd);
}
static Ref grantptFn(Thread& t, const Value* a) { return noneOrError(t, grantpt(INT(a[0]))); }
static Ref unlockptFn(Thread& t, const Value* a) { return noneOrError(t, unlockpt(INT(a[0]))); }
static Ref ptsnameFn(Thread& t, const Value* a) {
  char buffer[256];
  int error = ptsname_r(INT(a[0]), buffer, sizeof buffer);
  if (error != 0) return raiseOSError(t, error);
  return fsDecode(t, buffer);
}
static Ref loginTty(Thread& t, const Value* a) { return noneOrError(t, login_tty(INT(a[0]))); }
static Ref ttynameFn(Thread& t, const Value* a) {
  char buffer[256];
  int error = ttyname_r(INT(a[0]), buffer, sizeof buffer);
  if (error != 0) return raiseOSError(t, error);
  return fsDecode(t, buffer);
}
static Ref getTerminalSize(Thread& t, const Value* a) {
  int fd = a[0].isUndefined() ? STDOUT_FILENO : INT(a[0]);
  winsize size;
  if (ioctl(fd, TIOCGWINSZ, &size) != 0) return raiseOSError(t, errno);
  Value values[2] = {Value::fromInt(size.ws_col), Value::fromInt(size.ws_row)};
  return structSequenceSteal(t, types.terminal_size, values, 2);
}
static Ref tcgetpgrpFn(Thread& t, const Value* a) { return intOrError(t, tcgetpgrp(INT(a[0]))); }
static Ref tcsetpgrpFn(Thread& t, const Value* a) { return noneOrError(t, tcsetpgrp(INT(a[0]), INT(a[1]))); }
static Ref memfdCreate(Thread& t, const Value* a) {
  PathArg name;
  TRY(pathArg_py(t, a[0], kPathOnly, "memfd_create", "name", name));
  return intOrError(t, memfd_create(name.c(), static_cast<unsigned>(INT(a[1]))));
}
static Ref eventfdFn(Thread& t, const Value* a) { return intOrError(t, eventfd(static_cast<unsigned>(LONG(a[0])), INT(a[1]))); }
static Ref eventfdRead(Thread& t, const Value* a) {
  int fd = INT(a[0]);
  eventfd_t value;
  if (BLOCKING(eventfd_read(fd, &value)) < 0) return raiseOSError(t, errno);
  return newIntUnsigned(t, value);
}
static Ref eventfdWrite(Thread& t, const Value* a) {
  int fd = INT(a[0]);
  Ref number = TRY(toIndex_py(t, a[1]));
  eventfd_t value;
  if (!intFitsUnsigned(number.get(), value)) return raiseOverflowError(t, "int too big to convert");
  return noneOrError(t, BLOCKING(eventfd_write(fd, value)));
}
static Ref deviceEncoding(Thread& t, const Value* a) {
  if (!isatty(INT(a[0]))) return Ref::none();
  return newStr(t, "UTF-8");
}

const NativeDef kDescriptorFunctions[] = {
    {"open", "(path, flags, mode=511, *, dir_fd=None)", openFn, "Open a file for low level IO.  Returns a file descriptor (integer)."},
    {"close", "(fd)", closeFn}, {"closerange", "(fd_low, fd_high, /)", closerange}, {"read", "(fd, length, /)", readFn}, {"readinto", "(fd, buffer, /)", readintoFn},
    {"write", "(fd, data, /)", writeFn}, {"pread", "(fd, length, offset, /)", preadFn}, {"pwrite", "(fd, buffer, offset, /)", pwriteFn},
    {"readv", "(fd, buffers, /)", readvFn}, {"writev", "(fd, buffers, /)", writevFn}, {"preadv", "(fd, buffers, offset, flags=0, /)", preadvFn},
    {"pwritev", "(fd, buffers, offset, flags=0, /)", pwritevFn}, {"lseek", "(fd, position, whence, /)", lseekFn}, {"dup", "(fd, /)", dupFn},
    {"dup2", "(fd, fd2, inheritable=True)", dup2Fn}, {"pipe", "()", pipeFn}, {"pipe2", "(flags, /)", pipe2Fn}, {"isatty", "(fd, /)", isattyFn},
    {"fsync", "(fd)", fsyncFn}, {"fdatasync", "(fd)", fdatasyncFn}, {"sync", "()", syncFn}, {"ftruncate", "(fd, length, /)", ftruncateFn},
    {"lockf", "(fd, command, length, /)", lockfFn}, {"posix_fallocate", "(fd, offset, length, /)", fallocateFn}, {"posix_fadvise", "(fd, offset, length, advice, /)", fadviseFn},
    {"sendfile", "(out_fd, in_fd, offset, count)", sendfileFn}, {"copy_file_range", "(src, dst, count, offset_src=None, offset_dst=None)", copyFileRangeFn},
    {"splice", "(src, dst, count, offset_src=None, offset_dst=None, flags=0)", spliceFn},
    {"get_inheritable", "(fd, /)", getInheritable}, {"set_inheritable", "(fd, inheritable, /)", setInheritable}, {"get_blocking", "(fd, /)", getBlocking},
    {"set_blocking", "(fd, blocking, /)", setBlocking}, {"openpty", "()", openptyFn},
    {"posix_openpt", "(oflag, /)", posixOpenptFn, "Open and return a file descriptor for a master pseudo-terminal device."}, {"grantpt", "(fd, /)", grantptFn, "Grant access to the slave pseudo-terminal device."},
    {"unlockpt", "(fd, /)", unlockptFn, "Unlock a pseudo-terminal master/slave pair."}, {"ptsname", "(fd, /)", ptsnameFn, "Return the name of the slave pseudo-terminal device."}, {"login_tty", "(fd, /)", loginTty}, {"ttyname", "(fd, /)", ttynameFn},
    {"get_terminal_size", "(fd=<unset>, /)", getTerminalSize}, {"tcgetpgrp", "(fd, /)", tcgetpgrpFn}, {"tcsetpgrp", "(fd, pgid, /)", tcsetpgrpFn},
    {"memfd_create", "(name, flags=1)", memfdCreate}, {"eventfd", "(initval, flags=524288)", eventfdFn}, {"eventfd_read", "(fd)", eventfdRead},
    {"eventfd_write", "(fd, value)", eventfdWrite}, {"device_encoding", "(fd)", deviceEncoding},
    {nullptr, nullptr, nullptr}};

}  // namespace krait::modules::posix
