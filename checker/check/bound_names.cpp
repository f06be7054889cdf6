// Names that have no value, or perhaps none, where they are used. The specification's mode follows the flow of control
// as types know it: calls that never return, conditions that always hold, matches that take all, managers that swallow
// exceptions. (mypy's rules, which follow the structure of the code, are in definedness.cpp.)
#include <algorithm>

#include "analyzer/semantic/binder.h"
#include "analyzer/semantic/flow/use_def.h"
#include "analyzer/semantic/open_names.h"
#include "checker/check/check.h"

namespace krait::check {

namespace {

// What the checker found out about the module's flow.
semantic::FlowFacts factsOf(const World& w, const Module& module) {
  semantic::FlowFacts facts;
  facts.unreached = module.unreached;
  facts.exhaustive = module.exhaustive;
  facts.swallowing = module.swallowing;
  const Ast& ast = *module.ast;
  for (uint32_t i = 0; i < ast.nodeCount(); ++i) {
    if (i < module.unreachable.size() && module.unreachable[i]) facts.unreached.insert(i);
    auto statement = ast.tryAs<syntax::ExprStmt>(NodeId(i));
    if (!statement) continue;
    TypeId type = module.node_types[statement->value().value];
    if (type.valid() && w.types.is(type, TypeKind::kNever)) facts.endless.insert(i);
  }
  return facts;
}

// The statement of the scope's own body that the node stands in; none: it stands elsewhere.
NodeId statementIn(const Ast& ast, NodeId body_owner, NodeId node) {
  while (node.valid() && ast.parent(node) != body_owner) node = ast.parent(node);
  return node;
}

// Is it plain that the name has a value wherever it is read: a statement of the scope's own body binds it before?
bool isPlainlyBound(const semantic::SemanticModel& model, NodeId body_owner, semantic::SymbolId symbol) {
  using semantic::DefinitionKind;
  const Ast& ast = model.ast();
  NodeId binder;
  for (const semantic::Definition& definition : model.definitions(symbol)) {
    if (definition.kind == DefinitionKind::kDelete || definition.kind == DefinitionKind::kExcept) return false;
    if (definition.kind == DefinitionKind::kAnnotation || binder.valid()) continue;
    if (definition.kind == DefinitionKind::kParameter || definition.kind == DefinitionKind::kTypeParam) return true;
    bool is_plain = definition.kind == DefinitionKind::kAssign || definition.kind == DefinitionKind::kAnnAssign || definition.kind == DefinitionKind::kImport ||
                    definition.kind == DefinitionKind::kImportFrom || definition.kind == DefinitionKind::kFunction || definition.kind == DefinitionKind::kClass;
    if (!is_plain) return false;
    binder = statementIn(ast, body_owner, definition.node);
    if (!binder.valid()) return false;
    NodeKind kind = ast.kind(binder);
    bool is_simple = kind == NodeKind::kAssign || kind == NodeKind::kAnnAssign || kind == NodeKind::kImport || kind == NodeKind::kImportFrom ||
                     kind == NodeKind::kFunctionDef || kind == NodeKind::kClassDef;
    if (!is_simple) return false;
  }
  std::span<const semantic::Reference> references = model.references(symbol);
  if (references.empty()) return true;
  if (!binder.valid()) return false;
  uint32_t end = ast.range(binder).end;
  return std::all_of(references.begin(), references.end(), [&](const semantic::Reference& each) { return ast.range(each.node).begin >= end; });
}

// Most bodies bind their names before they read them: their flow need not be followed.
bool mayLackValues(const semantic::SemanticModel& model, semantic::ScopeId scope) {
  for (semantic::SymbolId symbol : model.symbolsOf(scope)) {
    if (model.resolve(symbol) != symbol || model.definitions(symbol).empty()) continue;
    if (!isPlainlyBound(model, model[scope].node, symbol)) return true;
  }
  return false;
}

struct Reporter {
  World& w;
  Module& module;
  const semantic::SemanticModel& model;
  std::unordered_set<uint32_t> told{};  // where a read of a deleted variable is reported already

