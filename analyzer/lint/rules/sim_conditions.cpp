// SIM201, SIM202, SIM208, SIM210, SIM211, SIM220 to SIM223: conditions that say more than they mean. ref: flake8-simplify
#include <string>

#include "analyzer/lint/expressions.h"
#include "analyzer/lint/generated_code.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/truthiness.h"

namespace krait::lint {

using syntax::BoolOperator;
using syntax::CompareOperator;
using syntax::ConstantKind;
using syntax::UnaryOperator;

static bool isComparisonMethod(const Ast& ast, NodeId node) {
  NodeId function = enclosingFunction(ast, node);
  if (!ast.is(function, NodeKind::kFunctionDef)) return false;
  return isOneOf(definedName(ast, function), {"__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__"});
}

// `if not a == b: raise …` reads like the assertion it is, and so do the branches behind it.
static bool isExceptionCheck(const Ast& ast, NodeId node) {
  NodeId at = statementOf(ast, node);
  while (ast.is(at, NodeKind::kIf) && ast.is(ast.parent(at), NodeKind::kIf) && ast.text(at).starts_with("elif")) at = ast.parent(at);
  auto statement = ast.tryAs<syntax::If>(at);
  return statement && statement->body().size() == 1 && ast.is(statement->body()[0], NodeKind::kRaise);
}

static std::string textOf(const Ast& ast, NodeId node) { return std::string(ast.text(node)); }

static void checkNotCompare(LintContext& context, NodeId node, syntax::Compare compare) {
  const Ast& ast = context.ast;
  if (compare.comparators().size() != 1 || isExceptionCheck(ast, node) || isComparisonMethod(ast, node)) return;
  auto op = static_cast<CompareOperator>(compare.ops()[0].value);
  if (op != CompareOperator::kEq && op != CompareOperator::kNotEq) return;
  std::string left = generatedCode(ast, compare.left()), right = generatedCode(ast, compare.comparators()[0]);
  bool is_equal = op == CompareOperator::kEq;
  std::string text = generatedOperand(ast, compare.left(), Operand::kComparison) + (is_equal ? " != " : " == ") +
                     generatedOperand(ast, compare.comparators()[0], Operand::kComparison);
  context.sink.begin(is_equal ? "SIM201"_rule : "SIM202"_rule, ast.range(node), {left, right, left, right})
      .fix(is_equal ? "Replace with `!=` operator" : "Replace with `==` operator", {{ast.range(node), text}}, FixSafety::kUnsafe);
}

void checkNegations(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto outer = ast.as<syntax::UnaryOp>(node);
  if (outer.op() != UnaryOperator::kNot) return;
  if (auto compare = ast.tryAs<syntax::Compare>(outer.operand())) return checkNotCompare(context, node, *compare);
  auto inner = ast.tryAs<syntax::UnaryOp>(outer.operand());
  if (!inner || inner->op() != UnaryOperator::kNot || isComparisonMethod(ast, node)) return;
  std::string text = generatedCode(ast, inner->operand());
  bool is_test = isBooleanTest(context, node);
  std::string fixed = is_test ? textOf(ast, inner->operand()) : generatedCall(ast, "bool", inner->operand());
  auto finding = context.sink.begin("SIM208"_rule, ast.range(node), {text, text});
  if (is_test || isBuiltinAvailable(context, node, "bool")) finding.fix("Replace with `" + text + "`", {{ast.range(node), fixed}});
}

void checkBoolChoices(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto choice = ast.as<syntax::IfExp>(node);
  bool is_true = isConstant(ast, choice.body(), ConstantKind::kTrue) && isConstant(ast, choice.orelse(), ConstantKind::kFalse);
  bool is_false = isConstant(ast, choice.body(), ConstantKind::kFalse) && isConstant(ast, choice.orelse(), ConstantKind::kTrue);
  TextRange range = ast.range(node);
  if (is_true && ast.is(choice.test(), NodeKind::kCompare)) {
    std::string title = "Remove unnecessary `True if ... else False`";
    std::string test(ast.text(parenthesizedRange(ast, choice.test())));
    context.sink.begin("SIM210"_rule, range).fix(title, {{range, test}}, FixSafety::kUnsafe);
  } else if (is_true) {
    auto finding = context.sink.begin("SIM210Bool"_rule, range);
    if (isBuiltinAvailable(context, node, "bool")) finding.fix("Replace with `bool(...)", {{range, generatedCall(ast, "bool", choice.test())}}, FixSafety::kUnsafe);
  } else if (is_false) {
    std::string text = "not " + generatedOperand(ast, choice.test(), Operand::kNot);
    context.sink.begin("SIM211"_rule, range).fix("Replace with `not ...`", {{range, text}}, FixSafety::kUnsafe);
  }
}

// `a and not a`, `a or not a`.
static void checkOpposites(LintContext& context, syntax::BoolOp op) {
  const Ast& ast = context.ast;
  for (NodeId value : op.values()) {
    auto negated = ast.tryAs<syntax::UnaryOp>(value);
    if (!negated || negated->op() != UnaryOperator::kNot || !ast.is(negated->operand(), NodeKind::kName)) continue;
    for (NodeId other : op.values()) {
      if (!ast.is(other, NodeKind::kName) || syntax::nameOf(ast, other) != syntax::nameOf(ast, negated->operand())) continue;
      std::string_view name = syntax::nameText(ast, other);
      bool is_and = op.op() == BoolOperator::kAnd;
      std::string text = is_and ? "False" : "True";
      auto finding = context.sink.begin(is_and ? "SIM220"_rule : "SIM221"_rule, ast.range(op.id), {name, name});
      if (!hasEffect(context, op.id)) finding.fix("Replace with `" + text + "`", {{ast.range(op.id), text}}, FixSafety::kUnsafe);
      break;
    }
  }
}

namespace {
enum class Rest : uint8_t { kBefore, kAfter, kBoth };
}  // namespace

static void reportShortCircuit(LintContext& context, syntax::BoolOp op, NodeId value, NodeId furthest, Rest rest) {
  const Ast& ast = context.ast;
  bool is_and = op.op() == BoolOperator::kAnd;
  std::string text = isBooleanTest(context, op.id) ? (is_and ? "False" : "True") : textOf(ast, value);
  auto tuple = ast.tryAs<syntax::Tuple>(value);
  if (tuple && !tuple->elts().empty() && text.front() != '(' && !isBooleanTest(context, op.id)) text = "(" + text + ")";
  std::string word = is_and ? " and " : " or ";
  std::string from = text;
  if (rest != Rest::kAfter) from = "..." + word + from;
  if (rest != Rest::kBefore) from += word + "...";
  TextRange range{ast.range(furthest).begin, ast.range(op.id).end};
  context.sink.begin(is_and ? "SIM223"_rule : "SIM222"_rule, range, {text, from})
      .fix("Replace with `" + text + "`", {{range, text}}, FixSafety::kUnsafe);
}

static void checkShortCircuit(LintContext& context, syntax::BoolOp op) {
  NodeList values = op.values();
  bool is_test = isBooleanTest(context, op.id);
  auto decides = [&](Truth truth) { return op.op() == BoolOperator::kAnd ? isFalsy(truth) : isTruthy(truth); };
  NodeId furthest = op.id;
  for (size_t i = 0; i + 1 < values.size(); ++i) {
    Truth truth = truthOf(context, values[i]);
    if (truth == Truth::kUnknown && (!is_test || hasEffect(context, values[i]))) {
      furthest = values[i + 1];
      continue;
    }
    if (decides(truth)) return reportShortCircuit(context, op, values[i], furthest, Rest::kAfter);
    if (decides(truthOf(context, values[i + 1]))) {
      return reportShortCircuit(context, op, values[i + 1], furthest, i + 2 == values.size() ? Rest::kBefore : Rest::kBoth);
    }
  }
}

void checkBoolOps(LintContext& context, NodeId node) {
  auto op = context.ast.as<syntax::BoolOp>(node);
  checkOpposites(context, op);
  checkShortCircuit(context, op);
}

}  // namespace krait::lint
