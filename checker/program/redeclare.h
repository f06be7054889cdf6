// Edits of declarations: statements of a module's or class's own body that bind names, signatures of functions, attributes that
// a method gives to self. The names that they bind are bound anew in the World that is kept; whoever mentions one of
// them is to be checked again (mentions.h). What cannot be told by mentions is left to a new World: what classes are (their heads,
// fields of special classes, what protocols or abstract classes ask for), names that stand in other declarations, special methods.
#pragma once

#include "checker/program/declared_change.h"
#include "checker/program/mentions.h"

namespace krait::program {

class Redeclaration {
 public:
  // Before anything moved: what the edit takes away. False: it cannot be put in, and nothing was changed.
  bool plan(Program::State& state, types::ModuleId module, const syntax::Ast& before, const syntax::Ast& after, const TreeChange& change);
  // After all nodes moved: binds the new names. False: the World is not to be used any more.
  bool apply(Program::State& state);

  // All of these after apply().
  // Functions that stay, to be checked again.
  const std::vector<types::FunctionId>& functions() const { return functions_; }
  // Functions that are new (or have a new signature), in the order of the text; classes among the statements have been looked into.
  std::vector<types::FunctionId> newFunctions(types::World& w) const;
  // Is the finding one of what went? `place` in the old text.
  bool isGone(const types::Message& message) const;
  const NameIds& names() const { return names_; }

 private:
  bool planAttributes(types::World& w);
  bool planStatements(types::World& w);
  NameIds namesOfNewStatements() const;
  bool isPlainClass(const types::World& w) const;
  bool isInUnits(const std::vector<std::pair<uint32_t, uint32_t>>& units, syntax::NodeId node) const;
  bool bindAgain(types::World& w);
  bool isAskedForByClasses(types::World& w) const;

  types::ModuleId module_;
  const syntax::Ast* before_ = nullptr;
  const syntax::Ast* after_ = nullptr;
  const TreeChange* change_ = nullptr;
  DeclaredChange declared_;
  types::ClassId cls_;                                        // whose body changed; none: the module's
  types::FunctionId body_;                                    // only the body of that function changed, and with it attributes
  types::ScopeId scope_;
  NameIds names_;                                             // whose meaning changed
  std::vector<types::SymbolId> symbols_;                      // that the old statements bound
  std::vector<types::FunctionId> gone_;                       // functions of the old statements
  std::vector<TextRange> gone_places_;                        // the old statements, in the old text
  std::vector<std::pair<uint32_t, uint32_t>> before_nodes_, after_nodes_;  // the statements as ranges of nodes, ends included
  std::vector<types::FunctionId> functions_;
};

}  // namespace krait::program
