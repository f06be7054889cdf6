// SemanticModel: what the names of one file mean. bind() makes it; it is immutable afterwards and borrows the Ast.
//
//   SymbolId here = model.symbolAt(name_node);      // the symbol in the scope where the name stands
//   SymbolId owner = model.resolve(here);           // the variable itself, in the scope that owns it
//   for (const Definition& d : model.definitions(owner)) ...
//
// What always holds: every Name node, and every Identifier that binds, has a symbol in its own scope; resolve() of a
// symbol is a symbol whose resolve() is itself; definitions and references are kept with their owner, in the order
// of the walk (evaluation order of statements). A global name that this file never binds resolves to the module's
// symbol if the module level mentions it, else to itself; then it has no definitions: it is a builtin, comes from a
// star import, or is undefined.
#pragma once

#include <span>
#include <vector>

#include "analyzer/semantic/scope.h"

namespace krait::semantic {

class SemanticModel {
 public:
  const Ast& ast() const { return *ast_; }

  static constexpr ScopeId kModuleScope{0};
  std::span<const Scope> scopes() const { return scopes_; }
  const Scope& operator[](ScopeId id) const { return scopes_[id.value]; }
  std::span<const Symbol> symbols() const { return symbols_; }
  const Symbol& operator[](SymbolId id) const { return symbols_[id.value]; }
  std::span<const Definition> allDefinitions() const { return all_definitions_; }
  std::span<const Reference> allReferences() const { return all_references_; }

  // The symbols of a scope in order of first mention.
  std::span<const SymbolId> symbolsOf(ScopeId scope) const {
    return {scope_symbols_.data() + scopes_[scope.value].symbols, scopes_[scope.value].symbol_count};
  }
  // The symbol of a (mangled) name in this very scope, or none.
  SymbolId find(ScopeId scope, NameId name) const;
  // The symbol that a name used in `scope` means, searching outwards as Python does; none when nothing binds it.
  SymbolId lookup(ScopeId scope, NameId name) const;
  // The symbol of a Name node, or of the Identifier of a definition, parameter, alias, `global` name…; none for others.
  SymbolId symbolAt(NodeId node) const;
  SymbolId resolve(SymbolId symbol) const {
    SymbolId target = symbols_[symbol.value].target;
    return target.valid() ? target : symbol;
  }
  // resolve(symbolAt(node)), or none.
  SymbolId ownerAt(NodeId node) const {
    SymbolId symbol = symbolAt(node);
    return symbol.valid() ? resolve(symbol) : symbol;
  }

  // The scope that a Module, FunctionDef, ClassDef, Lambda, comprehension, TypeAlias or type parameter opens; none for
  // other nodes. (For generic definitions: the inner one; its parent is the type-parameter scope.)
  ScopeId scopeOf(NodeId node) const;
  // The scope in which a node's names are looked up.
  ScopeId enclosingScope(NodeId node) const;
  // The nearest enclosing function or lambda scope, class or module of a scope (skipping comprehensions, annotations).
  ScopeId enclosingFrame(ScopeId scope) const;

  // Binding sites of an owner symbol, those in other scopes (`global`, `nonlocal`, `:=`) included.
  std::span<const Definition> definitions(SymbolId owner) const {
    const Symbol& s = symbols_[owner.value];
    return {definitions_.data() + s.definitions, s.definition_count};
  }
  std::span<const Reference> references(SymbolId owner) const {
    const Symbol& s = symbols_[owner.value];
    return {references_.data() + s.references, s.reference_count};
  }
  // Does any definition give the owner a value in this file?
  bool isBound(SymbolId owner) const;
  std::string_view nameOf(SymbolId symbol) const { return ast_->name(symbols_[symbol.value].name); }

  bool hasFutureAnnotations() const { return has_future_annotations_; }
  // True when `from m import *` stands anywhere at module level.
  bool hasStarImport() const { return scopes_[0].has(kStarImport); }
  size_t memoryBytes() const;

 private:
  friend struct BindContext;
  friend class ModelBuilder;

  struct Slot {
    uint32_t scope = 0xffffffffu;
    uint32_t name = 0;
    uint32_t symbol = 0;
  };
  const Ast* ast_ = nullptr;
  bool has_future_annotations_ = false;
  std::vector<Scope> scopes_;
  std::vector<Symbol> symbols_;
  std::vector<SymbolId> scope_symbols_;
  std::vector<Definition> all_definitions_;
  std::vector<Reference> all_references_;
  std::vector<Definition> definitions_;  // grouped by owner
  std::vector<Reference> references_;    // grouped by owner
  std::vector<uint32_t> node_entity_;    // by NodeId: a SymbolId or, for nodes that open a scope, a ScopeId
  std::vector<Slot> table_;              // (scope, name) -> symbol, open addressing
};

}  // namespace krait::semantic
