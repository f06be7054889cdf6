// with and async with: each item is a block that calls the exit method on every way out.
#include "runtime/codegen/stmt.h"

namespace krait::codegen {

// exit(None, None, None), the result dropped. The exit method's register is emptied.
void emitNormalExit(CompileContext& c, uint16_t exit, bool is_async) {
  TempScope temps(c);
  uint16_t window = allocTemp(c);
  emit(c, Op::kTake, window, exit);
  reserveTo(c, window + kWindowHeader);
  for (int i = 0; i < 3; ++i) loadNone(c, allocTemp(c));
  emitCall(c, window, window, 3);
  c.u->top = static_cast<uint16_t>(window + 1);
  if (is_async) awaitRegister(c, window, AwaitKind::kExit);
  emit(c, Op::kClear, window);
}

static void exceptionalExit(CompileContext& c, const Block& block, bool is_async, Label end) {
  uint16_t exception = beginHandler(c, block);
  uint16_t saved = allocTemp(c);
  emit(c, Op::kPushHandled, saved, exception);
  pushBlock(c, {.kind = BlockKind::kHandler, .reg = exception, .reg2 = saved}, true);
  uint16_t result = allocTemp(c);
  emit(c, Op::kWithExit, result, block.reg, exception);
  if (is_async) awaitRegister(c, result, AwaitKind::kExit);
  Label suppressed = newLabel(c);
  jumpIf(c, {result, true, false}, suppressed, true);
  Block handler = popBlock(c);
  atNothing(c);
  emit(c, Op::kPopHandled, saved);
  emit(c, Op::kReraise, exception);
  bindLabel(c, suppressed);
  at(c, block.node);
  emit(c, Op::kPopHandled, saved);
  emit(c, Op::kClear, exception);
  emit(c, Op::kClear, block.reg);
  jump(c, end);
  uint16_t second = beginHandler(c, handler);
  atNothing(c);
  emit(c, Op::kPopHandled, saved);
  emit(c, Op::kReraise, second);
}

static void withItem(CompileContext& c, const syntax::With& node, size_t index) {
  if (index == node.items().size()) return statements(c, node.body());
  auto item = c.ast.as<syntax::WithItem>(node.items()[index]);
  TempScope temps(c);
  Label end = newLabel(c);
  uint16_t exit = allocTemp(c, 2);
  uint16_t entered = static_cast<uint16_t>(exit + 1);
  {
    TempScope context_temps(c);
    Operand context = operandOf(c, item.contextExpr());
    at(c, item.contextExpr());
    emit(c, Op::kWithEnter, entered, context.reg, node.isAsync(), freeB(context));
  }
  if (node.isAsync()) awaitRegister(c, entered, AwaitKind::kEnter);
  // The value entered is stored inside the block; only the exit method stays.
  c.u->top = entered;
  Block block{.kind = node.isAsync() ? BlockKind::kAsyncWith : BlockKind::kWith, .reg = exit, .node = item.contextExpr()};
  pushBlock(c, block, true);
  c.u->top = static_cast<uint16_t>(entered + 1);
  if (item.optionalVars().valid()) assignTo(c, item.optionalVars(), {entered, true, false});
  else emit(c, Op::kClear, entered);
  c.u->top = entered;
  withItem(c, node, index + 1);
  Block done = popBlock(c);
  at(c, item.contextExpr());
  emitNormalExit(c, exit, node.isAsync());
  jump(c, end);
  at(c, item.contextExpr());
  exceptionalExit(c, done, node.isAsync(), end);
  bindLabel(c, end);
}

void withStatement(CompileContext& c, NodeId node) { withItem(c, c.ast.as<syntax::With>(node), 0); }

}  // namespace krait::codegen
