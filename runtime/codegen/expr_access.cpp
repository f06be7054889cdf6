// Attributes, subscripts and slices.
#include "runtime/codegen/expr.h"
#include "runtime/codegen/fold.h"
#include "runtime/codegen/names.h"

namespace krait::codegen {

// Zero-argument `super()` of a method: its class cell and first argument, when the plain builtin is meant.
static bool isPlainSuper(CompileContext& c, NodeId node) {
  if (!c.ast.is(node, NodeKind::kCall) || c.u->kind != ScopeKind::kFunction || c.u->code->arg_count == 0) return false;
  auto call = c.ast.as<syntax::Call>(node);
  if (!call.args().empty() || !c.ast.is(call.func(), NodeKind::kName) || !c.u->comprehensions.empty()) return false;
  if (c.ast.as<syntax::Name>(call.func()).name() != c.special.super) return false;
  SymbolId symbol = c.model.symbolAt(call.func());
  if (!symbol.valid() || c.model[symbol].binding != Binding::kGlobalImplicit) return false;
  if (c.model.isBound(c.model.resolve(symbol)) || c.model.hasStarImport()) return false;
  return cellForChild(c, c.special.dunder_class) != kNoRegister;
}

static void superAttributeTo(CompileContext& c, const syntax::Attribute& attribute, uint16_t dst) {
  TempScope temps(c);
  uint16_t first = allocTemp(c, 2);
  at(c, attribute.value());
  emit(c, Op::kLoadDeref, first, cellForChild(c, c.special.dunder_class));
  bool is_cell = false;
  for (uint32_t r : c.u->code->cell_registers) is_cell |= r == 0;
  emit(c, is_cell ? Op::kLoadDeref : Op::kMove, first + 1u, 0);
  at(c, attribute.id);
  emit(c, Op::kLoadSuperAttr, dst, first, addCache(c, mangled(c, syntax::nameOf(c.ast, attribute.attr()))));
}

void attributeTo(CompileContext& c, NodeId node, uint16_t dst) {
  auto attribute = c.ast.as<syntax::Attribute>(node);
  if (isPlainSuper(c, attribute.value())) return superAttributeTo(c, attribute, dst);
  TempScope temps(c);
  Operand object = operandOf(c, attribute.value(), hintOf(c, dst));
  at(c, node);
  emit(c, Op::kLoadAttr, dst, object.reg, addCache(c, mangled(c, syntax::nameOf(c.ast, attribute.attr()))), freeB(object));
}

bool isSimpleSlice(CompileContext& c, NodeId node) { return c.ast.is(node, NodeKind::kSlice) && !c.ast.as<syntax::Slice>(node).step().valid(); }

uint16_t sliceBounds(CompileContext& c, NodeId node) {
  auto slice = c.ast.as<syntax::Slice>(node);
  uint16_t first = c.u->top;
  for (NodeId part : {slice.lower(), slice.upper()}) {
    uint16_t reg = allocTemp(c);
    at(c, node);
    if (part.valid()) exprTo(c, part, reg);
    else loadNone(c, reg);
  }
  return first;
}

void subscriptTo(CompileContext& c, NodeId node, uint16_t dst) {
  auto subscript = c.ast.as<syntax::Subscript>(node);
  TempScope temps(c);
  Operand object = operandOf(c, subscript.value(), hintOf(c, dst));
  if (isSimpleSlice(c, subscript.slice())) {
    uint16_t bounds = sliceBounds(c, subscript.slice());
    at(c, node);
    return emit(c, Op::kGetSlice, dst, object.reg, bounds, freeB(object));
  }
  Operand key = operandOrConstant(c, subscript.slice());
  at(c, node);
  if (key.is_constant) return emit(c, Op::kGetItemK, dst, object.reg, key.reg, freeB(object));
  emit(c, Op::kGetItem, dst, object.reg, key.reg, static_cast<uint8_t>(freeB(object) | freeC(key)));
}

void sliceTo(CompileContext& c, NodeId node, uint16_t dst) {
  auto slice = c.ast.as<syntax::Slice>(node);
  TempScope temps(c);
  uint32_t count = slice.step().valid() ? 3 : 2;
  NodeId parts[3] = {slice.lower(), slice.upper(), slice.step()};
  uint16_t first = c.u->top;
  for (uint32_t i = 0; i < count; ++i) {
    uint16_t reg = allocTemp(c);
    at(c, node);
    if (parts[i].valid()) exprTo(c, parts[i], reg);
    else loadNone(c, reg);
  }
  at(c, node);
  emit(c, Op::kBuildSlice, dst, first, count);
}

}  // namespace krait::codegen
