// The names of the checker's entities: 4-byte ids into the stores of a World (world.h).
#pragma once

#include "analyzer/base/interner.h"
#include "analyzer/syntax/ast.h"

namespace krait::types {

struct TypeTag;
struct ClassTag;
struct SymbolTag;
struct ModuleTag;
struct FunctionTag;
struct TypeVarTag;
struct AliasTag;
struct ScopeTag;
using TypeId = Id<TypeTag>;          // a hash-consed type: equal structure, equal id
using ClassId = Id<ClassTag>;        // a class definition (ClassInfo)
using SymbolId = Id<SymbolTag>;      // a name bound in a module, class or function
using ModuleId = Id<ModuleTag>;      // a module of the program
using FunctionId = Id<FunctionTag>;  // one `def` (or lambda)
using TypeVarId = Id<TypeVarTag>;    // a type variable bound to a scope
using AliasId = Id<AliasTag>;        // a type alias
using ScopeId = Id<ScopeTag>;        // a scope where names are looked up

using syntax::Ast;
using syntax::NodeId;
using syntax::NodeKind;
using syntax::NodeList;

// A node of some module. Node ids alone mean nothing outside their module.
struct NodeRef {
  ModuleId module;
  NodeId node;
  bool valid() const { return node.valid(); }
  bool operator==(const NodeRef&) const = default;
};

}  // namespace krait::types
