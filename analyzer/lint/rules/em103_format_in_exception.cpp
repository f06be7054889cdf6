// EM103: str.format inside raise. ref: flake8-errmsg
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkFormatInException(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto call = ast.tryAs<syntax::Call>(ast.as<syntax::Raise>(node).exc());
  if (!call || call->args().empty()) return;
  auto inner = ast.tryAs<syntax::Call>(call->args()[0]);
  auto method = inner ? ast.tryAs<syntax::Attribute>(inner->func()) : std::nullopt;
  if (!method || syntax::nameText(ast, method->attr()) != "format") return;
  if (!isConstant(ast, method->value(), syntax::ConstantKind::kStr)) return;
  context.sink.begin(Rule::kEM103, ast.range(call->args()[0]));
}

}  // namespace krait::lint
