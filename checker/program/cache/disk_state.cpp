#include "checker/program/cache/disk_state.h"

#include <dirent.h>
#include <sys/stat.h>
#include <time.h>

#include <algorithm>
#include <vector>

#include "analyzer/base/file_io.h"
#include "analyzer/base/interner.h"

namespace krait::program {

// A stamp younger than this may be given once more to a later content.
static constexpr uint64_t kYoung = 2'000'000'000;

static uint64_t nanoseconds(const timespec& time) {
  return static_cast<uint64_t>(time.tv_sec) * 1'000'000'000u + static_cast<uint64_t>(time.tv_nsec);
}

static uint64_t now() {
  timespec time;
  clock_gettime(CLOCK_REALTIME, &time);
  return nanoseconds(time);
}

uint64_t contentHash(std::string_view bytes) {
  uint64_t hash = hashBytes(bytes);
  return hash == 0 ? 1 : hash;
}

DiskState statOf(const std::string& path) {
  struct stat info;
  DiskState state;
  if (stat(path.c_str(), &info) != 0) return state;
  state.modified = nanoseconds(info.st_mtim);
  state.size = S_ISREG(info.st_mode) ? static_cast<uint64_t>(info.st_size) : 0;
  if (state.modified + kYoung > now()) state.modified = 0;
  return state;
}

// Can an import, or the search for installed packages, mean this name?
static bool isSeenByImports(std::string_view name, bool is_folder) {
  if (name.starts_with(".") || name == "__pycache__") return false;
  if (is_folder) return true;
  return name.ends_with(".py") || name.ends_with(".pyi") || name.ends_with(".pth") || name.ends_with(".so") || name == "py.typed";
}

uint64_t listingHash(const std::string& folder) {
  DIR* stream = opendir(folder.empty() ? "." : folder.c_str());
  if (stream == nullptr) return 0;
  std::vector<std::string> names;
  while (dirent* entry = readdir(stream)) {
    std::string name = entry->d_name;
    bool is_folder = entry->d_type == DT_DIR;
    if (name == "." || name == "..") continue;
    if (entry->d_type == DT_LNK || entry->d_type == DT_UNKNOWN) {
      struct stat info;
      std::string path = (folder.empty() ? "" : folder + "/") + name;
      if (stat(path.c_str(), &info) != 0) continue;
      is_folder = S_ISDIR(info.st_mode);
    }
    if (!isSeenByImports(name, is_folder)) continue;
    names.push_back(name + (is_folder ? "/" : ""));
  }
  closedir(stream);
  std::sort(names.begin(), names.end());
  std::string all;
  for (const std::string& name : names) all += name + "\n";
  return contentHash(all);
}

DiskState stateOfFolder(const std::string& folder) {
  DiskState state = statOf(folder.empty() ? "." : folder);
  state.size = 0;
  state.content = listingHash(folder);
  return state;
}

bool isFileCurrent(const std::string& path, DiskState& state) {
  DiskState found = statOf(path);
  found.content = state.content;
  if (found == state && state.modified != 0) return true;
  if (state.content == 0) {
    // There was no file, or it could not be read.
    return found.modified == 0 && found.size == 0 && !isFile(path);
  }
  Result<std::string> bytes = readFile(path);
  if (!bytes.ok() || contentHash(bytes.value()) != state.content) return false;
  state.modified = found.modified;
  state.size = found.size;
  return true;
}

bool isFolderCurrent(const std::string& folder, DiskState& state) {
  DiskState found = statOf(folder.empty() ? "." : folder);
  if (found.modified == state.modified && state.modified != 0) return true;
  if (listingHash(folder) != state.content) return false;
  state.modified = found.modified;
  return true;
}

}  // namespace krait::program
