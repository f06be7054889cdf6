// SIM117: a with that holds only a with. ref: flake8-simplify
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkMultipleWith(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto outer = ast.as<syntax::With>(node);
  auto parent = ast.tryAs<syntax::With>(ast.parent(node));
  if (parent && parent->body().size() == 1 && parent->isAsync() == outer.isAsync()) return;
  if (outer.body().size() != 1) return;
  auto inner = ast.tryAs<syntax::With>(outer.body()[0]);
  if (!inner || inner->isAsync() != outer.isAsync()) return;
  NodeId last = inner->items().back();
  context.sink.begin(Rule::kSIM117, {ast.range(node).begin, ast.range(last).end + 1});
}

}  // namespace krait::lint
