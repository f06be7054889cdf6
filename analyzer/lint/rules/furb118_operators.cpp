// FURB118: functions that the operator module has. ref: refurb use-operator
#include <algorithm>
#include <string>
#include <vector>

#include "analyzer/lint/expressions.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

using syntax::BinaryOp;
using syntax::CompareOperator;
using syntax::UnaryOperator;

static std::string operatorName(BinaryOp op) {
  switch (op) {
    case BinaryOp::kAdd: return "add";
    case BinaryOp::kSub: return "sub";
    case BinaryOp::kMult: return "mul";
    case BinaryOp::kMatMult: return "matmul";
    case BinaryOp::kDiv: return "truediv";
    case BinaryOp::kMod: return "mod";
    case BinaryOp::kPow: return "pow";
    case BinaryOp::kLShift: return "lshift";
    case BinaryOp::kRShift: return "rshift";
    case BinaryOp::kBitOr: return "or_";
    case BinaryOp::kBitXor: return "xor";
    case BinaryOp::kBitAnd: return "and_";
    case BinaryOp::kFloorDiv: return "floordiv";
  }
  return "";
}

static std::string operatorName(UnaryOperator op) {
  switch (op) {
    case UnaryOperator::kInvert: return "invert";
    case UnaryOperator::kNot: return "not_";
    case UnaryOperator::kUAdd: return "pos";
    case UnaryOperator::kUSub: return "neg";
  }
  return "";
}

static std::string operatorName(CompareOperator op) {
  switch (op) {
    case CompareOperator::kEq: return "eq";
    case CompareOperator::kNotEq: return "ne";
    case CompareOperator::kLt: return "lt";
    case CompareOperator::kLtE: return "le";
    case CompareOperator::kGt: return "gt";
    case CompareOperator::kGtE: return "ge";
    case CompareOperator::kIs: return "is_";
    case CompareOperator::kIsNot: return "is_not";
    case CompareOperator::kIn: return "contains";
    case CompareOperator::kNotIn: return "";
  }
  return "";
}

// The parameters' names when all are plain ones; nothing otherwise.
static std::vector<NameId> plainNames(const Ast& ast, NodeId params) {
  std::vector<NameId> names;
  for (NodeId id : ast.as<syntax::Parameters>(params).params()) {
    auto param = ast.as<syntax::Parameter>(id);
    bool is_plain = param.parameterKind() == syntax::ParameterKind::kPositionalOrKeyword;
    if (!is_plain || param.defaultValue().valid()) return {};
    names.push_back(syntax::nameOf(ast, param.name()));
  }
  return names;
}

static bool isName(const Ast& ast, NodeId node, NameId name) { return ast.is(node, NodeKind::kName) && syntax::nameOf(ast, node) == name; }

// `1:2` as a call of `slice`.
static std::string sliceText(const Ast& ast, syntax::Slice slice) {
  auto part = [&](NodeId at) { return at.valid() ? std::string(ast.text(at)) : std::string("None"); };
  if (!slice.lower().valid() && !slice.step().valid()) return "slice(" + part(slice.upper()) + ")";
  std::string text = "slice(" + part(slice.lower()) + ", " + part(slice.upper());
  return text + (slice.step().valid() ? ", " + part(slice.step()) : "") + ")";
}

