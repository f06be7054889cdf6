// Listings of directories, read once each: import resolution asks about thousands of files that are not there. The
// answers stay as they were first read until forget(). Safe to use from many threads.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace krait::semantic {

struct DirectoryEntry {
  std::string name;
  bool is_directory = false;
};

class DirectoryCache {
 public:
  DirectoryCache();
  ~DirectoryCache();
  DirectoryCache(const DirectoryCache&) = delete;
  DirectoryCache& operator=(const DirectoryCache&) = delete;

  // The entries of a directory, sorted by name; empty when it is not a readable directory. Valid until forget().
  const std::vector<DirectoryEntry>& list(const std::string& directory);
  // Does `directory` hold a file (not a directory) of exactly this name, upper and lower case included?
  bool hasFile(const std::string& directory, std::string_view name);
  bool hasDirectory(const std::string& directory, std::string_view name);
  // The directories that were asked about, sorted.
  std::vector<std::string> directories() const;
  // Forgets everything, for a run that looks at the disk again.
  void forget();

 private:
  const DirectoryEntry* find(const std::string& directory, std::string_view name);
  struct State;
  std::unique_ptr<State> state_;
};

// `directory` + "/" + `name`; just `name` when the directory is empty or ".".
std::string joinPath(std::string_view directory, std::string_view name);

}  // namespace krait::semantic
