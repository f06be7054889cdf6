// `else` after a branch that always leaves, for the four rules that differ in how it leaves.
#pragma once

#include "analyzer/lint/rule.h"

namespace krait::lint {

// Reports the `elif` or `else` of an If whose body ends in a statement of the kind `jump`.
void checkSuperfluousElse(LintContext& context, NodeId node, NodeKind jump, Rule rule);

}  // namespace krait::lint
