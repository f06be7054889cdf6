#include "runtime/codegen/expr.h"

#include "runtime/codegen/fold.h"
#include "runtime/codegen/names.h"
#include "runtime/codegen/watch.h"

namespace krait::codegen {

static bool isFoldableKind(NodeKind kind) {
  return kind == NodeKind::kUnaryOp || kind == NodeKind::kBinOp || kind == NodeKind::kTuple || kind == NodeKind::kName;
}

static void nameTo(CompileContext& c, NodeId node, uint16_t dst) { loadPlace(c, placeOfNode(c, node, true), dst); }

static void formTo(CompileContext& c, NodeId node, uint16_t dst) {
  DepthGuard guard(c, node);
  if (!guard.ok()) return;
  at(c, node);
  NodeKind kind = c.ast.kind(node);
  if (kind == NodeKind::kConstant || isFoldableKind(kind)) {
    Constant value;
    if (foldConstant(c, node, value)) return loadConstant(c, value, dst);
  }
  switch (kind) {
    case NodeKind::kName: return nameTo(c, node, dst);
    case NodeKind::kBinOp: return binaryTo(c, node, dst);
    case NodeKind::kUnaryOp: return unaryTo(c, node, dst);
    case NodeKind::kBoolOp: return boolOpTo(c, node, dst);
    case NodeKind::kIfExp: return ifExpTo(c, node, dst);
    case NodeKind::kNamedExpr: return namedExprTo(c, node, dst);
    case NodeKind::kCompare: return compareTo(c, node, dst);
    case NodeKind::kAttribute: return attributeTo(c, node, dst);
    case NodeKind::kSubscript: return subscriptTo(c, node, dst);
    case NodeKind::kSlice: return sliceTo(c, node, dst);
    case NodeKind::kTuple: return tupleTo(c, c.ast.as<syntax::Tuple>(node).elts(), dst);
    case NodeKind::kList: return listTo(c, c.ast.as<syntax::List>(node).elts(), dst);
    case NodeKind::kSet: return setTo(c, c.ast.as<syntax::Set>(node).elts(), dst);
    case NodeKind::kDict: return dictTo(c, node, dst);
    case NodeKind::kCall: return callTo(c, node, dst);
    case NodeKind::kJoinedStr: return joinedStrTo(c, node, dst);
    case NodeKind::kInterpolation:
    case NodeKind::kFormattedValue: return formattedValueTo(c, node, dst);
    case NodeKind::kTemplateStr: return templateStrTo(c, node, dst);
    case NodeKind::kListComp:
    case NodeKind::kSetComp:
    case NodeKind::kDictComp:
    case NodeKind::kGeneratorExp: return comprehensionTo(c, node, dst);
    case NodeKind::kLambda: return lambdaTo(c, node, dst);
    case NodeKind::kYield: return yieldTo(c, node, dst);
    case NodeKind::kYieldFrom: return yieldFromTo(c, node, dst);
    case NodeKind::kAwait: return awaitTo(c, node, dst);
    case NodeKind::kStarred: {
      // `x[*a]`, `for y in *a, b`: a tuple of one starred element.
      NodeId elements[1] = {node};
      return tupleTo(c, NodeList(elements, 1), dst);
    }
    case NodeKind::kErrorExpr: return failTooDeep(c, node);
    default: return fail(c, node, "invalid syntax");
  }
}

void exprTo(CompileContext& c, NodeId node, uint16_t dst) {
  formTo(c, node, dst);
  observeExpression(c, node, dst);
}

Operand operandOf(CompileContext& c, NodeId node, uint16_t hint) {
  if (c.ast.is(node, NodeKind::kName)) {
    Operand in_place;
    at(c, node);
    if (c.ast.as<syntax::Name>(node).name() != c.special.debug && readInPlace(c, placeOfNode(c, node, true), in_place)) {
      observeExpression(c, node, in_place.reg);
      return in_place;
    }
  }
  uint16_t reg = hint != kNoRegister ? hint : allocTemp(c);
  exprTo(c, node, reg);
  return {reg, true, false};
}

Operand operandOrConstant(CompileContext& c, NodeId node) {
  NodeKind kind = c.ast.kind(node);
  if ((kind == NodeKind::kConstant || isFoldableKind(kind)) && c.u->is_reachable) {
    Constant value;
    if (foldConstant(c, node, value)) {
      uint32_t index = addConstant(c, value);
      if (index <= 0xffff) return {static_cast<uint16_t>(index), false, true};
    }
  }
  return operandOf(c, node);
}

uint16_t exprToTemp(CompileContext& c, NodeId node) {
  uint16_t reg = allocTemp(c);
  exprTo(c, node, reg);
  return reg;
}

void exprDiscard(CompileContext& c, NodeId node) {
  NodeKind kind = c.ast.kind(node);
  if (kind == NodeKind::kConstant) return;
  TempScope temps(c);
  Operand value = operandOf(c, node);
  if (value.is_temp) emit(c, Op::kClear, value.reg);
}

}  // namespace krait::codegen
