// PLR0913: too many parameters. ref: pylint too-many-arguments
#include "analyzer/lint/annotations.h"
#include "analyzer/lint/name_settings.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkArgumentCount(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto function = ast.as<syntax::FunctionDef>(node);
  if (hasTypingDecorator(context, node, "override") || hasTypingDecorator(context, node, "overload")) return;
  uint32_t count = 0;
  bool is_first = true;
  MethodKind kind = methodKind(context, node);
  bool is_new = syntax::nameText(ast, function.name()) == "__new__";
  for (NodeId id : ast.as<syntax::Parameters>(function.params()).params()) {
    auto param = ast.as<syntax::Parameter>(id);
    syntax::ParameterKind param_kind = param.parameterKind();
    if (param_kind == syntax::ParameterKind::kVarPositional || param_kind == syntax::ParameterKind::kVarKeyword) continue;
    bool is_self = is_first && (kind == MethodKind::kInstance || kind == MethodKind::kClass || is_new);
    is_first = false;
    if (is_self || isDummy(context, syntax::nameText(ast, param.name()))) continue;
    ++count;
  }
  uint32_t limit = context.options.number("pylint.max-args", 5);
  if (count > limit) context.sink.begin("PLR0913"_rule, nameRange(ast, node), {std::to_string(count), std::to_string(limit)});
}

}  // namespace krait::lint
