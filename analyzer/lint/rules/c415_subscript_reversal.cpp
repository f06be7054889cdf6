// C415: a slice that turns a sequence round where order does not count. ref: flake8-comprehensions
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkSubscriptReversal(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto call = ast.as<syntax::Call>(node);
  std::string_view name = syntax::nameText(ast, call.func());
  if (!isOneOf(name, {"reversed", "set", "sorted"}) || call.args().empty()) return;
  auto subscript = ast.tryAs<syntax::Subscript>(call.args()[0]);
  auto slice = subscript ? ast.tryAs<syntax::Slice>(subscript->slice()) : std::nullopt;
  if (!slice || slice->lower().valid() || slice->upper().valid() || !slice->step().valid()) return;
  if (intValue(ast, slice->step()) != -1 || !isBuiltin(context, call.func(), name)) return;
  context.sink.begin("C415"_rule, ast.range(node), {name});
}

}  // namespace krait::lint
