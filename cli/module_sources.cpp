#include "cli/module_sources.h"

#include "analyzer/semantic/front_findings.h"

namespace krait::cli {

// Packages inside one another deeper than this are not followed: a link that leads back up ends here.
static constexpr int kDeepestPackage = 64;

// The folder that a module's file stands below, for the search path of its imports.
static std::string baseOf(const std::string& path, const std::string& module, bool is_package) {
  size_t levels = 1 + static_cast<size_t>(is_package);
  for (char c : module) levels += c == '.';
  std::string base = path;
  for (size_t i = 0; i < levels; ++i) {
    size_t slash = base.rfind('/');
    if (slash == std::string::npos) return ".";
    base.resize(slash);
  }
  return base;
}

static bool addModule(semantic::ImportResolver& resolver, const std::string& module, std::vector<config::Source>& out) {
  const semantic::ResolvedModule& found = resolver.resolve(module);
  if (!found.found()) return false;
  if (!found.is_namespace) {
    out.push_back({.path = found.path, .module = module, .base_dir = baseOf(found.path, module, found.is_package)});
  }
  return true;
}

static void addPackage(semantic::ImportResolver& resolver, const std::string& package, int depth,
                       std::vector<config::Source>& out) {
  if (depth > kDeepestPackage || !addModule(resolver, package, out)) return;
  if (!resolver.resolve(package).is_package) return;
  for (const std::string& child : resolver.childrenOf(package))
    addPackage(resolver, package + "." + child, depth + 1, out);
}

Result<std::vector<config::Source>> findModuleSources(const std::vector<std::string>& modules,
                                                      const std::vector<std::string>& packages,
                                                      const config::Config& config) {
  semantic::ImportResolver resolver(semantic::resolverOptionsFor(config, {}));
  std::vector<config::Source> out;
  for (const std::string& package : packages) {
    if (package.find('/') != std::string::npos)
      return Failure{"Package name '" + package + "' cannot have a slash in it."};
    size_t before = out.size();
    addPackage(resolver, package, 0, out);
    if (out.size() == before) return Failure{"Can't find package '" + package + "'"};
  }
  for (const std::string& module : modules) {
    if (!addModule(resolver, module, out)) {
      return Failure{std::string(config.base.mypy ? "mypy" : "krait") + ": can't find module '" + module + "'"};
    }
  }
  return out;
}

}  // namespace krait::cli
