// What the formatter is told: [tool.krait.fmt] (in krait.toml [fmt]); where that is not there [tool.black]; else .ruff.toml or
// ruff.toml with what it extends; else [tool.ruff] and [tool.ruff.format]. Takes a folder or a named file; gives plain fields.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analyzer/base/result.h"

namespace krait::config {

struct FormatSettings {
  uint32_t line_length = 88;
  bool normalizes_strings = true;
  std::string quote_style = "double";       // or "single", "preserve"
  bool has_tabs = false;                    // indented with tabs
  uint32_t indent_width = 4;
  std::string line_ending = "auto";         // or "lf", "cr-lf"
  bool has_magic_commas = true;
  std::optional<uint8_t> oldest_minor;      // the oldest 3.x of `target-version`
  std::vector<std::string> exclude_regexes;  // Black's: searched in "/path/from/the/root"; folders end in "/"
  std::vector<std::string> exclude_globs;    // from the root
  std::string root;                          // folder of the configuration, absolute; empty: none was found
  std::vector<std::string> warnings;         // lines for stderr
};

// Reads the named file (or, where it is no file, one setting as a ruff.toml would have it: `format.quote-style = "single"`), or the
// nearest file that says something about formatting in `folder` and its parents. Fails when a file that is named cannot be used, or
// a value is wrong.
Result<FormatSettings> loadFormatSettings(const std::string& folder, const std::optional<std::string>& named_file);

// "py311", "3.11" → 11. Nothing for other words.
std::optional<uint8_t> readTargetVersion(std::string_view text);

// Whether the settings exclude the file, an absolute path.
bool isExcludedFromFormat(const FormatSettings& settings, const std::string& path);

}  // namespace krait::config
