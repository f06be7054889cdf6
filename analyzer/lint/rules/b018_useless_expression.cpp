// B018: an expression statement without effect. ref: flake8-bugbear B018
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/cells.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

using syntax::ConstantKind;

static bool isLiteralLike(const Ast& ast, NodeId node) {
  switch (ast.kind(node)) {
    case NodeKind::kConstant:
    case NodeKind::kJoinedStr:
    case NodeKind::kTuple:
    case NodeKind::kList:
    case NodeKind::kSet:
    case NodeKind::kDict:
    case NodeKind::kListComp:
    case NodeKind::kSetComp:
    case NodeKind::kDictComp: return true;
    default: return false;
  }
}

// May evaluating the expression do something?
static bool hasEffect(const LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  switch (ast.kind(node)) {
    case NodeKind::kCall: {
      auto call = ast.as<syntax::Call>(node);
      if (!call.args().empty()) return true;
      std::string_view name = syntax::nameText(ast, call.func());
      return !isOneOf(name, {"set", "list", "tuple", "dict", "frozenset"}) || !isBuiltin(context, call.func(), name);
    }
    case NodeKind::kBinOp: {
      auto operation = ast.as<syntax::BinOp>(node);
      if (!isLiteralLike(ast, operation.left()) || !isLiteralLike(ast, operation.right())) return true;
      break;
    }
    case NodeKind::kNamedExpr:
    case NodeKind::kAwait:
    case NodeKind::kListComp:
    case NodeKind::kSetComp:
    case NodeKind::kDictComp:
    case NodeKind::kGeneratorExp:
    case NodeKind::kSubscript:
    case NodeKind::kYield:
    case NodeKind::kYieldFrom: return true;
    default: break;
  }
  bool found = false;
  syntax::forEachChild(ast, node, [&](NodeId child) { found = found || hasEffect(context, child); });
  return found;
}

void checkUselessExpressions(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  NodeId value = ast.as<syntax::ExprStmt>(node).value();
  if (ast.is(value, NodeKind::kJoinedStr) || ast.is(value, NodeKind::kCompare) || isEllipsis(ast, value) ||
      isConstant(ast, value, ConstantKind::kStr) || ast.is(value, NodeKind::kErrorExpr) || endsCell(context, node)) {
    return;
  }
  bool has_effect = hasEffect(context, value);
  bool is_attribute = ast.is(value, NodeKind::kAttribute);
  if (!has_effect) context.sink.begin("B018"_rule, ast.range(value));
  // An attribute of a call's result is looked up for nothing too.
  if (has_effect && is_attribute) context.sink.begin("B018Attribute"_rule, ast.range(value));
}

}  // namespace krait::lint
