// RUF059: a name of an unpacked tuple that nothing reads.
#include <algorithm>

#include "analyzer/lint/rule.h"
#include "analyzer/lint/name_settings.h"

namespace krait::lint {

static bool isInTuple(const Ast& ast, NodeId node) {
  for (NodeId parent = ast.parent(node); parent.valid(); parent = ast.parent(parent)) {
    if (ast.is(parent, NodeKind::kTuple) || ast.is(parent, NodeKind::kList)) return true;
    if (!ast.is(parent, NodeKind::kStarred)) return false;
  }
  return false;
}

static bool isDisplay(const Ast& ast, NodeId node) {
  return ast.is(node, NodeKind::kTuple) || ast.is(node, NodeKind::kList) || ast.is(node, NodeKind::kSet);
}

// `a, b = 1, 2`: each name gets a value of its own, nothing is unpacked.
static bool isPairwise(const Ast& ast, NodeId statement) {
  auto assign = ast.tryAs<syntax::Assign>(statement);
  if (!assign || !isDisplay(ast, assign->value())) return false;
  return std::all_of(assign->targets().begin(), assign->targets().end(), [&](NodeId target) { return isDisplay(ast, target); });
}

// Has the name a meaning where the node stands, in its own scope or around it?
static bool isVisible(const LintContext& context, NodeId node, std::string_view name) {
  NameId id = context.ast.names().find(name);
  SymbolId found = id.valid() ? context.model.lookup(context.model.enclosingScope(node), id) : SymbolId::none();
  return found.valid() && !context.model.definitions(context.model.resolve(found)).empty();
}

void checkUnusedUnpackedVariables(LintContext& context) {
  const SemanticModel& model = context.model;
  for (uint32_t i = 0; i < model.symbols().size(); ++i) {
    SymbolId owner(i);
    const Symbol& symbol = model[owner];
    if (model.resolve(owner) != owner || model[symbol.scope].kind != ScopeKind::kFunction || model[symbol.scope].has(semantic::kUsesLocals)) continue;
    if ((symbol.flags & (semantic::kDefGlobal | semantic::kDefNonlocal)) != 0) continue;
    std::string_view name = model.nameOf(owner);
    if (isDummy(context, name) || context.isUsed(owner)) continue;
    std::span<const Definition> definitions = model.definitions(owner);
    bool is_otherwise_used = false;
    for (const Definition& definition : definitions) {
      is_otherwise_used |= definition.kind == DefinitionKind::kAugAssign || definition.kind == DefinitionKind::kDelete;
    }
    if (is_otherwise_used || definitions.empty()) continue;
    // Only the last binding of a name is judged.
    const Definition& definition = definitions.back();
    if (isPairwise(context.ast, definition.owner)) continue;
    bool is_kind = definition.kind == DefinitionKind::kAssign || definition.kind == DefinitionKind::kWith;
    if (!is_kind || !isInTuple(context.ast, definition.node)) continue;
    TextRange range = context.ast.range(definition.node);
    auto finding = context.sink.begin("RUF059"_rule, range, {context.ast.text(range)});
    // As it is written: in a class the name may be a mangled one.
    std::string renamed = "_" + std::string(context.ast.text(range));
    if (isDummy(context, renamed) && !isVisible(context, definition.node, renamed)) finding.fix("Prefix it with an underscore or any other dummy variable pattern", {{range, renamed}}, FixSafety::kUnsafe);
  }
}

}  // namespace krait::lint
