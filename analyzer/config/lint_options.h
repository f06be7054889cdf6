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
#include "analyzer/config/globs.h"
#include "analyzer/diagnostics/rule.h"

namespace krait::config {

struct PerFileIgnore {
  std::string pattern;  // a path glob, from the configuration's folder
  std::vector<std::string> codes;
  bool is_extending = false;  // of `extend-per-file-ignores`: other ignores do not replace it
};

// The selectors of one configuration or of the command line; see lint_selection.h.
struct LintSelection {
  std::optional<std::vector<std::string>> select;  // absent: what was selected before
  std::vector<std::string> ignore;
  std::vector<std::string> extend_select;
  std::optional<std::vector<std::string>> fixable;  // absent: what was fixable before
  std::vector<std::string> unfixable;
  std::vector<std::string> extend_fixable;
};

struct LintOptions {
  std::vector<LintSelection> earlier;  // before any: the default set, and all of it fixable
  LintSelection selection;             // on top of them
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
  std::optional<bool> unsafe_fixes;  // absent: they are not applied, but told of
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
  uint32_t fault_count = 0;    // settings that are wrong; each was told among the warnings
  std::vector<bool> selected;  // by Code, once select and ignore are final (finishLintOptions); empty before

  // The setting of a plugin, or its default.
  bool flag(std::string_view key, bool fallback = false) const;
  std::string text(std::string_view key, std::string_view fallback) const;
  uint32_t number(std::string_view key, uint32_t fallback) const;
  const std::vector<std::string>* list(std::string_view key) const;  // null: not set
};

// "py310" and the like; false when there is no such version.
bool setTargetVersion(LintOptions& options, std::string_view text);
// The minor version of "py310" and the like; nothing when there is no such version.
std::optional<uint32_t> targetMinor(std::string_view text);
// Works out once which codes are selected.
void finishLintOptions(LintOptions& options);

// [project]'s `requires-python = ">=3.9"` is the oldest Python where nothing else says which that is. ref: PEP 621
void readRequiredPython(const ConfigText& text, LintOptions& options);
// Whether the text has the layout of a ruff.toml: no [tool.…].
bool isRuffFile(const ConfigText& text);
// Reads the tables of a TOML configuration into `options`; unknown codes, and unknown keys of our own tables, become warnings.
void readLintOptions(const ConfigText& text, const std::string& path, LintOptions& options,
                     std::vector<std::string>& warnings);

// Whether a lint code is reported; see lint_selection.h.
bool isLintCodeSelected(const LintOptions& options, Code code);

// "pattern:CODE" pairs, separated by commas, in place of the configuration's, or added to them; false when a pair has no colon.
bool setPerFileIgnores(LintOptions& options, std::string_view pairs, bool is_extending);

// Whether `per_file_ignores` switches the code off for the file.
bool isIgnoredInFile(const LintOptions& options, Code code, const std::string& path);

// The oldest Python 3 that `per_file_targets` gives the file; nothing: none of them speaks of it. Where several do, the last holds.
std::optional<uint32_t> targetOfFile(const LintOptions& options, std::string_view path);

}  // namespace krait::config
