#include "analyzer/lint/unused_parameters.h"
#include "analyzer/lint/name_settings.h"

#include "analyzer/lint/annotations.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/visibility.h"

namespace krait::lint {

// `msg = "…"; raise NotImplementedError(msg)`, perhaps behind a docstring.
static bool raisesNotImplemented(const LintContext& context, NodeList body) {
  const Ast& ast = context.ast;
  size_t first = syntax::docstringOf(ast, body).valid() ? 1 : 0;
  if (body.size() != first + 2) return false;
  auto assign = ast.tryAs<syntax::Assign>(body[first]);
  auto raise = ast.tryAs<syntax::Raise>(body[first + 1]);
  auto call = raise ? ast.tryAs<syntax::Call>(raise->exc()) : std::nullopt;
  if (!assign || !call || assign->targets().size() != 1 || call->args().size() != 1) return false;
  if (!ast.is(assign->targets()[0], NodeKind::kName) || !ast.is(call->args()[0], NodeKind::kName)) return false;
  bool is_text = syntax::stringValue(ast, assign->value()).has_value() || ast.is(assign->value(), NodeKind::kJoinedStr);
  return is_text && syntax::nameOf(ast, assign->targets()[0]) == syntax::nameOf(ast, call->args()[0]) &&
         qualifiedName(context, call->func()) == "builtins.NotImplementedError";
}

static bool isExempt(const LintContext& context, NodeId node, MethodKind kind) {
  const Ast& ast = context.ast;
  auto function = ast.as<syntax::FunctionDef>(node);
  if (isEmptyBody(context, function.body()) || raisesNotImplemented(context, function.body())) return true;
  if (hasTypingDecorator(context, node, "overload")) return true;
  if (kind == MethodKind::kFunction) return false;
  if (hasTypingDecorator(context, node, "override")) return true;
  if (isAbstract(context, node)) return true;
  std::string_view name = syntax::nameText(ast, function.name());
  return isDunder(name) && name != "__init__" && name != "__new__" && name != "__call__";
}

std::vector<NodeId> unusedParameters(const LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  std::vector<NodeId> unused;
  ScopeId scope = context.model.scopeOf(node);
  if (!scope.valid()) return unused;
  NodeId params = ast.is(node, NodeKind::kLambda) ? ast.as<syntax::Lambda>(node).params()
                                                  : ast.as<syntax::FunctionDef>(node).params();
  bool skips_first = false;
  if (ast.is(node, NodeKind::kFunctionDef)) {
    MethodKind kind = methodKind(context, node);
    if (isExempt(context, node, kind)) return unused;
    bool is_new = syntax::nameText(ast, ast.as<syntax::FunctionDef>(node).name()) == "__new__";
    skips_first = kind == MethodKind::kInstance || kind == MethodKind::kClass || is_new;
  }
  if (context.model[scope].has(semantic::kUsesLocals)) return unused;
  bool is_first = true;
  bool ignores_variadic = context.options.flag("flake8-unused-arguments.ignore-variadic-names");
  for (NodeId id : ast.as<syntax::Parameters>(params).params()) {
    auto param = ast.as<syntax::Parameter>(id);
    bool is_self = is_first && skips_first && param.parameterKind() <= syntax::ParameterKind::kPositionalOrKeyword;
    is_first = false;
    std::string_view name = syntax::nameText(ast, param.name());
    bool is_variadic = param.parameterKind() == syntax::ParameterKind::kVarPositional || param.parameterKind() == syntax::ParameterKind::kVarKeyword;
    if (is_variadic && ignores_variadic) continue;
    if (is_self || name.empty() || isDummy(context, name)) continue;
    SymbolId owner = context.model.ownerAt(param.name());
    if (!owner.valid() || context.isUsed(owner)) continue;
    // A parameter that the body binds again is a variable at the end.
    bool is_bound_again = false;
    for (const Definition& definition : context.model.definitions(owner)) is_bound_again |= definition.node != param.name();
    if (!is_bound_again) unused.push_back(id);
  }
  return unused;
}

}  // namespace krait::lint
