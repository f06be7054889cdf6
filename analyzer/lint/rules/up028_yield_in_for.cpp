// UP028: a loop that yields each element. ref: PEP 380, pyupgrade
#include "analyzer/lint/name_flow.h"
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/shared_tokens.h"

namespace krait::lint {

static bool isSameTarget(const Ast& ast, NodeId target, NodeId value) {
  if (ast.is(target, NodeKind::kName) && ast.is(value, NodeKind::kName)) return syntax::nameOf(ast, target) == syntax::nameOf(ast, value);
  bool is_pair = ast.is(target, NodeKind::kTuple) && ast.is(value, NodeKind::kTuple);
  if (!is_pair) return false;
  NodeList left = ast.as<syntax::Tuple>(target).elts(), right = ast.as<syntax::Tuple>(value).elts();
  if (left.size() != right.size()) return false;
  for (size_t i = 0; i < left.size(); ++i) {
    if (!isSameTarget(ast, left[i], right[i])) return false;
  }
  return true;
}

// Is the loop of a target inside of another loop of its function?
static bool isInLoop(const Ast& ast, NodeId target) {
  bool is_own = true;
  for (NodeId node = ast.parent(target); node.valid() && !ast.is(node, NodeKind::kFunctionDef); node = ast.parent(node)) {
    bool is_loop = ast.is(node, NodeKind::kFor) || ast.is(node, NodeKind::kWhile);
    if (is_loop && !is_own) return true;
    if (is_loop) is_own = false;
  }
  return false;
}

// Is a loop variable one of another scope, said by `global` or `nonlocal`?
static bool isOuter(const LintContext& context, NodeId target) {
  if (auto tuple = context.ast.tryAs<syntax::Tuple>(target)) {
    for (NodeId elt : tuple->elts()) {
      if (isOuter(context, elt)) return true;
    }
    return false;
  }
  SymbolId owner = context.model.ownerAt(target);
  return owner.valid() && context.model[owner].scope != context.model.enclosingScope(target);
}

// Is a loop variable read outside of the loop, where the name had a value then?
static bool isUsedElsewhere(const LintContext& context, NodeId target, TextRange loop) {
  const Ast& ast = context.ast;
  if (auto tuple = ast.tryAs<syntax::Tuple>(target)) {
    for (NodeId elt : tuple->elts()) {
      if (isUsedElsewhere(context, elt, loop)) return true;
    }
    return false;
  }
  SymbolId owner = context.model.ownerAt(target);
  if (!owner.valid()) return true;
  const semantic::Symbol& symbol = context.model[owner];
  if (symbol.binding == semantic::Binding::kCell) return true;
  if (isInLoop(ast, target)) {
    for (const Reference& reference : context.model.references(owner)) {
      if (!loop.contains(ast.range(reference.node).begin)) return true;
    }
  }
  const NameFlow& flow = context.tokens.nameFlow(context);
  uint32_t at = flow.latest[owner.value];
  while (at != kNoBinding) {
    const FlowBinding& binding = flow.bindings[at];
    for (uint32_t use = binding.references; use != kNoBinding; use = flow.references[use].next) {
      if (!loop.contains(ast.range(flow.references[use].node).begin)) return true;
    }
    at = binding.node == target ? kNoBinding : binding.shadowed;
  }
  for (const Definition& definition : context.model.definitions(owner)) {
    if (definition.kind == DefinitionKind::kDelete) return true;
  }
  return false;
}

void checkYieldInFor(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto loop = ast.as<syntax::For>(node);
  if (loop.isAsync() || !loop.orelse().empty() || loop.body().size() != 1) return;
  auto statement = ast.tryAs<syntax::ExprStmt>(loop.body()[0]);
  auto yield = statement ? ast.tryAs<syntax::Yield>(statement->value()) : std::nullopt;
  if (!yield || !yield->value().valid() || !isSameTarget(ast, loop.target(), yield->value())) return;
  NodeId function = enclosingFunction(ast, node);
  if (!ast.is(function, NodeKind::kFunctionDef) || ast.as<syntax::FunctionDef>(function).isAsync()) return;
  TextRange range = ast.range(node);
  if (isOuter(context, loop.target())) {
    context.sink.begin("UP028"_rule, range);
    return;
  }
  if (isUsedElsewhere(context, loop.target(), range)) return;
  bool is_bare_tuple = ast.is(loop.iter(), NodeKind::kTuple) && !ast.text(loop.iter()).starts_with("(");
  std::string iter(ast.text(parenthesizedRange(context, loop.iter())));
  auto finding = context.sink.begin("UP028"_rule, range);
  finding.fix("Replace with `yield from`", {{range, "yield from " + (is_bare_tuple ? "(" + iter + ")" : iter)}}, FixSafety::kUnsafe);
}

}  // namespace krait::lint
