// try: handlers, finally (its body is compiled once for each way into it), except*.
// Registers of a handler: exception at `level`, the saved handled exception above it.
#include "runtime/compile/compiler.h"

namespace krait::compile {

using bytecode::kFreeA;
using bytecode::kFreeB;
using bytecode::kFreeC;
using bytecode::kWhenTrue;

static void intersect(std::vector<bool>& a, const std::vector<bool>& b) {
  for (size_t i = 0; i < a.size(); ++i) a[i] = a[i] && b[i];
}

void Compiler::tryStatement(NodeId node) {
  auto s = ast_.as<ast::Try>(node);
  if (!s.finalbody().empty()) return tryFinally(node);
  if (s.isStar()) return tryStar(node);
  tryExcept(node);
}

void Compiler::tryFinally(NodeId node) {
  auto s = ast_.as<ast::Try>(node);
  uint32_t level = code().depth();
  Label handler = code().label(), end = code().label();
  std::vector<bool> before = unit_->bound;
  size_t block = pushBlock({.kind = BlockKind::kFinally, .node = node, .handler = handler, .level = level, .target = level, .has_range = true});
  if (s.handlers().empty()) body(s.body());
  else if (s.isStar()) tryStar(node);
  else tryExcept(node);
  closeRange(unit_->blocks[block]);
  unit_->blocks.pop_back();
  std::vector<bool> after = unit_->bound;
  body(s.finalbody());
  after = unit_->bound;
  code().jump(end);
  // The way through an exception.
  unit_->bound = before;
  code().bind(handler);
  uint16_t exception = code().temp(), saved = code().temp();
  code().emit(Op::kPushHandled, saved, exception);
  Label cleanup = code().label();
  size_t inner = pushBlock({.kind = BlockKind::kHandler, .reg = saved, .handler = cleanup, .level = saved + 1u, .target = saved + 1u, .has_range = true});
  body(s.finalbody());
  code().emit(Op::kReraise, exception);
  closeRange(unit_->blocks[inner]);
  unit_->blocks.pop_back();
  code().bind(cleanup);
  code().emit(Op::kPopHandled, saved);
  code().emit(Op::kClear, exception);
  code().emit(Op::kReraise, saved + 1u);
  code().temp(1);
  code().freeTo(level);
  unit_->bound = after;
  code().bind(end);
}

// The body of one handler, with its name bound and unbound around it.
void Compiler::handlerBody(NodeId node, uint16_t exception, Label end) {
  auto h = ast_.as<ast::ExceptHandler>(node);
  uint16_t saved = static_cast<uint16_t>(exception + 1);
  if (h.name().valid()) {
    Label cleanup = code().label();
    assign(h.name(), {exception, false});
    size_t block = pushBlock({.kind = BlockKind::kHandlerName, .node = h.name(), .handler = cleanup, .level = saved + 1u, .target = saved + 1u, .has_range = true});
    body(h.body());
    closeRange(unit_->blocks[block]);
    Block b = unit_->blocks.back();
    unit_->blocks.pop_back();
    position(h.name());
    unwindBlock(b, nullptr);
    code().emit(Op::kPopHandled, saved);
    code().emit(Op::kClear, exception);
    code().jump(end);
    code().bind(cleanup);
    uint32_t depth = code().depth();
    uint16_t raised = code().temp();
    CHECK(raised == saved + 1u, "the raised exception lies above the saved one");
    unwindBlock(b, nullptr);
    code().emit(Op::kReraise, raised);
    code().freeTo(depth);
    return;
  }
  body(h.body());
  code().emit(Op::kPopHandled, saved);
  code().emit(Op::kClear, exception);
  code().jump(end);
}

void Compiler::tryExcept(NodeId node) {
  auto s = ast_.as<ast::Try>(node);
  uint32_t level = code().depth();
  Label handler = code().label(), end = code().label(), cleanup = code().label();
  std::vector<bool> before = unit_->bound;
  size_t block = pushBlock({.kind = BlockKind::kRegister, .handler = handler, .level = level, .target = level, .has_range = true});
  body(s.body());
  closeRange(unit_->blocks[block]);
  unit_->blocks.pop_back();
  body(s.orelse());
  std::vector<bool> after = unit_->bound;
  code().jump(end);
  code().bind(handler);
  uint16_t exception = code().temp(), saved = code().temp();
  code().emit(Op::kPushHandled, saved, exception);
  size_t inner = pushBlock({.kind = BlockKind::kHandler, .reg = saved, .handler = cleanup, .level = saved + 1u, .target = saved + 1u, .has_range = true});
  bool catch_all = false;
  for (NodeId h : s.handlers()) {
    auto e = ast_.as<ast::ExceptHandler>(h);
    unit_->bound = before;
    Label next = code().label();
    if (e.type().valid()) {
      Operand match = fresh();
      exprTo(e.type(), match.reg);
      position(e.type());
      code().emit(Op::kCheckMatch, match.reg, exception, match.reg);
      code().jumpIf(Op::kJumpIf, match.reg, next, 0);
      free(match);
    } else {
      catch_all = true;
    }
    handlerBody(h, exception, end);
    intersect(after, unit_->bound);
    code().bind(next);
  }
  position(node);
  if (!catch_all) code().emit(Op::kReraise, exception);
  closeRange(unit_->blocks[inner]);
  unit_->blocks.pop_back();
  code().bind(cleanup);
  code().emit(Op::kPopHandled, saved);
  code().emit(Op::kClear, exception);
  code().temp(1);
  code().emit(Op::kReraise, saved + 1u);
  code().freeTo(level);
  unit_->bound = after;
  code().bind(end);
}

// except*: every handler gets its part of the group; what is raised or left over is collected and raised at the end.
void Compiler::tryStar(NodeId node) {
  auto s = ast_.as<ast::Try>(node);
  uint32_t level = code().depth();
  Label handler = code().label(), end = code().label(), cleanup = code().label();
  std::vector<bool> before = unit_->bound;
  size_t block = pushBlock({.kind = BlockKind::kRegister, .handler = handler, .level = level, .target = level, .has_range = true});
  body(s.body());
  closeRange(unit_->blocks[block]);
  unit_->blocks.pop_back();
  body(s.orelse());
  code().jump(end);
  code().bind(handler);
  unit_->bound = before;
  uint16_t exception = code().temp(), saved = code().temp();
  code().emit(Op::kPushHandled, saved, exception);
  size_t outer = pushBlock({.kind = BlockKind::kHandler, .reg = saved, .handler = cleanup, .level = saved + 1u, .target = saved + 1u, .has_range = true});
  uint16_t rest = code().temp(), raised = code().temp();
  code().emit(Op::kMove, rest, exception);
  code().emit(Op::kBuildList, raised, raised, 0);
  for (NodeId h : s.handlers()) {
    auto e = ast_.as<ast::ExceptHandler>(h);
    Label next = code().label(), failed = code().label();
    uint16_t match = code().temp();
    Operand type = exprInTemp(e.type());
    position(e.type());
    code().emit(Op::kCheckGroupMatch, match, rest, type.reg, kFreeC);
    free(type);
    code().jumpIf(Op::kJumpIfNone, match, next, kWhenTrue);
    uint16_t previous = code().temp();
    code().emit(Op::kPushHandled, previous, match);
    if (e.name().valid()) assign(e.name(), {match, false});
    uint16_t caught = static_cast<uint16_t>(previous + 1);
    size_t inner = pushBlock({.kind = BlockKind::kHandler, .reg = previous, .handler = failed, .level = caught, .target = caught, .has_range = true});
    body(e.body());
    closeRange(unit_->blocks[inner]);
    unit_->blocks.pop_back();
    Block name_block{.kind = BlockKind::kHandlerName, .node = e.name()};
    if (e.name().valid()) unwindBlock(name_block, nullptr);
    Label joined = code().label();
    code().jump(joined);
    code().bind(failed);
    code().temp(1);
    code().emit(Op::kListAppend, raised, caught, 0, kFreeB);
    if (e.name().valid()) unwindBlock(name_block, nullptr);
    code().bind(joined);
    code().emit(Op::kPopHandled, previous);
    code().bind(next);
    code().emit(Op::kClear, match);
    code().freeTo(match);
  }
  position(node);
  code().emit(Op::kListAppend, raised, rest, 0, kFreeB);
  uint16_t pair = code().temp(2);
  code().emit(Op::kMove, pair, exception);
  code().emit(Op::kTake, pair + 1u, raised);
  code().emit(Op::kIntrinsic2, pair, pair, static_cast<uint32_t>(bytecode::Intrinsic::kPrepareReraiseStar));
  Label nothing = code().label();
  code().jumpIf(Op::kJumpIfNone, pair, nothing, kWhenTrue);
  code().emit(Op::kReraise, pair);
  closeRange(unit_->blocks[outer]);
  unit_->blocks.pop_back();
  code().bind(nothing);
  code().emit(Op::kClear, pair);
  code().emit(Op::kPopHandled, saved);
  code().emit(Op::kClear, exception);
  code().jump(end);
  code().bind(cleanup);
  code().emit(Op::kPopHandled, saved);
  code().emit(Op::kClear, exception);
  code().emit(Op::kReraise, saved + 1u);
  code().freeTo(level);
  unit_->bound = before;
  code().bind(end);
}

}  // namespace krait::compile
