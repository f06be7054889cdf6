// Settings files as the linter judges them: what a `pyproject.toml` says of the project (RUF200), and codes where rules have
// names (RUF201). Other rules know Python only.
#pragma once

#include <string_view>
#include <vector>

#include "analyzer/lint/runner.h"

namespace krait::lint {

// Whether the linter reads the file as settings: by its name a `pyproject.toml`, `ruff.toml` or `.ruff.toml`.
bool isSettingsFile(std::string_view path);

// What is wrong with a settings file; no comment silences it.
std::vector<Diagnostic> lintSettingsFile(const LintInput& input);

// The text's first fault, if it is no `pyproject.toml` that tools can read; reported as RUF200.
// ref: https://packaging.python.org/en/latest/specifications/pyproject-toml/
void checkPyproject(std::string_view text, DiagnosticSink& sink);

// Codes among the selectors of [tool.ruff.lint]; reported as RUF201, with the names of their rules as fixes.
void checkSelectorNames(std::string_view path, std::string_view text, DiagnosticSink& sink);

}  // namespace krait::lint
