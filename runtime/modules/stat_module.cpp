// The `_stat` module: what the bits of st_mode mean. ref: Modules/_stat.c; Lib/stat.py says the same in Python.
#include <sys/stat.h>

#include <string>

#include "runtime/modules/module_table.h"
#include "runtime/object/error.h"
#include "runtime/object/int.h"
#include "runtime/object/str.h"

namespace krait::modules {

namespace stat_bits {
static Fallible<mode_t> modeOf_py(Thread& t, Value v) {
  int64_t mode = TRY(toInt64_py(t, v));
  if (mode < 0) return raiseOverflowError(t, "can't convert negative value to unsigned int");
  if (mode > UINT32_MAX) return raiseOverflowError(t, "mode out of range");
  return static_cast<mode_t>(mode);
}
template <mode_t kind>
static Ref isKind(Thread& t, const Value* a) { return Ref::boolean((TRY(modeOf_py(t, a[0])) & S_IFMT) == kind); }
static Ref never(Thread& t, const Value* a) {
  TRY(modeOf_py(t, a[0]));
  return Ref::boolean(false);
}
static Ref permissions(Thread& t, const Value* a) { return newInt(t, TRY(modeOf_py(t, a[0])) & 07777); }
static Ref format(Thread& t, const Value* a) { return newInt(t, TRY(modeOf_py(t, a[0])) & S_IFMT); }

static char kindLetter(mode_t mode) {
  switch (mode & S_IFMT) {
    case S_IFREG: return '-';
    case S_IFDIR: return 'd';
    case S_IFLNK: return 'l';
    case S_IFBLK: return 'b';
    case S_IFCHR: return 'c';
    case S_IFIFO: return 'p';
    case S_IFSOCK: return 's';
    default: return '?';
  }
}
static Ref fileMode(Thread& t, const Value* a) {
  mode_t mode = TRY(modeOf_py(t, a[0]));
  std::string out(1, kindLetter(mode));
  for (int shift = 6; shift >= 0; shift -= 3) {
    for (int bit = 2; bit >= 0; --bit) out += mode & (1u << (shift + bit)) ? "xwr"[bit] : '-';
  }
  auto mark = [&](size_t at, mode_t bit, char with, char without) {
    if (mode & bit) out[at] = out[at] == 'x' ? with : without;
  };
  mark(3, S_ISUID, 's', 'S');
  mark(6, S_ISGID, 's', 'S');
  mark(9, S_ISVTX, 't', 'T');
  return newStr(t, out);
}

static const NativeDef kFunctions[] = {{"S_ISDIR", "(mode, /)", isKind<S_IFDIR>}, {"S_ISCHR", "(mode, /)", isKind<S_IFCHR>}, {"S_ISBLK", "(mode, /)", isKind<S_IFBLK>},
    {"S_ISREG", "(mode, /)", isKind<S_IFREG>}, {"S_ISFIFO", "(mode, /)", isKind<S_IFIFO>}, {"S_ISLNK", "(mode, /)", isKind<S_IFLNK>},
    {"S_ISSOCK", "(mode, /)", isKind<S_IFSOCK>}, {"S_ISDOOR", "(mode, /)", never}, {"S_ISPORT", "(mode, /)", never}, {"S_ISWHT", "(mode, /)", never},
    {"S_IMODE", "(mode, /)", permissions, "Return the portion of the file's mode that can be set by os.chmod()."},
    {"S_IFMT", "(mode, /)", format, "Return the portion of the file's mode that describes the file type."},
    {"filemode", "(mode, /)", fileMode, "Convert a file's mode to a string of the form '-rwxrwxrwx'"}, {nullptr, nullptr, nullptr}};

static constexpr struct {
  const char* name;
  int64_t value;
} kConstants[] = {{"S_IFDIR", S_IFDIR}, {"S_IFCHR", S_IFCHR}, {"S_IFBLK", S_IFBLK}, {"S_IFREG", S_IFREG}, {"S_IFIFO", S_IFIFO}, {"S_IFLNK", S_IFLNK}, {"S_IFSOCK", S_IFSOCK},
    {"S_IFDOOR", 0}, {"S_IFPORT", 0}, {"S_IFWHT", 0}, {"S_ISUID", S_ISUID}, {"S_ISGID", S_ISGID}, {"S_ISVTX", S_ISVTX}, {"S_ENFMT", S_ISGID}, {"S_IREAD", S_IRUSR},
    {"S_IWRITE", S_IWUSR}, {"S_IEXEC", S_IXUSR}, {"S_IRWXU", S_IRWXU}, {"S_IRUSR", S_IRUSR}, {"S_IWUSR", S_IWUSR}, {"S_IXUSR", S_IXUSR}, {"S_IRWXG", S_IRWXG},
    {"S_IRGRP", S_IRGRP}, {"S_IWGRP", S_IWGRP}, {"S_IXGRP", S_IXGRP}, {"S_IRWXO", S_IRWXO}, {"S_IROTH", S_IROTH}, {"S_IWOTH", S_IWOTH}, {"S_IXOTH", S_IXOTH},
    {"UF_SETTABLE", 0x0000ffff}, {"UF_NODUMP", 1}, {"UF_IMMUTABLE", 2}, {"UF_APPEND", 4}, {"UF_OPAQUE", 8}, {"UF_NOUNLINK", 0x10}, {"UF_COMPRESSED", 0x20},
    {"UF_TRACKED", 0x40}, {"UF_DATAVAULT", 0x80}, {"UF_HIDDEN", 0x8000}, {"SF_SETTABLE", 0x3fff0000}, {"SF_ARCHIVED", 0x10000}, {"SF_IMMUTABLE", 0x20000},
    {"SF_APPEND", 0x40000}, {"SF_NOUNLINK", 0x100000}, {"SF_SNAPSHOT", 0x200000}, {"SF_FIRMLINK", 0x800000}, {"SF_DATALESS", 0x40000000},
    {"SF_SUPPORTED", 0x9f0000}, {"SF_SYNTHETIC", 0xc0000000}, {"SF_RESTRICTED", 0x80000}, {"ST_MODE", 0}, {"ST_INO", 1}, {"ST_DEV", 2}, {"ST_NLINK", 3},
    {"ST_UID", 4}, {"ST_GID", 5}, {"ST_SIZE", 6}, {"ST_ATIME", 7}, {"ST_MTIME", 8}, {"ST_CTIME", 9}};
static Status init(Thread& t, Module* m) {
  for (const auto& c : kConstants) moduleSet(t, m, c.name, newInt(t, c.value).get());
  return kDone;
}
}  // namespace stat_bits

extern const NativeModule kStatModule;
const NativeModule kStatModule = {"_stat", "S_IFMT_: file type bits", stat_bits::kFunctions, stat_bits::init};

}  // namespace krait::modules
