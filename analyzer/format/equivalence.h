// Whether two texts mean the same: equal Asts, but for the blanks in docstrings.
#pragma once

#include "analyzer/syntax/ast.h"

namespace krait::format {

// The trees' names must come from one interner.
bool areEquivalent(const syntax::Ast& left, const syntax::Ast& right);

}  // namespace krait::format
