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

// `minor`: of the Python 3 that the code is for.

// What is wrong in a text that Python rejects; `error` is CPython's word, said where no other is found. Gives the tokens as they
// were read, comments and line ends included; none where only CPython's word holds. Recurses over the text.
std::vector<syntax::Token> reportSyntaxErrors(std::string_view text, uint32_t minor, const syntax::SyntaxError& error, DiagnosticSink& sink);

// Those errors of the compiler that linters find at other places or in other words. Walks the whole tree: only for one with errors.
void reportSemanticErrors(const syntax::Ast& ast, uint32_t minor, DiagnosticSink& sink);

// All errors of the compiler. Recurses over the tree: needs a deep stack. `names`: the interner of the tree.
void reportCompileErrors(const syntax::Ast& ast, uint32_t minor, Interner& names, DiagnosticSink& sink);

}  // namespace krait::lint
