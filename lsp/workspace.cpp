#include "lsp/workspace.h"

#include <dirent.h>
#include <malloc.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <set>

#include "analyzer/base/file_io.h"
#include "checker/program/interface.h"
#include "lsp/indexer.h"

namespace krait::lsp {

std::string pathOfUri(const std::string& uri) {
  static constexpr std::string_view kScheme = "file://";
  if (uri.compare(0, kScheme.size(), kScheme) != 0) return uri;
  std::string path;
  size_t at = uri.find('/', kScheme.size());
  if (at == std::string::npos) return uri;
  for (; at < uri.size(); ++at) {
    if (uri[at] == '%' && at + 2 < uri.size() && std::isxdigit(static_cast<unsigned char>(uri[at + 1])) &&
        std::isxdigit(static_cast<unsigned char>(uri[at + 2]))) {
      path += static_cast<char>(std::strtol(uri.substr(at + 1, 2).c_str(), nullptr, 16));
      at += 2;
    } else {
      path += uri[at];
    }
  }
  return path;
}

std::string uriOfPath(const std::string& path) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  std::string uri = "file://";
  for (unsigned char c : path) {
    if (std::isalnum(c) || std::string_view("/-._~").find(static_cast<char>(c)) != std::string_view::npos) {
      uri += static_cast<char>(c);
    } else {
      uri += '%';
      uri += kDigits[c >> 4];
      uri += kDigits[c & 15];
    }
  }
  return uri;
}

static int64_t modifiedTime(const std::string& path) {
  struct stat info;
  if (stat(path.c_str(), &info) != 0) return 0;
  return static_cast<int64_t>(info.st_mtim.tv_sec) * 1000000000 + info.st_mtim.tv_nsec;
}

Workspace::Workspace() : configs_(1) {}
Workspace::~Workspace() = default;

void Workspace::setRoots(std::vector<std::string> roots) {
  roots_ = std::move(roots);
  // Configuration and search paths are relative to the working folder, as on the command line.
  if (!roots_.empty() && chdir(roots_[0].c_str()) != 0) roots_.clear();
  readConfigs();
  has_project_files_ = false;
  prepare();
  restartIndex();
}

void Workspace::readConfigs() {
  configs_.clear();
  for (const std::string& root : roots_) configs_.push_back(readRootConfig(root, roots_[0]));
  if (configs_.empty()) configs_.push_back(readRootConfig("", ""));
  config_times_ = configTimes();
}

const config::Config& Workspace::configOf(std::string_view path) const {
  const RootConfig* found = &configs_[0];
  for (const RootConfig& one : configs_) {
    bool holds = path.starts_with(one.root) && path.substr(one.root.size(), 1) == "/";
    bool is_inner = one.root.size() > found->root.size() || !path.starts_with(found->root);
    if (holds && is_inner) found = &one;
  }
  return found->config;
}

void Workspace::restart() {
  readConfigs();
  disk_.clear();
  has_project_files_ = false;
  prepare();
  restartIndex();
}

// Where the names of the folder's modules begin: a folder that is a package itself is not where they do, or its modules
// would stand in for the library's (`typing`, `json`).
static std::string baseOf(std::string folder) {
  for (size_t slash = folder.rfind('/'); slash != 0 && slash != std::string::npos; slash = folder.rfind('/')) {
    if (!isFile(folder + "/__init__.py") && !isFile(folder + "/__init__.pyi")) break;
    folder.resize(slash);
  }
  return folder;
}

// The names of the modules and packages that stand directly in a folder.
static std::set<std::string> topNames(const std::string& folder) {
  std::set<std::string> out;
  DIR* dir = opendir(folder.c_str());
  while (const dirent* found = dir != nullptr ? readdir(dir) : nullptr) {
    std::string entry = found->d_name;
    bool is_module = entry.ends_with(".py") || entry.ends_with(".pyi");
    std::string path = folder + "/" + entry;
    if (is_module) out.insert(entry.substr(0, entry.rfind('.')));
    else if (isFile(path + "/__init__.py") || isFile(path + "/__init__.pyi")) out.insert(entry);
  }
  if (dir != nullptr) closedir(dir);
  return out;
}

static std::vector<std::string> basesOf(const std::string& root) {
  std::vector<std::string> out = {baseOf(root)};
  if (isDirectory(root + "/src")) out.push_back(root + "/src");
  return out;
}

// Do two of the folders have modules of the same name?
static bool haveSameNames(const std::vector<std::string>& roots) {
  std::set<std::string> all;
  for (const std::string& root : roots) {
    std::set<std::string> own;
    for (const std::string& base : basesOf(root)) own.merge(topNames(base));
    for (const std::string& name : own) {
      if (!all.insert(name).second) return true;
    }
  }
  return false;
}

