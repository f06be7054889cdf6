// The `posix` module: the tables of its files, constants, and what os.py asks to know about the system.
#include <fcntl.h>
#include <sched.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <dlfcn.h>
#include <linux/memfd.h>
#include <spawn.h>
#include <sys/statvfs.h>
#include <sys/uio.h>
#include <sysexits.h>
#include <unistd.h>

#include "runtime/modules/posix/posix.h"

namespace krait::modules::posix {

struct Constant {
  const char* name;
  int64_t value;
};
static constexpr Constant kConstants[] = {
#define C(name) {#name, static_cast<int64_t>(name)},
    C(F_OK) C(R_OK) C(W_OK) C(X_OK) C(O_RDONLY) C(O_WRONLY) C(O_RDWR) C(O_NDELAY) C(O_NONBLOCK) C(O_APPEND) C(O_DSYNC) C(O_RSYNC) C(O_SYNC) C(O_NOCTTY)
    C(O_CREAT) C(O_EXCL) C(O_TRUNC) C(O_LARGEFILE) C(O_PATH) C(O_TMPFILE) C(O_CLOEXEC) C(O_ACCMODE) C(O_ASYNC) C(O_DIRECT) C(O_DIRECTORY) C(O_NOFOLLOW)
    C(O_NOATIME) C(WNOHANG) C(WUNTRACED) C(WCONTINUED) C(WEXITED) C(WSTOPPED) C(WNOWAIT) C(CLD_EXITED) C(CLD_KILLED) C(CLD_DUMPED) C(CLD_TRAPPED)
    C(CLD_STOPPED) C(CLD_CONTINUED) C(P_ALL) C(P_PID) C(P_PGID) C(P_PIDFD) C(SEEK_DATA) C(SEEK_HOLE) C(F_LOCK) C(F_TLOCK) C(F_ULOCK) C(F_TEST)
    C(POSIX_FADV_NORMAL) C(POSIX_FADV_SEQUENTIAL) C(POSIX_FADV_RANDOM) C(POSIX_FADV_NOREUSE) C(POSIX_FADV_WILLNEED) C(POSIX_FADV_DONTNEED)
    C(PRIO_PROCESS) C(PRIO_PGRP) C(PRIO_USER) C(SCHED_OTHER) C(SCHED_FIFO) C(SCHED_RR) C(SCHED_BATCH) C(SCHED_IDLE) C(SCHED_RESET_ON_FORK)
    C(GRND_RANDOM) C(GRND_NONBLOCK) C(MFD_CLOEXEC) C(MFD_ALLOW_SEALING) C(MFD_HUGETLB) C(EFD_CLOEXEC) C(EFD_NONBLOCK) C(EFD_SEMAPHORE)
    C(XATTR_CREATE) C(XATTR_REPLACE) C(SPLICE_F_MOVE) C(SPLICE_F_NONBLOCK) C(SPLICE_F_MORE) C(ST_RDONLY) C(ST_NOSUID) C(ST_NODEV) C(ST_NOEXEC)
    C(ST_SYNCHRONOUS) C(ST_MANDLOCK) C(ST_WRITE) C(ST_APPEND) C(ST_NOATIME) C(ST_NODIRATIME) C(ST_RELATIME) C(EX_OK) C(EX_USAGE) C(EX_DATAERR)
    C(EX_NOINPUT) C(EX_NOUSER) C(EX_NOHOST) C(EX_UNAVAILABLE) C(EX_SOFTWARE) C(EX_OSERR) C(EX_OSFILE) C(EX_CANTCREAT) C(EX_IOERR) C(EX_TEMPFAIL)
    C(EX_PROTOCOL) C(EX_NOPERM) C(EX_CONFIG) C(RTLD_LAZY) C(RTLD_NOW) C(RTLD_GLOBAL) C(RTLD_LOCAL) C(RTLD_NODELETE) C(RTLD_NOLOAD) C(RTLD_DEEPBIND)
    C(CLONE_FS) C(CLONE_FILES) C(CLONE_NEWNS) C(CLONE_NEWUSER) C(CLONE_NEWPID) C(CLONE_NEWNET) C(RWF_HIPRI) C(RWF_DSYNC) C(RWF_SYNC) C(RWF_NOWAIT) C(RWF_APPEND)
    {"POSIX_SPAWN_OPEN", 0}, {"POSIX_SPAWN_CLOSE", 1}, {"POSIX_SPAWN_DUP2", 2}, {"TMP_MAX", TMP_MAX}, {"NGROUPS_MAX", 65536}, {"XATTR_SIZE_MAX", 65536},
    {"PIDFD_NONBLOCK", O_NONBLOCK}, {"POSIX_SPAWN_CLOSEFROM", 3}, {"SCHED_NORMAL", 0}, {"SCHED_DEADLINE", 6},
    C(O_FSYNC) C(TFD_NONBLOCK) C(TFD_CLOEXEC) C(TFD_TIMER_ABSTIME) C(TFD_TIMER_CANCEL_ON_SET) C(CLONE_NEWCGROUP) C(CLONE_NEWIPC) C(CLONE_NEWUTS)
    C(CLONE_SIGHAND) C(CLONE_SYSVSEM) C(CLONE_THREAD) C(CLONE_VM) {"CLONE_NEWTIME", 0x80}, C(MFD_HUGE_SHIFT) C(MFD_HUGE_MASK) C(MFD_HUGE_64KB)
    C(MFD_HUGE_512KB) C(MFD_HUGE_1MB) C(MFD_HUGE_2MB) C(MFD_HUGE_8MB) C(MFD_HUGE_16MB) C(MFD_HUGE_32MB) C(MFD_HUGE_256MB) C(MFD_HUGE_512MB)
    C(MFD_HUGE_1GB) C(MFD_HUGE_2GB) C(MFD_HUGE_16GB)
#undef C
};

static constexpr const char* kHave[] = {"HAVE_FACCESSAT", "HAVE_FCHDIR", "HAVE_FCHMOD", "HAVE_FCHMODAT", "HAVE_FCHOWN", "HAVE_FCHOWNAT", "HAVE_FDOPENDIR",
    "HAVE_FEXECVE", "HAVE_FPATHCONF", "HAVE_FSTATAT", "HAVE_FSTATVFS", "HAVE_FTRUNCATE", "HAVE_FUTIMENS", "HAVE_LINKAT", "HAVE_LCHOWN", "HAVE_LSTAT",
    "HAVE_LUTIMES", "HAVE_MEMFD_CREATE", "HAVE_MKDIRAT", "HAVE_MKFIFOAT", "HAVE_MKNODAT", "HAVE_OPENAT", "HAVE_READLINKAT", "HAVE_RENAMEAT",
    "HAVE_SYMLINKAT", "HAVE_UNLINKAT", "HAVE_UTIMENSAT"};

void addConstants(Thread& t, Module* module) {
  for (const Constant& c : kConstants) {
    moduleSet(t, module, c.name, Value::fromInt(c.value));
  }
}

static Status init(Thread& t, Module* module) {
  Ref name = newStr(t, "posix");
  for (const NativeDef* table : {kFileFunctions, kStatFunctions, kDescriptorFunctions, kProcessFunctions, kSystemFunctions, kTimerFunctions}) {
    for (const NativeDef* f = table; f->name != nullptr; ++f) moduleSet(t, module, f->name, newNativeFunction(t, f, module, name.get()).get());
  }
  addConstants(t, module);
  TRY(addStatTypes(t, module));
  TRY(addProcessTypes(t, module));
  TRY(addSystemTypes(t, module));
  TRY(addScandirTypes(t, module));
  Ref have = newList(t);
  for (const char* text : kHave) listAppendSteal(have.as<List>(), newStr(t, text).release());
  moduleSet(t, module, "_have_functions", have.get());
  moduleSet(t, module, "error", errors(t).os_error);
  return kDone;
}

}  // namespace krait::modules::posix

namespace krait::modules {
extern const NativeModule kPosixModule;
const NativeModule kPosixModule = {"posix", "This module provides access to operating system functionality that is\nstandardized by the C Standard and the POSIX standard (a thinly\ndisguised Unix interface).  Refer to the library manual and\ncorresponding Unix manual entries for more information on calls.", nullptr, posix::init};
}  // namespace krait::modules
