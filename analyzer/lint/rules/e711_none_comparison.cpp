// E711, E712: comparison to None, True or False with == or !=. ref: pycodestyle comparison_to_singleton
#include <string>
#include <vector>

#include "analyzer/lint/expressions.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

using syntax::CompareOperator;
using syntax::ConstantKind;

namespace {
// One operand that is compared to its neighbour.
struct Compared {
  NodeId constant;  // None, True or False
  NodeId other;
  size_t op;        // the place of the operator
};
}  // namespace

static bool isEquality(CompareOperator op) { return op == CompareOperator::kEq || op == CompareOperator::kNotEq; }

// Numbers, strings and tuples of constants: nothing that `is` could be meant for.
static bool isOtherConstant(const Ast& ast, NodeId expr) {
  if (auto tuple = ast.tryAs<syntax::Tuple>(expr)) {
    for (NodeId elt : tuple->elts()) {
      if (!ast.is(elt, NodeKind::kConstant) && !isOtherConstant(ast, elt)) return false;
    }
    return true;
  }
  return ast.is(expr, NodeKind::kConstant) && !isNone(ast, expr) && !isBool(ast, expr) && !isEllipsis(ast, expr);
}

static CompareOperator opAt(syntax::Compare compare, size_t at) { return static_cast<CompareOperator>(compare.ops()[at].value); }

// The operands that are None, True or False, in the order of the text; those on the right of each operator, and the first.
static std::vector<Compared> findCompared(const Ast& ast, syntax::Compare compare) {
  std::vector<Compared> found;
  auto add = [&](NodeId constant, NodeId other, size_t op) {
    bool is_meant = isEquality(opAt(compare, op)) && (isNone(ast, constant) || isBool(ast, constant)) && !isOtherConstant(ast, other);
    if (is_meant) found.push_back({constant, other, op});
  };
  NodeId left = compare.left();
  // Of `True == True` the second is told.
  bool is_twice = isBool(ast, left) && isSameExpr(ast, left, compare.comparators()[0]);
  if (!is_twice) add(left, compare.comparators()[0], 0);
  for (size_t i = 0; i < compare.comparators().size(); ++i) {
    add(compare.comparators()[i], left, i);
    left = compare.comparators()[i];
  }
  return found;
}

// `x` for `x == True`, `not x` for `x == False`.
static std::string truthText(const Ast& ast, syntax::Compare compare, const Compared& one, const std::string& other) {
  bool is_positive = isConstant(ast, one.constant, ConstantKind::kTrue) == (opAt(compare, one.op) == CompareOperator::kEq);
  return is_positive ? other : "not " + other;
}

// What stands for `x == True` alone.
static std::string singleText(const Ast& ast, syntax::Compare compare, const Compared& one) {
  std::string other(ast.text(parenthesizedRange(ast, one.other)));
  bool is_weak = !ast.hasFlag(one.other, syntax::kParenthesized) &&
                 (ast.is(one.other, NodeKind::kIfExp) || ast.is(one.other, NodeKind::kLambda) || ast.is(one.other, NodeKind::kBoolOp));
  std::string text = truthText(ast, compare, one, other);
  if (is_weak && text.size() != other.size()) text = "not (" + other + ")";
  return ast.hasFlag(one.constant, syntax::kParenthesized) ? "(" + text + ")" : text;
}

// The comparison with `is` where the operators of `changed` stand.
static std::string chainText(const Ast& ast, syntax::Compare compare, const std::vector<bool>& changed) {
  std::string text(ast.text(parenthesizedRange(ast, compare.left())));
  for (size_t i = 0; i < compare.comparators().size(); ++i) {
    CompareOperator op = opAt(compare, i);
    std::string_view word = !changed[i] ? syntax::spelling(op) : op == CompareOperator::kEq ? "is" : "is not";
    text += " " + std::string(word) + " " + std::string(ast.text(parenthesizedRange(ast, compare.comparators()[i])));
  }
  return text;
}

static void reportBool(LintContext& context, NodeId node, const Compared& one, const FixEdit& edit) {
  const Ast& ast = context.ast;
  auto compare = ast.as<syntax::Compare>(node);
  bool is_equal = opAt(compare, one.op) == CompareOperator::kEq;
  bool is_chain = compare.comparators().size() > 1;
  std::string what = std::string(is_equal || is_chain ? "equality" : "inequality") + " comparisons to ", title = "Replace comparison";
  if (is_chain) {
    what += "`True` or `False`";
  } else {
    std::string shown = truthText(ast, compare, one, shownText(ast, one.other));
    bool is_true = isConstant(ast, one.constant, ConstantKind::kTrue);
    what += std::string("`") + (is_true ? "True" : "False") + "`; use `" + shown + ":` for " + (is_true == is_equal ? "truth" : "false") + " checks";
    if (shownText(ast, one.other) != "...") title = "Replace with `" + shown + "`";
  }
  context.sink.begin("E712"_rule, ast.range(node), {what}).fix(title, {edit}, FixSafety::kUnsafe);
}

void checkLiteralComparisons(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto compare = ast.as<syntax::Compare>(node);
  std::vector<Compared> found = findCompared(ast, compare);
  if (found.empty()) return;
  std::vector<bool> changed(compare.comparators().size());
  for (const Compared& one : found) {
    bool is_told = config::isLintCodeSelected(context.options, isNone(ast, one.constant) ? "E711"_code : "E712"_code);
    if (is_told) changed[one.op] = true;
  }
  std::string text = chainText(ast, compare, changed);
  NodeId first = compare.left(), second = compare.comparators()[0];
  bool is_single = changed.size() == 1 && (isBool(ast, first) || isBool(ast, second));
  if (is_single) text = singleText(ast, compare, isBool(ast, first) ? Compared{first, second, 0} : Compared{second, first, 0});
  FixEdit edit{ast.range(node), text};
  for (const Compared& one : found) {
    if (!isNone(ast, one.constant)) {
      reportBool(context, node, one, edit);
      continue;
    }
    bool is_equal = opAt(compare, one.op) == CompareOperator::kEq;
    context.sink.begin(is_equal ? "E711"_rule : "E711Not"_rule, ast.range(one.constant))
        .fix(is_equal ? "Replace with `cond is None`" : "Replace with `cond is not None`", {edit}, FixSafety::kUnsafe);
  }
}

}  // namespace krait::lint
