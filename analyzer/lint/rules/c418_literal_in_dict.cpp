// C418: dict() around a dict display or comprehension. ref: flake8-comprehensions
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkLiteralInDict(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto call = ast.as<syntax::Call>(node);
  if (call.args().size() != 1) return;
  NodeId argument = call.args()[0];
  bool is_display = ast.is(argument, NodeKind::kDict);
  if ((!is_display && !ast.is(argument, NodeKind::kDictComp)) || !isBuiltin(context, call.func(), "dict")) return;
  TextRange outer = ast.range(node), inner = ast.range(argument);
  context.sink.begin("C418"_rule, outer, {is_display ? "literal" : "comprehension"})
      .fix("Remove outer `dict()` call", {{{outer.begin, inner.begin}, ""}, {{inner.end, outer.end}, ""}}, FixSafety::kUnsafe);
}

}  // namespace krait::lint
