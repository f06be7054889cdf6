// PLW3301: `min` in a `min`, `max` in a `max`. ref: pylint
#include <string>

#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

static bool hasKeyword(const Ast& ast, NodeList args) {
  for (NodeId arg : args) {
    if (ast.is(arg, NodeKind::kKeyword)) return true;
  }
  return false;
}

// The builtin's name when the call is one of `min` or `max` without keywords, or empty.
static std::string_view chooserOf(const LintContext& context, NodeId node) {
  auto call = context.ast.tryAs<syntax::Call>(node);
  if (!call || hasKeyword(context.ast, call->args())) return {};
  for (std::string_view name : {"min", "max"}) {
    if (isBuiltin(context, call->func(), name)) return name;
  }
  return {};
}

static void addValues(const LintContext& context, NodeList args, std::string_view chooser, std::string& out) {
  const Ast& ast = context.ast;
  for (NodeId arg : args) {
    bool is_nested = chooserOf(context, arg) == chooser;
    NodeList inner = is_nested ? ast.as<syntax::Call>(arg).args() : NodeList();
    bool is_single = is_nested && inner.size() == 1 && !ast.is(inner[0], NodeKind::kStarred);
    if (is_nested && !is_single) {
      addValues(context, inner, chooser, out);
      continue;
    }
    if (!out.empty()) out += ", ";
    if (is_single) out += "*";
    out += ast.text(is_single ? inner[0] : arg);
  }
}

void checkNestedMinMax(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  std::string_view chooser = chooserOf(context, node);
  NodeList args = ast.as<syntax::Call>(node).args();
  if (chooser.empty() || args.size() == 1) return;
  bool is_nested = false;
  for (NodeId arg : args) is_nested = is_nested || chooserOf(context, arg) == chooser;
  if (!is_nested) return;
  std::string values;
  addValues(context, args, chooser, values);
  std::string text = std::string(ast.text(ast.as<syntax::Call>(node).func())) + "(" + values + ")";
  context.sink.begin("PLW3301"_rule, ast.range(node), {chooser})
      .fix("Flatten nested `" + std::string(chooser) + "` calls", {{ast.range(node), text}}, FixSafety::kUnsafe);
}

}  // namespace krait::lint
