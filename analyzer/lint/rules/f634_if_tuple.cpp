// F634: `if (a, b):`. ref: pyflakes IfTuple
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkIfTuple(LintContext& context, NodeId node) {
  NodeId test = context.ast.as<syntax::If>(node).test();
  auto tuple = context.ast.tryAs<syntax::Tuple>(test);
  if (tuple && !tuple->elts().empty()) context.sink.begin("F634"_rule, context.ast.range(test));
}

}  // namespace krait::lint
