// ImportResolver: dotted module name -> file, in the order of PEP 561 and mypy's finder (mypy/modulefinder.py): the
// minimal test library, MYPYPATH and mypy_path, the source roots, typeshed's standard library (only what VERSIONS
// allows for the target version), stub packages (`foo-stubs`), then installed packages with py.typed. `.pyi` is taken
// before `.py`, a package before a module, both before a namespace package. Results are cached; safe to use from many
// threads.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/semantic/imports/search_paths.h"

namespace krait::semantic {

struct ResolverOptions {
  SearchPaths paths;
  int major_version = 3;
  int minor_version = 14;
  bool allows_namespace_packages = true;
  bool follows_untyped_imports = false;  // take installed packages without py.typed as well
};

enum class ImportStatus : uint8_t {
  kFound,
  kNotFound,
  kUntyped,            // installed, but without stubs or py.typed; `path` names what is there
  kStubsNotInstalled,  // typeshed has stubs for it that are not installed; `distribution` names them
};

enum class ModuleOrigin : uint8_t { kSource, kTestStubs, kTypeshed, kSitePackages };

struct ResolvedModule {
  ImportStatus status = ImportStatus::kNotFound;
  ModuleOrigin origin = ModuleOrigin::kSource;
  bool is_package = false;
  bool is_namespace = false;  // a package without __init__; `path` is its directory
  bool is_stub = false;
  std::string path;
  std::string distribution;  // "types-requests"

  bool found() const { return status == ImportStatus::kFound; }
};

class ImportResolver {
 public:
  explicit ImportResolver(ResolverOptions options);
  ~ImportResolver();
  ImportResolver(const ImportResolver&) = delete;
  ImportResolver& operator=(const ImportResolver&) = delete;

  // The file of an absolute dotted name. The reference lives until forget().
  const ResolvedModule& resolve(std::string_view module);
  // Names of the modules directly inside a package (or the top-level ones for ""), sorted, for completion.
  std::vector<std::string> childrenOf(std::string_view package);
  // Is the name a standard library module of the target version, by typeshed's VERSIONS?
  bool isStandardLibrary(std::string_view module) const;
  const ResolverOptions& options() const;
  // The folders that were looked into so far, sorted.
  std::vector<std::string> foldersRead() const;
  // Forgets what was read from the disk.
  void forget();

  struct State;  // internal

 private:
  std::unique_ptr<State> state_;
};

// The absolute name of `from ..x import y` inside `module`: level dots are taken off (one fewer inside a package's
// __init__). Empty when the dots lead out of the top-level package.
std::string absoluteModule(std::string_view module, bool is_package, uint32_t level, std::string_view name);

}  // namespace krait::semantic
