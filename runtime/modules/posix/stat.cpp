// os.stat and relatives.
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "runtime/modules/posix/posix.h"
#include "runtime/object/float.h"

namespace krait::modules::posix {

PosixTypes types;

static const StructSequenceDef kStatResult = {"os.stat_result", 10, 19,
    {"st_mode", "st_ino", "st_dev", "st_nlink", "st_uid", "st_gid", "st_size", nullptr, nullptr, nullptr, "st_atime", "st_mtime", "st_ctime",
     "st_atime_ns", "st_mtime_ns", "st_ctime_ns", "st_blksize", "st_blocks", "st_rdev"},
    "stat_result: Result from stat, fstat, or lstat."};
static const StructSequenceDef kStatvfsResult = {"os.statvfs_result", 10, 11,
    {"f_bsize", "f_frsize", "f_blocks", "f_bfree", "f_bavail", "f_files", "f_ffree", "f_favail", "f_flag", "f_namemax", "f_fsid"},
    "statvfs_result: Result from statvfs or fstatvfs."};

Fallible<int> dirFd_py(Thread& t, Value v) {
  if (v.isNone()) return AT_FDCWD;
  if (!isIntLike(v) && typeOf(t, v)->slots.index == nullptr) return raiseTypeError(t, "argument should be integer or None, not %s", typeNameOf(t, v));
  return TRY(toCInt_py(t, v));
}

static int64_t nanos(const timespec& at) { return static_cast<int64_t>(at.tv_sec) * 1000000000 + at.tv_nsec; }
static Value seconds(const timespec& at) { return Value::fromDouble(static_cast<double>(at.tv_sec) + 1e-9 * static_cast<double>(at.tv_nsec)); }

Ref statResult(Thread& t, const struct stat& st) {
  auto number = [&](uint64_t n) { return newIntUnsigned(t, n).release(); };
  auto whole = [&](int64_t n) { return newInt(t, n).release(); };
  Value values[19] = {number(st.st_mode), number(st.st_ino), number(st.st_dev), number(st.st_nlink), number(st.st_uid), number(st.st_gid),
                      whole(st.st_size), whole(st.st_atim.tv_sec), whole(st.st_mtim.tv_sec), whole(st.st_ctim.tv_sec), seconds(st.st_atim),
                      seconds(st.st_mtim), seconds(st.st_ctim), whole(nanos(st.st_atim)), whole(nanos(st.st_mtim)), whole(nanos(st.st_ctim)),
                      whole(st.st_blksize), whole(st.st_blocks), number(st.st_rdev)};
  return structSequenceSteal(t, types.stat_result, values, 19);
}

static Ref statPath_py(Thread& t, const PathArg& path, int dir_fd, bool follow) {
  struct stat st;
  int result;
  {
    WithoutLock unlocked(t);
    result = path.is_fd ? fstat(path.fd, &st) : fstatat(dir_fd, path.c(), &st, follow ? 0 : AT_SYMLINK_NOFOLLOW);
  }
  if (result != 0) return path.is_fd ? Ref(raiseOSError(t, errno)) : Ref(raisePathError(t, path));
  return statResult(t, st);
}
Ref direntStat_py(Thread& t, const std::string& path, int dir_fd, bool follow, Value shown) {
  PathArg arg;
  arg.text = path;
  arg.object = Ref::of(shown);
  return statPath_py(t, arg, dir_fd, follow);
}

static Ref statFn(Thread& t, const Value* a) {
  PathArg path;
  TRY(pathArg_py(t, a[0], kAllowFd, "stat", "path", path));
  int dir_fd = TRY(dirFd_py(t, a[1]));
  bool follow = TRY(isTrue_py(t, a[2]));
  if (path.is_fd && dir_fd != AT_FDCWD) return raiseValueError(t, "stat: can't specify dir_fd without matching path");
  if (path.is_fd && !follow) return raiseValueError(t, "stat: cannot use fd and follow_symlinks together");
  return statPath_py(t, path, dir_fd, follow);
}
static Ref lstatFn(Thread& t, const Value* a) {
  PathArg path;
  TRY(pathArg_py(t, a[0], kPathOnly, "lstat", "path", path));
  return statPath_py(t, path, TRY(dirFd_py(t, a[1])), false);
}
static Ref fstatFn(Thread& t, const Value* a) {
  PathArg path;
  path.is_fd = true;
  path.fd = TRY(toCInt_py(t, a[0]));
  return statPath_py(t, path, AT_FDCWD, true);
}

static Ref statvfsResult(Thread& t, const struct statvfs& st) {
  Value values[11];
  int i = 0;
  for (uint64_t n : {st.f_bsize, st.f_frsize, st.f_blocks, st.f_bfree, st.f_bavail, st.f_files, st.f_ffree, st.f_favail, st.f_flag, st.f_namemax,
                     st.f_fsid}) {
    values[i++] = newIntUnsigned(t, n).release();
  }
  return structSequenceSteal(t, types.statvfs_result, values, 11);
}
static Ref statvfsFn(Thread& t, const Value* a) {
  PathArg path;
  TRY(pathArg_py(t, a[0], kAllowFd, "statvfs", "path", path));
  struct statvfs st;
  if ((path.is_fd ? fstatvfs(path.fd, &st) : statvfs(path.c(), &st)) != 0) return raisePathError(t, path);
  return statvfsResult(t, st);
}
static Ref fstatvfsFn(Thread& t, const Value* a) {
  struct statvfs st;
  if (fstatvfs(TRY(toCInt_py(t, a[0])), &st) != 0) return raiseOSError(t, errno);
  return statvfsResult(t, st);
}

static Ref accessFn(Thread& t, const Value* a) {
  PathArg path;
  TRY(pathArg_py(t, a[0], kPathOnly, "access", "path", path));
  int mode = TRY(toCInt_py(t, a[1])), dir_fd = TRY(dirFd_py(t, a[2]));
  int flags = (TRY(isTrue_py(t, a[3])) ? AT_EACCESS : 0) | (TRY(isTrue_py(t, a[4])) ? 0 : AT_SYMLINK_NOFOLLOW);
  return Ref::boolean((flags == 0 && dir_fd == AT_FDCWD ? access(path.c(), mode) : faccessat(dir_fd, path.c(), mode, flags)) == 0);
}

// What posixpath takes for exists, isdir, isfile, islink: no exception for names that cannot be.
static Fallible<int> probe_py(Thread& t, Value v, struct stat& st, bool follow) {
  PathArg path;
  if (pathArg_py(t, v, kAllowFd, "stat", "path", path).raised()) {
    if (!pendingMatches(t, errors(t).value_error)) return kRaised;
    clearException(t);
    return -1;
  }
  return path.is_fd ? fstat(path.fd, &st) : fstatat(AT_FDCWD, path.c(), &st, follow ? 0 : AT_SYMLINK_NOFOLLOW);
}
template <mode_t Kind, bool Follow>
static Ref pathIs(Thread& t, const Value* a) {
  struct stat st;
  if (TRY(probe_py(t, a[0], st, Follow)) != 0) return Ref::boolean(false);
  return Ref::boolean(Kind == 0 || (st.st_mode & S_IFMT) == Kind);
}

const NativeDef kStatFunctions[] = {
    {"stat", "(path, *, dir_fd=None, follow_symlinks=True)", statFn, "Perform a stat system call on the given path."},
    {"lstat", "(path, *, dir_fd=None)", lstatFn, "Perform a stat system call on the given path, without following symbolic links."},
    {"fstat", "(fd)", fstatFn, "Perform a stat system call on the given file descriptor."},
    {"statvfs", "(path)", statvfsFn}, {"fstatvfs", "(fd, /)", fstatvfsFn},
    {"access", "(path, mode, *, dir_fd=None, effective_ids=False, follow_symlinks=True)", accessFn},
    {"_path_exists", "(path)", pathIs<0, true>}, {"_path_lexists", "(path)", pathIs<0, false>}, {"_path_isdir", "(s)", pathIs<S_IFDIR, true>},
    {"_path_isfile", "(path)", pathIs<S_IFREG, true>}, {"_path_islink", "(path)", pathIs<S_IFLNK, false>},
    {nullptr, nullptr, nullptr}};

Status addStatTypes(Thread& t, Module* module) {
  types.stat_result = makeStructSequence(*t.isolate, kStatResult);
  types.statvfs_result = makeStructSequence(*t.isolate, kStatvfsResult);
  moduleSetType(t, module, types.stat_result);
  moduleSetType(t, module, types.statvfs_result);
  return kDone;
}

}  // namespace krait::modules::posix