  void report(NodeId node, Code code, std::string text) const {
    Message message;
    message.range = module.ast->range(node);
    message.code = code;
    message.text = std::move(text);
    message.phase = 3;
    module.messages.push_back(std::move(message));
  }

  // A name of a module or class that is not bound there is looked up further out.
  bool isFoundOutside(semantic::ScopeKind kind, NameId name) const {
    if (kind == semantic::ScopeKind::kFunction) return false;
    // Every class body begins with these.
    std::string_view text = w.text(name);
    if (kind == semantic::ScopeKind::kClass && (text == "__doc__" || text == "__module__" || text == "__qualname__")) return true;
    if (w.scopes[w.modules[w.builtins].scope].names.find(name).valid()) return true;
    return kind == semantic::ScopeKind::kClass && w.scopes[module.scope].names.find(name).valid();
  }

  void frame(const semantic::UseDef& uses) const {
    const semantic::Scope& scope = model[uses.cfg().scope()];
    std::unordered_set<uint32_t> defined, freed;
    for (uint32_t block = 0; block < uses.cfg().blocks().size(); ++block) {
      for (const semantic::FlowEvent& event : uses.eventsOf(semantic::BlockId(block))) {
        if (event.kind == semantic::FlowEvent::kDefine) defined.insert(event.symbol.value);
        // The name of a handler lives in its clause alone.
        if (module.ast->is(module.ast->parent(event.node), NodeKind::kExceptHandler)) freed.insert(event.symbol.value);
      }
    }
    for (auto [node, state] : uses.unboundUses()) {
      // A handler's name that is freed where its clause ends is no use.
      if (module.ast->is(node, NodeKind::kIdentifier)) continue;
      semantic::SymbolId symbol = model.ownerAt(node);
      NameId name = syntax::nameOf(*module.ast, node);
      if (isFoundOutside(scope.kind, name) || told.count(module.ast->range(node).begin) != 0) continue;
      // Functions may set what the module's own statements never do; so may star imports.
      bool is_module = scope.kind == semantic::ScopeKind::kModule;
      if (is_module && (defined.count(symbol.value) == 0 || model.hasStarImport() || module.has_open_names)) continue;
      if (follows(module.options, Divergence::kGuardedNames) && semantic::isNameErrorCaught(*module.ast, node)) continue;
      std::string shown = "\"" + std::string(syntax::nameText(*module.ast, node)) + "\"";
      if (state == semantic::BoundState::kPossiblyUnbound) {
        report(node, Code::kPossiblyUndefined, "Name " + shown + " may be undefined");
      } else if (freed.count(symbol.value) != 0) {
        report(node, Code::kMisc, "Trying to read deleted variable " + shown);
      } else {
        report(node, Code::kUsedBeforeDef, "Name " + shown + " is used before definition");
      }
    }
  }
};

}  // namespace

void checkBoundNames(World& w, ModuleId id) {
  Module& module = w.modules[id];
  semantic::SemanticModel model = semantic::bind(*module.ast, w.interner);
  std::vector<semantic::ScopeId> scopes;
  for (uint32_t i = 0; i < model.scopes().size(); ++i) {
    semantic::ScopeId scope(i);
    if (model[scope].kind <= semantic::ScopeKind::kFunction && mayLackValues(model, scope)) scopes.push_back(scope);
  }
  if (scopes.empty()) return;
  semantic::FlowFacts facts = factsOf(w, module);
  semantic::Target target = semantic::targetOf(module.options);
  target.constants = semantic::ConstantConditions::kKnown;
  Reporter reporter{w, module, model};
  for (const Message& message : module.messages) {
    if (message.text.starts_with("Trying to read deleted variable")) reporter.told.insert(message.range.begin);
  }
  for (semantic::ScopeId scope : scopes) {
    semantic::Cfg cfg = semantic::buildCfg(model, scope, target, &facts);
    reporter.frame(semantic::computeUseDef(cfg, model));
  }
}

}  // namespace krait::check
