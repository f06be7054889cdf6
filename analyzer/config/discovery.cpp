#include "analyzer/config/discovery.h"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <map>
#include <set>

#include "analyzer/base/file_io.h"
#include "analyzer/config/gitignore.h"
#include "analyzer/config/path_regex.h"

namespace krait::config {

// Deeper folders are not entered.
static constexpr int kDeepestFolder = 256;

bool isIdentifier(std::string_view name) {
  if (name.empty() || (name[0] >= '0' && name[0] <= '9')) return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
  });
}

// ref: os.path.normpath
static std::string normalised(std::string_view path) {
  std::vector<std::string_view> parts;
  bool is_absolute = path.starts_with("/");
  for (size_t begin = 0; begin < path.size();) {
    size_t end = std::min(path.find('/', begin), path.size());
    std::string_view part = path.substr(begin, end - begin);
    begin = end + 1;
    if (part.empty() || part == ".") continue;
    if (part == ".." && !parts.empty() && parts.back() != "..") {
      parts.pop_back();
    } else if (part != ".." || !is_absolute) {
      parts.push_back(part);
    }
  }
  std::string out = is_absolute ? "/" : "";
  for (size_t i = 0; i < parts.size(); ++i) out += (i > 0 ? "/" : "") + std::string(parts[i]);
  return out.empty() ? "." : out;
}

std::string absolutePath(const std::string& path) {
  if (path.starts_with("/")) return normalised(path);
  char buffer[4096];
  const char* here = getcwd(buffer, sizeof buffer);
  return normalised(std::string(here != nullptr ? here : "") + "/" + path);
}

static constexpr std::string_view kNotebookSuffix = ".ipynb";

static bool hasPythonSuffix(std::string_view name) { return name.ends_with(".py") || name.ends_with(".pyi"); }

static std::string_view stem(std::string_view name) {
  size_t dot = name.rfind('.');
  return dot == std::string_view::npos || dot == 0 ? name : name.substr(0, dot);
}

static std::string joinModule(const std::string& parent, std::string_view child) {
  return parent.empty() ? std::string(child) : child.empty() ? parent : parent + "." + std::string(child);
}

namespace {

// What a folder holds.
struct Entry {
  std::string name;
  bool is_file = false;  // the folder itself says so; else stat(2) must be asked
};

struct Crawled {
  std::string module;
  std::string base_dir;
  bool is_base = false;  // a folder above is meant as a base: it has an __init__.py or is an explicit base
};

class Finder {
 public:
  Finder(const Options& options, const DiscoverySettings& settings);

  std::optional<Failure> add(const std::string& given);
  Result<Source> crawlFile(const std::string& path);
  std::optional<Failure> compileExcludes();
  std::vector<Source> take() { return std::move(sources_); }

 private:
  std::optional<Failure> addFolder(const std::string& folder, int depth);
  std::optional<Failure> addEntry(const std::string& path, const Entry& entry, std::set<std::string>& seen, int depth);
  std::vector<Entry> listFolder(const std::string& folder, const std::string& prefix, bool& has_gitignore) const;
  bool isRead(const std::string& path) const;
  bool isExcluded(const std::string& path, bool is_folder) const;
  bool isUsuallyPassedOver(const std::string& path, const std::string& name) const;
  Crawled crawlFolder(const std::string& folder);
  Crawled crawlNewFolder(const std::string& folder);

