// RET506: else after raise. ref: flake8-return
#include "analyzer/lint/rule.h"
#include "analyzer/lint/superfluous_else.h"

namespace krait::lint {

void checkElseRaise(LintContext& context, NodeId node) {
  checkSuperfluousElse(context, node, NodeKind::kRaise, "RET506"_rule);
}

}  // namespace krait::lint
