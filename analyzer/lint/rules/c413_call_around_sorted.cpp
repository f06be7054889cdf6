// C413: list() or reversed() around sorted(). ref: flake8-comprehensions
#include "analyzer/lint/calls.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/statement_edits.h"

namespace krait::lint {

// The opposite of an expression, as an operand of `reverse=`.
static std::string negated(const Ast& ast, NodeId value) {
  if (isConstant(ast, value, syntax::ConstantKind::kTrue)) return "False";
  if (isConstant(ast, value, syntax::ConstantKind::kFalse)) return "True";
  auto unary = ast.tryAs<syntax::UnaryOp>(value);
  if (unary && unary->op() == syntax::UnaryOperator::kNot) {
    return std::string(ast.text(parenthesizedRange(ast, unary->operand())));
  }
  bool is_weak = ast.is(value, NodeKind::kBoolOp) || ast.is(value, NodeKind::kLambda) || ast.is(value, NodeKind::kIfExp) ||
                 ast.is(value, NodeKind::kNamedExpr);
  std::string text(ast.text(is_weak ? ast.range(value) : parenthesizedRange(ast, value)));
  return is_weak ? "not (" + text + ")" : "not " + text;
}

// `sorted(x)` with the order turned round.
static std::string reversedCall(const Ast& ast, NodeId node) {
  auto call = ast.as<syntax::Call>(node);
  TextRange range = ast.range(node);
  std::string text(ast.text(range));
  NodeId keyword = keywordNodeOf(ast, node, "reverse");
  if (keyword.valid()) {
    NodeId value = ast.as<syntax::Keyword>(keyword).value();
    TextRange old = parenthesizedRange(ast, value);
    return text.replace(old.begin - range.begin, old.size(), negated(ast, value));
  }
  if (call.args().empty()) return text.insert(text.size() - 1, "reverse=True");
  NodeId only = call.args()[0];
  bool is_bare = call.args().size() == 1 && ast.is(only, NodeKind::kGeneratorExp) && ast.range(only).end == range.end;
  if (is_bare) {
    TextRange inner = ast.range(only);
    return std::string(ast.text({range.begin, inner.begin})) + "(" + std::string(ast.text(inner)) + ", reverse=True)";
  }
  // Behind the last argument and the blanks that follow it.
  uint32_t end = parenthesizedRange(ast, call.args()[call.args().size() - 1]).end;
  bool has_comma = ast.text({end, range.end - 1}).find(',') != std::string_view::npos;
  if (!has_comma) text.insert(end - range.begin, ", ");
  return text.insert(text.size() - 1, "reverse=True");
}

void checkCallAroundSorted(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto call = ast.as<syntax::Call>(node);
  std::string_view name = syntax::nameText(ast, call.func());
  if ((name != "list" && name != "reversed") || call.args().empty()) return;
  auto inner = ast.tryAs<syntax::Call>(call.args()[0]);
  if (!inner || !isBuiltin(context, call.func(), name) || !isBuiltin(context, inner->func(), "sorted")) return;
  auto finding = context.sink.begin("C413"_rule, ast.range(node), {name});
  if (call.args().size() != 1) return;
  bool is_list = name == "list";
  TextRange outer = parenthesizedRange(context, call.args()[0]), sorted = ast.range(call.args()[0]);
  std::string middle = is_list ? std::string(ast.text(sorted)) : reversedCall(ast, call.args()[0]);
  std::string text = std::string(ast.text({outer.begin, sorted.begin})) + middle + std::string(ast.text({sorted.end, outer.end}));
  finding.fix("Remove unnecessary `" + std::string(name) + "()` call", {{ast.range(node), text}},
              is_list ? FixSafety::kSafe : FixSafety::kUnsafe);
}

}  // namespace krait::lint