  const Options& options_;
  const DiscoverySettings& settings_;
  std::vector<PathRegex> excludes_;
  std::vector<std::string> bases_;  // explicit package bases, absolute
  std::map<std::string, Crawled> crawled_;
  std::string invalid_package_;
  GitIgnore ignored_;
  std::vector<std::pair<dev_t, ino_t>> open_folders_;  // from the given one down
  std::vector<Source> sources_;
};

Finder::Finder(const Options& options, const DiscoverySettings& settings) : options_(options), settings_(settings) {
  if (!options.explicit_package_bases) return;
  const char* path = std::getenv("MYPYPATH");
  std::string list = path != nullptr ? path : "";
  for (size_t begin = 0; begin < list.size();) {
    size_t end = std::min(list.find(':', begin), list.size());
    bases_.push_back(absolutePath(list.substr(begin, end - begin)));
    begin = end + 1;
  }
  for (const std::string& folder : options.mypy_path) bases_.push_back(absolutePath(folder));
  bases_.push_back(absolutePath("."));
}

std::optional<Failure> Finder::compileExcludes() {
  for (const std::string& pattern : options_.exclude) {
    Result<PathRegex> regex = PathRegex::compile(pattern);
    if (!regex.ok()) return Failure{"exclude: " + pattern + ": " + regex.message()};
    excludes_.push_back(std::move(regex.value()));
  }
  return std::nullopt;
}

bool Finder::isRead(const std::string& path) const {
  return settings_.includes ? settings_.includes(path) : hasPythonSuffix(path) || path.ends_with(kNotebookSuffix);
}

bool Finder::isExcluded(const std::string& path, bool is_folder) const {
  std::string text = is_folder ? path + "/" : path;
  if (text.starts_with("./")) text = text.substr(2);
  for (const PathRegex& regex : excludes_) {
    if (regex.isFoundIn(text)) return true;
  }
  return (settings_.uses_gitignore || options_.exclude_gitignore) && ignored_.ignores(path, is_folder);
}

// __init__ first, then names in order, a package's folder before its stub and its stub before its module.
static std::tuple<bool, int, std::string> orderOf(const std::string& name) {
  int suffix = name.ends_with(".pyi") ? 0 : name.ends_with(".py") ? 1 : -1;
  std::string base = suffix < 0 ? name : std::string(stem(name));
  return {base != "__init__", suffix, base};
}

// What a folder holds, without the files that are not read. `prefix`: of the paths of what it holds.
std::vector<Entry> Finder::listFolder(const std::string& folder, const std::string& prefix, bool& has_gitignore) const {
  std::vector<Entry> entries;
  DIR* dir = opendir(folder.c_str());
  if (dir == nullptr) return entries;
  while (dirent* entry = readdir(dir)) {
    std::string_view name = entry->d_name;
    has_gitignore |= name == ".gitignore";
    bool is_file = entry->d_type == DT_REG;
    if (name == "." || name == ".." || (is_file && !isRead(prefix + std::string(name)))) continue;
    entries.push_back({std::string(name), is_file});
  }
  closedir(dir);
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return orderOf(a.name) < orderOf(b.name); });
  return entries;
}

std::optional<Failure> Finder::addEntry(const std::string& path, const Entry& entry, std::set<std::string>& seen,
                                        int depth) {
  const std::string& name = entry.name;
  struct stat info{};
  if (!entry.is_file && stat(path.c_str(), &info) != 0) return std::nullopt;
  bool is_folder = !entry.is_file && S_ISDIR(info.st_mode);
  if (isExcluded(path, is_folder)) return std::nullopt;
  if (is_folder) {
    // A link back to a folder that is being read would go round for ever.
    std::pair<dev_t, ino_t> identity{info.st_dev, info.st_ino};
    if (std::find(open_folders_.begin(), open_folders_.end(), identity) != open_folders_.end()) return std::nullopt;
    size_t before = sources_.size();
    open_folders_.push_back(identity);
    std::optional<Failure> failure = addFolder(path, depth + 1);
    open_folders_.pop_back();
    if (failure) return failure;
    if (sources_.size() > before) seen.insert(name);
    return std::nullopt;
  }
  if (!entry.is_file && (!S_ISREG(info.st_mode) || !isRead(path))) return std::nullopt;
  bool is_notebook = settings_.includes_notebooks && name.ends_with(kNotebookSuffix);
  if (is_notebook) {
    sources_.push_back({.path = path, .module = "", .base_dir = ""});
    return std::nullopt;
  }
  if (!hasPythonSuffix(name)) {
    if (settings_.includes) sources_.push_back({.path = path, .module = "", .base_dir = ""});
    return std::nullopt;
  }
  if (!seen.insert(std::string(stem(name))).second && !settings_.keeps_all_files) return std::nullopt;
  Result<Source> source = crawlFile(path);
  if (!source.ok() && settings_.keeps_all_files) {
    sources_.push_back({.path = path, .module = "", .base_dir = ""});
    return std::nullopt;
  }
  if (!source.ok()) return Failure{source.message()};
  sources_.push_back(std::move(source.value()));
  return std::nullopt;
}

bool Finder::isUsuallyPassedOver(const std::string& path, const std::string& name) const {
  if (settings_.passes_over) return settings_.passes_over(path);
  return name.starts_with(".") || name == "__pycache__" || name == "site-packages" || name == "node_modules";
}