// The folder `first` comes before the others.
Workspace::Realm Workspace::newRealm(size_t first) {
  std::vector<const RootConfig*> configs = {&configs_[first]};
  std::vector<std::string> roots;
  if (first < roots_.size()) roots.push_back(roots_[first]);
  for (size_t i = 0; i < roots_.size(); ++i) {
    if (i != first) configs.push_back(&configs_[i]), roots.push_back(roots_[i]);
  }
  std::vector<config::Source> sources;
  for (const std::string& root : roots) {
    for (const std::string& base : basesOf(root)) sources.push_back({.path = root, .module = {}, .base_dir = base});
  }
  for (const std::string& base : bases_) sources.push_back({.path = base, .module = {}, .base_dir = base});
  Realm out{.config = &configs_[first]};
  out.resolver = std::make_unique<semantic::ImportResolver>(resolverOptionsOf(configs, sources, configs_[0].root));
  out.star_names = std::make_unique<semantic::StarNames>(*out.resolver, names_);
  out.session = newSession(out);
  return out;
}

void Workspace::prepare() {
  realms_.clear();
  size_t count = roots_.size() > 1 && haveSameNames(roots_) ? roots_.size() : 1;
  for (size_t i = 0; i < count; ++i) realms_.push_back(newRealm(i));
  realm_ = std::min(realm_, count - 1);
}

std::unique_ptr<program::Session> Workspace::newSession(const Realm& realm) {
  std::vector<program::FolderConfig> folders;
  for (const RootConfig& one : configs_) {
    if (configs_.size() > 1) folders.push_back({.folder = one.root, .config = &one.config});
  }
  return std::make_unique<program::Session>(realm.config->config, *realm.resolver, names_, std::move(folders), kept_trees_.get());
}

// The realm of the innermost folder that holds the file, or that which is asked now.
size_t Workspace::realmOf(std::string_view path) const {
  size_t found = realm_, longest = 0;
  for (size_t i = 0; i < realms_.size() && realms_.size() > 1; ++i) {
    const std::string& root = roots_[i];
    bool holds = path.starts_with(root) && path.substr(root.size(), 1) == "/";
    if (holds && root.size() > longest) found = i, longest = root.size();
  }
  return found;
}

void Workspace::askFor(std::string_view path) { realm_ = realmOf(path); }

program::Session& Workspace::session() {
  if (realms_.empty()) prepare();
  program::Session& session = *realm().session;
  for (auto& [uri, document] : documents_) {
    if (realmOf(document->path()) == realm_) session.setParsed(document->path(), document->module_name, document->parsed());
  }
  return session;
}

bool Workspace::renewAfter(size_t most) {
  bool is_renewed = false;
  for (realm_ = 0; realm_ < realms_.size(); ++realm_) is_renewed |= session().renewAfter(most);
  realm_ = 0;
  return is_renewed;
}

size_t Workspace::rebuilt() const {
  size_t count = 0;
  for (const Realm& one : realms_) count += one.session->rebuilt();
  return count;
}

config::Source Workspace::sourceOf(const SourceModule& module) const {
  Result<config::Source> source = config::sourceOfFile(module.path(), configOf(module.path()).base);
  if (source.ok()) return source.value();
  return {.path = module.path(), .module = {}, .base_dir = {}};
}

SourceModule& Workspace::open(const std::string& uri, std::string text, int64_t version) {
  auto module = std::make_unique<SourceModule>(pathOfUri(uri), std::move(text), names_);
  module->is_open = true;
  module->uri = uri;
  module->version = version;
  module->module_name = sourceOf(*module).module;
  SourceModule& opened = *module;
  std::string base = sourceOf(opened).base_dir;
  const std::vector<std::string>* known[] = {&roots_, &bases_};
  bool is_new_base = !base.empty() && !opened.module_name.empty();
  for (const std::vector<std::string>* list : known) is_new_base &= std::find(list->begin(), list->end(), base) == list->end();
  if (is_new_base && !realms_.empty() && base != "/") {
    bases_.push_back(base);
    prepare();
  }
  documents_[uri] = std::move(module);
  open_by_path_[opened.path()] = &opened;
  return opened;
}

void Workspace::alias(const std::string& cell, const std::string& uri) {
  if (uri.empty()) aliases_.erase(cell);
  else aliases_[cell] = uri;
}

bool Workspace::isOwn(const SourceModule& module) const {
  if (module.is_open) return true;
  return std::any_of(roots_.begin(), roots_.end(), [&](const std::string& root) { return module.path().starts_with(root + "/"); });
}

