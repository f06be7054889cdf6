// EM101: a string literal inside raise. ref: flake8-errmsg
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkStringInException(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto call = ast.tryAs<syntax::Call>(ast.as<syntax::Raise>(node).exc());
  if (!call || call->args().empty()) return;
  NodeId first = call->args()[0];
  if (qualifiedName(context, call->func()) == "typing.cast") return;
  if (isConstant(ast, first, syntax::ConstantKind::kStr)) context.sink.begin(Rule::kEM101, ast.range(first));
}

}  // namespace krait::lint
