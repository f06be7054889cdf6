// SIM107: returns in a try or its handlers that the one in finally overrides. ref: flake8-simplify SIM107
#include "analyzer/lint/rule.h"

namespace krait::lint {

static NodeId returnIn(const Ast& ast, NodeList body) {
  for (NodeId statement : body) {
    if (ast.is(statement, NodeKind::kReturn)) return statement;
  }
  return NodeId::none();
}

void checkReturnInFinally(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto statement = ast.as<syntax::Try>(node);
  NodeId last = returnIn(ast, statement.finalbody());
  if (!last.valid()) return;
  bool has_other = returnIn(ast, statement.body()).valid();
  for (NodeId handler : statement.handlers()) has_other = has_other || returnIn(ast, ast.as<syntax::ExceptHandler>(handler).body()).valid();
  if (has_other) context.sink.begin("SIM107"_rule, ast.range(last));
}

}  // namespace krait::lint
