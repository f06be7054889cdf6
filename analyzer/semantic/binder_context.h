// BindContext: the state of one bind() walk, and the small operations on it that every binder_*.cpp uses. Internal to
// the binder.
#pragma once

#include <vector>

#include "analyzer/semantic/semantic_model.h"
#include "analyzer/syntax/quoted_types.h"

namespace krait::semantic {

// Names that the symbol table speaks of without their standing in the text.
struct SpecialNames {
  NameId top, lambda, genexpr, listcomp, setcomp, dictcomp, annotate;
  NameId dunder_class, classdict, conditional_annotations, type_params, dot_type_params, generic_base;
  NameId defaults, kwdefaults, super, star, locals;
  explicit SpecialNames(Interner& names);
};

// Appends to a model under construction.
class ModelBuilder {
 public:
  explicit ModelBuilder(SemanticModel& model) : model(model) {}
  SemanticModel& model;

  std::vector<Scope>& scopes() { return model.scopes_; }
  std::vector<Symbol>& symbols() { return model.symbols_; }
  std::vector<Definition>& definitions() { return model.all_definitions_; }
  std::vector<Reference>& references() { return model.all_references_; }

  void init(const Ast& ast);
  void setFutureAnnotations() { model.has_future_annotations_ = true; }
  // The symbol of (scope, name), made when it is not there.
  SymbolId intern(ScopeId scope, NameId name) {
    if (symbols().size() * 2 >= model.table_.size()) grow();
    SemanticModel::Slot& slot = *slotOf(scope, name);
    if (slot.scope == SemanticModel::Slot{}.scope) {
      slot = {scope.value, name.value, static_cast<uint32_t>(symbols().size())};
      Symbol symbol;
      symbol.name = name;
      symbol.scope = scope;
      symbols().push_back(symbol);
    }
    return SymbolId(slot.symbol);
  }
  void setEntity(NodeId node, uint32_t entity) { model.node_entity_[node.value] = entity; }
  // Lays out the per-scope and per-owner lists.
  void finish();

 private:
  SemanticModel::Slot* slotOf(ScopeId scope, NameId name) {
    size_t mask = model.table_.size() - 1;
    size_t i = mixBits(uint64_t{scope.value} << 32 | name.value) & mask;
    while (model.table_[i].scope != SemanticModel::Slot{}.scope &&
           (model.table_[i].scope != scope.value || model.table_[i].name != name.value)) {
      i = (i + 1) & mask;
    }
    return &model.table_[i];
  }
  void grow();
};

struct BindContext {
  BindContext(const Ast& ast, Interner& names, SemanticModel& model)
      : ast(ast), names(names), special(names), builder(model) {}

  const Ast& ast;
  const syntax::QuotedTypes* quoted = nullptr;
  Interner& names;
  SpecialNames special;
  ModelBuilder builder;

  ScopeId scope;             // the current one
  NameId private_class;      // the class whose `__names` are mangled, or none
  bool in_conditional = false;  // under if, for, while, try, with or match of the current scope
  bool is_iteration_target = false;
  std::vector<NameId> mangled_type_params;  // of the generic class whose type-parameter scope is current
  ScopeId mangled_scope;     // the scope that mangled_type_params belongs to
  std::vector<ScopeId> last_child;  // by scope: the end of the list of children

  Scope& current() { return builder.scopes()[scope.value]; }
  Scope& at(ScopeId id) { return builder.scopes()[id.value]; }
};

// Opens a scope under the current one and makes it current.
ScopeId enterScope(BindContext& c, ScopeKind kind, NodeId node, NameId name, uint32_t flags = 0);
void leaveScope(BindContext& c);
// Adds flags to the name's symbol in `scope` (mangling the name).
SymbolId addSymbol(BindContext& c, ScopeId scope, NameId name, uint32_t flags);
inline SymbolId addSymbol(BindContext& c, NameId name, uint32_t flags) { return addSymbol(c, c.scope, name, flags); }
// Binds the name of a Name or Identifier node in the current scope.
SymbolId define(BindContext& c, NodeId node, NodeId owner, DefinitionKind kind, uint32_t flags = kDefLocal);

void bindStatements(BindContext& c, NodeList body);
void bindStatement(BindContext& c, NodeId node);
void bindExpression(BindContext& c, NodeId node);
void bindExpressions(BindContext& c, NodeList nodes);
// An assignment target: every Name in store context is defined with `kind`, owned by `owner`.
void bindTarget(BindContext& c, NodeId node, NodeId owner, DefinitionKind kind);
void bindPattern(BindContext& c, NodeId node);
void bindFunction(BindContext& c, NodeId node);
void bindLambda(BindContext& c, NodeId node);
void bindClass(BindContext& c, NodeId node);
void bindTypeAlias(BindContext& c, NodeId node);
void bindComprehension(BindContext& c, NodeId node);
void bindNamedExpr(BindContext& c, NodeId node);
// The annotation of an AnnAssign in the current scope.
void bindVariableAnnotation(BindContext& c, NodeId annotation);

// Decides where each name lives. After the walk, before finish().
void analyzeScopes(BindContext& c);

}  // namespace krait::semantic
