#include "lsp/root_config.h"

#include <unistd.h>

#include <algorithm>
#include <mutex>

#include "analyzer/semantic/front_findings.h"

namespace krait::lsp {

// The working folder is the process's: who goes elsewhere goes alone.
static std::mutex working_folder;

namespace {
class Visit {
 public:
  Visit(const std::string& folder, const std::string& home) : guard_(working_folder), home_(home) { go(folder); }
  ~Visit() { go(home_); }
  Visit(const Visit&) = delete;
  Visit& operator=(const Visit&) = delete;
  // The folder is gone, or may not be entered.
  bool isLost() const { return is_lost_; }

 private:
  void go(const std::string& folder) {
    if (!folder.empty() && chdir(folder.c_str()) != 0) is_lost_ = true;
  }
  std::lock_guard<std::mutex> guard_;
  const std::string& home_;
  bool is_lost_ = false;
};
}  // namespace

static void makeAbsolute(std::string& path) {
  if (!path.empty()) path = config::absolutePath(path);
}

static void makeAbsolute(std::vector<std::string>& paths) {
  for (std::string& path : paths) makeAbsolute(path);
}

RootConfig readRootConfig(const std::string& root, const std::string& home) {
  Visit visit(root, home);
  RootConfig out{.root = root, .config = {}, .error = {}};
  Result<config::Config> config = visit.isLost() ? Result<config::Config>(config::Config()) : config::loadConfig({});
  if (!config.ok()) out.error = config.message();
  else out.config = std::move(config.value());
  makeAbsolute(out.config.path);
  makeAbsolute(out.config.base.mypy_path);
  makeAbsolute(out.config.base.custom_typeshed_dir);
  std::string folder = config::absolutePath(out.config.lint.root.empty() ? "." : out.config.lint.root);
  out.config.lint.root = folder == "/" ? folder : folder + "/";
  config::finishLintOptions(out.config.lint);
  return out;
}

static void append(std::vector<std::string>& to, const std::vector<std::string>& more) {
  for (const std::string& one : more) {
    if (std::find(to.begin(), to.end(), one) == to.end()) to.push_back(one);
  }
}

semantic::ResolverOptions resolverOptionsOf(const std::vector<const RootConfig*>& roots, const std::vector<config::Source>& sources, const std::string& home) {
  semantic::ResolverOptions out;
  for (const RootConfig* root : roots) {
    Visit visit(root->root, home);
    semantic::ResolverOptions own = semantic::resolverOptionsFor(root->config, sources);
    makeAbsolute(own.paths.source_roots);
    makeAbsolute(own.paths.extra_paths);
    makeAbsolute(own.paths.site_packages);
    if (root == roots[0]) {
      out = std::move(own);
      continue;
    }
    append(out.paths.source_roots, own.paths.source_roots);
    append(out.paths.extra_paths, own.paths.extra_paths);
    append(out.paths.site_packages, own.paths.site_packages);
  }
  return out;
}

}  // namespace krait::lsp
