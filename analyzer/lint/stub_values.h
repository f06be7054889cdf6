// What a stub file may show as a value: of a default, or of a variable.
#pragma once

#include "analyzer/lint/rule.h"

namespace krait::lint {

// Is it a constant, a small display of constants, a negated number, the sum of a number and an imaginary one, or one of
// the attributes of `math` and `sys` that stubs name? ref: flake8-pyi Y011
bool isStubValue(const LintContext& context, NodeId expr);
// Is it a literal number?
bool isNumber(const Ast& ast, NodeId expr);
// Is it `X | Y` of names, attributes, subscripts and None alone?
bool isUnionOfNames(const Ast& ast, NodeId expr);

}  // namespace krait::lint
