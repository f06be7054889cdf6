// E712: comparison to True or False with == or !=. ref: pycodestyle comparison_to_singleton
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

using syntax::CompareOperator;

void checkBoolComparisons(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto compare = ast.as<syntax::Compare>(node);
  NodeId left = compare.left();
  for (size_t i = 0; i < compare.comparators().size(); ++i) {
    NodeId right = compare.comparators()[i];
    auto op = static_cast<CompareOperator>(compare.ops()[i].value);
    NodeId constant = isBool(ast, right) ? right : i == 0 && isBool(ast, left) ? left : NodeId::none();
    left = right;
    if (!constant.valid() || (op != CompareOperator::kEq && op != CompareOperator::kNotEq)) continue;
    bool is_equal = op == CompareOperator::kEq;
    bool is_true = isConstant(ast, constant, syntax::ConstantKind::kTrue);
    if (compare.comparators().size() > 1) {
      context.sink.begin("E712"_rule, ast.range(node), {"equality comparisons to `True` or `False`"});
      continue;
    }
    NodeId other = constant == right ? compare.left() : right;
    bool is_negative = is_equal != is_true;
    std::string text(ast.text(parenthesizedRange(ast, other)));
    bool is_weak = is_negative && !ast.hasFlag(other, syntax::kParenthesized) &&
                   (ast.is(other, NodeKind::kIfExp) || ast.is(other, NodeKind::kLambda) || ast.is(other, NodeKind::kBoolOp));
    if (is_weak) text = "(" + text + ")";
    if (is_negative) text = "not " + text;
    std::string what = std::string(is_equal ? "equality" : "inequality") + " comparisons to `" + std::string(ast.text(constant)) + "`; use `" +
                       text + ":` for " + (is_negative ? "false" : "truth") + " checks";
    context.sink.begin("E712"_rule, ast.range(node), {what})
        .fix("Replace with `" + text + "`", {{ast.range(node), text}}, FixSafety::kUnsafe);
  }
}

}  // namespace krait::lint
