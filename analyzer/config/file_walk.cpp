#include "analyzer/config/file_walk.h"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <set>
#include <string_view>

#include "analyzer/config/discovery.h"
#include "analyzer/config/gitignore.h"

namespace krait::config {

// Deeper folders are not entered.
static constexpr int kDeepest = 256;

static constexpr std::string_view kPassedOver[] = {
    "__pycache__", "__pypackages__", "_build", "buck-out", "build", "dist", "node_modules", "site-packages", "venv",
};

namespace {
struct WalkContext {
  std::vector<WalkedFile> files;
  GitIgnore ignored;
  std::set<std::pair<dev_t, ino_t>> entered;  // a link back would go round for ever
};
}  // namespace

static bool isPassedOver(std::string_view name) {
  return name.starts_with('.') ||
         std::find(std::begin(kPassedOver), std::end(kPassedOver), name) != std::end(kPassedOver);
}

static std::vector<std::string> namesIn(const std::string& folder) {
  std::vector<std::string> names;
  DIR* dir = opendir(folder.c_str());
  if (dir == nullptr) return names;
  while (dirent* entry = readdir(dir)) names.emplace_back(entry->d_name);
  closedir(dir);
  std::sort(names.begin(), names.end());
  return names;
}

static void walkFolder(WalkContext& context, const std::string& folder, int depth) {
  struct stat info;
  if (depth > kDeepest || stat(folder.c_str(), &info) != 0) return;
  if (!context.entered.insert({info.st_dev, info.st_ino}).second) return;
  std::string prefix = folder == "." ? "" : folder.ends_with("/") ? folder : folder + "/";
  context.ignored.enter(prefix);
  for (const std::string& name : namesIn(folder)) {
    std::string path = prefix + name;
    if (isPassedOver(name) || stat(path.c_str(), &info) != 0) continue;
    bool is_folder = S_ISDIR(info.st_mode);
    if (context.ignored.ignores(path, is_folder)) continue;
    bool is_python = name.ends_with(".py") || name.ends_with(".pyi") || name.ends_with(".ipynb");
    if (is_folder) {
      walkFolder(context, path, depth + 1);
    } else if (is_python && S_ISREG(info.st_mode)) {
      context.files.push_back({path, false});
    }
  }
  context.ignored.leave();
}

Result<std::vector<WalkedFile>> walkPythonFiles(const std::vector<std::string>& paths) {
  WalkContext context;
  for (const std::string& path : paths) {
    struct stat info;
    if (stat(path.c_str(), &info) != 0) return Failure{"can't read file '" + path + "': " + std::strerror(errno)};
    if (S_ISDIR(info.st_mode) && access(path.c_str(), R_OK | X_OK) != 0) return Failure{"can't read directory '" + path + "': " + std::strerror(errno)};
    if (S_ISDIR(info.st_mode)) {
      walkFolder(context, path, 0);
    } else {
      context.files.push_back({path, true});
    }
  }
  // A file that was named and found, or named twice, is one file.
  std::set<std::string> seen;
  std::erase_if(context.files, [&](const WalkedFile& file) { return !seen.insert(absolutePath(file.path)).second; });
  return std::move(context.files);
}

}  // namespace krait::config
