// What the linter is told: [tool.krait.lint] and, where that is silent, [tool.ruff.lint]. Codes are ruff's, a prefix
// stands for its family, ALL for every code.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analyzer/config/config_text.h"
#include "analyzer/diagnostics/rule.h"

namespace krait::config {

struct PerFileIgnore {
  std::string pattern;  // a path glob, from the configuration's folder
  std::vector<std::string> codes;
};

struct LintOptions {
  std::optional<std::vector<std::string>> select;  // absent: the default set
  std::vector<std::string> ignore;
  std::vector<std::string> extend_select;
  std::vector<std::string> fixable = {"ALL"};
  std::vector<std::string> unfixable;
  std::vector<PerFileIgnore> per_file_ignores;
  std::vector<std::string> exclude;   // path globs
  std::vector<std::string> builtins;  // more names that are always there
  std::string dummy_variable_rgx;     // empty: names of underscores, or that start with one
  std::string root;                   // the folder that patterns are relative to
};

// Reads the tables of a TOML configuration into `options`; unknown keys of [tool.krait.lint] become warnings.
void readLintOptions(const ConfigText& text, const std::string& path, LintOptions& options,
                     std::vector<std::string>& warnings);

// Whether a lint code is reported: the most specific of the select and ignore entries that match it decides.
bool isLintCodeSelected(const LintOptions& options, Code code);

// Whether `per_file_ignores` switches the code off for the file.
bool isIgnoredInFile(const LintOptions& options, Code code, const std::string& path);

// Shell-style match of a whole path or of its last part: `*` within a name, `**` across folders, `?`, `[abc]`.
bool matchesGlob(std::string_view pattern, std::string_view path);

}  // namespace krait::config
