// FURB110, FURB116, FURB164, FURB171: expressions that have a shorter form. ref: refurb
#include <string>

#include "analyzer/lint/bindings.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

static FixSafety safetyOf(const Ast& ast, TextRange range) { return hasComment(ast, range) ? FixSafety::kUnsafe : FixSafety::kSafe; }

void checkIfInsteadOfOr(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto choice = ast.as<syntax::IfExp>(node);
  if (!isSameExpr(ast, choice.body(), choice.test())) return;
  auto operand = [&](NodeId expr) {
    std::string text(ast.text(expr));
    NodeKind kind = ast.kind(expr);
    bool is_weak = kind == NodeKind::kLambda || kind == NodeKind::kIfExp || kind == NodeKind::kNamedExpr || kind == NodeKind::kYield || kind == NodeKind::kYieldFrom || kind == NodeKind::kTuple;
    bool is_bare = is_weak && !text.starts_with("(");
    if (ast.hasFlag(expr, syntax::kParenthesized)) return std::string(ast.text(parenthesizedRange(ast, expr)));
    return is_bare ? "(" + text + ")" : text;
  };
  std::string text = operand(choice.test()) + " or " + operand(choice.orelse());
  FixSafety safety = hasEffect(context, choice.body()) ? FixSafety::kUnsafe : safetyOf(ast, ast.range(node));
  context.sink.begin("FURB110"_rule, ast.range(node)).fix("Replace with `or` operator", {{ast.range(node), text}}, safety);
}

static char digitsOf(const LintContext& context, NodeId func) {
  if (isBuiltin(context, func, "bin")) return 'b';
  if (isBuiltin(context, func, "hex")) return 'x';
  return isBuiltin(context, func, "oct") ? 'o' : 0;
}

// Can the text stand in a replacement field as it is?
static bool isPlainValue(const Ast& ast, NodeId expr) {
  if (isConstant(ast, expr, syntax::ConstantKind::kInt) || ast.is(expr, NodeKind::kName) || ast.is(expr, NodeKind::kUnaryOp)) return true;
  auto attribute = ast.tryAs<syntax::Attribute>(expr);
  return attribute && isPlainValue(ast, attribute->value());
}

void checkNumberDigits(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto subscript = ast.as<syntax::Subscript>(node);
  auto slice = ast.tryAs<syntax::Slice>(subscript.slice());
  auto call = ast.tryAs<syntax::Call>(subscript.value());
  if (!slice || !call || call->args().size() != 1 || slice->upper().valid() || slice->step().valid()) return;
  if (!slice->lower().valid() || intValue(ast, slice->lower()) != 2) return;
  char digits = digitsOf(context, call->func());
  NodeId value = call->args()[0];
  if (digits == 0 || ast.is(value, NodeKind::kKeyword)) return;
  std::string_view name = syntax::nameText(ast, call->func());
  if (name.empty()) name = lastName(ast, call->func());
  bool is_known_other = ast.is(value, NodeKind::kConstant) && !isConstant(ast, value, syntax::ConstantKind::kInt);
  if (is_known_other && !isStr(ast, value) && !isBool(ast, value)) return;
  if (!isPlainValue(ast, value)) {
    context.sink.begin("FURB116"_rule, ast.range(node), {name, "f-string"});
    return;
  }
  std::string text = "f" + inPreferredQuotes(context, "{" + std::string(ast.text(value)) + ":" + digits + "}");
  context.sink.begin("FURB116"_rule, ast.range(node), {name, "`" + text + "`"})
      .fix("Replace with `" + text + "`", {{ast.range(node), text}}, isConstant(ast, value, syntax::ConstantKind::kInt) ? safetyOf(ast, ast.range(node)) : FixSafety::kUnsafe);
}

// The text in lower case without blanks around it: what `float` reads.
static std::string folded(std::string_view text) {
  size_t begin = text.find_first_not_of(" \t\n\r"), end = text.find_last_not_of(" \t\n\r");
  std::string out(begin == std::string_view::npos ? std::string_view() : text.substr(begin, end + 1 - begin));
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return out;
}

