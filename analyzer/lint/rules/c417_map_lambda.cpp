// C417: map() of a lambda, where a comprehension says the same. ref: flake8-comprehensions
#include <algorithm>

#include "analyzer/lint/expressions.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

// The call around the map() that makes a collection of it, and its name; none when the map stands alone.
static NodeId wrapperOf(const LintContext& context, NodeId node, std::string_view& name) {
  const Ast& ast = context.ast;
  auto call = ast.tryAs<syntax::Call>(ast.parent(node));
  if (!call) return {};
  name = syntax::nameText(ast, call->func());
  bool is_wrapper = isOneOf(name, {"list", "set", "dict"}) && isBuiltin(context, call->func(), name);
  if (!is_wrapper) name = {};
  return is_wrapper && call->args().size() == 1 && call->args()[0] == node ? ast.parent(node) : NodeId();
}

static bool hasUsableParameters(const Ast& ast, syntax::Lambda lambda) {
  NodeList params = ast.as<syntax::Parameters>(lambda.params()).params();
  if (params.size() != 1) return false;
  for (NodeId id : params) {
    auto param = ast.as<syntax::Parameter>(id);
    if (param.parameterKind() != syntax::ParameterKind::kPositionalOrKeyword || param.defaultValue().valid()) return false;
  }
  return !anyOver(ast, lambda.body(), [&](NodeId node) {
    return ast.is(node, NodeKind::kYield) || ast.is(node, NodeKind::kYieldFrom) || ast.is(node, NodeKind::kAwait);
  });
}

// The parameter used inside another lambda would be looked up too late.
static bool isCaptured(const Ast& ast, NodeId body, NameId param) {
  return anyOver(ast, body, [&](NodeId node) {
    if (!ast.is(node, NodeKind::kLambda)) return false;
    return anyOver(ast, ast.as<syntax::Lambda>(node).body(), [&](NodeId name) { return ast.is(name, NodeKind::kName) && syntax::nameOf(ast, name) == param; });
  });
}

static std::string elementText(const Ast& ast, NodeId body, bool is_dict) {
  if (is_dict) {
    NodeList pair = ast.list(body, 0);
    return std::string(ast.text(parenthesizedRange(ast, pair[0]))) + ": " + std::string(ast.text(parenthesizedRange(ast, pair[1])));
  }
  return std::string(ast.text(parenthesizedRange(ast, body)));
}

void checkMapLambda(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto call = ast.as<syntax::Call>(node);
  if (syntax::nameText(ast, call.func()) != "map" || call.args().empty() || !ast.is(call.args()[0], NodeKind::kLambda)) return;
  if (!isBuiltin(context, call.func(), "map")) return;
  auto lambda = ast.as<syntax::Lambda>(call.args()[0]);
  for (NodeId arg : call.args()) {
    if (ast.is(arg, NodeKind::kStarred) || ast.is(arg, NodeKind::kKeyword)) return;
  }
  std::string_view name;
  NodeId wrapper = wrapperOf(context, node, name);
  if (!wrapper.valid() && !name.empty()) return;
  if (!hasUsableParameters(ast, lambda)) return;
  NodeId param = ast.as<syntax::Parameters>(lambda.params()).params()[0];
  if (isCaptured(ast, lambda.body(), syntax::nameOf(ast, ast.as<syntax::Parameter>(param).name()))) return;
  bool is_display = ast.is(lambda.body(), NodeKind::kTuple) || ast.is(lambda.body(), NodeKind::kList);
  if (wrapper.valid() && name == "dict" && (!is_display || ast.list(lambda.body(), 0).size() != 2)) return;
  std::string what = wrapper.valid() ? std::string(name) + " comprehension" : "generator expression";
  TextRange range = ast.range(wrapper.valid() ? wrapper : node);
  auto finding = context.sink.begin("C417"_rule, range, {what});
  if (call.args().size() != 2) return;
  bool has_star = is_display && std::any_of(ast.list(lambda.body(), 0).begin(), ast.list(lambda.body(), 0).end(), [&](NodeId elt) { return ast.is(elt, NodeKind::kStarred); });
  if (has_star && wrapper.valid() && name == "dict") return;
  NodeId iterable = call.args()[1];
  std::string source(ast.text(parenthesizedRange(ast, iterable)));
  bool is_weak = (ast.is(iterable, NodeKind::kLambda) || ast.is(iterable, NodeKind::kIfExp)) && !ast.hasFlag(iterable, syntax::kParenthesized);
  if (is_weak) source = "(" + source + ")";
  std::string text = elementText(ast, lambda.body(), wrapper.valid() && name == "dict") + " for " + std::string(ast.text(param)) + " in " + source;
  bool is_list = wrapper.valid() && name == "list", is_brace = wrapper.valid() && !is_list;
  text = is_list ? "[" + text + "]" : is_brace ? "{" + text + "}" : "(" + text + ")";
  finding.fix("Replace `map()` with a " + what, {{range, paddedInField(ast, node, range, std::move(text))}}, FixSafety::kUnsafe);
}

}  // namespace krait::lint
