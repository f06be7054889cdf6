// The invariants of an Ast, checked after lowering in builds with KRAIT_VERIFY and by the fuzz targets.
#pragma once

#include <string>

#include "analyzer/syntax/ast.h"

namespace krait::syntax {

// What is wrong with the tree, empty if nothing is: ranges inside the text and inside the parent's, children in source
// order, one parent each, required children present. Trees with error nodes keep the same rules.
std::string verifyAst(const Ast& ast);

}  // namespace krait::syntax
