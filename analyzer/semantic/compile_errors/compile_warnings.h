// What CPython 3.14 warns of (SyntaxWarning) while it compiles a text that has no error: escapes that mean nothing (the tokenizer),
// leaving a `finally` block by return, break or continue (PEP 765), then asserts of tuples, `is` with literals, and calls and
// subscripts of what cannot be called or subscripted (Python/codegen.c, check_caller and its neighbours).
#pragma once

#include <string>
#include <vector>

#include "analyzer/syntax/ast.h"

namespace krait::semantic {

struct CompileWarning {
  std::string message;
  TextRange range;
};

// In the order in which CPython gives them.
std::vector<CompileWarning> findCompileWarnings(const syntax::Ast& ast);

}  // namespace krait::semantic
