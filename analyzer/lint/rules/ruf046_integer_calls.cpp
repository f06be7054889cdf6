// RUF032, RUF046, RUF057: conversions that change nothing, or too late.
#include "analyzer/lint/bindings.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/shared_tokens.h"
#include "analyzer/lint/value_types.h"

namespace krait::lint {

using syntax::ConstantKind;

enum class Certainty : uint8_t { kNo, kPerhaps, kYes };

static bool isInt(const Ast& ast, NodeId node) {
  if (auto unary = ast.tryAs<syntax::UnaryOp>(node)) return unary->op() != syntax::UnaryOperator::kNot && isInt(ast, unary->operand());
  return isConstant(ast, node, ConstantKind::kInt);
}

// Does the expression give an int whatever its operands are?
static Certainty givesInt(const LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  if (isInt(ast, node) || valueTypeOf(ast, node) == ValueType::kInt) return Certainty::kYes;
  auto call = ast.tryAs<syntax::Call>(node);
  if (!call) return Certainty::kNo;
  std::string name = qualifiedName(context, call->func());
  if (isOneOf(name, {"builtins.len", "builtins.id", "builtins.hash", "builtins.ord", "builtins.int", "math.comb", "math.factorial", "math.gcd", "math.lcm",
                     "math.isqrt", "math.perm"})) {
    return Certainty::kYes;
  }
  if (isOneOf(name, {"math.ceil", "math.floor", "math.trunc"})) return Certainty::kPerhaps;
  if (name == "builtins.round") {
    if (hasStarredArgument(ast, node)) return Certainty::kNo;
    NodeId digits = argumentOf(ast, node, "ndigits", 1);
    NodeId number = argumentOf(ast, node, "number", 0);
    bool is_whole = !digits.valid() || isNone(ast, digits);
    if (!number.valid()) return Certainty::kNo;
    bool is_literal = isInt(ast, number) || isConstant(ast, number, ConstantKind::kFloat);
    if (isInt(ast, number)) return Certainty::kYes;
    if (is_whole) return is_literal ? Certainty::kYes : Certainty::kPerhaps;
  }
  return Certainty::kNo;
}

// Does the expression stand where any other may stand without parentheses: a value, a statement, an argument of a call?
static bool standsAlone(const Ast& ast, NodeId node) {
  NodeId around = ast.parent(node);
  switch (ast.kind(around)) {
    case NodeKind::kAssign:
    case NodeKind::kReturn:
    case NodeKind::kExprStmt: return true;
    case NodeKind::kAnnAssign: return ast.as<syntax::AnnAssign>(around).value() == node;
    case NodeKind::kCall: return ast.as<syntax::Call>(around).func() != node;
    case NodeKind::kKeyword: return ast.is(ast.parent(around), NodeKind::kCall);
    default: return false;
  }
}

// Does a line of the text end outside of brackets? Then it means what it says in brackets only.
static bool breaksOutsideBrackets(const LintContext& context, TextRange range) {
  const std::vector<syntax::Token>& tokens = context.tokens.all();
  int depth = 0;
  for (size_t i = context.tokens.firstAt(range.begin); i < tokens.size() && tokens[i].begin < range.end; ++i) {
    std::string_view text = context.ast.text(tokens[i].range());
    if (depth == 0 && tokens[i].kind != syntax::TokenKind::kString && text.find('\n') != std::string_view::npos) return true;
    if (text == "(" || text == "[" || text == "{") ++depth;
    if (text == ")" || text == "]" || text == "}") --depth;
  }
  return false;
}

static void checkIntCall(LintContext& context, NodeId node, syntax::Call call) {
  const Ast& ast = context.ast;
  if (call.args().size() != 1 || ast.is(call.args()[0], NodeKind::kKeyword) || ast.is(call.args()[0], NodeKind::kStarred)) return;
  NodeId argument = call.args()[0];
  Certainty certainty = givesInt(context, argument);
  if (certainty == Certainty::kNo) return;
  FixSafety safety = certainty == Certainty::kYes && !hasComment(context, ast.range(node)) ? FixSafety::kSafe : FixSafety::kUnsafe;
  std::string text(ast.text(parenthesizedRange(context, argument)));
  NodeKind place = ast.kind(ast.parent(node)), kind = ast.kind(argument);
  bool is_operation = kind == NodeKind::kUnaryOp || kind == NodeKind::kBinOp || kind == NodeKind::kIfExp;
  bool is_receiver = !text.starts_with("(") && ((place == NodeKind::kAttribute && kind == NodeKind::kConstant) || (is_operation && !standsAlone(ast, node)));
  TextRange range = ast.range(node);
  bool is_tight = padded(ast, range, text).size() > text.size();
  bool is_open = !text.starts_with("(") && (is_receiver || is_tight || breaksOutsideBrackets(context, ast.range(argument)));
  context.sink.begin("RUF046"_rule, range).fix("Remove unnecessary `int` call", {{range, is_open ? "(" + text + ")" : text}}, safety);
}

static void checkRound(LintContext& context, NodeId node, syntax::Call call) {
  const Ast& ast = context.ast;
  if (hasStarredArgument(ast, node) || call.args().empty() || call.args().size() > 2) return;
  NodeId number = argumentOf(ast, node, "number", 0), digits = argumentOf(ast, node, "ndigits", 1);
  if (!number.valid()) return;
  if (valueTypeOf(ast, number) != ValueType::kInt && !isKnownAs(context, number, Container::kInt)) return;
  bool keeps_all = !digits.valid() || isNone(ast, digits) || isConstant(ast, digits, ConstantKind::kInt);
  if (!keeps_all) return;
  context.sink.begin("RUF057"_rule, ast.range(node))
      .fix("Remove unnecessary `round` call", {{ast.range(node), std::string(ast.text(number))}}, isInt(ast, number) ? FixSafety::kSafe : FixSafety::kUnsafe);
}

static void checkDecimal(LintContext& context, syntax::Call call) {
  const Ast& ast = context.ast;
  if (call.args().empty()) return;
  NodeId value = call.args()[0];
  if (auto keyword = ast.tryAs<syntax::Keyword>(value)) value = keyword->value();
  NodeId literal = value;
  if (auto unary = ast.tryAs<syntax::UnaryOp>(value)) literal = unary->operand();
  if (!isConstant(ast, literal, ConstantKind::kFloat)) return;
  std::string text(ast.text(value));
  if (text.starts_with('+')) text.erase(0, 1);
  context.sink.begin("RUF032"_rule, ast.range(value))
      .fix("Replace with string literal", {{ast.range(value), inPreferredQuotes(context, text)}}, FixSafety::kUnsafe);
}

void checkIntegerCalls(LintContext& context, NodeId node) {
  auto call = context.ast.as<syntax::Call>(node);
  std::string name = qualifiedName(context, call.func());
  if (name == "builtins.int") {
    checkIntCall(context, node, call);
  } else if (name == "builtins.round") {
    checkRound(context, node, call);
  } else if (name == "decimal.Decimal") {
    checkDecimal(context, call);
  }
}

}  // namespace krait::lint
