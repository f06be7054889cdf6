// E722: `except:` without an exception. ref: pycodestyle bare_except
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkBareExcept(LintContext& context, NodeId node) {
  auto handler = context.ast.as<syntax::ExceptHandler>(node);
  if (handler.type().valid()) return;
  for (NodeId statement : handler.body()) {
    auto raise = context.ast.tryAs<syntax::Raise>(statement);
    if (raise && !raise->exc().valid()) return;
  }
  context.sink.begin("E722"_rule, keywordRange(context.ast, node, 6));
}

}  // namespace krait::lint
