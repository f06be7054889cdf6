// The `errno` module: the system's error numbers by name. ref: Modules/errnomodule.c.
#include <cerrno>

#include "runtime/modules/module_table.h"
#include "runtime/object/containers.h"
#include "runtime/object/int.h"
#include "runtime/object/str.h"

namespace krait::modules {

struct ErrorName {
  const char* name;
  int number;
};
// Where two names share a number, the later one is what errorcode shows.
static constexpr ErrorName kNames[] = {
#define E(name) {#name, name},
    E(ENODEV) E(ENOCSI) E(EHOSTUNREACH) E(ENOMSG) E(EUCLEAN) E(EL2NSYNC) E(EL2HLT) E(ENODATA) E(ENOTBLK) E(ENOSYS) E(EPIPE) E(EINVAL)
    E(EOVERFLOW) E(EADV) E(EINTR) E(EUSERS) E(ENOTEMPTY) E(ENOBUFS) E(EPROTO) E(EREMOTE) E(ENAVAIL) E(ECHILD) E(ELOOP) E(EXDEV) E(E2BIG)
    E(ESRCH) E(EMSGSIZE) E(EAFNOSUPPORT) E(EBADR) E(EHOSTDOWN) E(EPFNOSUPPORT) E(ENOPROTOOPT) E(EBUSY) E(EWOULDBLOCK) E(EAGAIN) E(EBADFD)
    E(ETXTBSY) E(EDOTDOT) E(EISCONN) E(ENOTCONN) E(ESHUTDOWN) E(ENONET) E(EBADE) E(EBADF) E(EMULTIHOP) E(EIO) E(EUNATCH) E(EPROTOTYPE) E(ENOSPC)
    E(ENOEXEC) E(EALREADY) E(ENETDOWN) E(ENOTNAM) E(EACCES) E(ELNRNG) E(EILSEQ) E(ENOTDIR) E(ENOTUNIQ) E(EPERM) E(EDOM) E(EXFULL)
    E(ECONNREFUSED) E(EISDIR) E(EPROTONOSUPPORT) E(EROFS) E(EADDRNOTAVAIL) E(EIDRM) E(ECOMM) E(ESRMNT) E(EREMOTEIO) E(EL3RST) E(EBADMSG)
    E(ENFILE) E(ELIBMAX) E(ESPIPE) E(ENOLINK) E(ENETRESET) E(ETIMEDOUT) E(ENOENT) E(EEXIST) E(EDQUOT) E(ENOSTR) E(EBADSLT) E(EBADRQC)
    E(ELIBACC) E(EFAULT) E(EFBIG) E(EDEADLK) E(EDEADLOCK) E(ENOTSUP) E(EDESTADDRREQ) E(ELIBSCN) E(ENOLCK) E(EISNAM) E(ECONNABORTED)
    E(ENETUNREACH) E(ESTALE) E(ENOSR) E(ENOMEM) E(ENOTSOCK) E(ESTRPIPE) E(EMLINK) E(ERANGE) E(ELIBEXEC) E(EL3HLT) E(ECONNRESET)
    E(EADDRINUSE) E(EOPNOTSUPP) E(EREMCHG) E(ENAMETOOLONG) E(ENOTTY) E(ERESTART) E(ESOCKTNOSUPPORT) E(ETIME) E(EBFONT) E(ETOOMANYREFS)
    E(EMFILE) E(ELIBBAD) E(EINPROGRESS) E(ENXIO) E(ECANCELED) E(EKEYEXPIRED) E(EKEYREJECTED) E(EKEYREVOKED) E(EMEDIUMTYPE) E(ENOKEY)
    E(ENOMEDIUM) E(ENOTRECOVERABLE) E(EOWNERDEAD) E(ERFKILL) E(ECHRNG) E(ENOANO) E(ENOPKG) E(EHWPOISON)
#undef E
};

static Status init(Thread& t, Module* module) {
  Ref codes = newDict(t);
  for (const ErrorName& e : kNames) {
    moduleSet(t, module, e.name, Value::fromInt(e.number));
    TRY(dictSet_py(t, codes.as<Dict>(), Value::fromInt(e.number), intern(*t.isolate, e.name)));
  }
  moduleSet(t, module, "errorcode", codes.get());
  return kDone;
}

extern const NativeModule kErrnoModule;
const NativeModule kErrnoModule = {"errno", "This module makes available standard errno system symbols.", nullptr, init};

}  // namespace krait::modules