std::optional<Failure> Finder::addFolder(const std::string& folder, int depth) {
  if (depth > kDeepestFolder) return std::nullopt;
  std::string prefix = folder == "." ? "" : folder.ends_with("/") ? folder : folder + "/";
  bool has_gitignore = false;
  std::vector<Entry> entries = listFolder(folder, prefix, has_gitignore);
  ignored_.enter(prefix, has_gitignore);
  std::set<std::string> seen;
  for (const Entry& entry : entries) {
    std::string path = prefix + entry.name;
    if (isUsuallyPassedOver(path, entry.name)) continue;
    if (std::optional<Failure> failure = addEntry(path, entry, seen, depth)) return failure;
  }
  ignored_.leave();
  return std::nullopt;
}

std::optional<Failure> Finder::add(const std::string& given) {
  std::string path = normalised(given);
  if (hasPythonSuffix(path)) {
    Result<Source> source = crawlFile(path);
    if (!source.ok()) return Failure{source.message()};
    sources_.push_back(std::move(source.value()));
    return std::nullopt;
  }
  if (!isDirectory(path)) {
    size_t slash = path.rfind('/');
    std::string name = slash == std::string::npos ? path : path.substr(slash + 1);
    sources_.push_back({.path = path, .module = options_.scripts_are_modules ? name : "", .base_dir = ""});
    return std::nullopt;
  }
  if (access(path.c_str(), R_OK | X_OK) != 0) return Failure{"can't read directory '" + path + "': " + std::strerror(errno)};
  size_t before = sources_.size();
  struct stat info;
  if (stat(path.c_str(), &info) == 0) open_folders_ = {{info.st_dev, info.st_ino}};
  if (std::optional<Failure> failure = addFolder(path, 0)) return failure;
  if (sources_.size() == before && !settings_.allows_empty_folders) {
    return Failure{"There are no .py[i] files in directory '" + path + "'"};
  }
  return std::nullopt;
}

Result<Source> Finder::crawlFile(const std::string& path) {
  std::string full = absolutePath(path);
  size_t slash = full.rfind('/');
  Crawled above = crawlFolder(slash == 0 ? "/" : full.substr(0, slash));
  if (!invalid_package_.empty()) return Failure{invalid_package_ + " is not a valid Python package name"};
  std::string name(stem(std::string_view(full).substr(slash + 1)));
  return Source{.path = path,
                .module = name == "__init__" ? above.module : joinModule(above.module, name),
                .base_dir = above.base_dir};
}

Crawled Finder::crawlFolder(const std::string& folder) {
  auto known = crawled_.find(folder);
  if (known == crawled_.end()) known = crawled_.emplace(folder, crawlNewFolder(folder)).first;
  return known->second.is_base ? known->second : Crawled{.module = "", .base_dir = folder};
}

Crawled Finder::crawlNewFolder(const std::string& folder) {
  if (std::find(bases_.begin(), bases_.end(), folder) != bases_.end())
    return {.module = "", .base_dir = folder, .is_base = true};
  size_t slash = folder.rfind('/');
  std::string parent = slash == 0 ? "/" : folder.substr(0, slash);
  std::string_view name = std::string_view(folder).substr(slash + 1);
  if (name.ends_with("-stubs")) name.remove_suffix(6);
  if (isFile(folder + "/__init__.pyi") || isFile(folder + "/__init__.py")) {
    if (!isIdentifier(name)) {
      invalid_package_ = name;
      return {};
    }
    Crawled above = crawlFolder(parent);
    return {.module = joinModule(above.module, name), .base_dir = above.base_dir, .is_base = true};
  }
  if (name.empty() || folder == "/" || !isIdentifier(name) || !options_.namespace_packages) return {};
  crawlFolder(parent);
  const Crawled& above = crawled_.find(parent)->second;
  if (!above.is_base) return {};
  return {.module = joinModule(above.module, name), .base_dir = above.base_dir, .is_base = true};
}

}  // namespace

Result<std::vector<Source>> findSources(const std::vector<std::string>& paths, const Options& options,
                                        const DiscoverySettings& settings) {
  Finder finder(options, settings);
  if (std::optional<Failure> failure = finder.compileExcludes()) return *failure;
  for (const std::string& path : paths) {
    if (std::optional<Failure> failure = finder.add(path)) return *failure;
  }
  return finder.take();
}

Result<Source> sourceOfFile(const std::string& path, const Options& options) {
  DiscoverySettings settings;
  return Finder(options, settings).crawlFile(path);
}

}  // namespace krait::config
