#include "checker/check/unreached_names.h"

namespace krait::check {

using syntax::NodeKind;

static bool hasOwnScope(NodeKind kind) {
  return kind == NodeKind::kFunctionDef || kind == NodeKind::kClassDef || kind == NodeKind::kLambda || kind == NodeKind::kListComp || kind == NodeKind::kSetComp ||
         kind == NodeKind::kDictComp || kind == NodeKind::kGeneratorExp;
}

static void reportIn(Checker& c, NodeId node) {
  World& w = c.w;
  if (hasOwnScope(c.ast->kind(node)) || isUnreachable(w, c.module, node)) return;
  // The target of a declaration is its own; what it says of types is read with the name.
  if (auto declared = c.ast->tryAs<syntax::AnnAssign>(node)) {
    if (declared->value().valid()) reportIn(c, declared->value());
    return;
  }
  bool is_read = c.ast->is(node, NodeKind::kName) && c.ast->as<syntax::Name>(node).context() != syntax::ExprContext::kStore;
  if (is_read && !lookupDotted(w, c.module, c.scope, *c.ast, node).valid()) inferName(c, node);
  syntax::forEachChild(*c.ast, node, [&](NodeId child) { reportIn(c, child); });
}

void reportUnreachedNames(Checker& c, std::span<const NodeId> statements) {
  if (follows(*c.options, Divergence::kBoundNames) || isDynamic(c) || c.silent > 0 || c.w.modules[c.module].is_library) return;
  // Findings in unreachable code are held back; these are no matter of flow.
  Binder* binder = std::exchange(c.binder, nullptr);
  for (NodeId node : statements) reportIn(c, node);
  c.binder = binder;
}

}  // namespace krait::check
