// Comprehensions and generator expressions. List, set and dict comprehensions run in their parent's registers (PEP 709)
// when the semantic model says so; the others are functions of their own, called with the first iterable.
#include "runtime/compile/compiler.h"

namespace krait::compile {

using bytecode::kFreeB;
using bytecode::kFreeC;
using semantic::Binding;

uint32_t fixedRegisters(const SemanticModel& model, ScopeId scope, size_t free_count);

static NodeList generatorsOf(const Ast& tree, NodeId node) {
  return tree.list(node, tree.is(node, NodeKind::kDictComp) ? 2 : 1);
}

void Compiler::comprehensionElement(NodeId node, uint16_t result) {
  if (auto d = ast_.tryAs<ast::DictComp>(node)) {
    Operand k = exprInTemp(d->key());
    Operand v = exprInTemp(d->value());
    code().emit(Op::kMapAdd, result, k.reg, v.reg, kFreeB | kFreeC);
    free(k);
    return;
  }
  NodeId element = ast_.child(node, 0);
  if (ast_.is(node, NodeKind::kGeneratorExp)) {
    Operand v = fresh();
    exprTo(element, v.reg);
    position(element);
    if (unit_->is_async) code().emit(Op::kAsyncGenWrap, v.reg);
    code().emit(Op::kYield, v.reg);
    code().emit(Op::kClear, v.reg);
    free(v);
    return;
  }
  Operand v = expr(element);
  code().emit(ast_.is(node, NodeKind::kListComp) ? Op::kListAppend : Op::kSetAdd, result, v.reg, 0, v.is_temp ? kFreeB : 0);
  free(v);
}

// The loops from `generator` on. first_iter: the iterator of the first one when it exists already.
void Compiler::comprehensionBody(NodeId node, size_t generator, uint16_t result, Operand first_iter) {
  NodeList generators = generatorsOf(ast_, node);
  if (generator == generators.size()) return comprehensionElement(node, result);
  auto g = ast_.as<ast::Comprehension>(generators[generator]);
  uint32_t depth = code().depth();
  Operand iter = first_iter;
  if (generator > 0) {
    iter = exprInTemp(g.iter());
    position(g.iter());
    code().emit(g.isAsync() ? Op::kGetAIter : Op::kGetIter, iter.reg, iter.reg);
  }
  Label again = code().label(), end = code().label();
  Operand item = fresh();
  code().bind(again);
  position(g.target());
  if (g.isAsync()) {
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
    code().jump(end);
    code().bind(got);
  } else {
    code().jumpCompare(Op::kForIter, item.reg, iter.reg, end, 0);
  }
  assign(g.target(), item);
  for (NodeId condition : g.ifs()) jumpIf(condition, again, false);
  comprehensionBody(node, generator + 1, result, {});
  code().jumpBack(again);
  code().bind(end);
  code().freeTo(depth);
}

void Compiler::comprehensionTo(NodeId node, uint16_t dst) {
  ScopeId scope = model_.scopeOf(node);
  if (!model_[scope].has(semantic::kInlined)) return compileComprehensionUnit(node, dst);
  auto g = ast_.as<ast::Comprehension>(generatorsOf(ast_, node)[0]);
  SourcePosition here = code().position();
  Operand iter = exprInTemp(g.iter());
  position(g.iter());
  code().emit(g.isAsync() ? Op::kGetAIter : Op::kGetIter, iter.reg, iter.reg);
  code().at(here);
  size_t homes = unit_->homes.size();
  Operand result = fresh();
  std::vector<uint16_t> own;
  for (SymbolId id : model_.symbolsOf(scope)) {
    const semantic::Symbol& s = model_[id];
    if (s.binding != Binding::kLocal && s.binding != Binding::kCell) continue;
    if (s.flags & semantic::kFromComprehension) continue;
    uint16_t r = code().temp();
    bool cell = s.binding == Binding::kCell || (s.flags & semantic::kCompCell);
    code().emit(Op::kClear, r);
    if (cell) code().emit(Op::kMakeCell, r);
    unit_->homes.push_back({s.name, id, {cell ? Access::kCell : Access::kFast, r}});
    own.push_back(r);
  }
  Op build = ast_.is(node, NodeKind::kListComp) ? Op::kBuildList : ast_.is(node, NodeKind::kSetComp) ? Op::kBuildSet : Op::kBuildMap;
  code().emit(build, result.reg, result.reg, 0);
  std::vector<bool> saved = unit_->bound;
  comprehensionBody(node, 0, result.reg, iter);
  unit_->bound = saved;
  for (uint16_t r : own) code().emit(Op::kClear, r);
  unit_->homes.resize(homes);
  code().at(here);
  code().emit(Op::kTake, dst, result.reg);
  free(iter);
}

void Compiler::compileComprehensionUnit(NodeId node, uint16_t dst) {
  ScopeId scope = model_.scopeOf(node);
  auto g = ast_.as<ast::Comprehension>(generatorsOf(ast_, node)[0]);
  bool is_generator = ast_.is(node, NodeKind::kGeneratorExp);
  std::string_view name = is_generator ? "<genexpr>" : ast_.is(node, NodeKind::kListComp) ? "<listcomp>" : ast_.is(node, NodeKind::kSetComp) ? "<setcomp>" : "<dictcomp>";
  std::vector<NameId> names = freeNames(scope);
  bool is_async = model_[scope].has(semantic::kCoroutine);
  Ref result_code;
  {
    // The iterator comes in as a parameter called ".0", before the scope's own symbols.
    Unit unit(t_, fixedRegisters(model_, scope, names.size()) + 1, scope);
    unit.qualname = childQualname(name, scope, SymbolId::none());
    unit.code.parts.local_names.push_back(intern(*t_.isolate, ".0"));
    unit.code.parts.arg_count = 1;
    unit.leading_parameters = 1;
    enterUnit(unit, scope, name, node);
    Operand iter = fresh();
    code().emit(Op::kTake, iter.reg, 0);
    Operand result = fresh();
    if (!is_generator) {
      Op build = ast_.is(node, NodeKind::kListComp) ? Op::kBuildList : ast_.is(node, NodeKind::kSetComp) ? Op::kBuildSet : Op::kBuildMap;
      code().emit(build, result.reg, result.reg, 0);
    }
    comprehensionBody(node, 0, result.reg, iter);
    if (is_generator) code().emit(Op::kReturnConst, code().constant(Value::none()));
    else code().emit(Op::kReturn, result.reg);
    result_code = leaveUnit(unit, name, lineOf(node));
  }
  if (!result_code) return;
  uint32_t depth = code().depth();
  SourcePosition here = code().position();
  uint16_t window = code().temp(kFrameWords + 4);
  makeFunction(std::move(result_code), names, window);
  uint16_t argument = static_cast<uint16_t>(window + kFrameWords);
  code().freeTo(argument + 1u);
  exprTo(g.iter(), argument);
  position(g.iter());
  code().emit(g.isAsync() ? Op::kGetAIter : Op::kGetIter, argument, argument);
  code().at(here);
  code().temp(3);
  code().emit(Op::kCall, dst, window, 1);
  code().freeTo(depth);
  if (is_async && !is_generator) {
    Operand v = fresh();
    code().emit(Op::kTake, v.reg, dst);
    awaitOperand(v.reg, 0);
    code().emit(Op::kTake, dst, v.reg);
    free(v);
  }
}

}  // namespace krait::compile
