// RET507: else after continue. ref: flake8-return
#include "analyzer/lint/rule.h"
#include "analyzer/lint/superfluous_else.h"

namespace krait::lint {

void checkElseContinue(LintContext& context, NodeId node) {
  checkSuperfluousElse(context, node, NodeKind::kContinue, "RET507"_rule);
}

}  // namespace krait::lint
