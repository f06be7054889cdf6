// B014, B025, B029, B030: what handlers catch. ref: flake8-bugbear
#include <algorithm>
#include <string>
#include <vector>

#include "analyzer/lint/expressions.h"
#include "analyzer/lint/generated_code.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

static bool has(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

static void checkDuplicates(LintContext& context, NodeId tuple_node) {
  const Ast& ast = context.ast;
  auto tuple = ast.as<syntax::Tuple>(tuple_node);
  std::vector<std::string> seen;
  std::vector<std::string> repeated;
  std::vector<NodeId> kept;
  for (NodeId element : tuple.elts()) {
    std::string name = dottedText(ast, element);
    if (!name.empty() && has(seen, name)) {
      if (!has(repeated, name)) repeated.push_back(name);
      continue;
    }
    if (!name.empty()) seen.push_back(name);
    kept.push_back(element);
  }
  if (repeated.empty()) return;
  std::sort(repeated.begin(), repeated.end());
  std::string shown;
  for (const std::string& name : repeated) shown += (shown.empty() ? "" : "`, `") + name;
  TextRange range = parenthesizedRange(ast, tuple_node);
  std::string text;
  for (NodeId element : kept) text += (text.empty() ? "" : ", ") + generatedOperand(ast, element, Operand::kArgument);
  if (kept.size() > 1) text = "(" + text + ")";
  context.sink.begin("B014"_rule, ast.range(tuple_node), {shown}).fix("De-duplicate exceptions", {{ast.range(tuple_node), padded(ast, range, text)}});
}

void checkHandlers(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  std::vector<std::string> seen;
  std::string_view star = ast.as<syntax::Try>(node).isStar() ? "*" : "";
  for (NodeId id : ast.as<syntax::Try>(node).handlers()) {
    NodeId type = ast.as<syntax::ExceptHandler>(id).type();
    if (!type.valid()) continue;
    std::vector<NodeId> caught = {type};
    if (auto tuple = ast.tryAs<syntax::Tuple>(type)) {
      checkDuplicates(context, type);
      caught.assign(tuple->elts().begin(), tuple->elts().end());
    }
    std::vector<std::string> own;
    for (NodeId each : caught) {
      std::string name = dottedText(ast, each);
      if (name.empty() || has(own, name)) continue;
      if (has(seen, name)) context.sink.begin("B025"_rule, ast.range(each), {star, name});
      own.push_back(name);
    }
    seen.insert(seen.end(), own.begin(), own.end());
  }
}

static bool isClassLike(const Ast& ast, NodeId expr) {
  switch (ast.kind(expr)) {
    case NodeKind::kSubscript:
    case NodeKind::kAttribute:
    case NodeKind::kName:
    case NodeKind::kCall: return true;
    default: return false;
  }
}

// The operands of sums, the items of tuples in them, and what starred items unpack: each must be a class.
static void collectCaught(const Ast& ast, NodeId expr, bool unpacks, std::vector<NodeId>& out) {
  auto sum = ast.tryAs<syntax::BinOp>(expr);
  if (sum && sum->op() == syntax::BinaryOp::kAdd) {
    collectCaught(ast, sum->left(), true, out);
    return collectCaught(ast, sum->right(), true, out);
  }
  if (auto starred = ast.tryAs<syntax::Starred>(expr)) return collectCaught(ast, starred->value(), true, out);
  bool is_display = ast.is(expr, NodeKind::kTuple) || ast.is(expr, NodeKind::kList);
  if (!unpacks || !is_display) return out.push_back(expr);
  for (NodeId element : ast.list(expr, 0)) collectCaught(ast, element, false, out);
}

static void checkCaught(LintContext& context, NodeId type, std::string_view keyword) {
  std::vector<NodeId> caught;
  collectCaught(context.ast, type, context.ast.is(type, NodeKind::kTuple), caught);
  for (NodeId expr : caught) {
    if (!isClassLike(context.ast, expr)) context.sink.begin("B030"_rule, context.ast.range(expr), {keyword});
  }
}

void checkHandlerTypes(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  NodeId type = ast.as<syntax::ExceptHandler>(node).type();
  if (!type.valid()) return;
  auto tuple = ast.tryAs<syntax::Tuple>(type);
  if (tuple && tuple->elts().empty()) context.sink.begin("B029"_rule, ast.range(node));
  checkCaught(context, type, ast.as<syntax::Try>(ast.parent(node)).isStar() ? "except*" : "except");
  // `except A or B` catches only one of them.
  auto either = ast.tryAs<syntax::BoolOp>(type);
  if (either) context.sink.begin("PLW0711"_rule, ast.range(type), {syntax::spelling(either->op())});
}

}  // namespace krait::lint
