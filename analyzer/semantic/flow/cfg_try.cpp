// try statements. Exceptions of the body go to a chain of handler tests; what no handler takes goes on to the copy of
// the `finally` body for exceptions and from there outwards. return, break and continue run through copies of all
// `finally` bodies that they leave.
//
//   try: A                        A ──falls──▶ C ─▶ F ─▶ after
//   except E: B          A ──raises──▶ is E? ──▶ B ─▶ F
//   else: C                             └─no──▶ F' ─▶ outwards        (F': the copy of F for exceptions)
//   finally: F                    B, C ──raise──▶ F'
#include "analyzer/semantic/flow/cfg_builder.h"

namespace krait::semantic {

using namespace syntax;

// Nested `finally` bodies multiply; deeper ones share one copy for jumps and exceptions.
static constexpr size_t kMaxCopiedDepth = 4;

void buildJump(CfgBuilder& b, NodeId node, size_t keep, BlockId to) {
  if (b.finallies.size() <= keep) {
    if (to.valid()) return b.terminate(Terminator::kJump, node, to);
    return b.terminate(Terminator::kReturn, node);
  }
  FinallyFrame& frame = *b.finallies.back();
  if (!frame.on_jump.valid()) {
    if (frame.depth < kMaxCopiedDepth) {
      BlockId outer = b.exception;
      b.exception = b.at(frame.on_exception).exception;
      frame.on_jump = b.newBlock();
      b.exception = outer;
    } else {
      frame.on_jump = frame.on_exception;
    }
  }
  // Where the jump goes after this frame: out of the next one, if that is left as well.
  BlockId goal = to;
  if (b.finallies.size() - 1 > keep) {
    std::vector<FinallyFrame*> all = b.finallies;
    BlockId current = b.current;
    b.finallies.pop_back();
    b.current = b.newBlock();
    goal = b.current;
    buildJump(b, node, keep, to);
    b.finallies = std::move(all);
    b.current = current;
  } else if (!to.valid()) {
    BlockId current = b.current;
    b.current = b.newBlock();
    goal = b.current;
    b.terminate(Terminator::kReturn, node);
    b.current = current;
  }
  frame.jump_targets.push_back(goal);
  b.terminate(Terminator::kJump, node, frame.on_jump);
}

static void buildHandlers(CfgBuilder& b, const Try& statement, BlockId dispatch, BlockId uncaught, BlockId after) {
  b.current = dispatch;
  for (NodeId id : statement.handlers()) {
    auto handler = b.ast.as<ExceptHandler>(id);
    BlockId body = b.newBlock();
    BlockId rest = b.newBlock();
    if (handler.type().valid()) {
      b.add(handler.type(), ElementKind::kExpression);
      b.terminate(Terminator::kHandler, id, body, rest);
    } else {
      b.terminate(Terminator::kJump, id, body);
    }
    b.current = body;
    if (handler.name().valid()) b.add(id, ElementKind::kHandlerName);
    buildStatements(b, handler.body());
    if (b.current.valid() && handler.name().valid()) b.add(id, ElementKind::kHandlerEnd);
    b.jumpTo(after);
    b.current = rest;
  }
  // No handler took it.
  if (uncaught.valid()) {
    b.jumpTo(uncaught);
  } else {
    b.terminate(Terminator::kRaise, NodeId::none());
  }
}

// The copy of a finally body that begins in `first`; it goes on to `targets`.
static void buildFinallyCopy(CfgBuilder& b, const FinallyFrame& frame, BlockId first,
                             const std::vector<BlockId>& targets, bool raises) {
  b.current = first;
  buildStatements(b, frame.body);
  if (!b.current.valid()) return;
  BlockId last = b.current;
  BlockId next = targets.empty() ? BlockId::none() : targets[0];
  if (raises) {
    b.terminate(Terminator::kRaise, NodeId::none(), BlockId::none());
  } else {
    b.terminate(Terminator::kJump, NodeId::none(), next);
  }
  for (size_t i = raises ? 0 : 1; i < targets.size(); ++i) b.at(last).more.push_back(targets[i]);
  // An empty copy still hands the exception on.
  if (raises && b.exception.valid()) b.at(last).exception = b.exception;
}

void buildTry(CfgBuilder& b, NodeId node) {
  auto statement = b.ast.as<Try>(node);
  BlockId outer_exception = b.exception;
  bool has_finally = !statement.finalbody().empty();
  FinallyFrame frame;
  frame.body = statement.finalbody();
  frame.depth = b.finallies.size();
  BlockId after = b.newBlock();          // after body, handlers and else
  if (has_finally) {
    frame.on_exception = b.newBlock();
    b.finallies.push_back(&frame);
    b.exception = frame.on_exception;
  }
  BlockId uncaught = has_finally ? frame.on_exception : outer_exception;
  BlockId dispatch = statement.handlers().empty() ? uncaught : b.newBlock();

  BlockId guarded = b.exception;
  b.exception = dispatch;
  BlockId body = b.newBlock();
  b.continueIn(body);
  buildStatements(b, statement.body());
  BlockId end_of_body = b.current;
  b.exception = guarded;
  if (end_of_body.valid()) {
    BlockId orelse = b.newBlock();
    b.continueIn(orelse);
  }
  if (!statement.orelse().empty()) buildStatements(b, statement.orelse());
  b.jumpTo(after);
  if (!statement.handlers().empty()) buildHandlers(b, statement, dispatch, uncaught, after);

  b.exception = outer_exception;
  if (!has_finally) {
    b.current = after;
    return;
  }
  b.finallies.pop_back();
  bool is_shared = frame.on_jump == frame.on_exception;
  buildFinallyCopy(b, frame, frame.on_exception, is_shared ? frame.jump_targets : std::vector<BlockId>(), true);
  if (frame.on_jump.valid() && !is_shared) buildFinallyCopy(b, frame, frame.on_jump, frame.jump_targets, false);
  b.current = after;
  BlockId normal = b.newBlock();
  b.at(after).exception = BlockId::none();
  b.continueIn(normal);
  buildStatements(b, statement.finalbody());
}

}  // namespace krait::semantic
