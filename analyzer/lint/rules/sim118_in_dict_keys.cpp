// SIM118: a test or loop over dict.keys(). ref: flake8-simplify
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/shared_tokens.h"

namespace krait::lint {

static void checkKeys(LintContext& context, NodeId right, NodeId left, bool is_negative = false) {
  const Ast& ast = context.ast;
  auto call = ast.tryAs<syntax::Call>(right);
  auto method = call ? ast.tryAs<syntax::Attribute>(call->func()) : std::nullopt;
  if (!method || !call->args().empty() || syntax::nameText(ast, method->attr()) != "keys") return;
  // self.keys() may be how __iter__ and __contains__ are made.
  if (syntax::nameText(ast, method->value()) == "self") return;
  std::string_view word = is_negative ? "not in" : "in";
  TextRange keys{context.tokens.nextCode(parenthesizedRange(ast, method->value()).end).begin, ast.range(right).end};
  auto finding = context.sink.begin("SIM118"_rule, {parenthesizedRange(ast, left).begin, parenthesizedRange(ast, right).end}, {word, word});
  bool is_tight = keys.end < ast.text().size() && ((ast.text()[keys.end] >= 'a' && ast.text()[keys.end] <= 'z') || ast.text()[keys.end] == '_');
  finding.fix("Remove `.keys()`", {{keys, is_tight ? " " : ""}}, FixSafety::kUnsafe);
}

void checkInDictKeys(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  if (auto loop = ast.tryAs<syntax::For>(node)) {
    if (loop->isAsync()) return;
    return checkKeys(context, loop->iter(), loop->target());
  }
  if (auto part = ast.tryAs<syntax::Comprehension>(node)) {
    return checkKeys(context, part->iter(), part->target());
  }
  auto compare = ast.as<syntax::Compare>(node);
  if (compare.comparators().size() != 1) return;
  auto op = static_cast<syntax::CompareOperator>(compare.ops()[0].value);
  if (op != syntax::CompareOperator::kIn && op != syntax::CompareOperator::kNotIn) return;
  checkKeys(context, compare.comparators()[0], compare.left(), op == syntax::CompareOperator::kNotIn);
}

}  // namespace krait::lint
