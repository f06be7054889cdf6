// F841: a local variable that is assigned and never read. ref: pyflakes UnusedVariable
#include <algorithm>

#include "analyzer/lint/expressions.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/statement_edits.h"

namespace krait::lint {

// `x = …`, `x: int = …`, `with … as x`, `except … as x` and `(x := …)`; not the parts of an unpacked tuple, which
// often have to be there.
static bool isReportable(const Ast& ast, const Definition& definition) {
  switch (definition.kind) {
    case DefinitionKind::kAssign: {
      NodeId parent = ast.parent(definition.node);
      if (ast.is(parent, NodeKind::kAssign)) return true;
      // `a, b = 1, 2` says two assignments.
      auto assign = ast.tryAs<syntax::Assign>(ast.parent(parent));
      bool is_pairwise = assign && assign->targets().size() == 1 && (ast.is(assign->value(), NodeKind::kTuple) || ast.is(assign->value(), NodeKind::kList)) &&
                         (ast.is(parent, NodeKind::kTuple) || ast.is(parent, NodeKind::kList));
      return is_pairwise;
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

// `except E as e` unbinds its name at the end of the handler: only reads inside count.
static bool isReadInHandler(const LintContext& context, SymbolId owner, NodeId handler) {
  TextRange range = context.ast.range(handler);
  for (const Reference& reference : context.model.references(owner)) {
    TextRange at = context.ast.range(reference.node);
    if (at.begin >= range.begin && at.end <= range.end) return true;
  }
  return false;
}

// Takes the binding away and leaves what evaluating the value does.
static std::optional<FixEdit> withoutBinding(const LintContext& context, const Definition& definition) {
  const Ast& ast = context.ast;
  TextRange name = ast.range(definition.node);
  switch (definition.kind) {
    case DefinitionKind::kExcept:
      return FixEdit{{parenthesizedRange(ast, ast.as<syntax::ExceptHandler>(definition.owner).type()).end, name.end}, ""};
    case DefinitionKind::kWith: {
      NodeId item = ast.parent(definition.node);
      return FixEdit{{parenthesizedRange(ast, ast.as<syntax::WithItem>(item).contextExpr()).end, name.end}, ""};
    }
    case DefinitionKind::kNamedExpr: {
      auto named = ast.as<syntax::NamedExpr>(ast.parent(definition.node));
      return FixEdit{{name.begin, parenthesizedRange(ast, named.value()).begin}, ""};
    }
    default: break;
  }
  NodeId statement = ast.parent(definition.node);
  // One of a pair of displays keeps its place.
  if (ast.is(statement, NodeKind::kTuple) || ast.is(statement, NodeKind::kList)) return FixEdit{name, "_" + std::string(ast.text(name))};
  if (auto assign = ast.tryAs<syntax::Assign>(statement)) {
    size_t at = 0;
    while (at < assign->targets().size() && assign->targets()[at] != definition.node) ++at;
    if (at == assign->targets().size()) return std::nullopt;
    bool is_last = at + 1 == assign->targets().size();
    NodeId next = is_last ? assign->value() : assign->targets()[at + 1];
    if (assign->targets().size() == 1 && !hasEffect(context, assign->value())) return deleteStatement(context, statement);
    return FixEdit{{parenthesizedRange(ast, definition.node).begin, parenthesizedRange(ast, next).begin}, ""};
  }
  if (auto annotated = ast.tryAs<syntax::AnnAssign>(statement); annotated && annotated->value().valid()) {
    if (!hasEffect(context, annotated->value())) return deleteStatement(context, statement);
    return FixEdit{{ast.range(statement).begin, parenthesizedRange(ast, annotated->value()).begin}, ""};
  }
  return std::nullopt;
}

static void report(LintContext& context, const Definition& definition, std::string_view name) {
  auto finding = context.sink.begin(Rule::kF841, context.ast.range(definition.node), {name});
  if (auto edit = withoutBinding(context, definition)) {
    finding.fix("Remove assignment to unused variable `" + std::string(name) + "`", {*edit}, FixSafety::kUnsafe);
  }
}

void checkUnusedVariables(LintContext& context) {
  const SemanticModel& model = context.model;
  for (uint32_t i = 0; i < model.symbols().size(); ++i) {
    SymbolId owner(i);
    if (model.resolve(owner) != owner) continue;
    std::string_view name = model.nameOf(owner);
    std::span<const Definition> definitions = model.definitions(owner);
    if (definitions.empty() || isDummyName(name)) continue;
    for (const Definition& definition : definitions) {
      if (definition.kind == DefinitionKind::kExcept && !isReadInHandler(context, owner, definition.owner)) report(context, definition, name);
    }
    if (!isLocalOfFunction(model, owner)) continue;
    bool is_meant = name == "__tracebackhide__" || name == "__traceback_info__" || name == "__debuggerskip__";
    if (is_meant || context.isUsed(owner)) continue;
    // `x += 1` and `del x` read what is there; a parameter or import of the name has rules of its own.
    bool is_otherwise_used = std::any_of(definitions.begin(), definitions.end(), [](const Definition& definition) {
      return definition.kind == DefinitionKind::kAugAssign || definition.kind == DefinitionKind::kDelete;
    });
    if (is_otherwise_used) continue;
    // Of several bindings the last one stands for all.
    size_t last = definitions.size();
    while (last > 0 && definitions[last - 1].kind == DefinitionKind::kExcept) --last;
    if (last > 0 && isReportable(context.ast, definitions[last - 1])) report(context, definitions[last - 1], name);
  }
}

}  // namespace krait::lint
