// Parameters that a function's body never reads.
#pragma once

#include <vector>

#include "analyzer/lint/rule.h"

namespace krait::lint {

// The Parameter nodes of a FunctionDef or Lambda that nothing uses. None for overloads, overrides, abstract and empty
// functions, dunder methods other than __init__, __new__ and __call__, and functions that look at their locals();
// `self`, `cls` and names that begin with an underscore do not count.
std::vector<NodeId> unusedParameters(const LintContext& context, NodeId function);

}  // namespace krait::lint
