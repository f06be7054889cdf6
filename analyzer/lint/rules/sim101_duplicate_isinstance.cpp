// SIM101, PIE810: calls side by side in an `or` that one call with a tuple can do. ref: flake8-simplify SIM101,
// flake8-pie PIE810
#include <algorithm>
#include <string>
#include <vector>

#include "analyzer/lint/bindings.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/generated_code.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

// The object of an isinstance call, or none.
static NodeId isinstanceTarget(const LintContext& context, NodeId value) {
  auto call = context.ast.tryAs<syntax::Call>(value);
  if (!call || call->args().size() != 2 || !isBuiltin(context, call->func(), "isinstance")) return NodeId::none();
  for (NodeId arg : call->args()) {
    if (context.ast.is(arg, NodeKind::kKeyword)) return NodeId::none();
  }
  return call->args()[0];
}

static void appendElements(const Ast& ast, NodeId expr, std::string& out) {
  if (auto tuple = ast.tryAs<syntax::Tuple>(expr)) {
    for (NodeId element : tuple->elts()) appendElements(ast, element, out);
    return;
  }
  if (!out.empty()) out += ", ";
  out += ast.text(expr);
}

static void reportRun(LintContext& context, syntax::BoolOp op, size_t first, size_t last) {
  const Ast& ast = context.ast;
  NodeId target = isinstanceTarget(context, op.values()[first]);
  bool is_name = ast.is(target, NodeKind::kName);
  std::string name(ast.text(target));
  auto finding = is_name ? context.sink.begin("SIM101"_rule, ast.range(op.id), {name}) : context.sink.begin("SIM101Expr"_rule, ast.range(op.id));
  if (hasEffect(context, target)) return;
  std::string types;
  for (size_t i = first; i <= last; ++i) appendElements(ast, ast.as<syntax::Call>(op.values()[i]).args()[1], types);
  TextRange range{ast.range(op.values()[first]).begin, ast.range(op.values()[last]).end};
  finding.fix(is_name ? "Merge `isinstance` calls for `" + name + "`" : "Merge `isinstance` calls",
              {{range, padded(ast, range, "isinstance(" + name + ", (" + types + "))")}}, FixSafety::kUnsafe);
}

void checkDuplicateIsinstance(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto op = ast.as<syntax::BoolOp>(node);
  if (op.op() != syntax::BoolOperator::kOr) return;
  NodeList values = op.values();
  for (size_t i = 0; i < values.size();) {
    NodeId target = isinstanceTarget(context, values[i]);
    size_t last = i;
    while (target.valid() && last + 1 < values.size()) {
      NodeId next = isinstanceTarget(context, values[last + 1]);
      if (!next.valid() || !isSameExpr(ast, target, next)) break;
      ++last;
    }
    if (last > i) reportRun(context, op, i, last);
    i = last + 1;
  }
}

// The method of `name.startswith(x)`, or none; none, too, for a name that holds a tuple: no item of a tuple may be one.
static std::optional<syntax::Attribute> affixMethod(const LintContext& context, NodeId value) {
  const Ast& ast = context.ast;
  auto call = ast.tryAs<syntax::Call>(value);
  if (!call || call->args().size() != 1 || ast.is(call->args()[0], NodeKind::kKeyword)) return std::nullopt;
  if (ast.is(call->args()[0], NodeKind::kName) && isLastKnownAs(context, call->args()[0], Container::kTuple)) return std::nullopt;
  auto method = ast.tryAs<syntax::Attribute>(call->func());
  if (!method || !ast.is(method->value(), NodeKind::kName)) return std::nullopt;
  std::string_view name = syntax::nameText(ast, method->attr());
  if (name != "startswith" && name != "endswith") return std::nullopt;
  return method;
}

static void reportAffixes(LintContext& context, syntax::BoolOp op, std::string_view name, const std::vector<size_t>& indices) {
  const Ast& ast = context.ast;
  auto first = ast.as<syntax::Call>(op.values()[indices[0]]);
  std::string words;
  size_t count = 0;
  for (size_t index : indices) {
    NodeId word = ast.as<syntax::Call>(op.values()[index]).args()[0];
    auto tuple = ast.tryAs<syntax::Tuple>(word);
    count += tuple ? tuple->elts().size() : 1;
    appendElements(ast, word, words);
  }
  if (count == 1) words += ",";
  std::string merged = std::string(ast.text(first.func())) + "((" + words + "))";
  std::string text;
  for (size_t i = 0; i < op.values().size(); ++i) {
    bool is_merged = std::find(indices.begin(), indices.end(), i) != indices.end();
    if (is_merged && i != indices[0]) continue;
    if (!text.empty()) text += " or ";
    text += is_merged ? merged : generatedOperand(ast, op.values()[i], Operand::kOr);
  }
  std::string method(name);
  context.sink.begin("PIE810"_rule, ast.range(op.id), {method})
      .fix("Merge into a single `" + method + "` call", {{ast.range(op.id), text}}, FixSafety::kUnsafe);
}

void checkRepeatedAffixes(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto op = ast.as<syntax::BoolOp>(node);
  if (op.op() != syntax::BoolOperator::kOr) return;
  NodeList values = op.values();
  std::vector<bool> is_done(values.size(), false);
  for (size_t i = 0; i < values.size(); ++i) {
    auto method = is_done[i] ? std::nullopt : affixMethod(context, values[i]);
    if (!method) continue;
    std::vector<size_t> indices = {i};
    for (size_t j = i + 1; j < values.size(); ++j) {
      auto other = affixMethod(context, values[j]);
      bool is_same = other && syntax::nameOf(ast, other->attr()) == syntax::nameOf(ast, method->attr()) &&
                     isSameExpr(ast, other->value(), method->value());
      if (!is_same) continue;
      indices.push_back(j);
      is_done[j] = true;
    }
    if (indices.size() > 1) reportAffixes(context, op, syntax::nameText(ast, method->attr()), indices);
  }
}

}  // namespace krait::lint
