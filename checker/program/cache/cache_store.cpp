#include "checker/program/cache/cache_store.h"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <vector>

#include "analyzer/base/file_io.h"
#include "analyzer/base/interner.h"
#include "checker/program/cache/byte_stream.h"

namespace krait::program {

static constexpr uint64_t kMagic = 0x31'65'68'63'61'43'72'4b;  // "KrCache1"
static constexpr size_t kHeaderBytes = 32;                     // magic, version, checksum, size
static constexpr size_t kMaxFiles = 24;

uint64_t programVersion() {
  static const uint64_t version = [] {
    struct stat info;
    if (stat("/proc/self/exe", &info) != 0) return uint64_t{1};
    ByteWriter out;
    out.number(static_cast<uint64_t>(info.st_size));
    out.number(static_cast<uint64_t>(info.st_mtim.tv_sec));
    out.number(static_cast<uint64_t>(info.st_mtim.tv_nsec));
    out.number(static_cast<uint64_t>(info.st_ino));
    return hashBytes(out.take());
  }();
  return version;
}

std::string CacheStore::pathOf(uint64_t key) const {
  char name[32];
  std::snprintf(name, sizeof name, "check-%016llx.bin", static_cast<unsigned long long>(key));
  return folder_ + "/" + name;
}

std::optional<std::string> CacheStore::load(uint64_t key) const {
  if (isOff()) return std::nullopt;
  Result<std::string> file = readFile(pathOf(key));
  if (!file.ok() || file.value().size() < kHeaderBytes) return std::nullopt;
  ByteReader in(file.value());
  std::string_view payload = std::string_view(file.value()).substr(kHeaderBytes);
  bool fits = in.number() == kMagic && in.number() == programVersion();
  fits = fits && in.number() == hashBytes(payload) && in.number() == payload.size();
  if (!fits) return std::nullopt;
  return file.value().substr(kHeaderBytes);
}

// The folder with what tells backup programs and git to pass it over.
bool CacheStore::prepare() const {
  if (isDirectory(folder_)) return access(folder_.c_str(), W_OK) == 0;
  std::string path;
  for (size_t slash = 0; slash != std::string::npos;) {
    slash = folder_.find('/', slash + 1);
    path = folder_.substr(0, slash);
    if (!isDirectory(path) && mkdir(path.c_str(), 0777) != 0 && !isDirectory(path)) return false;
  }
  Result<size_t> tag = writeFileAtomically(folder_ + "/CACHEDIR.TAG",
                                           "Signature: 8a477f597d28d172789f06886806bc55\n"
                                           "# This folder is a cache that krait made: it may be deleted at any time.\n");
  Result<size_t> ignore = writeFileAtomically(folder_ + "/.gitignore", "*\n");
  return tag.ok() && ignore.ok();
}

void CacheStore::dropOldest() const {
  DIR* stream = opendir(folder_.c_str());
  if (stream == nullptr) return;
  std::vector<std::pair<time_t, std::string>> files;
  while (dirent* entry = readdir(stream)) {
    std::string_view name = entry->d_name;
    struct stat info;
    std::string path = folder_ + "/" + entry->d_name;
    if (name.starts_with("check-") && stat(path.c_str(), &info) == 0) files.push_back({info.st_mtim.tv_sec, std::move(path)});
  }
  closedir(stream);
  if (files.size() <= kMaxFiles) return;
  std::sort(files.begin(), files.end());
  for (size_t i = 0; i + kMaxFiles < files.size(); ++i) unlink(files[i].second.c_str());
}

void CacheStore::save(uint64_t key, std::string_view payload) const {
  if (isOff() || !prepare()) return;
  ByteWriter out;
  out.number(kMagic);
  out.number(programVersion());
  out.number(hashBytes(payload));
  out.number(payload.size());
  std::string bytes = out.take();
  bytes.append(payload);
  std::string path = pathOf(key);
  bool is_new = !isFile(path);
  Result<size_t> written = writeFileAtomically(path, bytes);
  if (written.ok() && is_new) dropOldest();
}

}  // namespace krait::program
