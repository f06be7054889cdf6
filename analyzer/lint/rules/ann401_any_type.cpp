// ANN401: a parameter or result annotated with Any. ref: flake8-annotations
#include "analyzer/lint/annotations.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

static bool holdsAny(const LintContext& context, NodeId annotation, int depth) {
  const Ast& ast = context.ast;
  if (!annotation.valid() || depth > 20) return false;
  if (typingName(context, annotation) == "Any") return true;
  if (NodeId type = unquoted(context, annotation); type != annotation) return holdsAny(context, type, depth + 1);
  auto subscript = ast.tryAs<syntax::Subscript>(annotation);
  if (subscript) {
    std::string name = typingName(context, subscript->value());
    auto tuple = ast.tryAs<syntax::Tuple>(subscript->slice());
    if (name == "Optional") return holdsAny(context, subscript->slice(), depth + 1);
    if (name == "Annotated") return tuple && !tuple->elts().empty() && holdsAny(context, tuple->elts()[0], depth + 1);
    if (name != "Union") return false;
  }
  std::vector<NodeId> members;
  unionMembers(context, annotation, members);
  if (members.size() < 2) return false;
  for (NodeId member : members) {
    if (holdsAny(context, member, depth + 1)) return true;
  }
  return false;
}

void checkAnyTypes(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto function = ast.as<syntax::FunctionDef>(node);
  if (hasTypingDecorator(context, node, "override") || isOverloadImplementation(context, node)) return;
  std::string_view function_name = syntax::nameText(ast, function.name());
  bool allows_stars = context.options.flag("flake8-annotations.allow-star-arg-any");
  MethodKind kind = methodKind(context, node);
  bool skips_first = kind == MethodKind::kInstance || kind == MethodKind::kClass;
  for (NodeId param_id : ast.as<syntax::Parameters>(function.params()).params()) {
    auto param = ast.as<syntax::Parameter>(param_id);
    bool is_star = param.parameterKind() == syntax::ParameterKind::kVarPositional || param.parameterKind() == syntax::ParameterKind::kVarKeyword;
    bool is_receiver = skips_first && !is_star;
    skips_first = false;
    if (is_receiver) continue;
    if ((is_star && allows_stars) || !holdsAny(context, param.annotation(), 0)) continue;
    std::string name(syntax::nameText(ast, param.name()));
    if (param.parameterKind() == syntax::ParameterKind::kVarPositional) name = "*" + name;
    if (param.parameterKind() == syntax::ParameterKind::kVarKeyword) name = "**" + name;
    context.sink.begin("ANN401"_rule, ast.range(param.annotation()), {name});
  }
  if (holdsAny(context, function.returns(), 0)) context.sink.begin("ANN401"_rule, ast.range(function.returns()), {function_name});
}

}  // namespace krait::lint
