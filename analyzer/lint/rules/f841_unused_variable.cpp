// F841: a local variable that is assigned and never read. ref: pyflakes UnusedVariable
#include <algorithm>

#include "analyzer/lint/rule.h"

namespace krait::lint {

// `x = …`, `x: int = …`, `with … as x`, `except … as x` and `(x := …)`; not the parts of an unpacked tuple, which
// often have to be there.
static bool isReportable(const Ast& ast, const Definition& definition) {
  switch (definition.kind) {
    case DefinitionKind::kAssign: {
      NodeId parent = ast.parent(definition.node);
      return ast.is(parent, NodeKind::kAssign);
    }
    case DefinitionKind::kWith: return ast.is(ast.parent(definition.node), NodeKind::kWithItem);
    case DefinitionKind::kAnnAssign:
    case DefinitionKind::kExcept:
    case DefinitionKind::kNamedExpr: return true;
    default: return false;
  }
}

static bool isLocalOfFunction(const SemanticModel& model, SymbolId owner) {
  const Symbol& symbol = model[owner];
  const Scope& scope = model[symbol.scope];
  bool is_function = scope.kind == ScopeKind::kFunction;
  return is_function && !scope.has(semantic::kUsesLocals) && symbol.binding != semantic::Binding::kGlobalExplicit &&
         (symbol.flags & (semantic::kDefGlobal | semantic::kDefNonlocal | semantic::kDefParam)) == 0;
}

void checkUnusedVariables(LintContext& context) {
  const SemanticModel& model = context.model;
  for (uint32_t i = 0; i < model.symbols().size(); ++i) {
    SymbolId owner(i);
    if (model.resolve(owner) != owner || !isLocalOfFunction(model, owner)) continue;
    std::string_view name = model.nameOf(owner);
    bool is_meant = isDummyName(name) || name == "__tracebackhide__" || name == "__traceback_info__" || name == "__debuggerskip__";
    if (is_meant || context.isUsed(owner)) continue;
    std::span<const Definition> definitions = model.definitions(owner);
    // `x += 1` and `del x` read what is there; a parameter or import of the name has rules of its own.
    bool is_otherwise_used = std::any_of(definitions.begin(), definitions.end(), [](const Definition& definition) {
      return definition.kind == DefinitionKind::kAugAssign || definition.kind == DefinitionKind::kDelete;
    });
    if (is_otherwise_used) continue;
    for (const Definition& definition : definitions) {
      if (isReportable(context.ast, definition)) context.sink.begin(Rule::kF841, context.ast.range(definition.node), {name});
    }
  }
}

}  // namespace krait::lint