// What `itemgetter` is given for `x[…]`; empty when the expression is no item of the parameter.
static std::string itemText(const Ast& ast, NodeId node, NameId name) {
  auto subscript = ast.tryAs<syntax::Subscript>(node);
  if (!subscript || !isName(ast, subscript->value(), name) || mentionsName(ast, subscript->slice(), name)) return "";
  if (auto slice = ast.tryAs<syntax::Slice>(subscript->slice())) return sliceText(ast, *slice);
  std::string text(ast.text(subscript->slice()));
  auto tuple = ast.tryAs<syntax::Tuple>(subscript->slice());
  if (!tuple) return text;
  NodeList parts = tuple->elts();
  bool has_slice = std::any_of(parts.begin(), parts.end(), [&](NodeId element) { return ast.is(element, NodeKind::kSlice); });
  if (!has_slice) return text[0] == '(' ? text : "(" + text + ")";
  text.clear();
  for (NodeId element : parts) {
    auto slice = ast.tryAs<syntax::Slice>(element);
    text += (text.empty() ? "(" : ", ") + (slice ? sliceText(ast, *slice) : std::string(ast.text(element)));
  }
  return text + (parts.size() == 1 ? ",)" : ")");
}

// The name in the operator module, with arguments for `itemgetter`; empty when there is none.
static std::string operatorFor(const Ast& ast, const std::vector<NameId>& params, NodeId body) {
  if (params.size() == 2) {
    if (auto operation = ast.tryAs<syntax::BinOp>(body)) {
      return isName(ast, operation->left(), params[0]) && isName(ast, operation->right(), params[1]) ? operatorName(operation->op()) : "";
    }
    auto compare = ast.tryAs<syntax::Compare>(body);
    if (!compare || compare->comparators().size() != 1) return "";
    auto op = static_cast<CompareOperator>(compare->ops()[0].value);
    bool is_swapped = op == CompareOperator::kIn;
    bool fits = isName(ast, compare->left(), params[is_swapped]) && isName(ast, compare->comparators()[0], params[!is_swapped]);
    return fits ? operatorName(op) : "";
  }
  if (params.size() != 1) return "";
  if (auto unary = ast.tryAs<syntax::UnaryOp>(body)) return isName(ast, unary->operand(), params[0]) ? operatorName(unary->op()) : "";
  if (auto tuple = ast.tryAs<syntax::Tuple>(body)) {
    std::string items;
    for (NodeId element : tuple->elts()) {
      std::string item = itemText(ast, element, params[0]);
      if (item.empty()) return "";
      items += (items.empty() ? "" : ", ") + item;
    }
    return tuple->elts().size() > 1 ? "itemgetter(" + items + ")" : "";
  }
  std::string item = itemText(ast, body, params[0]);
  return item.empty() ? "" : "itemgetter(" + item + ")";
}

void checkOperatorLambda(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto lambda = ast.as<syntax::Lambda>(node);
  // What a class body assigns becomes a method, which functions of `operator` do not.
  NodeKind statement = ast.kind(statementOf(ast, node));
  bool is_assigned = statement == NodeKind::kAssign || statement == NodeKind::kAnnAssign;
  if (is_assigned && context.model[context.model.enclosingScope(ast.parent(node))].kind == ScopeKind::kClass) return;
  std::string name = operatorFor(ast, plainNames(ast, lambda.params()), lambda.body());
  if (name.empty()) return;
  auto finding = context.sink.begin("FURB118"_rule, ast.range(node), {name, "lambda"});
  std::string function = name.substr(0, name.find('('));
  std::optional<ImportedName> imported = importName(context, "operator", function, node, true);
  if (!imported) return;
  std::vector<FixEdit> edits = {{ast.range(node), imported->text + name.substr(function.size())}};
  if (imported->edit) edits.push_back(*imported->edit);
  finding.fix("Replace with `operator." + name + "`", std::move(edits), FixSafety::kUnsafe);
}

void checkOperatorFunction(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto function = ast.as<syntax::FunctionDef>(node);
  if (!function.decorators().empty() || classOfMethod(ast, node).valid() || function.body().size() != 1) return;
  auto result = ast.tryAs<syntax::Return>(function.body().back());
  if (!result || !result->value().valid()) return;
  std::string name = operatorFor(ast, plainNames(ast, function.params()), result->value());
  if (!name.empty()) context.sink.begin("FURB118"_rule, ast.range(function.name()), {name, "function"});
}

}  // namespace krait::lint
