#include "checker/infer/redundant.h"

namespace krait::infer {

void redundantCondition(Checker& c, NodeId node, const std::string& what, bool truth) {
  bool is_asked = c.options->enabled_codes.count(Code::kRedundantExpr) != 0 && !isDynamic(c) && !c.binder->isWarningSuppressed();
  if (is_asked) fail(c, node, Code::kRedundantExpr, what + " is always " + (truth ? "true" : "false"));
}

void redundantBranches(Checker& c, NodeId node, const std::string& what, const Conditions& conditions) {
  if (conditions.if_true.is_impossible) return redundantCondition(c, node, what, false);
  if (conditions.if_false.is_impossible) redundantCondition(c, node, what, true);
}

}  // namespace krait::infer
