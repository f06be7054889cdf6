// The linter's configuration file: from a source's folder up to the repository's root the first of these.
// [lint] of krait.toml, [tool.krait.lint] of pyproject.toml, .ruff.toml, ruff.toml, [tool.ruff] of pyproject.toml.
#pragma once

#include <string>
#include <vector>

#include "analyzer/base/result.h"
#include "analyzer/config/lint_options.h"

namespace krait::config {

// The file that holds for a folder, which is a prefix of paths: "" is the working folder; empty: none.
// `warnings`: "path:line: what is wrong" with files that cannot be read.
std::string findLintFile(const std::string& folder, std::vector<std::string>& warnings);
// The one that stands in the folder itself; empty: none.
std::string lintFileIn(const std::string& folder, std::vector<std::string>& warnings);
// Reads such a file; a named one that has no [tool.…] is laid out as a ruff.toml.
void readLintFile(const std::string& path, LintOptions& options, std::vector<std::string>& warnings);
// Reads settings that are written on the command line as they would be in a ruff.toml: `lint.isort.force-single-line = true`.
// Failure: what is wrong with the text.
Result<bool> readLintSetting(const std::string& text, LintOptions& options, std::vector<std::string>& warnings);

}  // namespace krait::config
