// ANN001: a parameter without annotation. ref: flake8-annotations
#include "analyzer/lint/annotations.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

// The first parameter of a method stands for its object or class, unless `@staticmethod` says otherwise.
static bool skipsFirst(const LintContext& context, NodeId function) {
  if (!classOfMethod(context.ast, function).valid()) return false;
  for (NodeId decorator : context.ast.as<syntax::FunctionDef>(function).decorators()) {
    if (qualifiedName(context, decorator) == "builtins.staticmethod") return false;
  }
  return true;
}

void checkArgumentTypes(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  if (isOverloadImplementation(context, node) || isIgnoredAsUntyped(context, node)) return;
  auto function = ast.as<syntax::FunctionDef>(node);
  bool skips_first = skipsFirst(context, node);
  bool is_first = true;
  for (NodeId id : ast.as<syntax::Parameters>(function.params()).params()) {
    auto param = ast.as<syntax::Parameter>(id);
    bool is_variadic = param.parameterKind() == syntax::ParameterKind::kVarPositional ||
                       param.parameterKind() == syntax::ParameterKind::kVarKeyword;
    bool is_self = is_first && skips_first && !is_variadic;
    if (!is_variadic) is_first = false;
    if (is_variadic || is_self || param.annotation().valid() || isIgnoredDummy(context, syntax::nameText(ast, param.name()))) continue;
    context.sink.begin("ANN001"_rule, ast.range(param.name()), {syntax::nameText(ast, param.name())});
  }
}

}  // namespace krait::lint
