// TC008: a type alias in quotes that its names do not need. ref: flake8-type-checking TC008
#include <string>

#include "analyzer/lint/annotations.h"
#include "analyzer/lint/name_flow.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/shared_tokens.h"
#include "analyzer/syntax/quoted_types.h"

namespace krait::lint {

// The alias that the node is part of the value of, or none.
static NodeId aliasOf(const LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  for (NodeId child = node, parent = ast.parent(node); parent.valid(); child = parent, parent = ast.parent(parent)) {
    if (ast.is(parent, NodeKind::kTypeAlias)) return ast.as<syntax::TypeAlias>(parent).value() == child ? parent : NodeId();
    if (auto assign = ast.tryAs<syntax::AnnAssign>(parent)) {
      return assign->value() == child && typingName(context, assign->annotation()) == "TypeAlias" ? parent : NodeId();
    }
    if (syntax::isStatement(ast, parent)) return {};
  }
  return {};
}

// Does the name mean something already when the program comes by?
static bool isThere(LintContext& context, NodeId name, NodeId alias) {
  const NameFlow& flow = context.tokens.nameFlow(context);
  uint32_t id = flow.resolved[name.value];
  if (id == kNoBinding) return context.builtins.has(syntax::nameOf(context.ast, name));
  const FlowBinding& binding = flow.bindings[id];
  if (binding.kind == BindKind::kBuiltin) return true;
  if (binding.is_typing && !isTypingOnly(context, alias)) return false;
  return context.ast.range(binding.node).begin < context.ast.range(alias).begin || enclosingFunction(context.ast, alias).valid();
}

// Could evaluating the type fail? Subscripts and attributes may be there for type checkers only.
static bool needsQuotes(LintContext& context, NodeId type, NodeId alias) {
  const Ast& ast = context.ast;
  switch (ast.kind(type)) {
    case NodeKind::kName: return !isThere(context, type, alias);
    case NodeKind::kSubscript:
    case NodeKind::kAttribute: return true;
    case NodeKind::kBinOp: {
      auto op = ast.as<syntax::BinOp>(type);
      bool is_new = op.op() == syntax::BinaryOp::kBitOr && context.options.target_minor < 10 && !context.is_stub;
      return is_new || needsQuotes(context, op.left(), alias) || needsQuotes(context, op.right(), alias);
    }
    default: {
      bool is_needed = false;
      syntax::forEachChild(ast, type, [&](NodeId child) { is_needed = is_needed || needsQuotes(context, child, alias); });
      return is_needed;
    }
  }
}

void checkQuotedAliases(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  NodeId type = context.tokens.quotedTypes().typeOf(node);
  NodeId alias = type.valid() ? aliasOf(context, node) : NodeId();
  // A part of a union: TC010 speaks of it.
  auto around = ast.tryAs<syntax::BinOp>(ast.parent(node));
  if (!alias.valid() || (around && around->op() == syntax::BinaryOp::kBitOr)) return;
  bool is_lazy = ast.is(alias, NodeKind::kTypeAlias) || context.is_stub || isTypingOnly(context, alias);
  if (!is_lazy && needsQuotes(context, type, alias)) return;
  std::string text(*syntax::stringValue(ast, node));
  context.sink.begin("TC008"_rule, ast.range(node)).fix("Remove quotes", {{ast.range(node), std::move(text)}});
}

}  // namespace krait::lint
