// Names in the file system: folders, links, attributes, times.
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "runtime/modules/audit.h"
#include "runtime/modules/posix/posix.h"
#include "runtime/object/float.h"

namespace krait::modules::posix {

#define PATH(variable, value, flags, function, name) \
  PathArg variable;                                  \
  TRY(pathArg_py(t, value, flags, function, name, variable))
#define FLAG(value) TRY(isTrue_py(t, value))
#define RESULT(call, path)                       \
  int64_t result_ = TRY(blockingCall_py(t, [&] { return call; })); \
  if (result_ != 0) return raisePathError(t, path); \
  return Ref::none()

// A name of the kind that the caller used: bytes for bytes.
static Ref nameLike(Thread& t, std::string_view text, bool is_bytes) { return is_bytes ? newBytes(t, text) : fsDecode(t, text); }

// A directory's descriptor as audit events show it.
static Value fdShown(int dir_fd) { return Value::fromInt(dir_fd == AT_FDCWD ? -1 : dir_fd); }

static Ref mkdirFn(Thread& t, const Value* a) {
  PATH(path, a[0], kPathOnly, "mkdir", "path");
  int mode = TRY(toCInt_py(t, a[1])), dir_fd = TRY(dirFd_py(t, a[2]));
  TRY(audit_py(t, "os.mkdir", {a[0], Value::fromInt(mode), fdShown(dir_fd)}));
  RESULT(mkdirat(dir_fd, path.c(), static_cast<mode_t>(mode)), path);
}
static Ref rmdirFn(Thread& t, const Value* a) {
  PATH(path, a[0], kPathOnly, "rmdir", "path");
  int dir_fd = TRY(dirFd_py(t, a[1]));
  TRY(audit_py(t, "os.rmdir", {a[0], fdShown(dir_fd)}));
  RESULT(unlinkat(dir_fd, path.c(), AT_REMOVEDIR), path);
}
static Ref unlinkFn(Thread& t, const Value* a) {
  PATH(path, a[0], kPathOnly, "unlink", "path");
  int dir_fd = TRY(dirFd_py(t, a[1]));
  TRY(audit_py(t, "os.remove", {a[0], fdShown(dir_fd)}));
  RESULT(unlinkat(dir_fd, path.c(), 0), path);
}
static Ref removeFn(Thread& t, const Value* a) {
  PATH(path, a[0], kPathOnly, "remove", "path");
  int dir_fd = TRY(dirFd_py(t, a[1]));
  TRY(audit_py(t, "os.remove", {a[0], fdShown(dir_fd)}));
  RESULT(unlinkat(dir_fd, path.c(), 0), path);
}
static Ref renameAs(Thread& t, const Value* a, const char* function) {
  PATH(from, a[0], kPathOnly, function, "src");
  PATH(to, a[1], kPathOnly, function, "dst");
  int from_fd = TRY(dirFd_py(t, a[2])), to_fd = TRY(dirFd_py(t, a[3]));
  TRY(audit_py(t, "os.rename", {a[0], a[1], fdShown(from_fd), fdShown(to_fd)}));
  int64_t result = TRY(blockingCall_py(t, [&] { return renameat(from_fd, from.c(), to_fd, to.c()); }));
  if (result != 0) return raisePathError(t, from, to);
  return Ref::none();
}
static Ref renameFn(Thread& t, const Value* a) { return renameAs(t, a, "rename"); }
static Ref replaceFn(Thread& t, const Value* a) { return renameAs(t, a, "replace"); }
static Ref linkFn(Thread& t, const Value* a) {
  PATH(from, a[0], kPathOnly, "link", "src");
  PATH(to, a[1], kPathOnly, "link", "dst");
  int from_fd = TRY(dirFd_py(t, a[2])), to_fd = TRY(dirFd_py(t, a[3]));
  bool follow = FLAG(a[4]);
  TRY(audit_py(t, "os.link", {a[0], a[1], fdShown(from_fd), fdShown(to_fd)}));
  if (linkat(from_fd, from.c(), to_fd, to.c(), follow ? AT_SYMLINK_FOLLOW : 0) != 0) return raisePathError(t, from, to);
  return Ref::none();
}
static Ref symlinkFn(Thread& t, const Value* a) {
  PATH(from, a[0], kPathOnly, "symlink", "src");
  PATH(to, a[1], kPathOnly, "symlink", "dst");
  int dir_fd = TRY(dirFd_py(t, a[3]));
  TRY(audit_py(t, "os.symlink", {a[0], a[1], fdShown(dir_fd)}));
  if (symlinkat(from.c(), dir_fd, to.c()) != 0) return raisePathError(t, from, to);
  return Ref::none();
}
static Ref readlinkFn(Thread& t, const Value* a) {
  PATH(path, a[0], kPathOnly, "readlink", "path");
  int dir_fd = TRY(dirFd_py(t, a[1]));
  char buffer[PATH_MAX + 1];
  ssize_t n = readlinkat(dir_fd, path.c(), buffer, PATH_MAX);
  if (n < 0) return raisePathError(t, path);
  return nameLike(t, {buffer, static_cast<size_t>(n)}, path.is_bytes);
}
static Ref listdirFn(Thread& t, const Value* a) {
  PATH(path, a[0], kAllowFd | kNullable, "listdir", "path");
  TRY(audit_py(t, "os.listdir", {a[0]}));
  DIR* dir;
  {
    WithoutLock unlocked(t);
    int copy = path.is_fd ? fcntl(path.fd, F_DUPFD_CLOEXEC, 0) : -1;
    dir = path.is_fd ? (copy < 0 ? nullptr : fdopendir(copy)) : opendir(path.is_null ? "." : path.c());
  }
  if (dir == nullptr) return raisePathError(t, path);
  if (path.is_fd) rewinddir(dir);
  Ref list = newList(t);
  for (dirent* entry; (errno = 0, entry = readdir(dir)) != nullptr;) {
    std::string_view name = entry->d_name;
    if (name == "." || name == "..") continue;
    listAppendSteal(list.as<List>(), nameLike(t, name, path.is_bytes).release());
  }
  int error = errno;
  closedir(dir);
  if (error != 0) return raiseOSError(t, error, path.object.get());
  return list;
}
static Ref chdirFn(Thread& t, const Value* a) {
  PATH(path, a[0], kAllowFd, "chdir", "path");
  TRY(audit_py(t, "os.chdir", {a[0]}));
  RESULT((path.is_fd ? fchdir(path.fd) : chdir(path.c())), path);
}
static Ref fchdirFn(Thread& t, const Value* a) { return noneOrError(t, fchdir(TRY(toDescriptor_py(t, a[0])))); }
static Ref currentFolder(Thread& t, bool is_bytes) {
  char* text = getcwd(nullptr, 0);
  if (text == nullptr) return raiseOSError(t, errno);
  Ref r = nameLike(t, text, is_bytes);
  std::free(text);
  return r;
}
static Ref getcwdFn(Thread& t, const Value*) { return currentFolder(t, false); }
static Ref getcwdbFn(Thread& t, const Value*) { return currentFolder(t, true); }
static Ref chmodFn(Thread& t, const Value* a) {
  PATH(path, a[0], kAllowFd, "chmod", "path");
  mode_t mode = static_cast<mode_t>(TRY(toCInt_py(t, a[1])));
  int dir_fd = TRY(dirFd_py(t, a[2]));
  bool follow = FLAG(a[3]);
  TRY(audit_py(t, "os.chmod", {a[0], Value::fromInt(static_cast<int64_t>(mode)), fdShown(dir_fd)}));
  RESULT((path.is_fd ? fchmod(path.fd, mode) : fchmodat(dir_fd, path.c(), mode, follow ? 0 : AT_SYMLINK_NOFOLLOW)), path);
}
static Ref fchmodFn(Thread& t, const Value* a) { return noneOrError(t, fchmod(TRY(toCInt_py(t, a[0])), static_cast<mode_t>(TRY(toCInt_py(t, a[1]))))); }

static Ref chownFn(Thread& t, const Value* a) {
  PATH(path, a[0], kAllowFd, "chown", "path");
  uint32_t uid = TRY(idArg_py(t, a[1], "uid")), gid = TRY(idArg_py(t, a[2], "gid"));
  int dir_fd = TRY(dirFd_py(t, a[3]));
  bool follow = FLAG(a[4]);
  TRY(audit_py(t, "os.chown", {a[0], Value::fromInt(static_cast<int32_t>(uid)), Value::fromInt(static_cast<int32_t>(gid)), fdShown(dir_fd)}));
  RESULT((path.is_fd ? fchown(path.fd, uid, gid) : fchownat(dir_fd, path.c(), uid, gid, follow ? 0 : AT_SYMLINK_NOFOLLOW)), path);
}
static Ref lchownFn(Thread& t, const Value* a) {
  PATH(path, a[0], kPathOnly, "lchown", "path");
  uint32_t uid = TRY(idArg_py(t, a[1], "uid")), gid = TRY(idArg_py(t, a[2], "gid"));
  TRY(audit_py(t, "os.chown", {a[0], Value::fromInt(static_cast<int32_t>(uid)), Value::fromInt(static_cast<int32_t>(gid)), Value::fromInt(-1)}));
  RESULT(lchown(path.c(), uid, gid), path);
}
static Ref fchownFn(Thread& t, const Value* a) {
  return noneOrError(t, fchown(TRY(toCInt_py(t, a[0])), TRY(idArg_py(t, a[1], "uid")), TRY(idArg_py(t, a[2], "gid"))));
}
static Ref chrootFn(Thread& t, const Value* a) {
  PATH(path, a[0], kPathOnly, "chroot", "path");
  RESULT(chroot(path.c()), path);
}
static Ref mkfifoFn(Thread& t, const Value* a) {
  PATH(path, a[0], kPathOnly, "mkfifo", "path");
  mode_t mode = static_cast<mode_t>(TRY(toCInt_py(t, a[1])));
  int dir_fd = TRY(dirFd_py(t, a[2]));
  RESULT(mkfifoat(dir_fd, path.c(), mode), path);
}
static Ref mknodFn(Thread& t, const Value* a) {
  PATH(path, a[0], kPathOnly, "mknod", "path");
  mode_t mode = static_cast<mode_t>(TRY(toCInt_py(t, a[1])));
  dev_t device = static_cast<dev_t>(TRY(toInt64_py(t, a[2])));
  int dir_fd = TRY(dirFd_py(t, a[3]));
  RESULT(mknodat(dir_fd, path.c(), mode, device), path);
}
// A device number. ref: _Py_Dev_Converter.
static Fallible<dev_t> deviceArg_py(Thread& t, Value v) {
  Ref index = TRY(toIndex_py(t, v));
  uint64_t number;
  if (intFitsUnsigned(index.get(), number)) return static_cast<dev_t>(number);
  return intIsNegative(index.get()) ? raiseOverflowError(t, "can't convert negative int to unsigned") : raiseOverflowError(t, "int too big to convert");
}
static Ref majorFn(Thread& t, const Value* a) { return newInt(t, major(TRY(deviceArg_py(t, a[0])))); }
static Ref minorFn(Thread& t, const Value* a) { return newInt(t, minor(TRY(deviceArg_py(t, a[0])))); }
static Ref makedevFn(Thread& t, const Value* a) {
  dev_t parts[2];
  for (int i : {0, 1}) {
    parts[i] = TRY(deviceArg_py(t, a[i]));
    if (parts[i] > UINT32_MAX) return raiseOverflowError(t, "Python int too large to convert to C dev_t");
  }
  return newIntUnsigned(t, makedev(static_cast<unsigned>(parts[0]), static_cast<unsigned>(parts[1])));
}
static Ref truncateFn(Thread& t, const Value* a) {
  PATH(path, a[0], kAllowFd, "truncate", "path");
  int64_t length = TRY(toInt64_py(t, a[1]));
  TRY(audit_py(t, "os.truncate", {a[0], a[1]}));
  RESULT((path.is_fd ? ftruncate(path.fd, length) : truncate(path.c(), length)), path);
}

// --- times
static Status secondsPart_py(Thread& t, Value v, timespec& out) {
  if (isIntLike(v)) {
    out = {static_cast<time_t>(TRY(toInt64_py(t, v))), 0};
    return kDone;
  }
  double d = TRY(toDouble_py(t, v)), whole = __builtin_floor(d);
  if (!(d > -9.2e18 && d < 9.2e18)) return raiseOverflowError(t, "timestamp out of range for platform time_t");
  out = {static_cast<time_t>(whole), static_cast<long>((d - whole) * 1e9)};
  return kDone;
}
static Status nanosPart_py(Thread& t, Value v, timespec& out) {
  int64_t n = TRY(toInt64_py(t, v)), rest = ((n % 1000000000) + 1000000000) % 1000000000;
  out = {static_cast<time_t>((n - rest) / 1000000000), static_cast<long>(rest)};
  return kDone;
}
static Ref utimeFn(Thread& t, const Value* a) {
  PATH(path, a[0], kAllowFd, "utime", "path");
  bool has_times = !a[1].isNone(), has_ns = a[2].defined();
  if (has_times && has_ns) return raiseValueError(t, "utime: you may specify either 'times' or 'ns' but not both");
  if (has_times && (!isTuple(a[1]) || a[1].as<Tuple>()->size != 2)) return raiseTypeError(t, "utime: 'times' must be either a tuple of two ints or None");
  if (has_ns && (!isTuple(a[2]) || a[2].as<Tuple>()->size != 2)) return raiseTypeError(t, "utime: 'ns' must be a tuple of two ints");
  timespec at[2] = {{0, UTIME_NOW}, {0, UTIME_NOW}};
  for (int i = 0; i < 2; ++i) {
    if (has_times) TRY(secondsPart_py(t, a[1].as<Tuple>()->items()[i], at[i]));
    if (has_ns) TRY(nanosPart_py(t, a[2].as<Tuple>()->items()[i], at[i]));
  }
  int dir_fd = TRY(dirFd_py(t, a[3]));
  bool follow = FLAG(a[4]);
  if (path.is_fd && !follow) return raiseValueError(t, "utime: cannot use fd and follow_symlinks together");
  TRY(audit_py(t, "os.utime", {a[0], a[1], a[2], fdShown(dir_fd)}));
  RESULT((path.is_fd ? futimens(path.fd, at) : utimensat(dir_fd, path.c(), at, follow ? 0 : AT_SYMLINK_NOFOLLOW)), path);
}

// --- extended attributes
static Ref getxattrFn(Thread& t, const Value* a) {
  PATH(path, a[0], kAllowFd, "getxattr", "path");
  PATH(name, a[1], kPathOnly, "getxattr", "attribute");
  bool follow = FLAG(a[2]);
  TRY(audit_py(t, "os.getxattr", {a[0], a[1]}));
  std::string buffer(65536, '\0');
  ssize_t n = path.is_fd ? fgetxattr(path.fd, name.c(), buffer.data(), buffer.size())
              : follow   ? getxattr(path.c(), name.c(), buffer.data(), buffer.size())
                         : lgetxattr(path.c(), name.c(), buffer.data(), buffer.size());
  if (n < 0) return raisePathError(t, path);
  return newBytes(t, std::string_view(buffer).substr(0, static_cast<size_t>(n)));
}
static Ref setxattrFn(Thread& t, const Value* a) {
  PATH(path, a[0], kAllowFd, "setxattr", "path");
  PATH(name, a[1], kPathOnly, "setxattr", "attribute");
  Buffer value;
  TRY(value.acquire(t, a[2]));
  int flags = TRY(toCInt_py(t, a[3]));
  bool follow = FLAG(a[4]);
  TRY(audit_py(t, "os.setxattr", {a[0], a[1], a[2], a[3]}));
  size_t size = static_cast<size_t>(value.size());
  RESULT((path.is_fd ? fsetxattr(path.fd, name.c(), value.data(), size, flags)
          : follow   ? setxattr(path.c(), name.c(), value.data(), size, flags)
                     : lsetxattr(path.c(), name.c(), value.data(), size, flags)), path);
}
static Ref removexattrFn(Thread& t, const Value* a) {
  PATH(path, a[0], kAllowFd, "removexattr", "path");
  PATH(name, a[1], kPathOnly, "removexattr", "attribute");
  bool follow = FLAG(a[2]);
  TRY(audit_py(t, "os.removexattr", {a[0], a[1]}));
  RESULT((path.is_fd ? fremovexattr(path.fd, name.c()) : follow ? removexattr(path.c(), name.c()) : lremovexattr(path.c(), name.c())), path);
}
static Ref listxattrFn(Thread& t, const Value* a) {
  PATH(path, a[0], kAllowFd | kNullable, "listxattr", "path");
  bool follow = FLAG(a[1]);
  TRY(audit_py(t, "os.listxattr", {a[0]}));
  std::string buffer(65536, '\0');
  const char* name = path.is_null ? "." : path.c();
  ssize_t n = path.is_fd ? flistxattr(path.fd, buffer.data(), buffer.size())
              : follow   ? listxattr(name, buffer.data(), buffer.size())
                         : llistxattr(name, buffer.data(), buffer.size());
  if (n < 0) return raisePathError(t, path);
  Ref list = newList(t);
  for (ssize_t at = 0; at < n; at += static_cast<ssize_t>(std::string_view(buffer.data() + at).size()) + 1) {
    listAppendSteal(list.as<List>(), fsDecode(t, buffer.data() + at).release());
  }
  return list;
}

// --- path texts
// ref: _Py_normpath.
static std::string normalised(std::string_view path) {
  if (path.empty()) return ".";
  size_t slashes = path.starts_with("//") && !path.starts_with("///") ? 2 : path[0] == '/' ? 1 : 0;
  std::string out(slashes, '/');
  size_t base = out.size();
  for (size_t at = 0; at < path.size();) {
    size_t end = path.find('/', at);
    if (end == std::string_view::npos) end = path.size();
    std::string_view part = path.substr(at, end - at);
    at = end + 1;
    if (part.empty() || part == ".") continue;
    if (part == "..") {
      size_t last = out.rfind('/');
      size_t begin = last == std::string::npos || last < base ? base : last + 1;
      std::string tail = out.substr(begin < out.size() ? begin : out.size());
      if (out.size() > base && tail != "..") {
        out.resize(begin > base ? begin - 1 : base);
        continue;
      }
      if (slashes > 0) continue;
    }
    if (out.size() > base) out += '/';
    out += part;
  }
  return out.empty() ? "." : out;
}
static Ref normpathFn(Thread& t, const Value* a) {
  Ref path = TRY(fspath_py(t, a[0]));
  if (isBytes(path.get())) return newBytes(t, normalised(path.as<Bytes>()->view()));
  return newStr(t, normalised(toUtf8(path.as<Str>())));
}
static Ref splitrootFn(Thread& t, const Value* a) {
  Ref path = TRY(fspath_py(t, a[0]));
  bool is_bytes = isBytes(path.get());
  std::string text = is_bytes ? std::string(path.as<Bytes>()->view()) : toUtf8(path.as<Str>());
  size_t n = text.starts_with("//") && !text.starts_with("///") ? 2 : text.starts_with("/") ? 1 : 0;
  auto part = [&](std::string_view s) { return is_bytes ? newBytes(t, s) : newStr(t, s); };
  Ref drive = part(""), root = part(std::string_view(text).substr(0, n)), tail = part(std::string_view(text).substr(n));
  return tupleOf(t, {drive.get(), root.get(), tail.get()});
}
static Ref fspathFn(Thread& t, const Value* a) { return fspath_py(t, a[0]); }

const NativeDef kFileFunctions[] = {
    {"mkdir", "(path, mode=511, *, dir_fd=None)", mkdirFn, "Create a directory."}, {"rmdir", "(path, *, dir_fd=None)", rmdirFn, "Remove a directory."},
    {"unlink", "(path, *, dir_fd=None)", unlinkFn, "Remove a file (same as remove())."}, {"remove", "(path, *, dir_fd=None)", removeFn, "Remove a file (same as unlink())."},
    {"rename", "(src, dst, *, src_dir_fd=None, dst_dir_fd=None)", renameFn}, {"replace", "(src, dst, *, src_dir_fd=None, dst_dir_fd=None)", replaceFn},
    {"link", "(src, dst, *, src_dir_fd=None, dst_dir_fd=None, follow_symlinks=True)", linkFn},
    {"symlink", "(src, dst, target_is_directory=False, *, dir_fd=None)", symlinkFn}, {"readlink", "(path, *, dir_fd=None)", readlinkFn},
    {"listdir", "(path=None)", listdirFn, "Return a list containing the names of the files in the directory."}, {"scandir", "(path=None)", scandir},
    {"chdir", "(path)", chdirFn}, {"fchdir", "(fd)", fchdirFn}, {"getcwd", "()", getcwdFn}, {"getcwdb", "()", getcwdbFn},
    {"chmod", "(path, mode, *, dir_fd=None, follow_symlinks=True)", chmodFn}, {"fchmod", "(fd, mode)", fchmodFn},
    {"chown", "(path, uid, gid, *, dir_fd=None, follow_symlinks=True)", chownFn}, {"lchown", "(path, uid, gid)", lchownFn}, {"fchown", "(fd, uid, gid)", fchownFn},
    {"chroot", "(path)", chrootFn}, {"mkfifo", "(path, mode=438, *, dir_fd=None)", mkfifoFn}, {"mknod", "(path, mode=384, device=0, *, dir_fd=None)", mknodFn},
    {"major", "(device, /)", majorFn}, {"minor", "(device, /)", minorFn}, {"makedev", "(major, minor, /)", makedevFn}, {"truncate", "(path, length)", truncateFn},
    {"utime", "(path, times=None, *, ns=<unset>, dir_fd=None, follow_symlinks=True)", utimeFn},
    {"getxattr", "(path, attribute, *, follow_symlinks=True)", getxattrFn}, {"setxattr", "(path, attribute, value, flags=0, *, follow_symlinks=True)", setxattrFn},
    {"removexattr", "(path, attribute, *, follow_symlinks=True)", removexattrFn}, {"listxattr", "(path=None, *, follow_symlinks=True)", listxattrFn},
    {"_path_normpath", "(path)", normpathFn}, {"_path_splitroot_ex", "(p, /)", splitrootFn}, {"fspath", "(path)", fspathFn},
    {nullptr, nullptr, nullptr}};

}  // namespace krait::modules::posix
