// SIM300: a constant that stands before what it is compared with. ref: flake8-simplify
#include <algorithm>
#include <string>

#include "analyzer/base/unicode/character.h"
#include "analyzer/base/unicode/utf8.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

using syntax::CompareOperator;

enum class Likelihood : uint8_t { kUnlikely, kProbably, kDefinitely };

static Likelihood nameLikelihood(std::string_view name) {
  bool has_upper = false, has_lower = false;
  for (size_t at = 0; at < name.size();) {
    char32_t c = unicode::decodeUtf8(name, at);
    has_upper |= unicode::isUpper(c);
    has_lower |= unicode::isLower(c);
  }
  return has_upper && !has_lower ? Likelihood::kProbably : Likelihood::kUnlikely;
}

// How likely is the expression a constant, by its form and the case of its name?
static Likelihood likelihoodOf(const Ast& ast, NodeId expr) {
  auto least = [&](NodeList elements) {
    Likelihood out = Likelihood::kDefinitely;
    for (NodeId element : elements) out = std::min(out, likelihoodOf(ast, element));
    return out;
  };
  switch (ast.kind(expr)) {
    case NodeKind::kConstant: return Likelihood::kDefinitely;
    case NodeKind::kName: return nameLikelihood(syntax::nameText(ast, expr));
    case NodeKind::kAttribute: return nameLikelihood(syntax::nameText(ast, ast.as<syntax::Attribute>(expr).attr()));
    case NodeKind::kTuple:
    case NodeKind::kList: return least(ast.list(expr, 0));
    case NodeKind::kDict: return least(ast.as<syntax::Dict>(expr).values());
    case NodeKind::kBinOp: return std::min(likelihoodOf(ast, ast.as<syntax::BinOp>(expr).left()), likelihoodOf(ast, ast.as<syntax::BinOp>(expr).right()));
    case NodeKind::kUnaryOp:
      if (ast.as<syntax::UnaryOp>(expr).op() == syntax::UnaryOperator::kNot) return Likelihood::kUnlikely;
      return likelihoodOf(ast, ast.as<syntax::UnaryOp>(expr).operand());
    default: return Likelihood::kUnlikely;
  }
}

static const char* reversed(CompareOperator op) {
  switch (op) {
    case CompareOperator::kEq: return "==";
    case CompareOperator::kNotEq: return "!=";
    case CompareOperator::kLt: return ">";
    case CompareOperator::kLtE: return ">=";
    case CompareOperator::kGt: return "<";
    case CompareOperator::kGtE: return "<=";
    default: return nullptr;
  }
}

static bool isWordChar(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

void checkYodaConditions(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto compare = ast.as<syntax::Compare>(node);
  if (compare.comparators().size() != 1) return;
  auto op = static_cast<CompareOperator>(compare.ops()[0].value);
  const char* other = reversed(op);
  NodeId right = compare.comparators()[0];
  if (other == nullptr || likelihoodOf(ast, compare.left()) <= likelihoodOf(ast, right)) return;
  TextRange left_range = parenthesizedRange(ast, compare.left()), right_range = parenthesizedRange(ast, right);
  std::string between(ast.text({left_range.end, right_range.begin}));
  size_t at = between.find(syntax::spelling(op));
  auto finding = context.sink.begin("SIM300"_rule, {left_range.begin, right_range.end});
  if (at == std::string::npos) return;
  std::string_view own = syntax::spelling(op);
  std::string spaced = (at == 0 ? " " : "") + std::string(other) + (at + own.size() == between.size() ? " " : "");
  between.replace(at, own.size(), spaced);
  std::string text = std::string(ast.text(right_range)) + between + std::string(ast.text(left_range));
  // What takes several lines or more than 50 characters is not shown.
  bool is_shown = text.find_first_of("\r\n") == std::string::npos && countUnits(text, ColumnUnit::kUtf32) <= 50;
  std::string title = is_shown ? "Rewrite as `" + text + "`" : "";
  // A word before a parenthesis that goes away needs a blank.
  if (left_range.begin > 0 && isWordChar(ast.text()[left_range.begin - 1]) && isWordChar(text[0])) text.insert(0, " ");
  if (right_range.end < ast.text().size() && isWordChar(ast.text()[right_range.end]) && isWordChar(text.back())) text += " ";
  finding.fix(title, {{{left_range.begin, right_range.end}, text}});
}

}  // namespace krait::lint
