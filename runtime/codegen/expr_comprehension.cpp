// Comprehensions. List, set and dict comprehensions run in the frame around them (PEP 709): their variables are registers of
// their own, cleared at the end. Generator expressions, and comprehensions in annotation scopes of a class, are functions of
// one argument, the iterator of the first `for`.
#include "runtime/codegen/expr.h"
#include "runtime/codegen/names.h"
#include "runtime/codegen/stmt.h"
#include "runtime/codegen/unit.h"

namespace krait::codegen {

static NodeList generatorsOf(CompileContext& c, NodeId node) { return c.ast.list(node, c.ast.is(node, NodeKind::kDictComp) ? 2 : 1); }

// Adds the element to the collection in `result`, or yields it.
static void addElement(CompileContext& c, NodeId node, uint16_t result) {
  TempScope temps(c);
  if (c.ast.is(node, NodeKind::kDictComp)) {
    auto comp = c.ast.as<syntax::DictComp>(node);
    Operand key = operandOf(c, comp.key());
    Operand value = operandOf(c, comp.value());
    at(c, TextRange{c.ast.range(comp.key()).begin, c.ast.range(comp.value()).end});
    return emit(c, Op::kMapAdd, result, key.reg, value.reg, static_cast<uint8_t>(freeB(key) | freeC(value)));
  }
  NodeId element = c.ast.child(node, 0);
  if (c.ast.is(node, NodeKind::kGeneratorExp)) {
    uint16_t value = exprToTemp(c, element);
    at(c, element);
    if (c.u->is_async) emit(c, Op::kAsyncGenWrap, value);
    emit(c, Op::kYield, value);
    return emit(c, Op::kClear, value);
  }
  Operand value = operandOf(c, element);
  at(c, element);
  emit(c, c.ast.is(node, NodeKind::kListComp) ? Op::kListAppend : Op::kSetAdd, result, value.reg, 0, freeB(value));
}

static void generatorLoop(CompileContext& c, NodeId node, size_t index, uint16_t result, uint16_t iterator);

// What stands inside `for` number `index`: its conditions, then the next `for` or the element.
static void loopBody(CompileContext& c, NodeId node, size_t index, uint16_t result, Label skip) {
  NodeList generators = generatorsOf(c, node);
  auto generator = c.ast.as<syntax::Comprehension>(generators[index]);
  // A condition that fails goes to the loop's end, whose jump back is a safe point.
  for (NodeId condition : generator.ifs()) jumpOnTruth(c, condition, skip, false);
  if (index + 1 == generators.size()) return addElement(c, node, result);
  auto next = c.ast.as<syntax::Comprehension>(generators[index + 1]);
  TempScope temps(c);
  uint16_t iterator = allocTemp(c);
  if (next.isAsync()) exprTo(c, next.iter(), iterator);
  else iterableTo(c, next.iter(), iterator);
  at(c, next.iter());
  emit(c, next.isAsync() ? Op::kGetAIter : Op::kGetIter, iterator, iterator, 0, bytecode::kFreeB);
  generatorLoop(c, node, index + 1, result, iterator);
}

static void generatorLoop(CompileContext& c, NodeId node, size_t index, uint16_t result, uint16_t iterator) {
  auto generator = c.ast.as<syntax::Comprehension>(generatorsOf(c, node)[index]);
  Label again = newLabel(c), end = newLabel(c);
  bindLoop(c, again);
  Block exhausted;
  at(c, generator.iter());
  if (generator.isAsync()) {
    exhausted = emitAsyncNext(c, iterator, generator.target());
  } else {
    emitForNext(c, iterator, generator.target(), end);
  }
  Label skip = newLabel(c);
  loopBody(c, node, index, result, skip);
  at(c, index + 1 == generatorsOf(c, node).size() ? c.ast.child(node, 0) : node);  // the step back belongs to the element
  bindLabel(c, skip);
  jump(c, again);
  if (generator.isAsync()) endAsyncLoop(c, exhausted, iterator);
  bindLabel(c, end);
}

static Op emptyCollection(NodeKind kind) {
  if (kind == NodeKind::kListComp) return Op::kBuildList;
  return kind == NodeKind::kSetComp ? Op::kBuildSet : Op::kBuildMap;
}

static void ownVariables(CompileContext& c, ScopeId scope, std::vector<uint16_t>& registers, std::vector<uint16_t>& cells) {
  for (SymbolId id : c.model.symbolsOf(scope)) {
    const Symbol& symbol = c.model[id];
    uint16_t reg = c.register_of[id.value];
    if (reg == kNoRegister || (symbol.flags & (semantic::kFromComprehension | semantic::kRemoved))) continue;
    if (symbol.binding != Binding::kLocal && symbol.binding != Binding::kCell) continue;
    registers.push_back(reg);
    if (symbol.binding == Binding::kCell) cells.push_back(reg);
  }
}

static void declareCells(CompileContext& c, ScopeId scope, const std::vector<uint16_t>& cells) {
  CodeUnit& code = *c.u->code;
  for (uint16_t reg : cells) {
    emit(c, Op::kMakeCell, reg);
    bool known = false;
    for (uint32_t r : code.cell_registers) known |= r == reg;
    if (known) continue;
    code.cell_registers.push_back(reg);
    code.cell_names.push_back(code.local_names[reg]);
  }
  (void)scope;
}

static void inlinedTo(CompileContext& c, NodeId node, ScopeId scope, uint16_t dst) {
  auto first = c.ast.as<syntax::Comprehension>(generatorsOf(c, node)[0]);
  TempScope temps(c);
  uint16_t work = workRegister(c, dst);
  uint16_t iterator = allocTemp(c);
  if (first.isAsync()) exprTo(c, first.iter(), iterator);
  else iterableTo(c, first.iter(), iterator);
  at(c, first.iter());
  emit(c, first.isAsync() ? Op::kGetAIter : Op::kGetIter, iterator, iterator, 0, bytecode::kFreeB);
  std::vector<uint16_t> registers, cells;
  ownVariables(c, scope, registers, cells);
  for (uint16_t r : registers) c.u->bound.remove(r);
  at(c, node);
  Block clearing;
  pushBlock(c, clearing, true);
  c.u->comprehensions.push_back(scope);
  declareCells(c, scope, cells);
  emit(c, emptyCollection(c.ast.kind(node)), work, work, 0);
  generatorLoop(c, node, 0, work, iterator);
  c.u->comprehensions.pop_back();
  Block block = popBlock(c);
  ClearingHandler handler{block.handler, block.level, registers, c.ast.range(node), {}, 0};
  for (const Block& around : c.u->blocks) {
    if (around.handler.valid()) handler.outer = around.handler, handler.outer_level = around.level;
  }
  c.u->clearing.push_back(std::move(handler));
  at(c, node);
  for (uint16_t r : registers) {
    emit(c, Op::kClear, r);
    c.u->bound.remove(r);
  }
  settle(c, work, dst);
}

static void functionBody(CompileContext& c, NodeId node) {
  TempScope temps(c);
  bool is_generator = c.ast.is(node, NodeKind::kGeneratorExp);
  uint16_t result = kNoRegister;
  if (!is_generator) {
    result = allocTemp(c);
    at(c, node);
    emit(c, emptyCollection(c.ast.kind(node)), result, result, 0);
  }
  uint16_t iterator = allocTemp(c);
  emit(c, Op::kTake, iterator, 0);
  generatorLoop(c, node, 0, result, iterator);
  at(c, node);
  if (is_generator) emitReturnNone(c);
  else emit(c, Op::kReturn, result);
}

void comprehensionTo(CompileContext& c, NodeId node, uint16_t dst) {
  ScopeId scope = c.model.scopeOf(node);
  if (!scope.valid()) return fail(c, node, "invalid syntax");
  if (c.model[scope].has(semantic::kInlined)) return inlinedTo(c, node, scope, dst);
  NodeKind kind = c.ast.kind(node);
  NameId name = kind == NodeKind::kGeneratorExp ? c.special.genexpr_name
                : kind == NodeKind::kListComp   ? c.special.listcomp_name
                : kind == NodeKind::kSetComp    ? c.special.setcomp_name
                                                : c.special.dictcomp_name;
  UnitSpec spec{.scope = scope, .kind = c.model[scope].kind, .node = node, .name = c.names.text(name)};
  spec.implicit_parameter = c.special.dot_zero;
  uint32_t child = compileChild(c, spec, [&] { functionBody(c, node); });
  auto first = c.ast.as<syntax::Comprehension>(generatorsOf(c, node)[0]);
  TempScope temps(c);
  uint16_t window = allocTemp(c);
  at(c, node);
  makeFunction(c, child, window);
  reserveTo(c, window + kWindowHeader);
  uint16_t iterator = allocTemp(c);
  if (first.isAsync()) exprTo(c, first.iter(), iterator);
  else iterableTo(c, first.iter(), iterator);
  at(c, first.iter());
  emit(c, first.isAsync() ? Op::kGetAIter : Op::kGetIter, iterator, iterator, 0, bytecode::kFreeB);
  at(c, node);
  bool awaited = kind != NodeKind::kGeneratorExp && c.model[scope].has(semantic::kCoroutine);
  uint16_t result = awaited ? window : dst;
  emitCall(c, result, window, 1);
  if (!awaited) return;
  c.u->top = static_cast<uint16_t>(window + 1);
  awaitRegister(c, window, AwaitKind::kPlain);
  emit(c, Op::kTake, dst, window);
}

}  // namespace krait::codegen