void Workspace::close(const std::string& uri) {
  auto found = documents_.find(uri);
  if (found == documents_.end()) return;
  open_by_path_.erase(found->second->path());
  for (Realm& one : realms_) one.session->close(found->second->path());
  documents_.erase(found);
}

SourceModule* Workspace::document(const std::string& given) {
  auto cell = aliases_.find(given);
  auto found = documents_.find(cell != aliases_.end() ? cell->second : given);
  return found == documents_.end() ? nullptr : found->second.get();
}

std::vector<SourceModule*> Workspace::openDocuments() {
  std::vector<SourceModule*> out;
  for (auto& [uri, module] : documents_) out.push_back(module.get());
  return out;
}

SourceModule* Workspace::load(const std::string& path) {
  auto open = open_by_path_.find(path);
  if (open != open_by_path_.end()) return open->second;
  auto found = disk_.find(path);
  if (found != disk_.end()) {
    found->second->last_use = ++uses_;
    return found->second.get();
  }
  Result<std::string> bytes = readFile(path);
  // Larger files are left alone: nobody reads them, and the server must stay quick.
  if (!bytes.ok() || bytes.value().size() > (size_t{8} << 20)) return nullptr;
  if (findInvalidUtf8(bytes.value()) != std::string::npos) return nullptr;
  auto module = std::make_unique<SourceModule>(path, std::move(bytes.value()), names_);
  module->uri = uriOfPath(path);
  module->modified = modifiedTime(path);
  module->last_use = ++uses_;
  module->module_name = sourceOf(*module).module;
  if (!realms_.empty()) module->adopt(realms_[realmOf(path)].session->parsedFile(path));
  return (disk_[path] = std::move(module)).get();
}

bool Workspace::mayName(const std::string& path, std::string_view word) {
  if (open_by_path_.count(path) != 0 || disk_.count(path) != 0) return load(path)->text().find(word) != std::string_view::npos;
  Result<std::string> bytes = readFile(path);
  return bytes.ok() && bytes.value().find(word) != std::string::npos;
}

SourceModule* Workspace::loadModule(std::string_view module) {
  if (realms_.empty()) return nullptr;
  const semantic::ResolvedModule& found = resolver().resolve(module);
  if (found.path.empty() || found.is_namespace || found.status == semantic::ImportStatus::kNotFound) return nullptr;
  SourceModule* loaded = load(found.path);
  if (loaded != nullptr) loaded->module_name = std::string(module);
  return loaded;
}

const std::vector<std::string>& Workspace::projectFiles() {
  if (has_project_files_) return project_files_;
  if (std::optional<std::vector<std::string>> files = indexer_ != nullptr ? indexer_->takeFiles() : std::nullopt) {
    project_files_ = std::move(*files);
    has_project_files_ = true;
    return project_files_;
  }
  has_project_files_ = true;
  project_files_.clear();
  config::DiscoverySettings settings{.includes_notebooks = false, .uses_gitignore = true, .allows_empty_folders = true};
  for (const std::string& root : roots_) {
    Result<std::vector<config::Source>> sources = config::findSources({root}, configOf(root + "/").base, settings);
    if (!sources.ok()) continue;
    for (const config::Source& source : sources.value()) project_files_.push_back(source.path);
  }
  std::sort(project_files_.begin(), project_files_.end());
  return project_files_;
}

bool Workspace::hasProjectFiles() {
  if (has_project_files_ || indexer_ == nullptr) return true;
  indexer_->collect();
  return indexer_->isListed();
}

// Files that say how a folder is checked.
static constexpr const char* kConfigFiles[] = {"krait.toml", "ruff.toml", ".ruff.toml", "mypy.ini", ".mypy.ini", "pyproject.toml", "setup.cfg", ".gitignore"};

static bool isConfigFile(std::string_view path) {
  std::string_view name = path.substr(path.rfind('/') + 1);
  return std::find(std::begin(kConfigFiles), std::end(kConfigFiles), name) != std::end(kConfigFiles);
}

std::vector<int64_t> Workspace::configTimes() const {
  std::vector<int64_t> out;
  for (const std::string& root : roots_) {
    for (const char* name : kConfigFiles) out.push_back(modifiedTime(root + "/" + name));
  }
  return out;
}

