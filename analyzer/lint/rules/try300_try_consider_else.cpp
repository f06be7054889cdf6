// TRY300: a return at the end of a try body. ref: tryceratops

#include "analyzer/lint/expressions.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkConsiderElse(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto statement = ast.as<syntax::Try>(node);
  if (statement.body().size() < 2 || !statement.orelse().empty() || statement.handlers().empty()) return;
  auto last = ast.tryAs<syntax::Return>(statement.body().back());
  if (!last) return;
  // The value of the return may be what raises.
  bool may_raise = last->value().valid() && (hasEffect(context, last->value()) ||
                                             anyOver(ast, last->value(), [&](NodeId at) { return ast.is(at, NodeKind::kNamedExpr); }));
  if (may_raise) return;
  context.sink.begin("TRY300"_rule, ast.range(last->id));
}

}  // namespace krait::lint
