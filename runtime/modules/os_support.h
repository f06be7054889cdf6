// What the modules about the operating system share: file system names as bytes, blocking calls without the lock, signals
// between them, file descriptors from arguments. Names are UTF-8 with undecodable bytes as lone surrogates (PEP 383).
#pragma once

#include <cerrno>
#include <string>
#include <string_view>

#include "runtime/modules/module_table.h"
#include "runtime/object/buffer.h"
#include "runtime/object/bytes.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/int.h"
#include "runtime/object/lock.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::modules {

// A path argument: str, bytes or os.PathLike; or a descriptor where `kAllowFd` says so; None where `kNullable`.
enum PathFlags { kPathOnly = 0, kAllowFd = 1, kNullable = 2 };
struct PathArg {
  std::string text;
  int fd = -1;
  bool is_fd = false, is_null = false, is_bytes = false;
  Ref object;  // what errors show
  const char* c() const { return is_null ? nullptr : text.c_str(); }
};
// `function` and `name` are for messages: "stat: path should be string, bytes, os.PathLike or integer, not list".
Status pathArg_py(Thread& t, Value v, int flags, const char* function, const char* name, PathArg& out);

Fallible<std::string> fsEncode_py(Thread& t, Value str);
Ref fsDecode(Thread& t, std::string_view bytes);
// OSError from errno with the path as its file name.
RaisedTag raisePathError(Thread& t, const PathArg& path);
// Before a program is started: raises FileNotFoundError or PermissionError for `name`, with the permission that is missing, where a
// sandbox starts none of the candidates.
Status checkMayRun_py(Thread& t, const std::vector<std::string>& candidates, Value name);
RaisedTag raisePathError(Thread& t, const PathArg& path, const PathArg& second);
// The descriptor of an int or of an object with fileno(). ref: PyObject_AsFileDescriptor.
Fallible<int> toDescriptor_py(Thread& t, Value v);
// os.fspath(v).
Ref fspath_py(Thread& t, Value v);

// Runs the handlers of signals that arrived; raises what they raise.
inline Status checkSignals_py(Thread& t) {
  if (!(__atomic_load_n(&t.eval_breaker, __ATOMIC_RELAXED) & kBreakSignal) || t.isolate->signal_hook == nullptr) return kDone;
  __atomic_fetch_and(&t.eval_breaker, ~static_cast<uint32_t>(kBreakSignal), __ATOMIC_SEQ_CST);
  return t.isolate->signal_hook(t);
}
// Makes the system call without the lock and again after EINTR; the result may be -1 with errno (PEP 475).
template <class F>
Fallible<int64_t> blockingCall_py(Thread& t, F call) {
  for (;;) {
    int64_t result;
    {
      WithoutLock unlocked(t);
      result = static_cast<int64_t>(call());
    }
    if (result != -1 || errno != EINTR) return result;
    TRY(checkSignals_py(t));
  }
}
// None, or OSError from errno when `result` is negative.
inline Ref noneOrError(Thread& t, int64_t result) {
  if (result < 0) return raiseOSError(t, errno);
  return Ref::none();
}
inline Ref intOrError(Thread& t, int64_t result) {
  if (result < 0) return raiseOSError(t, errno);
  return newInt(t, result);
}

// Seconds as a number to nanoseconds, rounded away from zero; raises for what is no number, or out of range.
Fallible<int64_t> durationOf_py(Thread& t, Value v);

// A user's or group's number; -1 stands for "as it is". `what` is `uid` or `gid` in TypeError and OverflowError.
Fallible<uint32_t> idArg_py(Thread& t, Value v, const char* what);

}  // namespace krait::modules
