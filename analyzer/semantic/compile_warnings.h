// What CPython 3.14 warns of while it compiles: escape sequences that are none, numbers that run into a keyword (its tokenizer), leaving a
// `finally` block (Python/ast_preprocess.c, PEP 765), comparisons with literals by `is`, tuples as assertions, displays that are called or
// subscripted wrongly (Python/codegen.c). In its order: by stage, and by place in each.
#pragma once

#include <string>
#include <vector>

#include "analyzer/syntax/ast.h"

namespace krait::semantic {

struct CompileWarning {
  std::string message;
  std::string error_message;  // what it says as an error; empty: the same
  TextRange range;
  int32_t line = 0;  // 1-based
};

// Of texts without errors: what parsing alone warns of, and what compiling the tree does.
std::vector<CompileWarning> findParseWarnings(const syntax::Ast& ast);
std::vector<CompileWarning> findCompileWarnings(const syntax::Ast& ast);

}  // namespace krait::semantic
