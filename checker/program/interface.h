// What other modules can see of a file, as one number: two texts with equal numbers differ at most in comments, layout
// and function bodies that nothing outside can look into.
#pragma once

#include <cstdint>

#include "analyzer/syntax/ast.h"

namespace krait::program {

// `infers_results`: the body of a function without a declared result tells what it gives (Divergence::kInferredResults).
uint64_t interfaceHash(const syntax::Ast& ast, bool infers_results = true);
// The hash of one subtree: kinds, names, constants; no places.
uint64_t syntaxHash(const syntax::Ast& ast, syntax::NodeId node);

}  // namespace krait::program