bool Workspace::fileChanged(const std::string& path, FileChange change) {
  if (isConfigFile(path)) {
    restart();
    return true;
  }
  bool is_new_name = change != FileChange::kChanged;
  if (is_new_name) has_project_files_ = false;
  // The editor's text counts, whatever the disk says.
  if (open_by_path_.count(path) != 0 && change == FileChange::kChanged) return false;
  auto known = disk_.find(path);
  if (known != disk_.end()) {
    if (!is_new_name && modifiedTime(path) == known->second->modified) return false;
    disk_.erase(known);
  }
  if (realms_.empty()) return false;
  if (is_new_name) {
    prepare();
    restartIndex();
  } else {
    if (indexer_ != nullptr) indexer_->fileChanged(path);
    for (Realm& one : realms_) {
      one.star_names = std::make_unique<semantic::StarNames>(*one.resolver, names_);
      one.session->reset();
    }
  }
  return true;
}

bool Workspace::hasChangedOnDisk() {
  if (configTimes() != config_times_) {
    restart();
    return true;
  }
  std::vector<std::string> changed;
  for (const auto& [path, module] : disk_) {
    if (modifiedTime(path) != module->modified) changed.push_back(path);
  }
  for (const std::string& path : indexer_ != nullptr && indexer_->isComplete() ? projectFiles() : std::vector<std::string>()) {
    const FileIndex* index = disk_.count(path) == 0 ? indexOf(path) : nullptr;
    if (index != nullptr && modifiedTime(path) != index->modified) changed.push_back(path);
  }
  for (const std::string& path : changed) fileChanged(path, modifiedTime(path) == 0 ? FileChange::kDeleted : FileChange::kChanged);
  return !changed.empty();
}

// ---- what is known of files that are not open ----

// So many bytes of text of files that are not open are kept.
static constexpr size_t kMostText = size_t{16} << 20;

void Workspace::startIndex() {
  if (indexer_ != nullptr || roots_.empty()) return;
  indexer_ = std::make_unique<Indexer>();
  indexer_->start(roots_);
}

void Workspace::restartIndex() {
  if (indexer_ == nullptr) return;
  std::unique_ptr<Indexer> before = std::move(indexer_);
  if (roots_.empty()) return;
  indexer_ = std::make_unique<Indexer>();
  indexer_->start(roots_, std::move(before));
}

const FileIndex* Workspace::indexOf(const std::string& path) {
  if (indexer_ == nullptr || open_by_path_.count(path) != 0) return nullptr;
  indexer_->collect();
  return indexer_->find(path);
}

std::optional<std::unordered_set<uint32_t>> Workspace::outdatedIndexes() {
  if (indexer_ == nullptr) return std::nullopt;
  indexer_->collect();
  std::vector<uint32_t> changed = indexer_->withoutIndex();
  for (const auto& [path, module] : open_by_path_) {
    const FileIndex* index = indexer_->find(path);
    if (index == nullptr || index->interface != program::interfaceHash(module->ast())) changed.push_back(pathHash(path));
  }
  return indexer_->outdatedBy(std::move(changed));
}

void Workspace::holdIndex(bool is_held) {
  if (indexer_ != nullptr) indexer_->rest(is_held);
}

void Workspace::waitForIndex() {
  startIndex();
  if (indexer_ != nullptr) indexer_->waitUntilComplete();
}

size_t Workspace::indexPercent() {
  if (indexer_ == nullptr) return 100;
  indexer_->collect();
  return indexer_->percent();
}

void Workspace::trim(size_t most_analysed) {
  std::vector<SourceModule*> all;
  size_t tree_bytes = 0, text_bytes = 0;
  for (auto& [path, module] : disk_) {
    text_bytes += module->text().size();
    if (module->isAnalysed()) tree_bytes += module->text().size();
  }
  if (tree_bytes <= most_analysed && text_bytes <= kMostText) return;
  for (auto& [path, module] : disk_) all.push_back(module.get());
  std::sort(all.begin(), all.end(), [](const SourceModule* a, const SourceModule* b) { return a->last_use < b->last_use; });
  for (SourceModule* module : all) {
    size_t size = module->text().size();
    if (module->isAnalysed() && tree_bytes > most_analysed / 2) {
      tree_bytes -= size;
      module->release();
    }
    if (text_bytes > kMostText / 2 && !module->isAnalysed()) {
      text_bytes -= size;
      disk_.erase(std::string(module->path()));
    }
  }
}

bool Workspace::forgetManyTypes(size_t most) {
  size_t closed = 0;
  for (const Realm& one : realms_) closed += one.session->closedBytes();
  if (closed <= most) return false;
  forgetTypes();
  malloc_trim(0);
  return true;
}

void Workspace::forgetTypes() {
  for (Realm& one : realms_) {
    one.session = newSession(one);
    one.star_names = std::make_unique<semantic::StarNames>(*one.resolver, names_);
  }
}

}  // namespace krait::lsp
