// From our syntax tree to Python's `ast` objects: what compile(…, PyCF_ONLY_AST) gives.
#pragma once

#include "analyzer/syntax/ast.h"
#include "runtime/object/object.h"

namespace krait::compile {

enum class AstRoot : uint8_t { kModule, kExpression, kInteractive, kFunctionType };

struct TypeComments;

// `classes` is the dictionary of the `_ast` module. Positions: lines from 1, columns in UTF-8 bytes from 0. `comments`: null leaves
// type comments out. `arguments`: of a kFunctionType, see FunctionType.
object::Ref astToPython_py(object::Thread& t, const syntax::Ast& ast, object::Dict* classes, AstRoot root, const TypeComments* comments = nullptr, size_t arguments = 0);

}  // namespace krait::compile
