// What ast.parse() may be asked for beside the tree: type comments, and that nothing is newer than a version of Python.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "analyzer/syntax/ast.h"
#include "analyzer/syntax/tokens/syntax_error.h"

namespace krait::compile {

struct TypeIgnore {
  uint32_t line;    // from 1
  TextRange tag;    // what stands behind `ignore`
};
struct TypeComments {
  std::unordered_map<uint32_t, TextRange> of;  // by the id of the statement or parameter; the type's text
  std::vector<TypeIgnore> ignores;
  std::optional<syntax::SyntaxError> error;    // a comment where the grammar has no place for it
};
// The type comments of a tree that was parsed without error. ref: type_comment and func_type_comment in the grammar, PEP 484.
TypeComments findTypeComments(const syntax::Ast& ast);

// The first syntax of the tree that Python 3.`minor` did not have. ref: CHECK_VERSION in the grammar.
std::optional<syntax::SyntaxError> findNewerSyntax(const syntax::Ast& ast, int minor);

// A signature as type comments write it, `(int, *str, **object) -> bool`, as an expression of the same offsets: a tuple of the
// argument types (one alone: itself) and the result.
struct FunctionType {
  std::string text;
  size_t arguments = 0;
  std::optional<syntax::SyntaxError> error;
};
FunctionType readFunctionType(std::string_view text);

}  // namespace krait::compile
