// Code objects inside code objects: opening a unit for a scope with its registers laid out, closing it, and the closure that
// its function needs.
#pragma once

#include "runtime/codegen/emit.h"

namespace krait::codegen {

struct UnitSpec {
  ScopeId scope;            // none for a code object without names of its own
  ScopeKind kind = ScopeKind::kFunction;
  NodeId node;              // for positions and the first line
  std::string_view name;
  NameId implicit_parameter;  // `.0`, `.format`, `format`: a positional-only parameter that the text does not name
  NodeId params;            // Parameters, or none
  NodeId name_node;         // of a def or class: decides whether the name is declared global outside
  NameId extra_free;        // a free variable that the symbol table does not know
  uint32_t extra_flags = 0;
  uint32_t first_line_offset = 0xffffffffu;  // text offset that gives the first line; default: the node's
};

// Lays out registers and emits the prologue. `long_jumps`: the second attempt of a long code object.
void beginUnit(CompileContext& c, UnitContext& u, const UnitSpec& spec, bool long_jumps);
// Ends the current unit. False: it must be compiled again with long jumps.
bool endUnit(CompileContext& c);
// Hands the finished unit's code to the outer unit: index of the child.
uint32_t attachUnit(CompileContext& c, UnitContext& u);
void emitReturnNone(CompileContext& c);

// Compiles a child of the current unit with `body()`; the child's index.
template <class Body>
uint32_t compileChild(CompileContext& c, const UnitSpec& spec, Body&& body) {
  for (bool long_jumps : {false, true}) {
    UnitContext u;
    beginUnit(c, u, spec, long_jumps);
    body();
    bool done = endUnit(c);
    if (done || c.failed) return attachUnit(c, u);
  }
  fail(c, spec.node, "code block too long");
  return 0;
}

// dst (a temporary) = the function of child `index`, with its closure.
void makeFunction(CompileContext& c, uint32_t index, uint16_t dst);

}  // namespace krait::codegen
