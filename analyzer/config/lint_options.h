// What the linter is told: [tool.krait.lint] or ruff's tables, see lint_file.h. Codes are ruff's, a prefix
// stands for its family, ALL for every code.
#pragma once

#include <map>
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
  std::optional<std::vector<std::string>> exclude;  // path globs, see lint_files.h; absent: what is usually passed over
  std::vector<std::string> extend_exclude;          // more of them
  std::optional<std::vector<std::string>> include;  // which files of a folder are read; absent: Python's and notebooks
  std::vector<std::string> extend_include;          // more of them
  std::vector<std::pair<std::string, uint32_t>> per_file_targets;  // path globs and the oldest Python 3 that the files are for
  bool force_exclude = false;      // they hold for files that are named on the command line too
  bool respect_gitignore = true;
  // What is done without being asked for on the command line.
  bool fixes = false;
  bool fixes_only = false;
  bool unsafe_fixes = false;
  bool shows_fixes = false;
  std::string output_format;  // "" where no setting says it
  std::vector<std::string> builtins;  // more names that are always there
  std::string dummy_variable_rgx;     // empty: names of underscores, or that start with one
  std::string root;                   // the folder that patterns are relative to
  uint32_t line_length = 88;
  uint32_t indent_width = 4;
  bool preview = false;           // codes of the preview may be selected
  bool explicit_preview = false;  // each by its whole code only
  uint32_t target_minor = 11;  // of the oldest Python 3 that the code is for
  bool has_target = false;     // the settings say which that is
  std::map<std::string, ConfigValue, std::less<>> plugins;  // "isort.force-single-line" and the like
  std::vector<bool> selected;  // by Code, once select and ignore are final (finishLintOptions); empty before

  // The setting of a plugin, or its default.
  bool flag(std::string_view key, bool fallback = false) const;
  std::string text(std::string_view key, std::string_view fallback) const;
  uint32_t number(std::string_view key, uint32_t fallback) const;
  const std::vector<std::string>* list(std::string_view key) const;  // null: not set
};

// Whether ALL, a code or the beginning of one: a selector that names some rule.
bool isKnownLintSelector(std::string_view selector);
// "py310" and the like; false when there is no such version.
bool setTargetVersion(LintOptions& options, std::string_view text);
// The minor version of "py310" and the like; nothing when there is no such version.
std::optional<uint32_t> targetMinor(std::string_view text);
// Works out once which codes are selected.
void finishLintOptions(LintOptions& options);

// Whether the text has the layout of a ruff.toml: no [tool.…].
bool isRuffFile(const ConfigText& text);
// Reads the tables of a TOML configuration into `options`; unknown codes, and unknown keys of our own tables, become warnings.
void readLintOptions(const ConfigText& text, const std::string& path, LintOptions& options,
                     std::vector<std::string>& warnings);

// Whether a lint code is reported: the most specific of the select and ignore entries that match it decides.
bool isLintCodeSelected(const LintOptions& options, Code code);

// The selectors that name nothing but codes of the preview, while the preview is off.
std::vector<std::string> findIdleSelectors(const LintOptions& options);

// Whether `per_file_ignores` switches the code off for the file.
bool isIgnoredInFile(const LintOptions& options, Code code, const std::string& path);

// The oldest Python 3 that `per_file_targets` gives the file; nothing: none of them speaks of it. Where several do, the last holds.
std::optional<uint32_t> targetOfFile(const LintOptions& options, std::string_view path);

// Shell-style match of a whole path or of its last part: `*` within a name, `**` across folders, `?`, `[abc]`.
bool matchesGlob(std::string_view pattern, std::string_view path);

}  // namespace krait::config
