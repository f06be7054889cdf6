// YTT101 to YTT303: questions about the Python version that the next version answers wrongly. ref: flake8-2020
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

using syntax::CompareOperator;

static bool isSys(const LintContext& context, NodeId expr, std::string_view name) {
  if (lastName(context.ast, expr) != name) {
    if (!context.ast.is(expr, NodeKind::kName)) return false;
  }
  return qualifiedName(context, expr) == "sys." + std::string(name);
}

void checkVersionSubscripts(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto subscript = ast.as<syntax::Subscript>(node);
  if (!isSys(context, subscript.value(), "version")) return;
  TextRange range = ast.range(subscript.value());
  if (auto slice = ast.tryAs<syntax::Slice>(subscript.slice())) {
    if (slice->lower().valid() || slice->step().valid() || !slice->upper().valid()) return;
    auto upper = intValue(ast, slice->upper());
    if (upper == 1) context.sink.begin("YTT303"_rule, range);
    if (upper == 3) context.sink.begin("YTT101"_rule, range);
    return;
  }
  auto index = intValue(ast, subscript.slice());
  if (index == 0) context.sink.begin("YTT301"_rule, range);
  if (index == 2) context.sink.begin("YTT102"_rule, range);
}

static bool isOrder(CompareOperator op) { return op >= CompareOperator::kLt && op <= CompareOperator::kGtE; }

static void checkInfoItem(LintContext& context, syntax::Compare compare, syntax::Subscript left, CompareOperator op) {
  const Ast& ast = context.ast;
  if (!isSys(context, left.value(), "version_info")) return;
  auto index = intValue(ast, left.slice());
  auto number = intValue(ast, compare.comparators()[0]);
  if (!index || !number) return;
  if (*index == 0 && *number == 3 && op == CompareOperator::kEq) {
    context.sink.begin("YTT201"_rule, ast.range(left.id), {"==", ">="});
  } else if (*index == 0 && *number == 3 && op == CompareOperator::kNotEq) {
    context.sink.begin("YTT201"_rule, ast.range(left.id), {"!=", "<"});
  } else if (*index == 1 && isOrder(op)) {
    context.sink.begin("YTT203"_rule, ast.range(left.id));
  }
}

void checkVersionCompare(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto compare = ast.as<syntax::Compare>(node);
  if (compare.comparators().size() != 1) return;
  CompareOperator op = static_cast<CompareOperator>(compare.ops()[0].value);
  NodeId left = compare.left();
  if (auto subscript = ast.tryAs<syntax::Subscript>(left)) return checkInfoItem(context, compare, *subscript, op);
  if (!isOrder(op)) return;
  auto attribute = ast.tryAs<syntax::Attribute>(left);
  if (attribute && syntax::nameText(ast, attribute->attr()) == "minor" && isSys(context, attribute->value(), "version_info")) {
    if (intValue(ast, compare.comparators()[0])) context.sink.begin("YTT204"_rule, ast.range(left));
    return;
  }
  auto text = syntax::stringValue(ast, compare.comparators()[0]);
  if (!text || !isSys(context, left, "version")) return;
  context.sink.begin(text->size() == 1 ? "YTT302"_rule : "YTT103"_rule, ast.range(left));
}

void checkSixAttribute(LintContext& context, NodeId node) {
  if (lastName(context.ast, node) == "PY3" && qualifiedName(context, node) == "six.PY3") {
    context.sink.begin("YTT202"_rule, context.ast.range(node));
  }
}

}  // namespace krait::lint
