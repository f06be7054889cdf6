// EM102: an f-string inside raise. ref: flake8-errmsg
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkFStringInException(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto call = ast.tryAs<syntax::Call>(ast.as<syntax::Raise>(node).exc());
  if (!call || call->args().empty()) return;
  NodeId first = call->args()[0];
  if (ast.is(first, NodeKind::kJoinedStr)) context.sink.begin(Rule::kEM102, ast.range(first));
}

}  // namespace krait::lint
