// Errors that CPython 3.14 finds after parsing, in the order in which it finds them: `from __future__` imports
// (Python/future.c), then the symbol table (Python/symtable.c), then code generation (Python/codegen.c). A text that
// the grammar accepts and that has none of these compiles.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "analyzer/base/interner.h"
#include "analyzer/syntax/ast.h"
#include "analyzer/syntax/tokens/syntax_error.h"

namespace krait::semantic {

// What the top level of a text may hold: in a notebook, await and its kin.
enum class TopLevel : uint8_t { kModule, kNotebook };
// By the name of the file that holds the text.
TopLevel topLevelOf(std::string_view path);

// The first error of the module, or nothing. `names` is the interner of the Ast (mangled names are added to it). The
// columns are those of the exception: bytes from 1, as CPython counts in this stage. Recurses over the tree: deep trees
// need a deep stack (syntax::kMaxDepth). Where a tree has error nodes, nothing is reported of the
// node around them.
std::optional<syntax::SyntaxError> findCompileError(const syntax::Ast& ast, Interner& names, TopLevel top_level = TopLevel::kModule);
// All of them, in the same order.
std::vector<syntax::SyntaxError> findCompileErrors(const syntax::Ast& ast, Interner& names, TopLevel top_level = TopLevel::kModule);

}  // namespace krait::semantic
