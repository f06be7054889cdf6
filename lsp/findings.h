// Findings of one file as data, before they are put on the wire: for diagnostics and for the actions that mend them.
#pragma once

#include <string_view>
#include <vector>

#include "analyzer/diagnostics/diagnostic.h"
#include "lsp/workspace.h"

namespace krait::lsp {

class Server;

// What `krait lint` says, with fixes; nothing where the text has a syntax error.
const std::vector<Diagnostic>& lintFindings(Server& server, SourceModule& module);
// What one rule of the linter finds, selected or not.
std::vector<Diagnostic> findingsOfRule(Server& server, SourceModule& module, std::string_view code);
// Whether the file holds settings: `pyproject.toml`, `ruff.toml`, `.ruff.toml` or `krait.toml`. It has findings of its own and is
// no Python.
bool isSettings(const SourceModule& module);
// Syntax, imports, types and lint, as the settings ask for, without repeats.
std::vector<Diagnostic> findingsOf(Server& server, SourceModule& module);

}  // namespace krait::lsp
