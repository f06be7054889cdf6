// E731: a lambda bound to a name. ref: pycodestyle comparison_type, PEP 8
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkLambdaAssignments(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  NodeId target, value;
  if (auto assign = ast.tryAs<syntax::Assign>(node)) {
    if (assign->targets().size() != 1) return;
    target = assign->targets()[0];
    value = assign->value();
  } else {
    auto annotated = ast.as<syntax::AnnAssign>(node);
    target = annotated.target();
    value = annotated.value();
    // The annotation of a class attribute may be what makes it a field.
    if (ast.is(ast.parent(node), NodeKind::kClassDef)) return;
  }
  if (!ast.is(target, NodeKind::kName) || !ast.is(value, NodeKind::kLambda)) return;
  context.sink.begin(Rule::kE731, ast.range(node));
}

}  // namespace krait::lint
