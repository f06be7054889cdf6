// PLR0904, PLR0914, PLR0916, PLR1702: classes, functions and conditions with too much in them. ref: pylint
#include <set>
#include <string>

#include "analyzer/lint/annotations.h"
#include "analyzer/lint/name_flow.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/shared_tokens.h"

namespace krait::lint {

void checkPublicMethodCount(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  uint32_t count = 0;
  for (NodeId statement : ast.as<syntax::ClassDef>(node).body()) {
    auto function = ast.tryAs<syntax::FunctionDef>(statement);
    if (!function) continue;
    std::string_view name = syntax::nameText(ast, function->name());
    bool is_public = !name.starts_with("_") || isDunder(name);
    bool is_part = hasDecorator(ast, statement, "setter") || hasDecorator(ast, statement, "deleter");
    if (is_public && !is_part && !hasTypingDecorator(context, statement, "overload")) ++count;
  }
  uint32_t limit = context.options.number("pylint.max-public-methods", 20);
  if (count > limit) context.sink.begin("PLR0904"_rule, syntax::fullRange(ast, node), {std::to_string(count), std::to_string(limit)});
}

void checkLocalCount(LintContext& context, NodeId node) {
  const NameFlow& flow = context.tokens.nameFlow(context);
  uint32_t count = 0;
  for (SymbolId symbol : context.model.symbolsOf(context.model.scopeOf(node))) {
    uint32_t latest = flow.latest[symbol.value];
    if (latest != kNoBinding && flow.bindings[latest].kind == BindKind::kAssignment) ++count;
  }
  uint32_t limit = context.options.number("pylint.max-locals", 15);
  if (count > limit) context.sink.begin("PLR0914"_rule, nameRange(context.ast, node), {std::to_string(count), std::to_string(limit)});
}

static uint32_t operandsOf(const Ast& ast, NodeId test) {
  auto operation = ast.tryAs<syntax::BoolOp>(test);
  if (!operation) return 1;
  uint32_t count = 0;
  for (NodeId value : operation->values()) count += operandsOf(ast, value);
  return count;
}

void checkConditionSize(LintContext& context, NodeId node) {
  NodeId test = context.ast.as<syntax::If>(node).test();
  uint32_t count = operandsOf(context.ast, test), limit = context.options.number("pylint.max-bool-expr", 5);
  bool has_operator = context.ast.is(test, NodeKind::kBoolOp);
  if (has_operator && count > limit) context.sink.begin("PLR0916"_rule, context.ast.range(test), {std::to_string(count), std::to_string(limit)});
}

static bool isBlock(NodeKind kind) {
  return kind == NodeKind::kIf || kind == NodeKind::kFor || kind == NodeKind::kWhile || kind == NodeKind::kWith || kind == NodeKind::kTry;
}

// An `elif` is a part of its `if`.
static bool isOwnBlock(const Ast& ast, NodeId node) {
  return isBlock(ast.kind(node)) && !(ast.is(node, NodeKind::kIf) && ast.as<syntax::If>(node).isElif());
}

// Does a block stand directly in the parts of the statement?
static bool holdsBlock(const Ast& ast, NodeId node) {
  bool is_found = false;
  syntax::forEachChild(ast, node, [&](NodeId child) {
    bool is_part = ast.is(child, NodeKind::kExceptHandler) || (ast.is(child, NodeKind::kIf) && !isOwnBlock(ast, child));
    is_found = is_found || (is_part ? holdsBlock(ast, child) : isOwnBlock(ast, child));
  });
  return is_found;
}

// Reported at the outermost block, once for each innermost one.
void checkNestedBlocks(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  uint32_t limit = context.options.number("pylint.max-nested-blocks", 5);
  if (!isOwnBlock(ast, node) || holdsBlock(ast, node)) return;
  NodeId scope = ast.parent(node), root = node;
  while (scope.valid() && !ast.is(scope, NodeKind::kFunctionDef) && !ast.is(scope, NodeKind::kClassDef)) scope = ast.parent(scope);
  if (!ast.is(scope, NodeKind::kFunctionDef)) return;
  uint32_t depth = 0;
  for (NodeId at = node; at.valid(); at = ast.parent(at)) {
    if (!isOwnBlock(ast, at)) continue;
    ++depth;
    root = at;
  }
  if (depth > limit) context.sink.begin("PLR1702"_rule, ast.range(root), {std::to_string(depth), std::to_string(limit)});
}

}  // namespace krait::lint
