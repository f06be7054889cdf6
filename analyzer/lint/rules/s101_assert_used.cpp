// S101: an assert statement. ref: bandit B101
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkAsserts(LintContext& context, NodeId node) {
  // Type checkers do not run it.
  for (NodeId at = context.ast.parent(node), child = node; at.valid(); child = at, at = context.ast.parent(at)) {
    auto test = context.ast.tryAs<syntax::If>(at);
    bool is_typing = test && lastName(context.ast, test->test()) == "TYPE_CHECKING" && !test->body().empty() && blockOf(context.ast, child)[0] == test->body()[0];
    if (is_typing) return;
  }
  context.sink.begin("S101"_rule, keywordRange(context.ast, node, 6));
}

}  // namespace krait::lint
