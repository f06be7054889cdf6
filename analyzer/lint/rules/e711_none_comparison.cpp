// E711: comparison to None with == or !=. ref: pycodestyle comparison_to_singleton
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

using syntax::CompareOperator;

void checkNoneComparisons(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto compare = ast.as<syntax::Compare>(node);
  NodeId left = compare.left();
  for (size_t i = 0; i < compare.comparators().size(); ++i) {
    NodeId right = compare.comparators()[i];
    auto op = static_cast<CompareOperator>(compare.ops()[i].value);
    NodeId none = isNone(ast, right) ? right : i == 0 && isNone(ast, left) ? left : NodeId::none();
    left = right;
    if (!none.valid() || (op != CompareOperator::kEq && op != CompareOperator::kNotEq)) continue;
    bool is_equal = op == CompareOperator::kEq;
    std::string text(ast.text(parenthesizedRange(ast, compare.left())));
    for (size_t k = 0; k < compare.comparators().size(); ++k) {
      auto other = static_cast<CompareOperator>(compare.ops()[k].value);
      NodeId before = k == 0 ? compare.left() : compare.comparators()[k - 1];
      bool is_none = isNone(ast, compare.comparators()[k]) || (k == 0 && isNone(ast, before));
      std::string_view word = syntax::spelling(other);
      if (is_none && other == CompareOperator::kEq) word = "is";
      if (is_none && other == CompareOperator::kNotEq) word = "is not";
      text += " " + std::string(word) + " " + std::string(ast.text(parenthesizedRange(ast, compare.comparators()[k])));
    }
    context.sink.begin(is_equal ? "E711"_rule : "E711Not"_rule, ast.range(none))
        .fix(is_equal ? "Replace with `cond is None`" : "Replace with `cond is not None`", {{ast.range(node), text}}, FixSafety::kUnsafe);
  }
}

}  // namespace krait::lint
