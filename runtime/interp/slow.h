// The slow paths: one function for each opcode that has work beyond its hot block, `bool <Op>Slow(Thread&, Frame*, pc)`.
// A slow path does the whole instruction (operands freed, result stored) and answers false when an exception is pending.
#pragma once

#include "runtime/interp/interpreter.h"

namespace krait::interp {

#define OP(Name, a, b, c) bool Name##Slow(Thread& t, Frame* f, const Instruction* pc);
#include "runtime/bytecode/opcodes.def"

bool binarySlow(Thread& t, Frame* f, const Instruction* pc, object::BinaryOp op, Value right);
bool compareSlow(Thread& t, Frame* f, const Instruction* pc, CompareOp op, Value right);
// The truth of a comparison for a fused jump: 0, 1, or -1 (raised). Frees the operands.
int compareJump(Thread& t, Frame* f, const Instruction* pc, CompareOp op, Value right);
int truthJump(Thread& t, Frame* f, const Instruction* pc);
// What messages about the arguments of a call name the callee by: "module.function()". ref: _PyObject_FunctionStr.
std::string calleeText(Thread& t, Value callee);

}  // namespace krait::interp
