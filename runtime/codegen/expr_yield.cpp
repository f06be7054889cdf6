// yield, yield from and await.
#include "runtime/codegen/expr.h"

namespace krait::codegen {

void yieldTo(CompileContext& c, NodeId node, uint16_t dst) {
  auto yield = c.ast.as<syntax::Yield>(node);
  TempScope temps(c);
  uint16_t work = workRegister(c, dst);
  if (yield.value().valid()) exprTo(c, yield.value(), work);
  else loadNone(c, work);
  at(c, node);
  if (c.u->is_async) emit(c, Op::kAsyncGenWrap, work);
  emit(c, Op::kYield, work);
  settle(c, work, dst);
}

// The Yield stands directly behind its Send: that is how a suspended frame shows what it delegates to. An exception thrown
// in at the Yield that is a StopIteration ends the delegation with its value.
void sendLoop(CompileContext& c, uint16_t iterator, uint16_t result) {
  loadNone(c, result);
  Label again = newLabel(c), returned = newLabel(c);
  bindLoop(c, again);
  emitNearJumping(c, Op::kSend, result, iterator, returned);
  pushBlock(c, Block{}, true);
  emit(c, Op::kYield, result);
  Block thrown = popBlock(c);
  jump(c, again);
  uint16_t top = c.u->top;
  uint16_t exception = beginHandler(c, thrown);
  emit(c, Op::kCleanupThrow, exception, iterator);
  emit(c, Op::kTake, result, exception);
  c.u->top = top;
  bindLabel(c, returned);
  emit(c, Op::kClear, iterator);
}

void yieldFromTo(CompileContext& c, NodeId node, uint16_t dst) {
  TempScope temps(c);
  uint16_t work = workRegister(c, dst);
  uint16_t iterator = allocTemp(c);
  exprTo(c, c.ast.as<syntax::YieldFrom>(node).value(), iterator);
  at(c, node);
  emit(c, Op::kGetYieldFromIter, iterator, iterator, 0, bytecode::kFreeB);
  sendLoop(c, iterator, work);
  settle(c, work, dst);
}

void awaitRegister(CompileContext& c, uint16_t reg, AwaitKind kind) {
  TempScope temps(c);
  uint16_t iterator = allocTemp(c);
  emit(c, Op::kGetAwaitable, iterator, reg, static_cast<uint32_t>(kind), bytecode::kFreeB);
  sendLoop(c, iterator, reg);
}

void awaitTo(CompileContext& c, NodeId node, uint16_t dst) {
  TempScope temps(c);
  uint16_t work = workRegister(c, dst);
  exprTo(c, c.ast.as<syntax::Await>(node).value(), work);
  at(c, node);
  awaitRegister(c, work, AwaitKind::kPlain);
  settle(c, work, dst);
}

}  // namespace krait::codegen
