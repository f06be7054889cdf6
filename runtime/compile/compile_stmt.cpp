// Statements, but for try (compile_try.cpp), match (compile_pattern.cpp) and definitions (compile_def.cpp).
#include "runtime/compile/compiler.h"

namespace krait::compile {

using bytecode::kFreeA;
using bytecode::kFreeB;
using bytecode::kFreeC;
using bytecode::kWhenTrue;

static void intersect(std::vector<bool>& a, const std::vector<bool>& b) {
  for (size_t i = 0; i < a.size(); ++i) a[i] = a[i] && b[i];
}

void Compiler::body(NodeList statements) {
  for (NodeId s : statements) {
    if (!error_.empty()) return;
    statement(s);
  }
}

// --- blocks: what must be undone by break, continue and return
size_t Compiler::pushBlock(Block b) {
  if (b.has_range) b.range_begin = code().here();
  unit_->blocks.push_back(b);
  return unit_->blocks.size() - 1;
}
void Compiler::closeRange(Block& b) {
  if (b.has_range) code().handler(b.range_begin, code().here(), b.handler, b.level, b.target);
}

// Emits the undoing of one block; the block itself is not active while its own cleanup runs.
void Compiler::unwindBlock(Block& block, uint16_t* keep) {
  (void)keep;
  switch (block.kind) {
    case BlockKind::kLoop:
    case BlockKind::kRegister:
      if (block.has_reg) code().emit(Op::kClear, block.reg);
      break;
    case BlockKind::kFinally: body(ast_.as<ast::Try>(block.node).finalbody()); break;
    case BlockKind::kWith:
    case BlockKind::kAsyncWith: {
      Operand none = fresh();
      code().emit(Op::kLoadNone, none.reg);
      Operand result = fresh();
      code().emit(Op::kWithExit, result.reg, block.reg, none.reg, kFreeB);
      if (block.kind == BlockKind::kAsyncWith) awaitOperand(result.reg, 2);
      code().emit(Op::kClear, result.reg);
      free(none);
      break;
    }
    case BlockKind::kHandler:
      code().emit(Op::kPopHandled, block.reg);
      code().emit(Op::kClear, block.reg - 1u);
      break;
    case BlockKind::kStarHandler:
      break;
    case BlockKind::kHandlerName: {
      Operand none = fresh();
      code().emit(Op::kLoadNone, none.reg);
      assign(block.node, none);
      deleteName(block.node, ast::nameOf(ast_, block.node));
      free(none);
      break;
    }
  }
}

// Undoes the blocks above `count`, innermost first, each with its own range and those inside it closed.
void Compiler::unwindTo(size_t count, uint16_t* keep) {
  std::vector<Block> saved = unit_->blocks;
  std::vector<bool> bound = unit_->bound;
  for (size_t i = saved.size(); i-- > count;) {
    closeRange(saved[i]);
    unit_->blocks.resize(i);
    Block b = saved[i];
    unwindBlock(b, keep);
  }
  for (size_t i = 0; i < count; ++i) saved[i] = unit_->blocks[i];
  unit_->blocks = saved;
  unit_->bound = bound;
}
// After the jump: the ranges of the blocks that were left for the jump's code go on from here.
static void reopen(std::vector<Block>& blocks, size_t count, uint32_t here) {
  for (size_t i = count; i < blocks.size(); ++i) blocks[i].range_begin = here;
}

void Compiler::returnStatement(NodeId node) {
  auto r = ast_.as<ast::Return>(node);
  bool plain = unit_->blocks.empty();
  Ref constant = !r.value().valid() ? Ref::none() : fold(r.value());
  if (constant && code().constant(constant.get()) <= 0xFFFF) {
    unwindTo(0, nullptr);
    position(node);
    code().emit(Op::kReturnConst, code().constant(constant.get()));
  } else {
    Operand v = plain ? expr(r.value()) : exprInTemp(r.value());
    position(node);
    unwindTo(0, &v.reg);
    position(node);
    code().emit(Op::kReturn, v.reg);
    free(v);
  }
  reopen(unit_->blocks, 0, code().here());
  code().setReachable(false);
}

void Compiler::breakOrContinue(NodeId node, bool is_break) {
  size_t i = unit_->blocks.size();
  while (i > 0 && unit_->blocks[i - 1].kind != BlockKind::kLoop) --i;
  if (i == 0) return fail(node, is_break ? "'break' outside loop" : "'continue' not properly in loop");
  Block loop = unit_->blocks[i - 1];
  unwindTo(i, nullptr);
  position(node);
  if (is_break) {
    if (loop.has_reg) code().emit(Op::kClear, loop.reg);
    code().jump(loop.break_label);
  } else {
    code().jumpBack(loop.continue_label);
  }
  reopen(unit_->blocks, i, code().here());
}

// --- control flow
void Compiler::ifStatement(NodeId node) {
  Label end = code().label();
  std::vector<bool> after;
  bool has_after = false;
  auto join = [&] {
    if (has_after) intersect(after, unit_->bound);
    else after = unit_->bound;
    has_after = true;
  };
  // An elif chain is a loop here: it may be long.
  for (;;) {
    auto s = ast_.as<ast::If>(node);
    Label otherwise = code().label();
    Ref known = fold(s.test());
    bool always = known && known.get().isTrue(), never = known && (known.get().isFalse() || known.get().isNone());
    if (!always && !never) jumpIf(s.test(), otherwise, false);
    if (never) code().jump(otherwise);
    std::vector<bool> before = unit_->bound;
    body(s.body());
    join();
    if (!s.orelse().empty()) code().jump(end);
    code().bind(otherwise);
    unit_->bound = before;
    if (s.orelse().size() == 1 && ast_.is(s.orelse()[0], NodeKind::kIf) && ast_.as<ast::If>(s.orelse()[0]).isElif()) {
      node = s.orelse()[0];
      continue;
    }
    body(s.orelse());
    join();
    break;
  }
  unit_->bound = after;
  code().bind(end);
}

void Compiler::whileStatement(NodeId node) {
  auto s = ast_.as<ast::While>(node);
  Label again = code().label(), done = code().label(), end = code().label();
  Ref known = fold(s.test());
  bool always = known && (known.get().isTrue() || (known.get().isInt() && known.get().asInt() != 0));
  code().bind(again);
  if (!always) jumpIf(s.test(), done, false);
  std::vector<bool> before = unit_->bound;
  pushBlock({.kind = BlockKind::kLoop, .continue_label = again, .break_label = end});
  body(s.body());
  unit_->blocks.pop_back();
  position(node);
  code().jumpBack(again);
  code().bind(done);
  unit_->bound = before;
  body(s.orelse());
  intersect(unit_->bound, before);
  code().bind(end);
}

void Compiler::forStatement(NodeId node) {
  auto s = ast_.as<ast::For>(node);
  uint32_t depth = code().depth();
  Label again = code().label(), done = code().label(), end = code().label();
  Operand iter = exprInTemp(s.iter());
  position(s.iter());
  code().emit(s.isAsync() ? Op::kGetAIter : Op::kGetIter, iter.reg, iter.reg);
  Operand item = fresh();
  std::vector<bool> before = unit_->bound;
  code().bind(again);
  bool direct = false;
  position(s.iter());
  if (s.isAsync()) {
    Label handler = code().label(), got = code().label();
    uint32_t begin = code().here();
    Operand awaitable = fresh();
    code().emit(Op::kGetANext, awaitable.reg, iter.reg);
    sendLoop(item.reg, awaitable.reg);
    free(awaitable);
    code().handler(begin, code().here(), handler, item.reg, item.reg);
    code().jump(got);
    code().bind(handler);
    code().emit(Op::kEndAsyncFor, item.reg);
    code().emit(Op::kClear, iter.reg);
    code().jump(done);
    code().bind(got);
  } else {
    uint16_t into = item.reg;
    if (ast_.is(s.target(), NodeKind::kName)) {
      Place p = placeOf(s.target());
      if (p.access == Access::kFast) {
        into = p.reg;
        direct = true;
      }
    }
    code().jumpCompare(Op::kForIter, into, iter.reg, done, 0);
    if (direct) markBound(into);
  }
  if (!direct) assign(s.target(), item);
  pushBlock({.kind = BlockKind::kLoop, .continue_label = again, .break_label = end, .reg = iter.reg, .has_reg = true});
  body(s.body());
  unit_->blocks.pop_back();
  position(node);
  code().jumpBack(again);
  code().bind(done);
  code().freeTo(depth);
  unit_->bound = before;
  body(s.orelse());
  intersect(unit_->bound, before);
  code().bind(end);
}

// with a as x, b as y: … is nested, item by item.
void Compiler::withStatement(NodeId node, size_t index) {
  auto s = ast_.as<ast::With>(node);
  if (index == s.items().size()) return body(s.body());
  auto item = ast_.as<ast::WithItem>(s.items()[index]);
  bool is_async = s.isAsync();
  uint32_t depth = code().depth();
  Operand exit = fresh(), result = fresh();
  exprTo(item.contextExpr(), exit.reg);
  position(item.contextExpr());
  SourcePosition where = code().position();
  code().emit(Op::kWithEnter, exit.reg, exit.reg, is_async);
  if (is_async) awaitOperand(result.reg, 1);
  Label handler = code().label(), end = code().label();
  size_t block = pushBlock({.kind = is_async ? BlockKind::kAsyncWith : BlockKind::kWith, .reg = exit.reg, .node = node, .handler = handler,
                            .level = exit.reg + 1u, .target = exit.reg + 1u, .has_range = true});
  if (item.optionalVars().valid()) assign(item.optionalVars(), result);
  else code().emit(Op::kClear, result.reg);
  std::vector<bool> before = unit_->bound;
  withStatement(node, index + 1);
  closeRange(unit_->blocks[block]);
  unit_->blocks.pop_back();
  code().at(where);
  Operand none = fresh();
  code().emit(Op::kLoadNone, none.reg);
  code().emit(Op::kWithExit, result.reg, exit.reg, none.reg, kFreeB);
  if (is_async) awaitOperand(result.reg, 2);
  code().emit(Op::kClear, result.reg);
  free(none);
  code().jump(end);
  // An exception: R[exit + 1] holds it.
  code().bind(handler);
  uint16_t exception = result.reg;
  uint16_t saved = code().temp();
  code().emit(Op::kPushHandled, saved, exception);
  Label cleanup = code().label(), swallowed = code().label();
  uint32_t begin = code().here();
  Operand answer = fresh();
  code().emit(Op::kWithExit, answer.reg, exit.reg, exception, kFreeB);
  if (is_async) awaitOperand(answer.reg, 2);
  code().jumpIf(Op::kJumpIf, answer.reg, swallowed, kWhenTrue | kFreeA);
  code().emit(Op::kReraise, exception);
  code().handler(begin, code().here(), cleanup, answer.reg, answer.reg);
  code().bind(swallowed);
  code().emit(Op::kPopHandled, saved);
  code().emit(Op::kClear, exception);
  code().jump(end);
  code().bind(cleanup);
  code().emit(Op::kPopHandled, saved);
  code().emit(Op::kClear, exit.reg);
  code().emit(Op::kReraise, answer.reg);
  code().bind(end);
  intersect(unit_->bound, before);
  code().freeTo(depth);
}

// --- simple statements
void Compiler::raiseStatement(NodeId node) {
  auto r = ast_.as<ast::Raise>(node);
  uint32_t depth = code().depth();
  Operand a{}, b{};
  if (r.exc().valid()) a = exprInTemp(r.exc());
  if (r.cause().valid()) b = exprInTemp(r.cause());
  position(node);
  code().emit(Op::kRaise, a.reg, b.reg, r.cause().valid() ? 2 : r.exc().valid() ? 1 : 0);
  code().freeTo(depth);
}

void Compiler::assertStatement(NodeId node) {
  auto a = ast_.as<ast::Assert>(node);
  Label ok = code().label();
  jumpIf(a.test(), ok, true);
  position(a.test());
  uint32_t depth = code().depth();
  Operand e;
  if (a.msg().valid()) {
    uint16_t window = code().temp(kFrameWords);
    code().emit(Op::kLoadAssertionError, window);
    uint16_t argument = code().temp();
    exprTo(a.msg(), argument);
    position(a.test());
    code().temp(3);
    code().emit(Op::kCall, window, window, 1);
    e = {window, true};
  } else {
    e = fresh();
    code().emit(Op::kLoadAssertionError, e.reg);
  }
  code().emit(Op::kRaise, e.reg, 0, 1);
  code().freeTo(depth);
  code().bind(ok);
}

void Compiler::importStatement(NodeId node) {
  for (NodeId alias_node : ast_.as<ast::Import>(node).names()) {
    auto alias = ast_.as<ast::Alias>(alias_node);
    std::string_view full = ast::nameText(ast_, alias.name());
    position(node);
    uint16_t level = code().temp(2);
    code().emit(Op::kLoadInt, level, 0);
    code().emit(Op::kLoadNone, level + 1u);
    Operand module = fresh();
    code().emit(Op::kImportName, module.reg, level, code().cache(intern(*t_.isolate, full)));
    if (alias.asname().valid()) {
      // import a.b.c as d: the innermost module.
      size_t dot = full.find('.');
      while (dot != std::string_view::npos) {
        size_t next = full.find('.', dot + 1);
        std::string_view part = full.substr(dot + 1, next == std::string_view::npos ? next : next - dot - 1);
        code().emit(Op::kImportFrom, module.reg, module.reg, code().cache(intern(*t_.isolate, part)));
        dot = next;
      }
      assign(alias.asname(), module);
    } else {
      NameId first = ast_.names().find(full.substr(0, full.find('.')));
      storeNamed(alias.name(), first.valid() ? mangled(first) : intern(*t_.isolate, full.substr(0, full.find('.'))), module);
    }
    code().freeTo(level);
  }
}

void Compiler::importFrom(NodeId node) {
  auto s = ast_.as<ast::ImportFrom>(node);
  std::string_view module_name = s.module().valid() ? ast::nameText(ast_, s.module()) : std::string_view();
  if (module_name == "__future__" && s.level() == 0) {
    for (NodeId a : s.names()) {
      if (ast::nameText(ast_, ast_.as<ast::Alias>(a).name()) == "annotations") flags_ |= kCodeFutureAnnotations;
    }
  }
  position(node);
  uint16_t level = code().temp(2);
  constantTo(Value::fromInt(s.level()), level);
  Ref names = newTuple(t_, static_cast<int64_t>(s.names().size()));
  for (size_t i = 0; i < s.names().size(); ++i) {
    names.as<Tuple>()->items()[i] = share(name(ast::nameOf(ast_, ast_.as<ast::Alias>(s.names()[i]).name())));
  }
  code().emitBc(Op::kLoadConst, level + 1u, static_cast<int32_t>(code().constant(names.get())));
  Operand module = fresh();
  code().emit(Op::kImportName, module.reg, level, code().cache(intern(*t_.isolate, module_name)));
  for (NodeId a : s.names()) {
    auto alias = ast_.as<ast::Alias>(a);
    std::string_view text = ast::nameText(ast_, alias.name());
    if (text == "*") {
      code().emit(Op::kImportStar, module.reg, 0, 0, kFreeA);
      break;
    }
    Operand v = fresh();
    position(a);
    code().emit(Op::kImportFrom, v.reg, module.reg, code().cache(intern(*t_.isolate, text)));
    position(node);
    assign(alias.asname().valid() ? alias.asname() : alias.name(), v);
    free(v);
  }
  code().emit(Op::kClear, module.reg);
  code().freeTo(level);
}

void Compiler::expressionStatement(NodeId node) {
  NodeId value = ast_.as<ast::ExprStmt>(node).value();
  if (mode_ == Mode::kSingle && unit_->outer == nullptr) {
    Operand v = exprInTemp(value);
    position(node);
    code().emit(Op::kIntrinsic, v.reg, v.reg, static_cast<uint32_t>(bytecode::Intrinsic::kPrint));
    code().emit(Op::kClear, v.reg);
    free(v);
    return;
  }
  if (ast_.is(value, NodeKind::kConstant)) return;
  exprDrop(value);
}

void Compiler::annAssign(NodeId node) {
  auto a = ast_.as<ast::AnnAssign>(node);
  if (a.value().valid()) {
    Operand v = exprInTemp(a.value());
    assign(a.target(), v);
    free(v);
  }
  bool is_name = ast_.is(a.target(), NodeKind::kName);
  if (is_name && a.isSimple()) {
    if (!unit_->is_function) recordAnnotation(node);
    return;
  }
  if (!is_name && !a.value().valid()) {  // the target's parts are evaluated
    if (ast_.is(a.target(), NodeKind::kAttribute)) exprDrop(ast_.as<ast::Attribute>(a.target()).value());
    if (ast_.is(a.target(), NodeKind::kSubscript)) {
      exprDrop(ast_.as<ast::Subscript>(a.target()).value());
      exprDrop(ast_.as<ast::Subscript>(a.target()).slice());
    }
  }
}

static bool storesLast(NodeKind kind) {
  return kind == NodeKind::kBinOp || kind == NodeKind::kCall || kind == NodeKind::kAttribute || kind == NodeKind::kSubscript || kind == NodeKind::kConstant;
}

void Compiler::statement(NodeId node) {
  position(node);
  uint32_t depth = code().depth();
  switch (ast_.kind(node)) {
    case NodeKind::kExprStmt: expressionStatement(node); break;
    case NodeKind::kAssign: {
      auto a = ast_.as<ast::Assign>(node);
      NodeList targets = a.targets();
      if (targets.size() == 1 && ast_.is(targets[0], NodeKind::kName)) {
        Place p = placeOf(targets[0]);
        if (p.access == Access::kFast && storesLast(ast_.kind(a.value()))) {
          exprTo(a.value(), p.reg);
          markBound(p.reg);
          break;
        }
      }
      Operand v = targets.size() == 1 ? expr(a.value()) : exprInTemp(a.value());
      for (size_t i = 0; i < targets.size(); ++i) assign(targets[i], {v.reg, v.is_temp && i + 1 == targets.size()});
      break;
    }
    case NodeKind::kAugAssign: augAssign(node); break;
    case NodeKind::kAnnAssign: annAssign(node); break;
    case NodeKind::kReturn: returnStatement(node); break;
    case NodeKind::kDelete:
      for (NodeId target : ast_.as<ast::Delete>(node).targets()) deleteTarget(target);
      break;
    case NodeKind::kIf: ifStatement(node); break;
    case NodeKind::kWhile: whileStatement(node); break;
    case NodeKind::kFor: forStatement(node); break;
    case NodeKind::kWith: withStatement(node, 0); break;
    case NodeKind::kTry: tryStatement(node); break;
    case NodeKind::kRaise: raiseStatement(node); break;
    case NodeKind::kAssert: assertStatement(node); break;
    case NodeKind::kImport: importStatement(node); break;
    case NodeKind::kImportFrom: importFrom(node); break;
    case NodeKind::kFunctionDef: functionDef(node); break;
    case NodeKind::kClassDef: classDef(node); break;
    case NodeKind::kTypeAlias: typeAlias(node); break;
    case NodeKind::kMatch: matchStatement(node); break;
    case NodeKind::kBreak: breakOrContinue(node, true); break;
    case NodeKind::kContinue: breakOrContinue(node, false); break;
    case NodeKind::kGlobal:
    case NodeKind::kNonlocal: break;
    case NodeKind::kPass: code().emit(Op::kNop); break;
    default: fail(node, "invalid syntax"); break;
  }
  code().freeTo(depth);
}

}  // namespace krait::compile
