// Expressions: each form in its expr_*.cpp. The contract of every ...To(c, node, dst): dst is an empty temporary, or the
// register of a variable, which then is written only once, by the last instruction that can raise.
#pragma once

#include "runtime/codegen/emit.h"

namespace krait::codegen {

void exprTo(CompileContext& c, NodeId node, uint16_t dst);
// A value to read: a variable's register in place, or a temporary: `hint` when that is one, else a fresh one.
Operand operandOf(CompileContext& c, NodeId node, uint16_t hint = kNoRegister);
// The same, or a constant that fits a K operand.
Operand operandOrConstant(CompileContext& c, NodeId node);
uint16_t exprToTemp(CompileContext& c, NodeId node);
void exprDiscard(CompileContext& c, NodeId node);
// dst when it is a temporary (whose old value is empty), else kNoRegister: the hint for a left operand.
inline uint16_t hintOf(const CompileContext& c, uint16_t dst) { return isTemp(c, dst) ? dst : kNoRegister; }

// Jumps to `target` when the truth of the expression is `when`, else goes on.
void jumpOnTruth(CompileContext& c, NodeId node, Label target, bool when);

Op binaryOpcode(syntax::BinaryOp op, bool constant_right);
void emitBinary(CompileContext& c, syntax::BinaryOp op, uint16_t dst, const Operand& left, const Operand& right, uint8_t flags = 0);

// expr_operators.cpp
void binaryTo(CompileContext& c, NodeId node, uint16_t dst);
void unaryTo(CompileContext& c, NodeId node, uint16_t dst);
void boolOpTo(CompileContext& c, NodeId node, uint16_t dst);
void ifExpTo(CompileContext& c, NodeId node, uint16_t dst);
void namedExprTo(CompileContext& c, NodeId node, uint16_t dst);
// expr_compare.cpp
void compareTo(CompileContext& c, NodeId node, uint16_t dst);
bool negatedTestTo(CompileContext& c, NodeId node, NodeId operand, uint16_t dst);
void jumpOnCompare(CompileContext& c, NodeId node, Label target, bool when);
// expr_access.cpp
void attributeTo(CompileContext& c, NodeId node, uint16_t dst);
// `a[b:c]`, whose bounds go into two temporaries one behind the other; gives the first.
bool isSimpleSlice(CompileContext& c, NodeId node);
uint16_t sliceBounds(CompileContext& c, NodeId node);
void subscriptTo(CompileContext& c, NodeId node, uint16_t dst);
void sliceTo(CompileContext& c, NodeId node, uint16_t dst);
// expr_display.cpp
void tupleTo(CompileContext& c, NodeList elements, uint16_t dst);
void listTo(CompileContext& c, NodeList elements, uint16_t dst);
void setTo(CompileContext& c, NodeList elements, uint16_t dst);
void dictTo(CompileContext& c, NodeId node, uint16_t dst);
// expr_call.cpp
void callTo(CompileContext& c, NodeId node, uint16_t dst);
// Compiles arguments and the call for a window whose callable is in place. `given`: arguments already in the window;
// `is_method`: LoadMethod filled it.
void callWithArguments(CompileContext& c, uint16_t window, uint32_t given, NodeList args, bool is_method, uint16_t dst, NodeId position,
                       uint16_t extra_positional = kNoRegister);
// dst = window's callable called with the `count` arguments in place.
void emitCall(CompileContext& c, uint16_t dst, uint16_t window, uint32_t count);
// expr_string.cpp
void joinedStrTo(CompileContext& c, NodeId node, uint16_t dst);
void formattedValueTo(CompileContext& c, NodeId node, uint16_t dst);
void templateStrTo(CompileContext& c, NodeId node, uint16_t dst);
// expr_comprehension.cpp
void comprehensionTo(CompileContext& c, NodeId node, uint16_t dst);
// expr_yield.cpp
void yieldTo(CompileContext& c, NodeId node, uint16_t dst);
void yieldFromTo(CompileContext& c, NodeId node, uint16_t dst);
void awaitTo(CompileContext& c, NodeId node, uint16_t dst);
enum class AwaitKind : uint8_t { kPlain, kEnter, kExit };
// Awaits the value in a temporary, in place: it becomes the result.
void awaitRegister(CompileContext& c, uint16_t reg, AwaitKind kind);
// Delegates to the iterator in `iterator` (consumed); the first value sent is None; the result goes to `result`.
void sendLoop(CompileContext& c, uint16_t iterator, uint16_t result);
// def_function.cpp
void lambdaTo(CompileContext& c, NodeId node, uint16_t dst);

}  // namespace krait::codegen
