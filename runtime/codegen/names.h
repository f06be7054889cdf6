// Names: where a variable lives as seen from the current unit, and the instructions that load, store and delete it.
#pragma once

#include "runtime/codegen/emit.h"

namespace krait::codegen {

enum class Access : uint8_t {
  kFast,           // register
  kCell,           // a cell in a register
  kGlobal,
  kName,           // locals mapping, then globals, then builtins
  kClassOrGlobal,  // the class's namespace (annotation scopes), then globals
  kClassOrCell,    // the class's namespace, then a cell
};

struct Place {
  Access access = Access::kName;
  uint16_t reg = kNoRegister;
  NameId name;
};

// `symbol`: of the scope where the name stands. `loading` matters in class bodies, where only reading looks outwards.
Place placeOf(CompileContext& c, SymbolId symbol, bool loading);
// The place of a special name (`.defaults`, `__classdict__`) in the current unit; the cell's register for cells.
Place placeOfSpecial(CompileContext& c, NameId name);
// The register of the cell that a child's free variable takes, in the current unit; kNoRegister if there is none.
uint16_t cellForChild(CompileContext& c, NameId name);

void loadPlace(CompileContext& c, const Place& place, uint16_t dst);
// Stores and frees the operand.
void storePlace(CompileContext& c, const Place& place, const Operand& value);
void deletePlace(CompileContext& c, const Place& place);
// The operand when the place can be read where it is (a register), with the check that it is bound.
bool readInPlace(CompileContext& c, const Place& place, Operand& out);
// A store to the returned register binds the variable, when that is all a store does; kNoRegister otherwise.
uint16_t directRegister(const Place& place);
void markBound(CompileContext& c, uint16_t reg);

// The Name or Identifier node's place.
Place placeOfNode(CompileContext& c, NodeId node, bool loading);
void storeName(CompileContext& c, NodeId node, const Operand& value);
// After `except E as name`: the name is set to None and deleted.
void unbindName(CompileContext& c, NodeId node);
NameId mangled(CompileContext& c, NameId name);

}  // namespace krait::codegen
