// B016: raise of a literal. ref: flake8-bugbear B016
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkRaiseLiteral(LintContext& context, NodeId node) {
  NodeId exc = context.ast.as<syntax::Raise>(node).exc();
  if (!exc.valid()) return;
  if (context.ast.is(exc, NodeKind::kConstant)) {
    context.sink.begin("B016"_rule, context.ast.range(exc));
  }
}

}  // namespace krait::lint
