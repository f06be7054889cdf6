// try. The finally body is compiled for each way out of the block: the plain end, every jump out (see unwindBlocks) and the
// exceptional one, whose code runs with the exception as the handled one. A handler begins with PushHandled and each way out of
// it has a PopHandled.
#include "runtime/codegen/names.h"
#include "runtime/codegen/stmt.h"

namespace krait::codegen {

// Code for exceptions that leave a handler: what was handled before is restored and the exception goes on. A Reraise without a
// place makes the frame stand where the exception came from (see `unwind` in interp/dispatch_tail.cpp).
static void cleanupHandler(CompileContext& c, const Block& block, uint16_t saved, NodeId name) {
  atNothing(c);
  uint16_t exception = beginHandler(c, block);
  if (name.valid()) unbindName(c, name);
  emit(c, Op::kPopHandled, saved);
  emit(c, Op::kReraise, exception);
}

static void handlerBody(CompileContext& c, NodeId node, uint16_t exception, uint16_t saved, Label end) {
  auto handler = c.ast.as<syntax::ExceptHandler>(node);
  NodeId name = handler.name();
  if (name.valid()) {
    at(c, name);
    storeName(c, name, {exception, false, false});
    pushBlock(c, {.kind = BlockKind::kHandlerName, .node = name}, true);
  }
  statements(c, handler.body());
  Block named;
  if (name.valid()) named = popBlock(c);
  // Outside of the ranges from here.
  atEnd(c);
  closeRange(c, c.u->blocks.back());
  emit(c, Op::kPopHandled, saved);
  emit(c, Op::kClear, exception);
  if (name.valid()) unbindName(c, name);
  jump(c, end);
  if (name.valid()) cleanupHandler(c, named, saved, name);
  openRange(c, c.u->blocks.back());
}

static void exceptClause(CompileContext& c, NodeId node, uint16_t exception, uint16_t saved, Label end) {
  auto handler = c.ast.as<syntax::ExceptHandler>(node);
  uint16_t top = c.u->top;
  Label next = newLabel(c);
  at(c, node);
  if (handler.type().valid()) {
    TempScope temps(c);
    Operand type = operandOf(c, handler.type());
    at(c, node);
    uint16_t matches = type.is_temp ? type.reg : allocTemp(c);
    emit(c, Op::kCheckMatch, matches, exception, type.reg, freeC(type));
    jumpIf(c, {matches, true, false}, next, false);
  }
  at(c, node);
  handlerBody(c, node, exception, saved, end);
  c.u->top = top;
  bindLabel(c, next);
}

static void tryExcept(CompileContext& c, const syntax::Try& node) {
  uint16_t top = c.u->top;
  Label end = newLabel(c);
  pushBlock(c, Block{}, true);
  statements(c, node.body());
  Block body = popBlock(c);
  statements(c, node.orelse());
  jumpOn(c, end);
  uint16_t exception = beginHandler(c, body);
  at(c, node.handlers()[0]);
  uint16_t saved = allocTemp(c);
  emit(c, Op::kPushHandled, saved, exception);
  pushBlock(c, {.kind = BlockKind::kHandler, .reg = exception, .reg2 = saved}, true);
  for (NodeId handler : node.handlers()) exceptClause(c, handler, exception, saved, end);
  at(c, node.handlers()[node.handlers().size() - 1]);
  Block handlers = popBlock(c);
  emit(c, Op::kPopHandled, saved);
  emit(c, Op::kReraise, exception);
  cleanupHandler(c, handlers, saved, NodeId::none());
  c.u->top = top;
  bindLabel(c, end);
}

// One `except*` clause: runs for the part of the group that matches; what it raises is collected in `raised`.
static void starClause(CompileContext& c, NodeId node, uint16_t rest, uint16_t raised) {
  auto handler = c.ast.as<syntax::ExceptHandler>(node);
  uint16_t top = c.u->top;
  Label next = newLabel(c);
  uint16_t match = allocTemp(c);
  {
    TempScope temps(c);
    Operand type = operandOf(c, handler.type());
    at(c, node);
    emit(c, Op::kCheckGroupMatch, match, rest, type.reg, freeC(type));
  }
  jumpIfNone(c, {match, false, false}, next, true);
  uint16_t saved = allocTemp(c);
  emit(c, Op::kPushHandled, saved, match);
  NodeId name = handler.name();
  if (name.valid()) storeName(c, name, {match, false, false});
  pushBlock(c, {.kind = BlockKind::kProtected}, true);
  statements(c, handler.body());
  Block body = popBlock(c);
  atEnd(c);
  emit(c, Op::kPopHandled, saved);
  emit(c, Op::kClear, match);
  if (name.valid()) unbindName(c, name);
  jump(c, next);
  uint16_t exception = beginHandler(c, body);
  if (name.valid()) unbindName(c, name);
  emit(c, Op::kPopHandled, saved);
  emit(c, Op::kListAppend, raised, exception, 0, bytecode::kFreeB);
  emit(c, Op::kClear, match);
  c.u->top = top;
  bindLabel(c, next);
}

static void tryStar(CompileContext& c, const syntax::Try& node) {
  uint16_t top = c.u->top;
  Label end = newLabel(c);
  pushBlock(c, Block{}, true);
  statements(c, node.body());
  Block body = popBlock(c);
  statements(c, node.orelse());
  jumpOn(c, end);
  uint16_t exception = beginHandler(c, body);
  at(c, node.handlers()[0]);
  uint16_t saved = allocTemp(c);
  emit(c, Op::kPushHandled, saved, exception);
  pushBlock(c, {.kind = BlockKind::kHandler, .reg = exception, .reg2 = saved}, true);
  uint16_t raised = allocTemp(c), rest = allocTemp(c);
  emit(c, Op::kBuildList, raised, raised, 0);
  emit(c, Op::kMove, rest, exception);
  for (NodeId handler : node.handlers()) starClause(c, handler, rest, raised);
  atNothing(c);
  emit(c, Op::kListAppend, raised, rest, 0, bytecode::kFreeB);
  uint16_t pair = allocTemp(c, 2);
  emit(c, Op::kMove, pair, exception);
  emit(c, Op::kTake, static_cast<uint16_t>(pair + 1), raised);
  emit(c, Op::kIntrinsic2, pair, pair, static_cast<uint32_t>(bytecode::Intrinsic::kPrepareReraiseStar), bytecode::kFreeB);
  Label done = newLabel(c);
  jumpIfNone(c, {pair, false, false}, done, true);
  Block handlers = popBlock(c);
  at(c, node.handlers()[node.handlers().size() - 1]);
  emit(c, Op::kPopHandled, saved);
  emit(c, Op::kReraise, pair);
  bindLabel(c, done);
  atNothing(c);
  emit(c, Op::kClear, pair);
  emit(c, Op::kPopHandled, saved);
  emit(c, Op::kClear, exception);
  jump(c, end);
  cleanupHandler(c, handlers, saved, NodeId::none());
  c.u->top = top;
  bindLabel(c, end);
}

static void tryHandlers(CompileContext& c, const syntax::Try& node) {
  if (node.handlers().empty()) return statements(c, node.body());
  if (node.isStar()) return tryStar(c, node);
  tryExcept(c, node);
}

static void tryFinally(CompileContext& c, const syntax::Try& node) {
  uint16_t top = c.u->top;
  Label end = newLabel(c);
  pushBlock(c, {.kind = BlockKind::kFinally, .node = node.id}, true);
  tryHandlers(c, node);
  Block body = popBlock(c);
  statements(c, node.finalbody());
  jumpOn(c, end);
  uint16_t exception = beginHandler(c, body);
  at(c, node.finalbody()[0]);
  uint16_t saved = allocTemp(c);
  emit(c, Op::kPushHandled, saved, exception);
  pushBlock(c, {.kind = BlockKind::kFinallyEnd, .reg = exception, .reg2 = saved}, true);
  statements(c, node.finalbody());
  Block final_body = popBlock(c);
  at(c, node.finalbody()[node.finalbody().size() - 1]);
  emit(c, Op::kPopHandled, saved);
  emit(c, Op::kReraise, exception);
  cleanupHandler(c, final_body, saved, NodeId::none());
  c.u->top = top;
  bindLabel(c, end);
}

void tryStatement(CompileContext& c, NodeId node) {
  auto statement = c.ast.as<syntax::Try>(node);
  emit(c, Op::kNop);
  if (statement.finalbody().empty()) return tryHandlers(c, statement);
  tryFinally(c, statement);
}

}  // namespace krait::codegen
