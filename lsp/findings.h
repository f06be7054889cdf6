// Findings of one file as data, before they are put on the wire: for diagnostics and for the actions that mend them.
#pragma once

#include <vector>

#include "analyzer/diagnostics/diagnostic.h"
#include "lsp/workspace.h"

namespace krait::lsp {

class Server;

// What `krait lint` says, with fixes; nothing where the text has a syntax error.
const std::vector<Diagnostic>& lintFindings(Server& server, SourceModule& module);
// Syntax, imports, types and lint, as the settings ask for, without repeats.
std::vector<Diagnostic> findingsOf(Server& server, SourceModule& module);

}  // namespace krait::lsp
