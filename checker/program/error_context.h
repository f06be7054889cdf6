// The function and class that a finding stands in, as --show-error-context says it. ref: mypy errors.render_messages
#pragma once

#include <vector>

#include "analyzer/diagnostics/diagnostic.h"
#include "analyzer/syntax/ast.h"

namespace krait::program {

// Sets `context` of each finding of the module; findings at its top level keep theirs empty.
void addContext(const syntax::Ast& ast, std::vector<Diagnostic>& diagnostics);

}  // namespace krait::program
