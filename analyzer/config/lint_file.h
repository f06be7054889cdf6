// The linter's configuration file. In each folder, from the working folder up to the repository's root, the first of these:
// [lint] of krait.toml, [tool.krait.lint] of pyproject.toml, .ruff.toml, ruff.toml, [tool.ruff] of pyproject.toml.
#pragma once

#include <string>
#include <vector>

#include "analyzer/base/result.h"
#include "analyzer/config/lint_options.h"

namespace krait::config {

// Reads the file that holds for the working folder; without one the options stay. `warnings`: "path:line: what is wrong".
void findLintOptions(LintOptions& options, std::vector<std::string>& warnings);
// Reads a file that was named: a ruff.toml, or any of the others.
void readLintFile(const std::string& path, LintOptions& options, std::vector<std::string>& warnings);
// Reads settings that are written on the command line as they would be in a ruff.toml: `lint.isort.force-single-line = true`.
// Failure: what is wrong with the text.
Result<bool> readLintSetting(const std::string& text, LintOptions& options, std::vector<std::string>& warnings);

}  // namespace krait::config
