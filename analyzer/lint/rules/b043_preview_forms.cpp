// B043, PLR6201, RUF073, UP048: deletions, memberships, formats and loops that have a plainer form.
// ref: flake8-bugbear, pylint, ruff, pyupgrade
#include <algorithm>
#include <string>

#include "analyzer/lint/bindings.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/value_types.h"
#include "analyzer/syntax/tokens/token.h"

namespace krait::lint {

static bool isIdentifier(std::string_view text) {
  if (text.empty() || (text[0] >= '0' && text[0] <= '9')) return false;
  for (char c : text) {
    bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || (c & 0x80);
    if (!is_letter) return false;
  }
  return syntax::wordKind(text) == syntax::TokenKind::kName && !(text.starts_with("__") && !text.ends_with("__"));
}

void checkConstantDelattr(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  NodeId call_node = ast.as<syntax::ExprStmt>(node).value();
  auto call = ast.tryAs<syntax::Call>(call_node);
  if (!call || !isBuiltin(context, call->func(), "delattr") || call->args().size() != 2) return;
  NodeId object = call->args()[0];
  if (ast.is(object, NodeKind::kStarred) || ast.is(object, NodeKind::kKeyword)) return;
  auto name = syntax::stringValue(ast, call->args()[1]);
  if (!name || !isIdentifier(*name)) return;
  bool is_plain = ast.is(object, NodeKind::kName) || ast.is(object, NodeKind::kAttribute) || ast.is(object, NodeKind::kSubscript) || ast.is(object, NodeKind::kCall);
  std::string text(ast.text(object));
  if (!is_plain) text = "(" + text + ")";
  context.sink.begin("B043"_rule, ast.range(call_node))
      .fix("Replace `delattr` with `del` statement", {{ast.range(call_node), "del " + text + "." + std::string(*name)}});
}

// Is the item certainly none that a set can hold?
static bool isUnhashable(const LintContext& context, NodeId expr) {
  const Ast& ast = context.ast;
  for (Container container : {Container::kList, Container::kDict, Container::kSet}) {
    if (isLastKnownAs(context, expr, container)) return true;
  }
  if (auto tuple = ast.tryAs<syntax::Tuple>(expr)) return std::any_of(tuple->elts().begin(), tuple->elts().end(), [&](NodeId part) { return isUnhashable(context, part); });
  ValueType type = valueTypeOf(ast, expr);
  return type == ValueType::kList || type == ValueType::kDict || type == ValueType::kSet;
}

void checkLiteralMembership(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto compare = ast.as<syntax::Compare>(node);
  if (compare.comparators().size() != 1) return;
  auto op = static_cast<syntax::CompareOperator>(compare.ops()[0].value);
  NodeId right = compare.comparators()[0];
  bool is_display = ast.is(right, NodeKind::kList) || ast.is(right, NodeKind::kTuple);
  if ((op != syntax::CompareOperator::kIn && op != syntax::CompareOperator::kNotIn) || !is_display || ast.list(right, 0).empty()) return;
  if (!ast.is(compare.left(), NodeKind::kTuple) && isUnhashable(context, compare.left())) return;
  for (NodeId element : ast.list(right, 0)) {
    if (isUnhashable(context, element)) return;
  }
  TextRange range = ast.range(right);
  std::string items(ast.text({range.begin + 1, range.end - 1}));
  context.sink.begin("PLR6201"_rule, range).fix("Convert to `set`", {{range, "{" + items + "}"}}, FixSafety::kUnsafe);
}

void checkFormattedPercent(LintContext& context, NodeId node) {
  auto operation = context.ast.as<syntax::BinOp>(node);
  bool is_format = operation.op() == syntax::BinaryOp::kMod && context.ast.is(operation.left(), NodeKind::kJoinedStr);
  if (is_format) context.sink.begin("RUF073"_rule, context.ast.range(node));
}

void checkWhileOne(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  NodeId test = ast.as<syntax::While>(node).test();
  if (!isConstant(ast, test, syntax::ConstantKind::kInt) || intValue(ast, test) != 1) return;
  context.sink.begin("UP048"_rule, ast.range(test), {"1"}).fix("Replace with `True`", {{ast.range(test), "True"}});
}

}  // namespace krait::lint
