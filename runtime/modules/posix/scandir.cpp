// os.scandir: an iterator of DirEntry objects that remember what the folder said about them.
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/modules/audit.h"
#include "runtime/modules/posix/posix.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"

namespace krait::modules::posix {

struct ScandirIterator : Object {
  DIR* dir;        // null once exhausted or closed
  Value path;      // the argument, or None
  int fd;          // of a descriptor argument, or -1
  bool is_bytes;
};
struct DirEntry : Object {
  Value name, path;
  Value stat, lstat;  // or Undefined
  uint64_t inode;
  int dir_fd;
  unsigned char kind;  // DT_…
};
static ScandirIterator* iterator(Value v) { return v.as<ScandirIterator>(); }
static DirEntry* entry(Value v) { return v.as<DirEntry>(); }

Ref scandir(Thread& t, const Value* a) {
  PathArg path;
  TRY(pathArg_py(t, a[0], kAllowFd | kNullable, "scandir", "path", path));
  TRY(audit_py(t, "os.scandir", {a[0]}));
  DIR* dir;
  {
    WithoutLock unlocked(t);
    int copy = path.is_fd ? fcntl(path.fd, F_DUPFD_CLOEXEC, 0) : -1;
    dir = path.is_fd ? (copy < 0 ? nullptr : fdopendir(copy)) : opendir(path.is_null ? "." : path.c());
  }
  if (dir == nullptr) return raisePathError(t, path);
  if (path.is_fd) rewinddir(dir);
  ScandirIterator* it = allocate<ScandirIterator>(types.scandir_iterator);
  it->dir = dir;
  it->path = share(path.object.get());
  it->fd = path.is_fd ? path.fd : -1;
  it->is_bytes = path.is_bytes;
  return Ref::steal(it);
}
static void closeDir(ScandirIterator* it) {
  if (it->dir == nullptr) return;
  closedir(it->dir);
  it->dir = nullptr;
}
static Status finalizeIterator(Thread& t, Value v) {
  if (iterator(v)->dir == nullptr) return kDone;
  Status warned = warn_py(t, errors(t).resource_warning, 1, "unclosed scandir iterator %s", reprText_py(t, v).c_str());
  closeDir(iterator(v));
  return warned;
}
static void deallocIterator(Object* o) {
  closeDir(static_cast<ScandirIterator*>(o));
  decref(static_cast<ScandirIterator*>(o)->path);
}

static Ref newEntry_py(Thread& t, ScandirIterator* it, const dirent& d) {
  std::string_view name = d.d_name;
  DirEntry* e = allocate<DirEntry>(types.dir_entry);
  Ref made = Ref::steal(e);
  e->name = (it->is_bytes ? newBytes(t, name) : fsDecode(t, name)).release();
  e->inode = d.d_ino;
  e->kind = d.d_type;
  e->dir_fd = it->fd >= 0 ? it->fd : AT_FDCWD;
  if (it->fd >= 0) {
    e->path = share(e->name);
    return made;
  }
  std::string prefix = it->path.isNone() ? "." : it->is_bytes ? std::string(it->path.as<Bytes>()->view()) : TRY(fsEncode_py(t, it->path));
  if (!prefix.empty() && prefix.back() != '/') prefix += '/';
  if (it->path.isNone()) prefix = "./";
  prefix += name;
  e->path = (it->is_bytes ? newBytes(t, prefix) : fsDecode(t, prefix)).release();
  return made;
}
static Ref next(Thread& t, Value v) {
  ScandirIterator* it = iterator(v);
  while (it->dir != nullptr) {
    errno = 0;
    dirent* d = readdir(it->dir);
    if (d == nullptr) {
      int error = errno;
      closeDir(it);
      if (error != 0) return raiseOSError(t, error, it->path);
      return Ref();
    }
    std::string_view name = d->d_name;
    if (name == "." || name == "..") continue;
    return newEntry_py(t, it, *d);
  }
  return Ref();
}
static Ref closeFn(Thread&, const Value* a) {
  closeDir(iterator(a[0]));
  return Ref::none();
}
static Ref self(Thread&, const Value* a) { return Ref::of(a[0]); }
static const NativeDef kIteratorMethods[] = {{"__enter__", "($self, /)", self}, {"__exit__", "($self, /, *exc_info)", closeFn},
    {"close", "($self, /)", closeFn}, {nullptr, nullptr, nullptr}};

// --- entries
static Ref statOf_py(Thread& t, DirEntry* e, bool follow) {
  Value& cache = follow ? e->stat : e->lstat;
  if (cache.defined()) return Ref::of(cache);
  Value shown = e->path;
  std::string path = isBytes(shown) ? std::string(shown.as<Bytes>()->view()) : TRY(fsEncode_py(t, shown));
  Ref result = TRY(direntStat_py(t, path, e->dir_fd, follow, shown));
  cache = share(result.get());
  return result;
}
static Ref entryStat(Thread& t, const Value* a) {
  DirEntry* e = entry(a[0]);
  bool follow = TRY(isTrue_py(t, a[1]));
  return statOf_py(t, e, follow && (e->kind == DT_LNK || e->kind == DT_UNKNOWN || e->stat.defined() || follow));
}
static Fallible<bool> isKind_py(Thread& t, Value v, bool follow, mode_t mode, unsigned char kind) {
  DirEntry* e = entry(v);
  bool is_link = e->kind == DT_LNK;
  if (e->kind != DT_UNKNOWN && !(is_link && follow)) return e->kind == kind;
  Ref st = statOf_py(t, e, follow);
  if (!st) {
    if (!pendingMatches(t, errors(t).file_not_found_error)) return kRaised;
    clearException(t);
    return false;
  }
  return (static_cast<mode_t>(st.as<Tuple>()->items()[0].asInt()) & S_IFMT) == mode;
}
static Ref isDir(Thread& t, const Value* a) { return Ref::boolean(TRY(isKind_py(t, a[0], TRY(isTrue_py(t, a[1])), S_IFDIR, DT_DIR))); }
static Ref isFile(Thread& t, const Value* a) { return Ref::boolean(TRY(isKind_py(t, a[0], TRY(isTrue_py(t, a[1])), S_IFREG, DT_REG))); }
static Ref isLink(Thread& t, const Value* a) { return Ref::boolean(TRY(isKind_py(t, a[0], false, S_IFLNK, DT_LNK))); }
static Ref isJunction(Thread&, const Value*) { return Ref::boolean(false); }
static Ref inode(Thread& t, const Value* a) { return newIntUnsigned(t, entry(a[0])->inode); }
static Ref fspathOf(Thread&, const Value* a) { return Ref::of(entry(a[0])->path); }
static Ref alias(Thread& t, const Value* a) { return callArgs_py(t, t.types().generic_alias, a[0], a[1]); }
static Ref getName(Thread&, Value v) { return Ref::of(entry(v)->name); }
static Ref getPath(Thread&, Value v) { return Ref::of(entry(v)->path); }
static Ref entryRepr(Thread& t, Value v) { return newStr(t, "<DirEntry " + reprText_py(t, entry(v)->name) + ">"); }
static void deallocEntry(Object* o) {
  DirEntry* e = static_cast<DirEntry*>(o);
  for (Value v : {e->name, e->path, e->stat, e->lstat}) decref(v);
}
static const NativeDef kEntryMethods[] = {
    {"is_dir", "($self, /, *, follow_symlinks=True)", isDir}, {"is_file", "($self, /, *, follow_symlinks=True)", isFile}, {"is_symlink", "($self, /)", isLink},
    {"is_junction", "($self, /)", isJunction}, {"stat", "($self, /, *, follow_symlinks=True)", entryStat}, {"inode", "($self, /)", inode},
    {"__fspath__", "($self, /)", fspathOf}, {"__class_getitem__", "($type, item, /)", alias}, {nullptr, nullptr, nullptr}};
static const GetSetDef kEntryGetSets[] = {{"name", getName}, {"path", getPath}, {nullptr, nullptr}};

Status addScandirTypes(Thread& t, Module* module) {
  Type* it = types.scandir_iterator = makeType(*t.isolate, {.name = "posix.ScandirIterator", .size = sizeof(ScandirIterator), .flags = kTypeDisallowNew, .methods = kIteratorMethods});
  it->slots.dealloc = deallocIterator;
  it->slots.finalize = finalizeIterator;
  it->slots.iter = [](Thread&, Value v) -> Ref { return Ref::of(v); };
  it->slots.next = next;
  readyType(*t.isolate, it);
  Type* e = types.dir_entry = makeType(*t.isolate, {.name = "posix.DirEntry", .size = sizeof(DirEntry), .flags = kTypeDisallowNew, .methods = kEntryMethods, .getsets = kEntryGetSets});
  e->slots.dealloc = deallocEntry;
  e->slots.repr = entryRepr;
  readyType(*t.isolate, e);
  moduleSetType(t, module, e);
  return kDone;
}

}  // namespace krait::modules::posix
