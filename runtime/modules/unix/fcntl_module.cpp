// The `fcntl` module. ref: Modules/fcntlmodule.c.
#include <fcntl.h>
#include <sys/file.h>
#include <sys/ioctl.h>

#include <cstring>

#include "runtime/modules/audit.h"
#include "runtime/modules/os_support.h"

namespace krait::modules {

static Ref fcntlFn(Thread& t, const Value* a) {
  int fd = TRY(toDescriptor_py(t, a[0])), command = TRY(toCInt_py(t, a[1]));
  TRY(audit_py(t, "fcntl.fcntl", {Value::fromInt(fd), a[1], a[2]}));
  if (isIntLike(a[2])) {
    int64_t argument = TRY(toInt64_py(t, a[2]));
    return intOrError(t, TRY(blockingCall_py(t, [&] { return fcntl(fd, command, argument); })));
  }
  std::string data;
  if (isStr(a[2])) {
    data = toUtf8(a[2].as<Str>());
  } else {
    Buffer view;
    if (view.acquire(t, a[2]).failed) {
      clearException(t);
      return raiseTypeError(t, "fcntl() argument 3 must be an integer, a bytes-like object, or a string");
    }
    data = view.view();
  }
  if (data.size() > 1024) return raiseValueError(t, "fcntl argument 3 is too long");
  char buffer[1024 + 8] = {};
  std::memcpy(buffer, data.data(), data.size());
  if (TRY(blockingCall_py(t, [&] { return fcntl(fd, command, buffer); })) < 0) return raiseOSError(t, errno);
  return newBytes(t, {buffer, data.size()});
}
static Ref ioctlFn(Thread& t, const Value* a) {
  int fd = TRY(toDescriptor_py(t, a[0]));
  unsigned long request = static_cast<unsigned long>(TRY(toInt64_py(t, a[1])));
  TRY(audit_py(t, "fcntl.ioctl", {Value::fromInt(fd), a[1], a[2]}));
  if (isIntLike(a[2])) {
    int64_t argument = TRY(toInt64_py(t, a[2]));
    return intOrError(t, TRY(blockingCall_py(t, [&] { return ioctl(fd, request, argument); })));
  }
  Buffer view;
  std::string text;
  bool mutates = TRY(isTrue_py(t, a[3]));
  if (isStr(a[2])) text = toUtf8(a[2].as<Str>());
  else TRY(view.acquire(t, a[2]));
  if (!isStr(a[2]) && !view.info().is_read_only && mutates) {
    uint8_t* data = view.data();
    return intOrError(t, TRY(blockingCall_py(t, [&] { return ioctl(fd, request, data); })));
  }
  if (!isStr(a[2])) text = view.view();
  if (text.size() > 1024) return raiseValueError(t, "ioctl argument 3 is too long");
  char buffer[1024 + 8] = {};
  std::memcpy(buffer, text.data(), text.size());
  if (TRY(blockingCall_py(t, [&] { return ioctl(fd, request, buffer); })) < 0) return raiseOSError(t, errno);
  return newBytes(t, {buffer, text.size()});
}
static Ref flockFn(Thread& t, const Value* a) {
  int fd = TRY(toDescriptor_py(t, a[0])), operation = TRY(toCInt_py(t, a[1]));
  TRY(audit_py(t, "fcntl.flock", {Value::fromInt(fd), a[1]}));
  return noneOrError(t, TRY(blockingCall_py(t, [&] { return flock(fd, operation); })));
}
static Ref lockfFn(Thread& t, const Value* a) {
  int fd = TRY(toDescriptor_py(t, a[0])), kind = TRY(toCInt_py(t, a[1]));
  TRY(audit_py(t, "fcntl.lockf", {Value::fromInt(fd), a[1], a[2], a[3], a[4]}));
  struct flock l = {};
  if (kind == LOCK_UN) l.l_type = F_UNLCK;
  else if (kind & LOCK_SH) l.l_type = F_RDLCK;
  else if (kind & LOCK_EX) l.l_type = F_WRLCK;
  else return raiseValueError(t, "unrecognized lockf argument");
  l.l_len = TRY(toInt64_py(t, a[2]));
  l.l_start = TRY(toInt64_py(t, a[3]));
  l.l_whence = static_cast<short>(TRY(toCInt_py(t, a[4])));
  return noneOrError(t, TRY(blockingCall_py(t, [&] { return fcntl(fd, kind & LOCK_NB ? F_SETLK : F_SETLKW, &l); })));
}
static const NativeDef kFunctions[] = {{"fcntl", "(fd, cmd, arg=0, /)", fcntlFn}, {"ioctl", "(fd, request, arg=0, mutate_flag=True, /)", ioctlFn}, {"flock", "(fd, operation, /)", flockFn},
    {"lockf", "(fd, cmd, len=0, start=0, whence=0, /)", lockfFn}, {nullptr, nullptr, nullptr}};
static Status init(Thread& t, Module* m) {
  for (auto [name, value] : {
#define C(name) std::pair<const char*, int>{#name, static_cast<int>(name)},
           C(LOCK_SH) C(LOCK_EX) C(LOCK_NB) C(LOCK_UN) C(LOCK_MAND) C(LOCK_READ) C(LOCK_WRITE) C(LOCK_RW) C(F_DUPFD) C(F_DUPFD_CLOEXEC) C(F_GETFD) C(F_SETFD) C(F_GETFL) C(F_SETFL) C(F_GETLK) C(F_SETLK)
           C(F_SETLKW) C(F_OFD_GETLK) C(F_OFD_SETLK) C(F_OFD_SETLKW) C(F_GETOWN) C(F_SETOWN) C(F_GETSIG) C(F_SETSIG) C(F_RDLCK) C(F_WRLCK) C(F_UNLCK) C(F_SETLEASE) C(F_GETLEASE) C(F_NOTIFY) C(F_SETPIPE_SZ)
           C(F_GETPIPE_SZ) C(F_ADD_SEALS) C(F_GET_SEALS) C(F_SEAL_SEAL) C(F_SEAL_SHRINK) C(F_SEAL_GROW) C(F_SEAL_WRITE) C(FD_CLOEXEC) C(FASYNC) C(DN_ACCESS) C(DN_MODIFY) C(DN_CREATE) C(DN_DELETE) C(DN_RENAME)
           C(F_GETOWN_EX) C(F_GET_FILE_RW_HINT) C(F_GET_RW_HINT) C(F_SEAL_FUTURE_WRITE) C(F_SETOWN_EX) C(F_SET_FILE_RW_HINT) C(F_SET_RW_HINT) C(RWH_WRITE_LIFE_EXTREME) C(RWH_WRITE_LIFE_LONG) C(RWH_WRITE_LIFE_MEDIUM) C(RWH_WRITE_LIFE_NONE) C(RWH_WRITE_LIFE_NOT_SET) C(RWH_WRITE_LIFE_SHORT) C(F_GETLK64) C(F_SETLK64) C(F_SETLKW64) C(F_OWNER_TID) C(F_OWNER_PID) C(F_OWNER_PGRP)
           C(DN_ATTRIB) std::pair<const char*, int>{"DN_MULTISHOT", static_cast<int>(DN_MULTISHOT)}
#undef C
       }) {
    moduleSet(t, m, name, Value::fromInt(value));
  }
  return kDone;
}
extern const NativeModule kFcntlModule;
const NativeModule kFcntlModule = {"fcntl", "This module performs file control and I/O control on file descriptors.", kFunctions, init};

}  // namespace krait::modules
