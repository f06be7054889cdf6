#include "cli/lint_folders.h"

#include <cstdio>

#include "analyzer/config/config_files.h"
#include "analyzer/config/lint_file.h"

namespace krait::cli {

const config::LintOptions& FolderOptions::ofFile(const std::string& file) {
  if (file.empty() || config::realPath(file) == config::realPath(root_.lint_path)) return root_.lint;
  std::unique_ptr<config::Config>& own = by_file_[file];
  if (own == nullptr) {
    own = std::make_unique<config::Config>();
    config::readLintFile(file, own->lint, own->lint_warnings);
    for (const std::string& warning : own->lint_warnings) std::fprintf(stderr, "%s\n", warning.c_str());
    // The command line was found right for the working folder.
    LintRequest unused;
    readLintSettings(parsed_, *own);
    readLintRequest(parsed_, unused, own->lint);
    config::finishLintOptions(own->lint);
  }
  return own->lint;
}

const config::LintOptions& FolderOptions::ofFolder(const std::string& path) {
  if (lintConfigFile(parsed_)) return root_.lint;
  size_t slash = path.rfind('/');
  std::string folder = slash == std::string::npos ? "" : path.substr(0, slash + 1);
  auto [entry, is_new] = by_folder_.try_emplace(folder, nullptr);
  if (is_new) {
    std::vector<std::string> said;
    entry->second = &ofFile(config::findLintFile(folder, said));
  }
  return *entry->second;
}

const config::LintOptions& FolderOptions::of(const std::string& path) {
  const config::LintOptions& options = ofFolder(path);
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
