// F631: `assert (condition, message)`. ref: pyflakes AssertTuple
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkAssertTuple(LintContext& context, NodeId node) {
  auto tuple = context.ast.tryAs<syntax::Tuple>(context.ast.as<syntax::Assert>(node).test());
  if (tuple && !tuple->elts().empty()) context.sink.begin("F631"_rule, context.ast.range(node));
}

}  // namespace krait::lint
