// SIM401, SIM911: what dict.get and dict.items say. ref: flake8-simplify SIM401, SIM911
#include <string>

#include "analyzer/lint/bindings.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

using syntax::CompareOperator;

namespace {
struct Lookup {
  NodeId key;
  NodeId dict;
  bool is_negated = false;
};
}  // namespace

// `key in dict` or `key not in dict` with a plain name for the dict.
static std::optional<Lookup> lookupOf(const LintContext& context, NodeId test) {
  const Ast& ast = context.ast;
  auto compare = ast.tryAs<syntax::Compare>(test);
  if (!compare || compare->comparators().size() != 1) return std::nullopt;
  auto op = static_cast<CompareOperator>(compare->ops()[0].value);
  if (op != CompareOperator::kIn && op != CompareOperator::kNotIn) return std::nullopt;
  return Lookup{compare->left(), compare->comparators()[0], op == CompareOperator::kNotIn};
}

static bool isLookup(const Ast& ast, NodeId expr, const Lookup& lookup) {
  auto subscript = ast.tryAs<syntax::Subscript>(expr);
  return subscript && isSameExpr(ast, subscript->slice(), lookup.key) && isSameExpr(ast, subscript->value(), lookup.dict);
}

// Does an attribute of the expression need parentheses around it?
static bool bindsWeakly(const Ast& ast, NodeId expr) {
  switch (ast.kind(expr)) {
    case NodeKind::kAwait:
    case NodeKind::kBinOp:
    case NodeKind::kBoolOp:
    case NodeKind::kCompare:
    case NodeKind::kIfExp:
    case NodeKind::kLambda:
    case NodeKind::kNamedExpr:
    case NodeKind::kUnaryOp:
    case NodeKind::kYield:
    case NodeKind::kYieldFrom:
      return true;
    default:
      return false;
  }
}

static std::string getCall(const Ast& ast, const Lookup& lookup, NodeId fallback) {
  std::string dict(ast.text(lookup.dict));
  return (bindsWeakly(ast, lookup.dict) ? "(" + dict + ")" : dict) + ".get(" + std::string(ast.text(lookup.key)) + ", " + std::string(ast.text(fallback)) + ")";
}

void checkDictGetChoice(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto choice = ast.as<syntax::IfExp>(node);
  auto lookup = lookupOf(context, choice.test());
  if (!lookup) return;
  NodeId found = lookup->is_negated ? choice.orelse() : choice.body();
  NodeId fallback = lookup->is_negated ? choice.body() : choice.orelse();
  if (!isLookup(ast, found, *lookup) || hasEffect(context, fallback)) return;
  std::string text = getCall(ast, *lookup, fallback);
  auto finding = context.sink.begin("SIM401"_rule, ast.range(node), {text});
  if (!hasCommentAround(context, ast.range(node))) finding.fix("Replace with `" + text + "`", {{ast.range(node), text}}, FixSafety::kUnsafe);
}

void checkDictGetStatement(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto statement = ast.as<syntax::If>(node);
  if (statement.isElif() || statement.body().size() != 1 || statement.orelse().size() != 1) return;
  auto lookup = lookupOf(context, statement.test());
  auto first = ast.tryAs<syntax::Assign>(statement.body()[0]);
  auto second = ast.tryAs<syntax::Assign>(statement.orelse()[0]);
  if (!lookup || !first || !second || first->targets().size() != 1 || second->targets().size() != 1) return;
  if (!isSameExpr(ast, first->targets()[0], second->targets()[0])) return;
  NodeId found = lookup->is_negated ? second->value() : first->value();
  NodeId fallback = lookup->is_negated ? first->value() : second->value();
  if (!isLookup(ast, found, *lookup) || hasEffect(context, fallback)) return;
  if (hasEffect(context, lookup->key) || !isKnownAs(context, lookup->dict, Container::kDict)) return;
  std::string text = std::string(ast.text(first->targets()[0])) + " = " + getCall(ast, *lookup, fallback);
  TextRange range = ast.range(node);
  uint32_t column = context.file.lines.locate(range.begin, ColumnUnit::kUtf32).column;
  if (column + countUnits(text, ColumnUnit::kUtf32) > 88) return;
  auto finding = context.sink.begin("SIM401"_rule, range, {text});
  if (!hasComment(ast, range) && !statement.isElif()) finding.fix("Replace with `" + text + "`", {{range, text}}, FixSafety::kUnsafe);
}

// The name whose method `wanted` is called without arguments, or none.
static NodeId viewOf(const Ast& ast, NodeId expr, std::string_view wanted) {
  auto call = ast.tryAs<syntax::Call>(expr);
  auto method = call && call->args().empty() ? ast.tryAs<syntax::Attribute>(call->func()) : std::nullopt;
  if (!method || syntax::nameText(ast, method->attr()) != wanted || !ast.is(method->value(), NodeKind::kName)) return NodeId::none();
  return method->value();
}

void checkZippedViews(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto call = ast.as<syntax::Call>(node);
  if (positionalCount(ast, node) != 2 || !isBuiltin(context, call.func(), "zip")) return;
  for (NodeId arg : call.args()) {
    auto keyword = ast.tryAs<syntax::Keyword>(arg);
    if (keyword && syntax::nameText(ast, keyword->arg()) != "strict") return;
  }
  NodeId keys = viewOf(ast, call.args()[0], "keys"), values = viewOf(ast, call.args()[1], "values");
  if (!keys.valid() || !values.valid() || syntax::nameOf(ast, keys) != syntax::nameOf(ast, values)) return;
  if (!isKnownAs(context, keys, Container::kDict)) return;
  std::string text = std::string(ast.text(keys)) + ".items()", old(ast.text(node));
  context.sink.begin("SIM911"_rule, ast.range(node), {text, old})
      .fix("Replace `" + old + "` with `" + text + "`", {{ast.range(node), text}});
}

}  // namespace krait::lint
