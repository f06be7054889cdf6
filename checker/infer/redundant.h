// --enable-error-code redundant-expr: conditions of expressions that are always true or always false.
#pragma once

#include "checker/infer/infer.h"

namespace krait::infer {

// Says that `what` ("If condition", `Left operand of "and"`) at `node` is always true or false, where that is asked for.
// ref: mypy messages.redundant_expr
void redundantCondition(Checker& c, NodeId node, const std::string& what, bool truth);
// The same for whichever branch of the condition cannot be taken, if there is one.
void redundantBranches(Checker& c, NodeId node, const std::string& what, const Conditions& conditions);

}  // namespace krait::infer