// `float("inf")` as Decimal's own argument, or empty.
static std::string specialFloat(const LintContext& context, NodeId value) {
  const Ast& ast = context.ast;
  auto call = ast.tryAs<syntax::Call>(value);
  if (!call || call->args().size() != 1 || !isBuiltin(context, call->func(), "float")) return {};
  auto text = syntax::stringValue(ast, call->args()[0]);
  if (!text) return {};
  std::string word = folded(*text);
  std::string_view bare = word;
  if (bare.starts_with("+") || bare.starts_with("-")) bare.remove_prefix(1);
  return isOneOf(bare, {"inf", "infinity", "nan"}) ? "\"" + word + "\"" : std::string();
}

void checkVerboseFromFloat(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto call = ast.as<syntax::Call>(node);
  auto method = ast.tryAs<syntax::Attribute>(call.func());
  if (!method) return;
  std::string_view name = syntax::nameText(ast, method->attr());
  if (name != "from_float" && name != "from_decimal") return;
  std::string type = qualifiedName(context, method->value());
  bool is_decimal = type == "decimal.Decimal";
  if (!is_decimal && type != "fractions.Fraction") return;
  if (is_decimal && name != "from_float") return;
  auto finding = context.sink.begin("FURB164"_rule, ast.range(node), {name, is_decimal ? "Decimal" : "Fraction"});
  if (call.args().size() != 1) return;
  NodeId value = call.args()[0];
  if (auto keyword = ast.tryAs<syntax::Keyword>(value)) {
    std::string_view wanted = is_decimal ? "" : name == "from_float" ? "f" : "dec";
    if (wanted.empty() || syntax::nameText(ast, keyword->arg()) != wanted) return;
    value = keyword->value();
  }
  if (ast.is(value, NodeKind::kStarred)) return;
  std::string text = is_decimal ? specialFloat(context, value) : std::string();
  if (text.empty()) text = std::string(ast.text(value));
  text = std::string(ast.text(method->value())) + "(" + text + ")";
  finding.fix("Replace with `" + std::string(is_decimal ? "Decimal" : "Fraction") + "` constructor", {{ast.range(node), text}},
              is_decimal && isConstant(ast, value, syntax::ConstantKind::kFloat) ? safetyOf(ast, ast.range(node)) : FixSafety::kUnsafe);
}

// The only item of a display, a one-letter string, or a set made of one; none for others.
static NodeId singleItem(const LintContext& context, NodeId expr) {
  const Ast& ast = context.ast;
  NodeKind kind = ast.kind(expr);
  if (kind == NodeKind::kList || kind == NodeKind::kTuple || kind == NodeKind::kSet) {
    NodeList elements = ast.list(expr, 0);
    return elements.size() == 1 && !ast.is(elements[0], NodeKind::kStarred) ? elements[0] : NodeId::none();
  }
  if (auto text = syntax::stringValue(ast, expr)) return countUnits(*text, ColumnUnit::kUtf32) == 1 ? expr : NodeId::none();
  auto call = ast.tryAs<syntax::Call>(expr);
  if (!call || call->args().size() != 1 || (!isBuiltin(context, call->func(), "set") && !isBuiltin(context, call->func(), "frozenset"))) return NodeId::none();
  NodeKind inner = ast.kind(call->args()[0]);
  bool is_display = inner == NodeKind::kList || inner == NodeKind::kTuple || inner == NodeKind::kSet;
  return is_display ? singleItem(context, call->args()[0]) : NodeId::none();
}

void checkSingleItem(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto compare = ast.as<syntax::Compare>(node);
  if (compare.comparators().size() != 1) return;
  auto op = static_cast<syntax::CompareOperator>(compare.ops()[0].value);
  if (op != syntax::CompareOperator::kIn && op != syntax::CompareOperator::kNotIn) return;
  NodeId item = singleItem(context, compare.comparators()[0]);
  if (!item.valid()) return;
  TextRange item_range = parenthesizedRange(ast, item);
  std::string text = std::string(ast.text(parenthesizedRange(ast, compare.left()))) + (op == syntax::CompareOperator::kIn ? " == " : " != ") + std::string(ast.text(item_range));
  bool is_text = isStr(ast, compare.comparators()[0]);
  context.sink.begin("FURB171"_rule, ast.range(node))
      .fix(op == syntax::CompareOperator::kIn ? "Convert to equality test" : "Convert to inequality test", {{ast.range(node), text}}, is_text ? FixSafety::kUnsafe : safetyOf(ast, ast.range(node)));
}

}  // namespace krait::lint
