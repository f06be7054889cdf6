// RUF055: a regular expression that is a plain text.
#include <string>

#include "analyzer/lint/bindings.h"
#include "analyzer/lint/calls.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/truthiness.h"

namespace krait::lint {

// The text of a string or bytes literal, or of the one that a name was given.
static std::optional<std::string_view> literalText(const LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  if (ast.is(node, NodeKind::kName)) {
    const Definition* definition = onlyDefinition(context, node);
    node = definition ? definedValue(context, *definition) : NodeId();
  }
  auto constant = ast.tryAs<syntax::Constant>(node);
  if (!constant || (constant->constantKind() != syntax::ConstantKind::kStr && constant->constantKind() != syntax::ConstantKind::kBytes)) return std::nullopt;
  return ast.string(constant->payload());
}

static bool isPlain(std::string_view pattern) { return pattern.find_first_of(".^$*+?{[\\|()") == std::string_view::npos; }

enum class Escapes : uint8_t { kNone, kSameInPython, kSpecial };

// What the backslashes of a replacement mean to `re.sub`.
static Escapes escapesOf(std::string_view text) {
  Escapes found = Escapes::kNone;
  for (size_t i = 0; i + 1 < text.size(); ++i) {
    if (text[i] != '\\') continue;
    char next = text[i + 1];
    if (std::string_view("abfnrtv").find(next) != std::string_view::npos) {
      found = Escapes::kSameInPython;
    } else if ((next >= '0' && next <= '9') || (next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z')) {
      return Escapes::kSpecial;
    }
  }
  return found;
}

namespace {
struct PatternCall {
  NodeId pattern, text, replacement;
  std::string_view function;
};
}  // namespace

// The call's arguments when it has just those that it needs.
static std::optional<PatternCall> readCall(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  std::string_view name = calleeName(context, node);
  if (!isOneOf(name, {"re.sub", "re.match", "re.search", "re.fullmatch", "re.split"})) return std::nullopt;
  PatternCall call{.function = name == "re.sub"      ? "sub"
                               : name == "re.match"  ? "match"
                               : name == "re.search" ? "search"
                               : name == "re.split"  ? "split"
                                                     : "fullmatch"};
  bool is_sub = call.function == "sub";
  if (ast.as<syntax::Call>(node).args().size() != (is_sub ? 3 : 2)) return std::nullopt;
  call.pattern = argumentOf(ast, node, "pattern", 0);
  if (is_sub) call.replacement = argumentOf(ast, node, "repl", 1);
  call.text = argumentOf(ast, node, "string", is_sub ? 2 : 1);
  if (!call.pattern.valid() || !call.text.valid() || (is_sub && !call.replacement.valid())) return std::nullopt;
  return call;
}

// The comparison of the call with None that holds nothing else, or none.
static NodeId comparisonWithNone(const Ast& ast, NodeId node) {
  auto compare = ast.tryAs<syntax::Compare>(ast.parent(node));
  if (!compare || compare->left() != node || compare->ops().size() != 1 || !isNone(ast, compare->comparators()[0])) return {};
  auto op = static_cast<syntax::CompareOperator>(compare->ops()[0].value);
  return op == syntax::CompareOperator::kIs || op == syntax::CompareOperator::kIsNot ? compare->id : NodeId();
}

static std::string operand(const Ast& ast, NodeId node, bool takes_attribute) {
  std::string text(ast.text(node));
  bool is_number = intValue(ast, node).has_value();
  bool is_loose = needsParentheses(ast, node) || ast.is(node, NodeKind::kYield) || ast.is(node, NodeKind::kNamedExpr) ||
                  (takes_attribute && (is_number || ast.is(node, NodeKind::kBinOp) || ast.is(node, NodeKind::kUnaryOp) || ast.is(node, NodeKind::kAwait)));
  return is_loose ? "(" + text + ")" : text;
}

static std::string replacementOf(const Ast& ast, const PatternCall& call, bool is_negated) {
  std::string pattern(ast.text(call.pattern));
  if (call.function == "sub") return operand(ast, call.text, true) + ".replace(" + pattern + ", " + std::string(ast.text(call.replacement)) + ")";
  if (call.function == "split") return operand(ast, call.text, true) + ".split(" + pattern + ")";
  if (call.function == "match") return (is_negated ? "not " : "") + operand(ast, call.text, true) + ".startswith(" + pattern + ")";
  if (call.function == "search") return pattern + (is_negated ? " not in " : " in ") + operand(ast, call.text, false);
  return operand(ast, call.text, false) + (is_negated ? " != " : " == ") + pattern;
}

void checkPlainPattern(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  std::optional<PatternCall> call = readCall(context, node);
  std::optional<std::string_view> pattern = call ? literalText(context, call->pattern) : std::nullopt;
  if (!pattern || !isPlain(*pattern)) return;
  bool is_fixable = true, is_negated = false;
  NodeId target = node;
  if (call->function == "sub") {
    std::optional<std::string_view> replacement = literalText(context, call->replacement);
    if (!replacement || escapesOf(*replacement) == Escapes::kSpecial) return;
    is_fixable = escapesOf(*replacement) == Escapes::kNone;
  } else if (call->function == "split") {
    if (pattern->empty()) return;
  } else if (NodeId compare = comparisonWithNone(ast, node); compare.valid()) {
    target = compare;
    is_negated = static_cast<syntax::CompareOperator>(ast.as<syntax::Compare>(compare).ops()[0].value) == syntax::CompareOperator::kIs;
  } else {
    auto outer = ast.tryAs<syntax::Call>(ast.parent(node));
    bool is_truth = outer && outer->args().size() == 1 && outer->args()[0] == node && isBuiltin(context, outer->func(), "bool");
    if (!is_truth && !isBooleanTest(context, node)) return;
  }
  auto finding = context.sink.begin("RUF055"_rule, ast.range(target));
  if (!is_fixable) return;
  std::string text = replacementOf(ast, *call, is_negated);
  std::string title = "Replace with `" + text + "`";
  finding.fix(std::move(title), {{ast.range(target), std::move(text)}},
              hasComment(context, ast.range(target)) ? FixSafety::kUnsafe : FixSafety::kSafe);
}

}  // namespace krait::lint
