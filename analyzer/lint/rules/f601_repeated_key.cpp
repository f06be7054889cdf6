// F601: a constant key given several times with different values. ref: pyflakes MultiValueRepeatedKeyLiteral
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>
#include <optional>
#include <string>

#include "analyzer/lint/annotations.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

using syntax::ConstantKind;

// Numbers are one key whatever their type: `1`, `1.0`, `True`.
static std::optional<std::string> numberIdentity(const Ast& ast, NodeId expr) {
  if (auto number = intValue(ast, expr)) return "n" + std::to_string(*number);
  auto unary = ast.tryAs<syntax::UnaryOp>(expr);
  if (unary && (unary->op() == syntax::UnaryOperator::kUSub || unary->op() == syntax::UnaryOperator::kUAdd)) {
    auto inner = numberIdentity(ast, unary->operand());
    if (!inner || unary->op() == syntax::UnaryOperator::kUAdd || *inner == "n0") return inner;
    return "-" + *inner;
  }
  auto constant = ast.tryAs<syntax::Constant>(expr);
  if (!constant) return std::nullopt;
  if (constant->constantKind() == ConstantKind::kTrue) return "n1";
  if (constant->constantKind() == ConstantKind::kFalse) return "n0";
  std::string text;
  for (char c : ast.text(expr)) {
    if (c != '_') text += c;
  }
  if (constant->constantKind() == ConstantKind::kFloat) {
    double value = std::strtod(text.c_str(), nullptr);
    if (std::floor(value) == value && std::fabs(value) < 1e15) return "n" + std::to_string(static_cast<int64_t>(value));
    return "f" + std::to_string(value) + text;
  }
  bool is_number = constant->constantKind() == ConstantKind::kInt || constant->constantKind() == ConstantKind::kComplex;
  return is_number ? std::optional("c" + text) : std::nullopt;
}

// What two keys have in common when they are one; none for keys whose value the text does not tell.
static std::optional<std::string> keyIdentity(const Ast& ast, NodeId key) {
  if (auto number = numberIdentity(ast, key)) return number;
  if (auto text = syntax::stringValue(ast, key)) return "s" + std::to_string(text->size()) + ":" + std::string(*text);
  if (ast.is(key, NodeKind::kJoinedStr)) return "j" + std::string(ast.text(key));
  if (auto tuple = ast.tryAs<syntax::Tuple>(key)) {
    std::string out = "(";
    // Beside a name each element counts as it is written.
    bool has_name = anyOver(ast, key, [&](NodeId part) { return ast.is(part, NodeKind::kName); });
    for (NodeId element : tuple->elts()) {
      bool is_plain = ast.is(element, NodeKind::kName) || (has_name && ast.is(element, NodeKind::kConstant));
      auto part = is_plain ? std::optional("x" + std::string(ast.text(element))) : keyIdentity(ast, element);
      if (!part) return std::nullopt;
      out += *part + ",";
    }
    return out + ")";
  }
  auto constant = ast.tryAs<syntax::Constant>(key);
  if (!constant) return std::nullopt;
  // Two spellings of one bytes literal differ in their quotes at most.
  if (constant->constantKind() == ConstantKind::kBytes) {
    std::string_view text = ast.text(key);
    return "b" + std::string(text.substr(text.find_first_of("'\"") + 1, text.size() - text.find_first_of("'\"") - 2));
  }
  return "k" + std::string(ast.text(key));
}

namespace {
struct SeenKey {
  std::string_view text;
  std::vector<std::string_view> values;
};
}  // namespace

void checkRepeatedKeys(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  syntax::Dict dict = ast.as<syntax::Dict>(node);
  // The fields of a `TypedDict("X", {…})` are no dictionary.
  auto call = ast.tryAs<syntax::Call>(ast.parent(node));
  bool is_fields = call && !call->args().empty() && call->args()[0] != node && typingName(context, call->func()) == "TypedDict";
  if (is_fields) return;
  std::map<std::string, SeenKey> keys;
  for (size_t i = 0; i < dict.values().size(); ++i) {
    NodeId key = dict.keys()[i];
    auto identity = key.valid() ? keyIdentity(ast, key) : std::nullopt;
    if (!identity) continue;
    std::string_view text = ast.text(key), value = ast.text(dict.values()[i]);
    auto [entry, is_new] = keys.try_emplace(*identity, SeenKey{text, {}});
    SeenKey& seen = entry->second;
    if (!is_new) {
      DiagnosticBuilder finding = seen.text == text ? context.sink.begin("F601"_rule, ast.range(key), {text})
                                                    : context.sink.begin("F601Equal"_rule, ast.range(key), {text, text, seen.text});
      bool is_said = std::find(seen.values.begin(), seen.values.end(), value) != seen.values.end();
      TextRange range{parenthesizedRange(ast, dict.values()[i - 1]).end, parenthesizedRange(ast, dict.values()[i]).end};
      if (is_said) finding.fix("Remove repeated key literal `" + std::string(text) + "`", {{.range = range, .replacement = ""}}, FixSafety::kUnsafe);
    }
    seen.values.push_back(value);
  }
}

}  // namespace krait::lint
