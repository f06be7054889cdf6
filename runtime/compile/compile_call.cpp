// Calls: arguments are evaluated straight into the callee's window (see Frame). Also yield, await and lambda.
#include "runtime/compile/compiler.h"

namespace krait::compile {

using bytecode::kFreeB;

static bool hasStar(const Ast& tree, NodeList args) {
  for (NodeId a : args) {
    if (tree.is(a, NodeKind::kStarred)) return true;
    if (auto k = tree.tryAs<ast::Keyword>(a); k && !k->arg().valid()) return true;
  }
  return args.size() > 200;
}

// Plain and keyword arguments into the window, then the call itself.
void Compiler::callArguments(NodeList args, uint16_t window, uint32_t first, bool is_method, uint16_t dst) {
  SourcePosition here = code().position();
  code().freeTo(window + kFrameWords + first);
  std::vector<Str*> names;
  for (NodeId a : args) {
    uint16_t r = code().temp();
    if (auto k = ast_.tryAs<ast::Keyword>(a)) {
      names.push_back(mangled(ast::nameOf(ast_, k->arg())));
      exprTo(k->value(), r);
    } else {
      exprTo(a, r);
    }
  }
  code().temp(3);  // room for a bound method's self
  code().at(here);
  uint32_t count = static_cast<uint32_t>(args.size());
  if (!names.empty()) {
    Ref tuple = newTuple(t_, static_cast<int64_t>(names.size()));
    for (size_t i = 0; i < names.size(); ++i) tuple.as<Tuple>()->items()[i] = share(names[i]);
    code().emitBc(Op::kLoadConst, window + 1u, static_cast<int32_t>(code().constant(tuple.get())));
    code().emit(is_method ? Op::kCallMethodKw : Op::kCallKw, dst, window, count);
  } else {
    code().emit(is_method ? Op::kCallMethod : Op::kCall, dst, window, count);
  }
}

// f(*args, **kwargs): R[window] holds the callable; `skip_window` arguments are in the window already (decorated classes).
void Compiler::callStarred(NodeList args, uint16_t window, uint16_t dst, uint32_t skip) {
  SourcePosition here = code().position();
  code().freeTo(window + kFrameWords);
  uint16_t tuple = code().temp();
  uint16_t dict = code().temp();
  // `skip` leading values wait above the window's two argument words.
  code().emit(Op::kBuildList, tuple, tuple, 0);
  for (uint32_t i = 0; i < skip; ++i) code().emit(Op::kListAppend, tuple, dict + 1u + i, 0, kFreeB);
  if (skip > 0) code().temp(skip);
  bool any_keyword = false;
  for (NodeId a : args) {
    if (ast_.is(a, NodeKind::kKeyword)) {
      any_keyword = true;
      continue;
    }
    bool star = ast_.is(a, NodeKind::kStarred);
    Operand v = exprInTemp(star ? ast_.as<ast::Starred>(a).value() : a);
    code().at(here);
    code().emit(star ? Op::kListExtend : Op::kListAppend, tuple, v.reg, 0, kFreeB);
    free(v);
  }
  if (class_extra_base_.is_temp) code().emit(Op::kListAppend, tuple, class_extra_base_.reg, 0, kFreeB);
  code().emit(Op::kListToTuple, tuple, tuple);
  if (any_keyword) {
    code().emit(Op::kBuildMap, dict, dict, 0);
    for (NodeId a : args) {
      auto k = ast_.tryAs<ast::Keyword>(a);
      if (!k) continue;
      if (!k->arg().valid()) {
        Operand v = exprInTemp(k->value());
        code().at(here);
        code().emit(Op::kDictMerge, dict, v.reg, window, kFreeB);
        free(v);
        continue;
      }
      uint16_t pair = code().temp(2);
      constantTo(mangled(ast::nameOf(ast_, k->arg())), pair);
      exprTo(k->value(), static_cast<uint16_t>(pair + 1));
      uint16_t one = code().temp();
      code().emit(Op::kBuildMap, one, pair, 1);
      code().emit(Op::kDictMerge, dict, one, window, kFreeB);
      code().freeTo(pair);
    }
  }
  code().at(here);
  code().emit(Op::kCallEx, dst, window, any_keyword ? 1 : 0);
}

void Compiler::callTo(NodeId node, uint16_t dst) {
  auto call = ast_.as<ast::Call>(node);
  SourcePosition here = code().position();
  uint32_t depth = code().depth();
  bool starred = hasStar(ast_, call.args());
  uint16_t window = code().temp(kFrameWords + 1);
  bool is_method = !starred && ast_.is(call.func(), NodeKind::kAttribute);
  if (is_method) {
    auto a = ast_.as<ast::Attribute>(call.func());
    Operand object = expr(a.value());
    position(call.func());
    code().emit(Op::kLoadMethod, window, object.reg, code().cache(mangled(ast::nameOf(ast_, a.attr()))), object.is_temp ? kFreeB : 0);
    code().at(here);
    callArguments(call.args(), window, 1, true, dst);
  } else {
    exprTo(call.func(), window);
    code().at(here);
    if (starred) callStarred(call.args(), window, dst, 0);
    else callArguments(call.args(), window, 0, false, dst);
  }
  code().freeTo(depth);
}

// --- generators
void Compiler::yieldTo(NodeId node, uint16_t dst) {
  auto y = ast_.as<ast::Yield>(node);
  SourcePosition here = code().position();
  Operand v = fresh();
  if (y.value().valid()) exprTo(y.value(), v.reg);
  else code().emit(Op::kLoadNone, v.reg);
  code().at(here);
  if (unit_->is_async) code().emit(Op::kAsyncGenWrap, v.reg);
  code().emit(Op::kYield, v.reg);
  code().emit(Op::kTake, dst, v.reg);
  free(v);
}

// value = None; while the iterator yields: give it on. Leaves the result in `value`.
void Compiler::sendLoop(uint16_t value, uint16_t iterator) {
  Label done = code().label(), again = code().label();
  code().emit(Op::kLoadNone, value);
  code().bind(again);
  code().jumpCompare(Op::kSend, value, iterator, done, 0);
  code().emit(Op::kYield, value);
  code().jumpBack(again);
  code().bind(done);
}

void Compiler::yieldFromTo(NodeId node, uint16_t dst) {
  SourcePosition here = code().position();
  Operand value = fresh(), iterator = fresh();
  exprTo(ast_.as<ast::YieldFrom>(node).value(), iterator.reg);
  code().at(here);
  code().emit(Op::kGetYieldFromIter, iterator.reg, iterator.reg);
  sendLoop(value.reg, iterator.reg);
  code().emit(Op::kTake, dst, value.reg);
  free(value);
}

// reg = await reg. kind: 0 plain, 1 __aenter__, 2 __aexit__.
void Compiler::awaitOperand(uint16_t reg, int kind) {
  Operand iterator = fresh();
  code().emit(Op::kGetAwaitable, iterator.reg, reg, static_cast<uint32_t>(kind), kFreeB);
  sendLoop(reg, iterator.reg);
  free(iterator);
}

void Compiler::awaitTo(NodeId node, uint16_t dst) {
  SourcePosition here = code().position();
  Operand v = exprInTemp(ast_.as<ast::Await>(node).value());
  code().at(here);
  awaitOperand(v.reg, 0);
  code().emit(Op::kTake, dst, v.reg);
  free(v);
}

}  // namespace krait::compile
