// TRY201: raise of the exception that was caught. ref: tryceratops
#include "analyzer/lint/rule.h"

namespace krait::lint {

static void checkStatement(LintContext& context, NodeId node, NameId name) {
  const Ast& ast = context.ast;
  NodeKind kind = ast.kind(node);
  if (kind == NodeKind::kTry) {
    auto attempt = ast.as<syntax::Try>(node);
    for (NodeId statement : attempt.body()) checkStatement(context, statement, name);
    return;
  }
  if (auto raise = ast.tryAs<syntax::Raise>(node)) {
    if (raise->exc().valid() && !raise->cause().valid() && ast.is(raise->exc(), NodeKind::kName) &&
        syntax::nameOf(ast, raise->exc()) == name) {
      context.sink.begin("TRY201"_rule, ast.range(raise->exc()))
          .fix("Remove exception name", {{ast.range(node), "raise"}}, FixSafety::kUnsafe);
    }
    return;
  }
  syntax::forEachChild(ast, node, [&](NodeId child) {
    if (syntax::isStatement(ast, child) || ast.is(child, NodeKind::kMatchCase)) checkStatement(context, child, name);
  });
}

void checkVerboseRaise(LintContext& context, NodeId node) {
  auto handler = context.ast.as<syntax::ExceptHandler>(node);
  if (!handler.name().valid()) return;
  NameId name = syntax::nameOf(context.ast, handler.name());
  for (NodeId statement : handler.body()) checkStatement(context, statement, name);
}

}  // namespace krait::lint
