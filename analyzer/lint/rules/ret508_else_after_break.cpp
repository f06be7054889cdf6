// RET508: else after break. ref: flake8-return
#include "analyzer/lint/rule.h"
#include "analyzer/lint/superfluous_else.h"

namespace krait::lint {

void checkElseBreak(LintContext& context, NodeId node) {
  checkSuperfluousElse(context, node, NodeKind::kBreak, "RET508"_rule);
}

}  // namespace krait::lint
