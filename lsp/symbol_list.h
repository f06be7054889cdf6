// The definitions that a module and its classes consist of, as outlines and symbol searches list them.
#pragma once

#include <vector>

#include "lsp/file_index.h"

namespace krait::lsp {

struct SymbolEntry {
  NodeId name;
  NodeId node;
  SymbolForm form;
};

// Is it a class of enumerated values, as far as its own bases tell?
bool isEnum(const syntax::Ast& ast, NodeId owner);
// All letters of it are capitals.
bool isConstantName(std::string_view name);
// The definitions directly in a body, those inside if, try, with and loops included, and in a class what its methods give
// to self.
std::vector<SymbolEntry> outlineOf(const syntax::Ast& ast, syntax::NodeList body, bool is_in_class);
// The attributes that the methods of a class's body assign to their first parameter, as Attribute nodes in the order of the text.
std::vector<syntax::NodeId> selfAssignments(const syntax::Ast& ast, syntax::NodeList body);
// Of the module and, one level deep, of its classes; the module's first.
std::vector<IndexedSymbol> symbolsOf(SourceModule& module);

}  // namespace krait::lsp
