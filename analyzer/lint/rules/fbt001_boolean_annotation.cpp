// FBT001: a positional parameter annotated bool. ref: flake8-boolean-trap
#include <algorithm>

#include "analyzer/lint/annotations.h"
#include "analyzer/lint/boolean_trap.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

static bool isBoolType(const LintContext& context, NodeId annotation) {
  auto text = syntax::stringValue(context.ast, annotation);
  if ((text && *text == "bool" && isBuiltinAvailable(context, annotation, "bool")) || isBuiltin(context, annotation, "bool")) return true;
  const Ast& ast = context.ast;
  if (auto operation = ast.tryAs<syntax::BinOp>(annotation)) {
    return operation->op() == syntax::BinaryOp::kBitOr &&
           (isBoolType(context, operation->left()) || isBoolType(context, operation->right()));
  }
  auto subscript = ast.tryAs<syntax::Subscript>(annotation);
  if (!subscript) return false;
  std::string name = typingName(context, subscript->value());
  if (name == "Optional") return isBoolType(context, subscript->slice());
  auto members = ast.tryAs<syntax::Tuple>(subscript->slice());
  if (name != "Union" || !members) return false;
  return std::any_of(members->elts().begin(), members->elts().end(), [&](NodeId member) { return isBoolType(context, member); });
}

void checkBooleanAnnotations(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto function = ast.as<syntax::FunctionDef>(node);
  if (mayTakeBooleans(context, node)) return;
  for (NodeId id : ast.as<syntax::Parameters>(function.params()).params()) {
    auto param = ast.as<syntax::Parameter>(id);
    if (param.parameterKind() > syntax::ParameterKind::kPositionalOrKeyword) break;
    if (param.annotation().valid() && isBoolType(context, param.annotation())) {
      context.sink.begin("FBT001"_rule, ast.range(param.name()));
    }
  }
}

}  // namespace krait::lint
