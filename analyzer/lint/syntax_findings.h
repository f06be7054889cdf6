// What Python rejects, as findings of the linter: errors of the grammar, and those that CPython finds in its symbol table
// and compiler where no rule says the same.
#pragma once

#include <string_view>
#include <vector>

#include "analyzer/base/interner.h"
#include "analyzer/diagnostics/diagnostic.h"
#include "analyzer/syntax/ast.h"
#include "analyzer/syntax/tokens/syntax_error.h"
#include "analyzer/syntax/tokens/token.h"

namespace krait::lint {

// What is wrong in a text that Python rejects; `error` is CPython's word, said where no other is found. Gives the tokens as they
// were read, comments and line ends included; none where only CPython's word holds. Recurses over the text.
std::vector<syntax::Token> reportSyntaxErrors(std::string_view text, const syntax::SyntaxError& error, DiagnosticSink& sink);

// Recurses over the tree: needs a deep stack. `names`: the interner of the tree.
void reportCompileErrors(const syntax::Ast& ast, Interner& names, DiagnosticSink& sink);

}  // namespace krait::lint
