// TC007: a type alias that evaluates names of a type-checking block. ref: flake8-type-checking
#include "analyzer/lint/annotations.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/quoted_types.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

static bool isUnderTypeChecking(const LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  for (NodeId child = node, parent = ast.parent(node); parent.valid(); child = parent, parent = ast.parent(parent)) {
    if (!isTypingBlock(context, parent)) continue;
    for (NodeId statement : ast.as<syntax::If>(parent).body()) {
      if (statement == child) return true;
    }
  }
  return false;
}

static bool isMadeForTyping(const LintContext& context, NodeId name) {
  auto definitions = context.model.definitions(context.model.ownerAt(name));
  if (definitions.empty()) return false;
  const Definition& last = definitions[definitions.size() - 1];
  return isUnderTypeChecking(context, last.owner);
}

static bool isImported(const LintContext& context, NodeId name) {
  auto definitions = context.model.definitions(context.model.ownerAt(name));
  NodeId owner = definitions[definitions.size() - 1].owner;
  if (context.ast.is(owner, NodeKind::kAlias)) owner = context.ast.parent(owner);
  return context.ast.is(owner, NodeKind::kImport) || context.ast.is(owner, NodeKind::kImportFrom);
}

void checkUnquotedTypeAlias(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto assign = ast.as<syntax::AnnAssign>(node);
  if (!assign.value().valid() || typingName(context, assign.annotation()) != "TypeAlias" || context.is_stub) return;
  if (isUnderTypeChecking(context, node)) return;
  std::vector<NodeId> names;
  bool is_told = config::isLintCodeSelected(context.options, "TC004"_code);
  anyOver(ast, assign.value(), [&](NodeId part) {
    // An import of the block that runs is TC004's.
    if (ast.is(part, NodeKind::kName) && isMadeForTyping(context, part) && !(is_told && isImported(context, part))) names.push_back(part);
    return false;
  });
  if (names.empty()) return;
  std::string text = quotedType(context, assign.value());
  for (NodeId name : names) {
    context.sink.begin("TC007"_rule, ast.range(name)).fix("Add quotes", {{ast.range(assign.value()), text}});
  }
}

}  // namespace krait::lint
