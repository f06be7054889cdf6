#include "analyzer/config/config_files.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

#include "analyzer/base/file_io.h"
#include "analyzer/base/text.h"

namespace krait::config {

std::string realPath(const std::string& path) {
  char* resolved = realpath(path.c_str(), nullptr);
  std::string out = resolved != nullptr ? resolved : path;
  std::free(resolved);
  return out;
}

// The folder above, as a prefix of paths.
static std::string parentOf(const std::string& folder) {
  bool has_name = !folder.empty() && folder != "../" && !folder.ends_with("/../");
  if (!has_name) return folder + "../";
  size_t slash = folder.rfind('/', folder.size() - 2);
  return slash == std::string::npos ? "" : folder.substr(0, slash + 1);
}

// Is it the root of the file system? Only of the working folder and those above it must the system be asked.
static bool isFileSystemRoot(const std::string& folder) {
  if (folder != "./" && !folder.ends_with("../")) return folder == "/";
  struct stat here, root;
  return stat(folder.c_str(), &here) == 0 && stat("/", &root) == 0 && here.st_ino == root.st_ino && here.st_dev == root.st_dev;
}

std::optional<std::string> configFolderAbove(const std::string& folder) {
  std::string here = folder.empty() ? "./" : folder;
  bool is_root = access((here + ".git").c_str(), F_OK) == 0 || access((here + ".hg").c_str(), F_OK) == 0 || isFileSystemRoot(here);
  if (is_root) return std::nullopt;
  return parentOf(folder);
}

std::vector<std::string> configFolders(std::string folder) {
  while (folder.starts_with("./")) folder.erase(0, 2);
  std::vector<std::string> folders{folder};
  while (folders.size() < kMostConfigFolders) {
    std::optional<std::string> above = configFolderAbove(folders.back());
    if (!above) break;
    folders.push_back(std::move(*above));
  }
  return folders;
}

Result<ConfigText> readConfigText(const std::string& path) {
  Result<std::string> bytes = readFile(path);
  if (!bytes.ok()) return Failure{bytes.message()};
  if (size_t bad = findInvalidUtf8(bytes.value()); bad != std::string::npos) {
    return Failure{path + ": not valid UTF-8 (byte " + std::to_string(bad) + ")"};
  }
  return path.ends_with(".toml") ? readToml(path, bytes.value()) : readIni(path, bytes.value());
}

}  // namespace krait::config
