// F901: `raise NotImplemented`. ref: pyflakes RaiseNotImplemented
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkRaiseNotImplemented(LintContext& context, NodeId node) {
  NodeId raised = context.ast.as<syntax::Raise>(node).exc();
  if (auto call = context.ast.tryAs<syntax::Call>(raised)) raised = call->func();
  if (!context.ast.is(raised, NodeKind::kName) || syntax::nameText(context.ast, raised) != "NotImplemented") return;
  TextRange range = context.ast.range(raised);
  context.sink.begin("F901"_rule, range).fix("Use `raise NotImplementedError`", {{.range = range, .replacement = "NotImplementedError"}});
}

}  // namespace krait::lint
