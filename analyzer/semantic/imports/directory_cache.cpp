#include "analyzer/semantic/imports/directory_cache.h"

#include <dirent.h>
#include <sys/stat.h>

#include <algorithm>
#include <mutex>
#include <unordered_map>

namespace krait::semantic {

struct DirectoryCache::State {
  std::mutex lock;
  std::unordered_map<std::string, std::unique_ptr<std::vector<DirectoryEntry>>> listings;
};

DirectoryCache::DirectoryCache() : state_(std::make_unique<State>()) {}
DirectoryCache::~DirectoryCache() = default;

std::string joinPath(std::string_view directory, std::string_view name) {
  if (directory.empty() || directory == ".") return std::string(name);
  std::string path(directory);
  if (path.back() != '/') path += '/';
  path += name;
  return path;
}

static std::unique_ptr<std::vector<DirectoryEntry>> readDirectory(const std::string& directory) {
  auto entries = std::make_unique<std::vector<DirectoryEntry>>();
  DIR* stream = opendir(directory.empty() ? "." : directory.c_str());
  if (stream == nullptr) return entries;
  while (dirent* entry = readdir(stream)) {
    std::string_view name = entry->d_name;
    if (name == "." || name == "..") continue;
    bool is_directory = entry->d_type == DT_DIR;
    if (entry->d_type == DT_LNK || entry->d_type == DT_UNKNOWN) {
      struct stat status;
      if (stat(joinPath(directory, name).c_str(), &status) != 0) continue;
      is_directory = S_ISDIR(status.st_mode);
    }
    entries->push_back({std::string(name), is_directory});
  }
  closedir(stream);
  std::sort(entries->begin(), entries->end(),
            [](const DirectoryEntry& a, const DirectoryEntry& b) { return a.name < b.name; });
  return entries;
}

const std::vector<DirectoryEntry>& DirectoryCache::list(const std::string& directory) {
  std::lock_guard<std::mutex> guard(state_->lock);
  auto& listing = state_->listings[directory];
  if (!listing) listing = readDirectory(directory);
  return *listing;
}

const DirectoryEntry* DirectoryCache::find(const std::string& directory, std::string_view name) {
  const std::vector<DirectoryEntry>& entries = list(directory);
  auto at = std::lower_bound(entries.begin(), entries.end(), name,
                             [](const DirectoryEntry& entry, std::string_view wanted) { return entry.name < wanted; });
  return at != entries.end() && at->name == name ? &*at : nullptr;
}

bool DirectoryCache::hasFile(const std::string& directory, std::string_view name) {
  const DirectoryEntry* entry = find(directory, name);
  return entry != nullptr && !entry->is_directory;
}

bool DirectoryCache::hasDirectory(const std::string& directory, std::string_view name) {
  const DirectoryEntry* entry = find(directory, name);
  return entry != nullptr && entry->is_directory;
}

std::vector<std::string> DirectoryCache::directories() const {
  std::lock_guard<std::mutex> guard(state_->lock);
  std::vector<std::string> names;
  for (const auto& [name, listing] : state_->listings) names.push_back(name);
  std::sort(names.begin(), names.end());
  return names;
}

void DirectoryCache::forget() {
  std::lock_guard<std::mutex> guard(state_->lock);
  state_->listings.clear();
}

}  // namespace krait::semantic
