#include "cli/lint_folders.h"

#include <cstdio>

#include "analyzer/config/config_files.h"
#include "analyzer/config/lint_file.h"

namespace krait::cli {

const config::LintOptions& FolderOptions::ofFile(const std::string& file) {
  if (config::realPath(file) == config::realPath(root_.lint_path)) return root_.lint;
  std::unique_ptr<config::Config>& own = by_file_[file];
  if (own == nullptr) {
    own = std::make_unique<config::Config>();
    config::readLintFile(file, own->lint, own->lint_warnings);
    for (const std::string& warning : own->lint_warnings) std::fprintf(stderr, "%s\n", warning.c_str());
    // The command line was found right for the working folder.
    LintRequest unused;
    readLintSettings(parsed_, *own);
    readLintRequest(parsed_, unused, own->lint);
    has_faults_ |= own->lint.fault_count > 0;
    config::finishLintOptions(own->lint);
  }
  return own->lint;
}

// Each folder is looked into once: what none speaks of is as the folder above says.
const config::LintOptions& FolderOptions::ofFolder(const std::string& folder, size_t depth) {
  if (auto known = by_folder_.find(folder); known != by_folder_.end()) return *known->second;
  std::vector<std::string> said;
  std::string file = config::lintFileIn(folder, said);
  std::optional<std::string> above = file.empty() && depth < config::kMostConfigFolders ? config::configFolderAbove(folder) : std::nullopt;
  const config::LintOptions& options = !file.empty() ? ofFile(file) : above ? ofFolder(*above, depth + 1) : root_.lint;
  by_folder_.emplace(folder, &options);
  return options;
}

const config::LintOptions& FolderOptions::ofPath(const std::string& path) {
  if (lintConfigFile(parsed_)) return root_.lint;
  std::string_view folder = std::string_view(path).substr(0, path.rfind('/') + 1);
  while (folder.starts_with("./")) folder.remove_prefix(2);
  return ofFolder(std::string(folder), 0);
}

const config::LintOptions& FolderOptions::of(const std::string& path) {
  const config::LintOptions& options = ofPath(path);
  std::optional<uint32_t> minor = config::targetOfFile(options, path);
  if (!minor || (*minor == options.target_minor && options.has_target)) return options;
  std::unique_ptr<config::LintOptions>& own = by_target_[{&options, *minor}];
  if (own == nullptr) {
    own = std::make_unique<config::LintOptions>(options);
    own->target_minor = *minor;
    own->has_target = true;
  }
  return *own;
}

}  // namespace krait::cli
