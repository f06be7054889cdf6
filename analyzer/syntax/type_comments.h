// PEP 484 type comments: `x = []  # type: list[int]` and `# type: (int) -> str` become annotations in the tree, so that
// later stages see one form only. Takes a tree whose comments are known; an annotation made here is a string constant
// with the comment's text, in the range of the statement (where findings about it belong). Declarations of several
// targets (`a, b = f()  # type: int, str`; for and with) become AnnAssign statements without a value before theirs.
// Only type checking wants this: the runtime and the linter keep the tree as it was written.
#pragma once

#include <string>
#include <vector>

#include "analyzer/syntax/ast.h"

namespace krait::syntax {

struct TypeCommentProblem {
  NodeId node;  // the function that the signature belongs to, or the `with` statement
  std::string message;
  bool is_syntax = true;
  std::string note = {};  // said after it
};

// The types that the comments of a text write, without "type:" and what follows them; not those that ignore findings.
std::vector<TextRange> typeCommentRanges(const Ast& ast);

Ast applyTypeComments(Ast ast, Interner& names, std::vector<TypeCommentProblem>& problems);

}  // namespace krait::syntax
