#include "analyzer/semantic/imports/search_paths.h"

#include <stdlib.h>
#include <unistd.h>

#include <algorithm>

#include "analyzer/base/file_io.h"
#include "analyzer/semantic/imports/directory_cache.h"

namespace krait::semantic {

std::vector<std::string> splitPathList(std::string_view value) {
  std::vector<std::string> parts;
  while (!value.empty()) {
    size_t end = value.find_first_of(":,");
    std::string_view part = value.substr(0, end);
    while (!part.empty() && (part.front() == ' ' || part.front() == '\n')) part.remove_prefix(1);
    while (!part.empty() && (part.back() == ' ' || part.back() == '\n')) part.remove_suffix(1);
    if (!part.empty()) parts.emplace_back(part);
    if (end == std::string_view::npos) break;
    value.remove_prefix(end + 1);
  }
  return parts;
}

static std::string parentOf(const std::string& path) {
  size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

static std::string trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) text.remove_suffix(1);
  return std::string(text);
}

// Calls visit(line) for each line of a text.
template <class Visit>
static void forEachLine(std::string_view text, Visit&& visit) {
  while (!text.empty()) {
    size_t end = text.find('\n');
    visit(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
}

static void addOnce(std::vector<std::string>& paths, const std::string& path) {
  if (std::find(paths.begin(), paths.end(), path) == paths.end()) paths.push_back(path);
}

// A site directory and what its .pth files add: a line that names a directory (site module's documentation; lines
// that start with `import` are code and are not run).
static void addSiteDirectory(std::vector<std::string>& paths, const std::string& directory) {
  if (!isDirectory(directory)) return;
  addOnce(paths, directory);
  DirectoryCache cache;
  for (const DirectoryEntry& entry : cache.list(directory)) {
    if (entry.is_directory || !entry.name.ends_with(".pth")) continue;
    Result<std::string> text = readFile(joinPath(directory, entry.name));
    if (!text.ok()) continue;
    forEachLine(text.value(), [&](std::string_view raw) {
      std::string line = trimmed(raw);
      if (line.empty() || line[0] == '#' || line.starts_with("import ") || line.starts_with("import\t")) return;
      std::string path = line[0] == '/' ? line : joinPath(directory, line);
      if (isDirectory(path)) addOnce(paths, path);
    });
  }
}

// The lib/python3.N directories of a prefix: the target's version first, then newer ones first.
static std::vector<std::string> libraryDirectories(const std::string& prefix, int minor_version) {
  std::vector<int> minors;
  std::string lib = joinPath(prefix, "lib");
  DirectoryCache cache;
  for (const DirectoryEntry& entry : cache.list(lib)) {
    if (!entry.is_directory || !entry.name.starts_with("python3.")) continue;
    minors.push_back(atoi(entry.name.c_str() + 8));
  }
  std::sort(minors.begin(), minors.end(), [&](int a, int b) {
    if ((a == minor_version) != (b == minor_version)) return a == minor_version;
    return a > b;
  });
  std::vector<std::string> directories;
  for (int minor : minors) directories.push_back(joinPath(lib, "python3." + std::to_string(minor)));
  return directories;
}

static void addSystemSite(std::vector<std::string>& paths, const EnvironmentOptions& options) {
  for (const char* prefix : {"/usr/local", "/usr"}) {
    for (const std::string& library : libraryDirectories(prefix, options.minor_version)) {
      addSiteDirectory(paths, joinPath(library, "site-packages"));
      addSiteDirectory(paths, joinPath(library, "dist-packages"));
    }
  }
  addSiteDirectory(paths, "/usr/lib/python3/dist-packages");
}

// A prefix with site-packages of its own. False when it is no environment.
static bool addPrefix(std::vector<std::string>& paths, const std::string& prefix, const EnvironmentOptions& options) {
  bool includes_system = false;
  Result<std::string> config = readFile(joinPath(prefix, "pyvenv.cfg"));
  if (config.ok()) {
    forEachLine(config.value(), [&](std::string_view line) {
      size_t equals = line.find('=');
      if (equals == std::string_view::npos) return;
      std::string value = trimmed(line.substr(equals + 1));
      if (trimmed(line.substr(0, equals)) == "include-system-site-packages") {
        includes_system = value == "true" || value == "True" || value == "TRUE";
      }
    });
  }
  std::vector<std::string> libraries = libraryDirectories(prefix, options.minor_version);
  size_t before = paths.size();
  // One version is active in an environment; the first is the best guess.
  if (!libraries.empty()) addSiteDirectory(paths, joinPath(libraries[0], "site-packages"));
  if (includes_system) addSystemSite(paths, options);
  return paths.size() > before;
}

static bool addFromExecutable(std::vector<std::string>& paths, const EnvironmentOptions& options) {
  std::string prefix = parentOf(parentOf(options.python_executable));
  if (isFile(joinPath(prefix, "pyvenv.cfg"))) return addPrefix(paths, prefix, options);
  char resolved[4096];
  ssize_t length = readlink(options.python_executable.c_str(), resolved, sizeof resolved);
  if (length > 0 && resolved[0] == '/') prefix = parentOf(parentOf(std::string(resolved, length)));
  if (prefix == "/usr" || prefix == "/usr/local") {
    addSystemSite(paths, options);
    return true;
  }
  return addPrefix(paths, prefix, options);
}

std::vector<std::string> findSitePackages(const EnvironmentOptions& options) {
  std::vector<std::string> paths;
  if (!options.python_executable.empty()) {
    addFromExecutable(paths, options);
    return paths;
  }
  for (const char* variable : {"VIRTUAL_ENV", "CONDA_PREFIX"}) {
    const char* prefix = getenv(variable);
    if (prefix != nullptr && *prefix != '\0' && addPrefix(paths, prefix, options)) return paths;
  }
  for (const char* name : {".venv", "venv"}) {
    std::string prefix = joinPath(options.project_root, name);
    if (isFile(joinPath(prefix, "pyvenv.cfg")) && addPrefix(paths, prefix, options)) return paths;
  }
  if (options.uses_system) addSystemSite(paths, options);
  return paths;
}

}  // namespace krait::semantic
