// FolderOptions: the linter's options by folder. A file is linted as the nearest configuration above it says, with what the
// command line says on top; a configuration that was named on the command line, or none by --isolated, holds for all.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "analyzer/config/config.h"
#include "cli/lint_request.h"

namespace krait::cli {

class FolderOptions {
 public:
  // `root`: the working folder's, finished. Both outlive this.
  FolderOptions(const ParsedArguments& parsed, config::Config& root) : parsed_(parsed), root_(root) {}
  // The options for a file; what is wrong with another configuration is said on standard error, once.
  const config::LintOptions& of(const std::string& path);
  // Whether some of them hold what is wrong; it was told.
  bool hasFaults() const { return has_faults_; }

 private:
  const config::LintOptions& ofPath(const std::string& path);
  const config::LintOptions& ofFile(const std::string& file);
  const config::LintOptions& ofFolder(const std::string& folder, size_t depth);

  const ParsedArguments& parsed_;
  config::Config& root_;
  bool has_faults_ = false;
  std::map<std::string, const config::LintOptions*> by_folder_;
  std::map<std::string, std::unique_ptr<config::Config>> by_file_;
  std::map<std::pair<const config::LintOptions*, uint32_t>, std::unique_ptr<config::LintOptions>> by_target_;  // of `per-file-target-version`
};

}  // namespace krait::cli
