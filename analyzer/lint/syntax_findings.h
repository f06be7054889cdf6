// What Python rejects, as findings of the linter: errors of the grammar, and those that CPython finds in its symbol table
// and compiler where no rule says the same.
#pragma once

#include "analyzer/base/interner.h"
#include "analyzer/diagnostics/diagnostic.h"
#include "analyzer/syntax/ast.h"
#include "analyzer/syntax/tokens/syntax_error.h"

namespace krait::lint {

void reportSyntaxError(const syntax::SyntaxError& error, DiagnosticSink& sink);

// Recurses over the tree: needs a deep stack. `names`: the interner of the tree.
void reportCompileErrors(const syntax::Ast& ast, Interner& names, DiagnosticSink& sink);

}  // namespace krait::lint
