// A002: a parameter named like a builtin. ref: flake8-builtins
#include "analyzer/lint/annotations.h"
#include "analyzer/lint/builtin_names.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkBuiltinArguments(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  NodeId name = ast.as<syntax::Parameter>(node).name();
  NodeId function = ast.parent(ast.parent(node));
  if (!ast.is(function, NodeKind::kFunctionDef) || !isShadowedBuiltin(context, syntax::nameOf(ast, name))) return;
  if (hasTypingDecorator(context, function, "override") || hasTypingDecorator(context, function, "overload")) return;
  context.sink.begin("A002"_rule, ast.range(name), {syntax::nameText(ast, name)});
}

}  // namespace krait::lint
