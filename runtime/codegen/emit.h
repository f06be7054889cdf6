// Emitting instructions into the current unit: temporaries, labels and jumps, constants, caches, handler ranges. Nothing is
// emitted where execution cannot come, and after a jump away nothing is reachable until a used label is bound.
#pragma once

#include "runtime/codegen/context.h"

namespace krait::codegen {

void fail(CompileContext& c, NodeId node, std::string message);
// RecursionError: deeper than the tree (what is below stands in it as an Error node) or the generator goes.
void failTooDeep(CompileContext& c, NodeId node);

// --- temporaries
uint16_t allocTemp(CompileContext& c, uint32_t count = 1);
// Raises `top` to `reg` without naming the registers between (the header of a call window).
void reserveTo(CompileContext& c, uint32_t reg);
inline bool isTemp(const CompileContext& c, uint16_t reg) { return reg >= c.u->first_temp; }
// A temporary for work that ends in `dst`: dst itself when it is one.
uint16_t workRegister(CompileContext& c, uint16_t dst);
// Moves the finished value from workRegister's to dst.
void settle(CompileContext& c, uint16_t work, uint16_t dst);

// --- instructions
inline void at(CompileContext& c, NodeId node) { c.u->here = c.ast.range(node); }
inline void at(CompileContext& c, TextRange range) { c.u->here = range; }
// What follows stands for no source text: it has no line, and tracing does not see it.
constexpr TextRange kNowhere{UINT32_MAX, UINT32_MAX};
inline void atNothing(CompileContext& c) { c.u->here = kNowhere; }
void emit(CompileContext& c, Op op, uint32_t a = 0, uint32_t b = 0, uint32_t cc = 0, uint8_t flags = 0);
void emitWide(CompileContext& c, Op op, uint32_t a, uint32_t bc, uint8_t flags = 0);
inline uint8_t freeB(const Operand& o) { return o.is_temp ? bytecode::kFreeB : 0; }
inline uint8_t freeC(const Operand& o) { return o.is_temp ? bytecode::kFreeC : 0; }
inline uint8_t freeA(const Operand& o) { return o.is_temp ? bytecode::kFreeA : 0; }
// reg = operand: a new reference of a register in place, the value itself of a temporary.
void moveTo(CompileContext& c, const Operand& o, uint16_t reg);

// --- control flow
Label newLabel(CompileContext& c);
void bindLabel(CompileContext& c, Label label);
// The head of a loop, which later code jumps back to.
void bindLoop(CompileContext& c, Label label);
void jump(CompileContext& c, Label label);  // forward, or backward with a safe point
// What follows belongs to what comes before, when that is one place, and to no line otherwise.
inline void atEnd(CompileContext& c) {
  if (c.u->last_bound == static_cast<int64_t>(c.u->code->instructions.size())) atNothing(c);
}
// A jump that no statement stands for.
inline void jumpOn(CompileContext& c, Label label) {
  atEnd(c);
  jump(c, label);
}
// Jumps when the truth of register o is `when`; frees a temporary in either case.
void jumpIf(CompileContext& c, const Operand& o, Label label, bool when);
void jumpIfNone(CompileContext& c, const Operand& o, Label label, bool when);
// A fused comparison; `op` is a JumpIf… with operands a, b and a 16-bit distance.
void jumpCompare(CompileContext& c, Op op, const Operand& left, const Operand& right, Label label, bool when);
// Send: its c jumps, never far.
void emitNearJumping(CompileContext& c, Op op, uint16_t a, uint16_t b, Label label);
// ForIter: its c jumps, however far.
void emitJumping(CompileContext& c, Op op, uint16_t a, uint16_t b, Label label, uint8_t flags = 0);
inline void markUnreachable(CompileContext& c) {
  c.u->is_reachable = false;
  c.u->bound = BoundSet::all();
}

// --- handler ranges
// Pushes a block; with `protects` its range opens here and handlers get the exception in register `level` (the top).
size_t pushBlock(CompileContext& c, Block block, bool protects);
void openRange(CompileContext& c, Block& block);
void closeRange(CompileContext& c, Block& block);
// Closes and pops the innermost block.
Block popBlock(CompileContext& c);
// Starts the code of a block's handler; the exception's register, or kNoRegister when no exception can come here.
uint16_t beginHandler(CompileContext& c, const Block& block);

// --- pools
uint32_t addConstant(CompileContext& c, const Constant& value);
void loadConstant(CompileContext& c, const Constant& value, uint16_t dst);
void loadNone(CompileContext& c, uint16_t dst);
void loadString(CompileContext& c, std::string_view text, uint16_t dst);
// A new inline cache for a name; attribute and global sites have one each while there is room.
uint32_t addCache(CompileContext& c, NameId name);
// One cache for all uses of a name (where nothing is specialised).
uint32_t sharedCache(CompileContext& c, NameId name);

// --- finishing (finish_unit.cpp)
// Patches jumps, threads them, fills positions, checks the result. False: too long for short jumps.
bool finishUnit(CompileContext& c);

}  // namespace krait::codegen
