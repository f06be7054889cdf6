// if, while, for, return, break, continue, and the way out through the blocks in between.
#include "runtime/codegen/fold.h"
#include "runtime/codegen/names.h"
#include "runtime/codegen/stmt.h"
#include "runtime/codegen/watch.h"
#include "runtime/codegen/unit.h"

namespace krait::codegen {

// A chain of elifs is walked, not recursed into.
void ifStatement(CompileContext& c, NodeId node) {
  Label end = newLabel(c);
  for (;;) {
    auto branch = c.ast.as<syntax::If>(node);
    Label orelse = newLabel(c);
    Constant constant;
    if (foldConstant(c, branch.test(), constant)) emit(c, Op::kNop);
    jumpOnTruth(c, branch.test(), orelse, false);
    statements(c, branch.body());
    NodeList rest = branch.orelse();
    if (!rest.empty()) jumpOn(c, end);
    bindLabel(c, orelse);
    auto next = rest.size() == 1 ? c.ast.tryAs<syntax::If>(rest[0]) : std::nullopt;
    if (!next || !next->isElif()) {
      statements(c, rest);
      break;
    }
    node = rest[0];
    at(c, node);
  }
  bindLabel(c, end);
}

void whileStatement(CompileContext& c, NodeId node) {
  auto loop = c.ast.as<syntax::While>(node);
  Label again = newLabel(c), orelse = newLabel(c), end = newLabel(c);
  Constant constant;
  bool is_constant = foldConstant(c, loop.test(), constant);
  if (is_constant) emit(c, Op::kNop);
  bindLoop(c, again);
  Block block{.kind = BlockKind::kLoop, .break_label = end, .continue_label = again};
  pushBlock(c, block, false);
  jumpOnTruth(c, loop.test(), orelse, false);
  statements(c, loop.body());
  if (is_constant) at(c, loop.test());
  if (is_constant) jump(c, again);
  else jumpOn(c, again);
  popBlock(c);
  bindLabel(c, orelse);
  statements(c, loop.orelse());
  bindLabel(c, end);
}

// A list display that is only iterated over is made as a tuple; one of constants is a constant.
void iterableTo(CompileContext& c, NodeId node, uint16_t reg) {
  NodeKind kind = c.ast.kind(node);
  if ((kind == NodeKind::kList || kind == NodeKind::kSet) && c.ast.list(node, 0).size() >= 1) {
    Constant value = makeKind(kind == NodeKind::kList ? ConstantKind::kTuple : ConstantKind::kFrozenSet);
    bool all = true;
    for (NodeId element : c.ast.list(node, 0)) all = all && foldConstant(c, element, value.items.emplace_back());
    at(c, node);
    if (all) return loadConstant(c, value, reg);
    if (kind == NodeKind::kList) return tupleTo(c, c.ast.list(node, 0), reg);
  }
  exprTo(c, node, reg);
}

void emitForNext(CompileContext& c, uint16_t iterator, NodeId target, Label end) {
  uint16_t direct = directTarget(c, target);
  if (direct != kNoRegister) {
    emitJumping(c, Op::kForIter, direct, iterator, end);
    return markBound(c, direct);
  }
  TempScope temps(c);
  uint16_t item = allocTemp(c);
  emitJumping(c, Op::kForIter, item, iterator, end);
  assignTo(c, target, {item, true, false});
}

Block emitAsyncNext(CompileContext& c, uint16_t iterator, NodeId target) {
  pushBlock(c, Block{}, true);
  uint16_t item = allocTemp(c), awaited = allocTemp(c);
  emit(c, Op::kGetANext, awaited, iterator);
  sendLoop(c, awaited, item);
  c.u->top = awaited;
  Block block = popBlock(c);
  assignTo(c, target, {item, true, false});
  c.u->top = item;
  return block;
}

void endAsyncLoop(CompileContext& c, const Block& exhausted, uint16_t iterator) {
  uint16_t top = c.u->top;
  uint16_t exception = beginHandler(c, exhausted);
  emit(c, Op::kEndAsyncFor, exception);
  emit(c, Op::kClear, iterator);
  c.u->top = top;
}

void forStatement(CompileContext& c, NodeId node) {
  auto loop = c.ast.as<syntax::For>(node);
  TempScope temps(c);
  Label again = newLabel(c), orelse = newLabel(c), end = newLabel(c);
  uint16_t iterator = allocTemp(c);
  if (loop.isAsync()) exprTo(c, loop.iter(), iterator);
  else iterableTo(c, loop.iter(), iterator);
  at(c, loop.iter());
  emit(c, loop.isAsync() ? Op::kGetAIter : Op::kGetIter, iterator, iterator, 0, bytecode::kFreeB);
  Block block{.kind = BlockKind::kLoop, .break_label = end, .continue_label = again, .reg = iterator};
  pushBlock(c, block, false);
  bindLoop(c, again);
  Block exhausted;
  at(c, loop.iter());
  if (loop.isAsync()) exhausted = emitAsyncNext(c, iterator, loop.target());
  else emitForNext(c, iterator, loop.target(), orelse);
  statements(c, loop.body());
  jumpOn(c, again);
  popBlock(c);
  at(c, loop.iter());
  if (loop.isAsync()) endAsyncLoop(c, exhausted, iterator);
  bindLabel(c, orelse);
  statements(c, loop.orelse());
  bindLabel(c, end);
}

// What leaving one block takes. The block is off the stack already.
static void undoBlock(CompileContext& c, const Block& block) {
  switch (block.kind) {
    case BlockKind::kLoop:
      if (block.reg != kNoRegister) emit(c, Op::kClear, block.reg);
      return;
    case BlockKind::kProtected: return;
    case BlockKind::kHeld: return emit(c, Op::kClear, block.reg);
    case BlockKind::kFinally: return statements(c, c.ast.as<syntax::Try>(block.node).finalbody());
    case BlockKind::kFinallyEnd:
    case BlockKind::kHandler:
      emit(c, Op::kPopHandled, block.reg2);
      return emit(c, Op::kClear, block.reg);
    case BlockKind::kHandlerName: return unbindName(c, block.node);
    case BlockKind::kWith: at(c, block.node); return emitNormalExit(c, block.reg, false);
    case BlockKind::kAsyncWith: at(c, block.node); return emitNormalExit(c, block.reg, true);
  }
}

// `held`: the register of a value on its way out, which a `finally` on the way may drop by leaving elsewhere.
std::vector<Block> unwindBlocks(CompileContext& c, size_t depth, uint16_t held) {
  std::vector<Block> taken;
  while (c.u->blocks.size() > depth) {
    Block block = popBlock(c);
    taken.push_back(block);
    TextRange here = c.u->here;
    bool may_drop = held != kNoRegister && block.kind == BlockKind::kFinally;
    if (may_drop) pushBlock(c, {.kind = BlockKind::kHeld, .reg = held}, false);
    undoBlock(c, block);
    if (may_drop) popBlock(c);
    at(c, here);
  }
  return taken;
}

void restoreBlocks(CompileContext& c, const std::vector<Block>& taken) {
  for (size_t i = taken.size(); i-- > 0;) {
    Block block = taken[i];
    openRange(c, block);
    c.u->blocks.push_back(block);
  }
}

void returnStatement(CompileContext& c, NodeId node) {
  NodeId value = c.ast.as<syntax::Return>(node).value();
  Constant constant;
  bool is_constant = !value.valid() || foldConstant(c, value, constant);
  TempScope temps(c);
  Operand result;
  if (!is_constant) {
    if (c.u->blocks.empty()) {
      result = operandOf(c, value);
    } else {
      result = {exprToTemp(c, value), true, false};
    }
  }
  at(c, node);
  bool is_watched = watchesResult(c), leaves_blocks = !c.u->blocks.empty();
  if (is_constant && leaves_blocks) emit(c, Op::kNop);
  std::vector<Block> taken = unwindBlocks(c, 0, is_constant ? kNoRegister : result.reg);
  if (leaves_blocks && !is_watched) atNothing(c);
  if (is_constant && c.u->is_reachable) {
    uint32_t index = addConstant(c, constant);
    if (index <= 0xffff && !is_watched) {
      emit(c, Op::kReturnConst, index);
    } else {
      uint16_t reg = allocTemp(c);
      loadConstant(c, constant, reg);
      if (is_watched) watchResult(c, reg);
      emit(c, Op::kReturn, reg, 0, 0, bytecode::kFreeA);
    }
  } else if (!is_constant) {
    if (is_watched) watchResult(c, result.reg);
    emit(c, Op::kReturn, result.reg, 0, 0, freeA(result));
  }
  restoreBlocks(c, taken);
}

void breakOrContinue(CompileContext& c, NodeId node, bool is_break) {
  size_t depth = c.u->blocks.size();
  while (depth > 0 && c.u->blocks[depth - 1].kind != BlockKind::kLoop) --depth;
  if (depth == 0) return fail(c, node, is_break ? "'break' outside loop" : "'continue' not properly in loop");
  Block loop = c.u->blocks[depth - 1];
  bool leaves_blocks = depth < c.u->blocks.size();
  if (leaves_blocks) emit(c, Op::kNop);
  std::vector<Block> taken = unwindBlocks(c, depth);
  if (leaves_blocks) atNothing(c);
  else at(c, node);
  if (is_break && loop.reg != kNoRegister) emit(c, Op::kClear, loop.reg);
  jump(c, is_break ? loop.break_label : loop.continue_label);
  restoreBlocks(c, taken);
}

}  // namespace krait::codegen
