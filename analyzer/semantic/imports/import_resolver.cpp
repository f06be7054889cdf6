#include "analyzer/semantic/imports/import_resolver.h"

#include <algorithm>
#include <mutex>
#include <unordered_map>

#include "analyzer/base/file_io.h"
#include "analyzer/semantic/imports/directory_cache.h"
#include "analyzer/semantic/imports/stdlib_versions.h"

namespace krait::semantic {

struct ImportResolver::State {
  ResolverOptions options;
  DirectoryCache directories;
  StdlibVersions versions;
  std::mutex lock;
  std::unordered_map<std::string, std::unique_ptr<ResolvedModule>> resolved;
  std::once_flag distributions_once;
  std::unordered_map<std::string, std::string> distributions;  // top-level (or namespaced) module -> typeshed folder
};

namespace {

// A directory that may hold the module's last component.
struct Candidate {
  std::string base;      // the directory of the parent package
  std::string root;      // the search path it was found under
  bool needs_inits;      // every parent package must have an __init__
  ModuleOrigin origin;
};

struct NearMiss {
  ResolvedModule module;
  int level;
};

}  // namespace

static std::vector<std::string_view> splitDots(std::string_view module) {
  std::vector<std::string_view> parts;
  while (true) {
    size_t dot = module.find('.');
    parts.push_back(module.substr(0, dot));
    if (dot == std::string_view::npos) return parts;
    module.remove_prefix(dot + 1);
  }
}

using Directories = DirectoryCache;

static bool hasInit(Directories& directories, const std::string& directory) {
  return directories.hasFile(directory, "__init__.pyi") || directories.hasFile(directory, "__init__.py");
}

// Is `root`/parts[0]/…/parts[count-1] a directory? Gives its path.
static bool descend(Directories& directories, const std::string& root, const std::vector<std::string_view>& parts,
                    size_t count, std::string& path) {
  path = root;
  for (size_t i = 0; i < count; ++i) {
    if (!directories.hasDirectory(path, parts[i])) return false;
    path = joinPath(path, parts[i]);
  }
  return true;
}

// The number of parents, counted from the nearest, up to the outermost one that has an __init__; and whether all do.
static int initLevel(Directories& directories, std::string parent, size_t parents, bool& all) {
  int level = 0;
  all = true;
  for (size_t i = 0; i < parents; ++i) {
    if (hasInit(directories, parent)) {
      level = static_cast<int>(i) + 1;
    } else {
      all = false;
    }
    size_t slash = parent.rfind('/');
    parent.resize(slash == std::string::npos ? 0 : slash);
  }
  return level;
}

static ResolvedModule foundFile(std::string path, ModuleOrigin origin, bool is_package) {
  ResolvedModule module;
  module.status = ImportStatus::kFound;
  module.origin = origin;
  module.is_package = is_package;
  module.is_stub = path.ends_with(".pyi");
  module.path = std::move(path);
  return module;
}


static void addCandidates(Directories& directories, std::vector<Candidate>& candidates,
                          const std::vector<std::string>& roots, const std::vector<std::string_view>& parts,
                          ModuleOrigin origin) {
  for (const std::string& root : roots) {
    std::string base;
    if (descend(directories, root, parts, parts.size() - 1, base)) candidates.push_back({base, root, true, origin});
  }
}

enum class Installed { kNo, kUntyped, kTyped };

// Is the module in this site directory, and may its own annotations be used (PEP 561: py.typed)?
static Installed findInstalled(Directories& directories, const std::string& site,
                               const std::vector<std::string_view>& parts, bool follows_untyped, bool& needs_inits) {
  std::string path = site;
  bool is_plausible = false;
  for (size_t i = 0; i < parts.size(); ++i) {
    bool is_directory = directories.hasDirectory(path, parts[i]);
    std::string file(parts[i]);
    file += ".py";
    bool is_file = directories.hasFile(path, file);
    path = joinPath(path, parts[i]);
    if (is_directory && directories.hasFile(path, "py.typed")) {
      needs_inits = i == 0;
      return Installed::kTyped;
    }
    is_plausible |= is_directory || is_file;
    if (!is_directory) break;
  }
  needs_inits = false;
  if (!is_plausible) return Installed::kNo;
  return follows_untyped ? Installed::kTyped : Installed::kUntyped;
}

static void addInstalled(ImportResolver::State& state, std::vector<Candidate>& candidates,
                         const std::vector<std::string_view>& parts, bool& is_untyped) {
  std::vector<Candidate> inline_packages;
  std::string stub_name(parts[0]);
  stub_name += "-stubs";
  for (const std::string& site : state.options.paths.site_packages) {
    if (state.directories.hasDirectory(site, stub_name)) {
      std::vector<std::string_view> stub_parts = parts;
      stub_parts[0] = stub_name;
      std::string base;
      if (descend(state.directories, site, stub_parts, parts.size() - 1, base)) {
        candidates.push_back({base, site, true, ModuleOrigin::kSitePackages});
      }
    }
    bool needs_inits = false;
    Installed installed =
        findInstalled(state.directories, site, parts, state.options.follows_untyped_imports, needs_inits);
    std::string base;
    if (installed == Installed::kUntyped) is_untyped = true;
    if (installed == Installed::kTyped && descend(state.directories, site, parts, parts.size() - 1, base)) {
      inline_packages.push_back({base, site, needs_inits, ModuleOrigin::kSitePackages});
    }
  }
  candidates.insert(candidates.end(), inline_packages.begin(), inline_packages.end());
}

static bool acceptOrRemember(ImportResolver::State& state, const Candidate& candidate, size_t parents,
                             ResolvedModule found, ResolvedModule& result, std::vector<NearMiss>& near_misses) {
  bool all = true;
  int level = initLevel(state.directories, candidate.base, parents, all);
  if (candidate.needs_inits && !all) {
    near_misses.push_back({std::move(found), level});
    return false;
  }
  result = std::move(found);
  return true;
}

static bool searchCandidate(ImportResolver::State& state, const Candidate& candidate, std::string_view last,
                            size_t parents, ResolvedModule& result, std::vector<NearMiss>& near_misses) {
  Directories& directories = state.directories;
  std::string stubs(last);
  stubs += "-stubs";
  if (directories.hasDirectory(candidate.base, stubs)) {
    std::string package = joinPath(candidate.base, stubs);
    if (directories.hasFile(package, "__init__.pyi") &&
        acceptOrRemember(state, candidate, parents,
                         foundFile(joinPath(package, "__init__.pyi"), candidate.origin, true), result, near_misses)) {
      return true;
    }
  }
  bool has_init = false;
  bool is_directory = directories.hasDirectory(candidate.base, last);
  std::string package = joinPath(candidate.base, last);
  if (is_directory) {
    for (const char* init : {"__init__.pyi", "__init__.py"}) {
      if (!directories.hasFile(package, init)) continue;
      has_init = true;
      if (acceptOrRemember(state, candidate, parents, foundFile(joinPath(package, init), candidate.origin, true),
                           result, near_misses)) {
        return true;
      }
    }
  }
  if (is_directory && !has_init && state.options.allows_namespace_packages) {
    ResolvedModule space = foundFile(package, candidate.origin, true);
    space.is_namespace = true;
    bool all = true;
    near_misses.push_back({std::move(space), initLevel(directories, candidate.base, parents, all)});
  }
  for (const char* extension : {".pyi", ".py"}) {
    std::string file(last);
    file += extension;
    if (!directories.hasFile(candidate.base, file)) continue;
    if (acceptOrRemember(state, candidate, parents, foundFile(joinPath(candidate.base, file), candidate.origin, false),
                         result, near_misses)) {
      return true;
    }
  }
  return false;
}

// Records the modules of one folder of typeshed/stubs; a folder without __init__ is a namespace package.
static void addDistribution(ImportResolver::State& state, const std::string& directory, const std::string& prefix,
                            const std::string& distribution, int depth) {
  for (const DirectoryEntry& entry : state.directories.list(directory)) {
    if (entry.name.starts_with("@") || entry.name.starts_with(".")) continue;
    if (!entry.is_directory) {
      if (!entry.name.ends_with(".pyi")) continue;
      state.distributions.emplace(prefix + entry.name.substr(0, entry.name.size() - 4), distribution);
      continue;
    }
    std::string path = joinPath(directory, entry.name);
    if (depth > 0 && !state.directories.hasFile(path, "__init__.pyi")) {
      addDistribution(state, path, prefix + entry.name + ".", distribution, depth - 1);
    } else {
      state.distributions.emplace(prefix + entry.name, distribution);
    }
  }
}

// The typeshed distribution that has stubs for the module ("types-requests"), or empty.
static std::string distributionOf(ImportResolver::State& state, std::string_view module) {
  if (state.options.paths.typeshed.empty()) return {};
  std::call_once(state.distributions_once, [&] {
    std::string stubs = joinPath(state.options.paths.typeshed, "stubs");
    std::vector<DirectoryEntry> folders = state.directories.list(stubs);
    for (const DirectoryEntry& folder : folders) {
      if (folder.is_directory) addDistribution(state, joinPath(stubs, folder.name), "", "types-" + folder.name, 2);
    }
  });
  std::string name(module);
  while (true) {
    auto found = state.distributions.find(name);
    if (found != state.distributions.end()) return found->second;
    size_t dot = name.rfind('.');
    if (dot == std::string::npos) return {};
    name.resize(dot);
  }
}

static std::string installedPath(ImportResolver::State& state, const std::vector<std::string_view>& parts) {
  for (const std::string& site : state.options.paths.site_packages) {
    std::string base;
    if (!descend(state.directories, site, parts, parts.size() - 1, base)) continue;
    std::string file(parts.back());
    file += ".py";
    if (state.directories.hasFile(base, file)) return joinPath(base, file);
    if (state.directories.hasDirectory(base, parts.back())) {
      return joinPath(joinPath(base, parts.back()), "__init__.py");
    }
  }
  return {};
}

// Modules that the checker itself builds on: a file of the user's that has such a name (a package's own `typing.py`, seen
// from inside the package) must not stand in for them.
static bool isCoreModule(std::string_view module) {
  static constexpr std::string_view kCore[] = {"builtins", "typing", "types", "typing_extensions", "_typeshed", "_collections_abc",
                                               "collections", "collections.abc", "sys", "abc"};
  return std::find(std::begin(kCore), std::end(kCore), module) != std::end(kCore);
}

static ResolvedModule resolveUncached(ImportResolver::State& state, std::string_view module) {
  std::vector<std::string_view> parts = splitDots(module);
  for (std::string_view part : parts) {
    if (part.empty()) return {};
  }
  const SearchPaths& paths = state.options.paths;
  std::vector<Candidate> candidates;
  if (isCoreModule(module) && paths.test_stubs.empty() && !paths.typeshed.empty()) {
    std::vector<std::string> stdlib = {joinPath(paths.typeshed, "stdlib")};
    addCandidates(state.directories, candidates, stdlib, parts, ModuleOrigin::kTypeshed);
  }
  addCandidates(state.directories, candidates, paths.extra_paths, parts, ModuleOrigin::kSource);
  addCandidates(state.directories, candidates, paths.test_stubs, parts, ModuleOrigin::kTestStubs);
  addCandidates(state.directories, candidates, paths.source_roots, parts, ModuleOrigin::kSource);
  if (!paths.typeshed.empty()) {
    std::vector<std::string> roots;
    if (state.versions.has(module, state.options.major_version, state.options.minor_version)) {
      roots.push_back(joinPath(paths.typeshed, "stdlib"));
    }
    // mypy_extensions is part of every installation of mypy.
    roots.push_back(joinPath(paths.typeshed, "stubs/mypy-extensions"));
    addCandidates(state.directories, candidates, roots, parts, ModuleOrigin::kTypeshed);
  }
  bool is_untyped = false;
  addInstalled(state, candidates, parts, is_untyped);

  ResolvedModule result;
  std::vector<NearMiss> near_misses;
  for (const Candidate& candidate : candidates) {
    if (searchCandidate(state, candidate, parts.back(), parts.size() - 1, result, near_misses)) return result;
  }
  if (state.options.allows_namespace_packages && !near_misses.empty()) {
    auto best = std::max_element(near_misses.begin(), near_misses.end(),
                                 [](const NearMiss& a, const NearMiss& b) { return a.level < b.level; });
    return best->module;
  }
  std::string distribution = distributionOf(state, module);
  result.path = installedPath(state, parts);
  if (!distribution.empty()) {
    result.status = ImportStatus::kStubsNotInstalled;
    result.distribution = distribution;
  } else if (is_untyped) {
    result.status = ImportStatus::kUntyped;
  }
  return result;
}

ImportResolver::ImportResolver(ResolverOptions options) : state_(std::make_unique<State>()) {
  state_->options = std::move(options);
  if (!state_->options.paths.typeshed.empty()) {
    Result<std::string> text = readFile(joinPath(state_->options.paths.typeshed, "stdlib/VERSIONS"));
    if (text.ok()) state_->versions = StdlibVersions(text.value());
  }
}

ImportResolver::~ImportResolver() = default;

const ResolverOptions& ImportResolver::options() const { return state_->options; }

std::vector<std::string> ImportResolver::foldersRead() const { return state_->directories.directories(); }

bool ImportResolver::isStandardLibrary(std::string_view module) const {
  return state_->versions.has(module, state_->options.major_version, state_->options.minor_version);
}

const ResolvedModule& ImportResolver::resolve(std::string_view module) {
  std::string key(module);
  {
    std::lock_guard<std::mutex> guard(state_->lock);
    auto found = state_->resolved.find(key);
    if (found != state_->resolved.end()) return *found->second;
  }
  auto result = std::make_unique<ResolvedModule>(resolveUncached(*state_, module));
  std::lock_guard<std::mutex> guard(state_->lock);
  auto [at, added] = state_->resolved.emplace(std::move(key), nullptr);
  if (added) at->second = std::move(result);
  return *at->second;
}

static void addChild(std::vector<std::string>& names, const DirectoryEntry& entry) {
  std::string name = entry.name;
  if (!entry.is_directory) {
    size_t dot = name.find('.');
    std::string extension = dot == std::string::npos ? "" : name.substr(dot);
    if (extension != ".py" && extension != ".pyi") return;
    name.resize(dot);
    if (name == "__init__") return;
  }
  if (name.ends_with("-stubs")) name.resize(name.size() - 6);
  bool is_identifier = !name.empty() && name != "__pycache__" && !(name[0] >= '0' && name[0] <= '9');
  for (char c : name) is_identifier &= c == '_' || static_cast<unsigned char>(c) >= 128 || isalnum(c);
  if (is_identifier) names.push_back(name);
}

std::vector<std::string> ImportResolver::childrenOf(std::string_view package) {
  std::vector<std::string> names;
  if (!package.empty()) {
    const ResolvedModule& module = resolve(package);
    // Also below a package that is there without types.
    bool is_package = module.found() ? module.is_package : module.path.ends_with("/__init__.py");
    if (!is_package) return names;
    std::string directory = module.is_namespace ? module.path : module.path.substr(0, module.path.rfind('/'));
    for (const DirectoryEntry& entry : state_->directories.list(directory)) addChild(names, entry);
  } else {
    const SearchPaths& paths = state_->options.paths;
    for (const auto* roots : {&paths.extra_paths, &paths.test_stubs, &paths.source_roots, &paths.site_packages}) {
      for (const std::string& root : *roots) {
        for (const DirectoryEntry& entry : state_->directories.list(root)) addChild(names, entry);
      }
    }
    for (const DirectoryEntry& entry : state_->directories.list(joinPath(paths.typeshed, "stdlib"))) {
      size_t before = names.size();
      addChild(names, entry);
      if (names.size() > before && !isStandardLibrary(names.back())) names.pop_back();
    }
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

void ImportResolver::forget() {
  std::lock_guard<std::mutex> guard(state_->lock);
  state_->resolved.clear();
  state_->directories.forget();
}

std::string absoluteModule(std::string_view module, bool is_package, uint32_t level, std::string_view name) {
  if (level == 0) return std::string(name);
  uint32_t up = is_package ? level - 1 : level;
  while (up > 0) {
    if (module.empty()) return {};
    size_t dot = module.rfind('.');
    module = dot == std::string_view::npos ? std::string_view() : module.substr(0, dot);
    --up;
  }
  if (module.empty()) return {};
  std::string absolute(module);
  if (!name.empty()) {
    absolute += '.';
    absolute += name;
  }
  return absolute;
}

}  // namespace krait::semantic
