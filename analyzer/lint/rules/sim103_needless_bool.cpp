// SIM103: returning True or False by a condition. ref: flake8-simplify
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/generated_code.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

static NodeId returnedBool(const Ast& ast, NodeList body) {
  if (body.size() != 1) return NodeId::none();
  auto statement = ast.tryAs<syntax::Return>(body[0]);
  return statement && statement->value().valid() && isBool(ast, statement->value()) ? statement->value() : NodeId::none();
}

static bool isTrue(const Ast& ast, NodeId node) { return isConstant(ast, node, syntax::ConstantKind::kTrue); }

// The opposite of a test, in as few words as can be.
static std::string negatedTest(const Ast& ast, NodeId test) {
  auto unary = ast.tryAs<syntax::UnaryOp>(test);
  if (unary && unary->op() == syntax::UnaryOperator::kNot) return generatedCode(ast, unary->operand());
  std::string text = generatedCode(ast, test);
  if (auto compare = ast.tryAs<syntax::Compare>(test); compare && compare->comparators().size() == 1) {
    std::string_view opposite;
    switch (static_cast<syntax::CompareOperator>(compare->ops()[0].value)) {
      case syntax::CompareOperator::kEq: opposite = "!="; break;
      case syntax::CompareOperator::kNotEq: opposite = "=="; break;
      case syntax::CompareOperator::kIn: opposite = "not in"; break;
      case syntax::CompareOperator::kNotIn: opposite = "in"; break;
      case syntax::CompareOperator::kIs: opposite = "is not"; break;
      case syntax::CompareOperator::kIsNot: opposite = "is"; break;
      default: return "not " + text;
    }
    return generatedOperand(ast, compare->left(), Operand::kComparison) + " " + std::string(opposite) + " " +
           generatedOperand(ast, compare->comparators()[0], Operand::kComparison);
  }
  return "not " + generatedOperand(ast, test, Operand::kNot);
}

// What to return instead; empty when nothing can be said.
static std::string replacement(const LintContext& context, NodeId test, bool is_inverted) {
  const Ast& ast = context.ast;
  auto unary = ast.tryAs<syntax::UnaryOp>(test);
  bool is_not = unary && unary->op() == syntax::UnaryOperator::kNot;
  if (is_inverted && !is_not) return negatedTest(ast, test);
  if (is_inverted) return generatedCode(ast, unary->operand());
  NodeId value = test;
  if (ast.is(value, NodeKind::kCompare)) return generatedCode(ast, value);
  return {};
}

static void report(LintContext& context, NodeId test, bool is_inverted, TextRange range, bool can_call_bool) {
  const Ast& ast = context.ast;
  std::string text = replacement(context, test, is_inverted);
  auto unary = ast.tryAs<syntax::UnaryOp>(test);
  bool drops_not = is_inverted && unary && unary->op() == syntax::UnaryOperator::kNot;
  if (text.empty() && can_call_bool) {
    NodeId value = drops_not ? unary->operand() : test;
    text = generatedCall(ast, "bool", value);
  }
  bool has_comment = hasComment(context, range);
  bool is_shown = !text.empty() && text.size() <= 50 && !has_comment;
  std::string shown = is_shown ? "condition `" + text + "`" : is_inverted ? "negated condition" : "condition";
  auto finding = context.sink.begin("SIM103"_rule, range, {shown});
  if (!text.empty() && !has_comment) finding.fix(is_shown ? "Replace with `return " + text + "`" : "Inline condition", {{range, "return " + text}}, FixSafety::kUnsafe);
}

// Does the first test of the chain ask for the platform?
static bool isPlatformChoice(const LintContext& context, NodeId node) {
  while (context.ast.as<syntax::If>(node).isElif()) node = context.ast.parent(node);
  return asksPlatform(context, context.ast.as<syntax::If>(node).test());
}

void checkNeedlessBool(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto statement = ast.as<syntax::If>(node);
  NodeList other = statement.orelse();
  NodeId last_range = node;
  if (other.size() == 1 && ast.is(other[0], NodeKind::kIf) && ast.as<syntax::If>(other[0]).isElif()) return;
  if (other.empty()) {
    // The last branch of a chain ends in what follows the whole chain; ruff leaves that alone.
    if (statement.isElif()) return;
    NodeList block = blockOf(ast, node);
    for (size_t i = 0; i + 1 < block.size(); ++i) {
      if (block[i] == node) other = block.subspan(i + 1, 1);
    }
    if (other.empty()) return;
    last_range = other[0];
  }
  NodeId first = returnedBool(ast, statement.body());
  NodeId second = returnedBool(ast, other);
  if (!first.valid() || !second.valid() || isTrue(ast, first) == isTrue(ast, second) || isPlatformChoice(context, node)) return;
  TextRange range{ast.range(node).begin, ast.range(last_range).end};
  // An `elif` keeps its place in the chain.
  bool is_inverted = isTrue(ast, second);
  report(context, statement.test(), is_inverted, range, isBuiltinAvailable(context, node, "bool"));
}

}  // namespace krait::lint
