// B007: a loop variable that the body never reads. ref: flake8-bugbear B007
#include <algorithm>
#include <vector>

#include "analyzer/lint/bindings.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/name_flow.h"
#include "analyzer/lint/name_settings.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/shared_tokens.h"

namespace krait::lint {

static void collectNames(const Ast& ast, NodeId target, std::vector<NodeId>& names) {
  if (ast.is(target, NodeKind::kName)) names.push_back(target);
  if (auto tuple = ast.tryAs<syntax::Tuple>(target)) {
    for (NodeId element : tuple->elts()) collectNames(ast, element, names);
  }
  if (auto list = ast.tryAs<syntax::List>(target)) {
    for (NodeId element : list->elts()) collectNames(ast, element, names);
  }
  if (auto starred = ast.tryAs<syntax::Starred>(target)) collectNames(ast, starred->value(), names);
}

// Is the name read or bound anywhere in the body?
static bool isMentioned(const Ast& ast, NodeId node, NameId name) {
  if (ast.is(node, NodeKind::kName) && syntax::nameOf(ast, node) == name) return true;
  bool found = false;
  syntax::forEachChild(ast, node, [&](NodeId child) { found = found || isMentioned(ast, child, name); });
  return found;
}

// Does the statement call what may see all names: `locals()`, `eval(…)`?
static bool readsScope(const LintContext& context, NodeId node) {
  return anyOver(context.ast, node, [&](NodeId part) {
    auto call = context.ast.tryAs<syntax::Call>(part);
    if (!call || !context.ast.is(call->func(), NodeKind::kName)) return false;
    std::string_view name = syntax::nameText(context.ast, call->func());
    return isOneOf(name, {"locals", "globals", "eval", "exec", "vars"}) && isBuiltin(context, call->func(), name);
  });
}

// Is any binding of the name in its scope read?
static bool isReadInScope(const LintContext& context, NodeId name) {
  const NameFlow& flow = context.tokens.nameFlow(context);
  SymbolId symbol = context.model.symbolAt(name);
  if (!symbol.valid()) return true;
  for (uint32_t at = flow.latest[symbol.value]; at != kNoBinding; at = flow.bindings[at].shadowed) {
    if (flow.bindings[at].isUsed()) return true;
  }
  return false;
}

void checkUnusedLoopVariables(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto loop = ast.as<syntax::For>(node);
  std::vector<NodeId> names;
  collectNames(ast, loop.target(), names);
  for (const NodeId& name : names) {
    std::string_view text = syntax::nameText(ast, name);
    if (isDummy(context, text)) continue;
    bool is_bound_again = std::any_of(&name + 1, static_cast<const NodeId*>(names.data() + names.size()), [&](NodeId later) { return syntax::nameOf(ast, later) == syntax::nameOf(ast, name); });
    if (is_bound_again) continue;
    bool is_used = false;
    for (NodeId statement : loop.body()) is_used = is_used || isMentioned(ast, statement, syntax::nameOf(ast, name));
    if (is_used) continue;
    bool sees_locals = false;
    for (NodeId statement : loop.body()) sees_locals = sees_locals || readsScope(context, statement);
    auto finding = context.sink.begin("B007"_rule, ast.range(name), {text, sees_locals ? "may not be" : "not"});
    // Read elsewhere, the name has to stay.
    bool is_read = isReadInScope(context, name);
    std::string renamed = "_" + std::string(text);
    if (is_read || sees_locals || isTaken(context, node, renamed) || !isDummy(context, renamed)) continue;
    finding.fix("Rename unused `" + std::string(text) + "` to `" + renamed + "`", {{ast.range(name), renamed}}, FixSafety::kUnsafe);
  }
}

}  // namespace krait::lint
