// RET505: else after return. ref: flake8-return
#include "analyzer/lint/rule.h"
#include "analyzer/lint/superfluous_else.h"

namespace krait::lint {

void checkElseReturn(LintContext& context, NodeId node) {
  checkSuperfluousElse(context, node, NodeKind::kReturn, "RET505"_rule);
}

}  // namespace krait::lint
