// Arithmetic, `not`, `and`, `or`, `a if b else c`, `:=`, and jumping by the truth of an expression.
#include "runtime/codegen/expr.h"
#include "runtime/codegen/fold.h"
#include "runtime/codegen/names.h"

namespace krait::codegen {

using syntax::BinaryOp;
using syntax::UnaryOperator;

Op binaryOpcode(BinaryOp op, bool constant_right) {
  static constexpr Op kPlain[] = {Op::kAdd, Op::kSub, Op::kMul, Op::kMatMul, Op::kTrueDiv, Op::kMod, Op::kPow,
                                  Op::kLShift, Op::kRShift, Op::kOr, Op::kXor, Op::kAnd, Op::kFloorDiv};
  static constexpr Op kConstant[] = {Op::kAddK, Op::kSubK, Op::kMulK, Op::kMatMulK, Op::kTrueDivK, Op::kModK, Op::kPowK,
                                     Op::kLShiftK, Op::kRShiftK, Op::kOrK, Op::kXorK, Op::kAndK, Op::kFloorDivK};
  return (constant_right ? kConstant : kPlain)[static_cast<int>(op)];
}

void emitBinary(CompileContext& c, BinaryOp op, uint16_t dst, const Operand& left, const Operand& right, uint8_t flags) {
  emit(c, binaryOpcode(op, right.is_constant), dst, left.reg, right.reg, static_cast<uint8_t>(flags | freeB(left) | freeC(right)));
}

// A chain `a + b + c …` leans left and can be long: it is walked, not recursed into.
void binaryTo(CompileContext& c, NodeId node, uint16_t dst) {
  std::vector<NodeId> spine;
  NodeId left_most = node;
  while (c.ast.is(left_most, NodeKind::kBinOp)) {
    spine.push_back(left_most);
    left_most = c.ast.as<syntax::BinOp>(left_most).left();
  }
  TempScope temps(c);
  // The constant beginning of the chain.
  Constant folded;
  bool is_constant = foldConstant(c, left_most, folded);
  size_t i = spine.size();
  while (is_constant && i > 0) {
    auto step = c.ast.as<syntax::BinOp>(spine[i - 1]);
    Constant right, result;
    if (!foldConstant(c, step.right(), right) || !foldBinary(step.op(), folded, right, result)) break;
    folded = std::move(result);
    --i;
  }
  uint16_t work = i > 1 ? workRegister(c, dst) : hintOf(c, dst);
  Operand left;
  if (is_constant) {
    left = {work != kNoRegister ? work : allocTemp(c), true, false};
    at(c, left_most);
    loadConstant(c, folded, left.reg);
  } else {
    left = operandOf(c, left_most, work);
  }
  for (; i > 0; --i) {
    auto step = c.ast.as<syntax::BinOp>(spine[i - 1]);
    TempScope step_temps(c);
    Operand right = operandOrConstant(c, step.right());
    at(c, step.id);
    uint16_t to = i == 1 ? dst : work;
    emitBinary(c, step.op(), to, left, right);
    left = {to, true, false};
  }
}

void unaryTo(CompileContext& c, NodeId node, uint16_t dst) {
  auto unary = c.ast.as<syntax::UnaryOp>(node);
  if (unary.op() == UnaryOperator::kNot && negatedTestTo(c, node, unary.operand(), dst)) return;
  TempScope temps(c);
  Operand value = operandOf(c, unary.operand(), hintOf(c, dst));
  at(c, node);
  static constexpr Op kOps[] = {Op::kInvert, Op::kNot, Op::kPositive, Op::kNegative};
  emit(c, kOps[static_cast<int>(unary.op())], dst, value.reg, 0, freeB(value));
}

// Is evaluating it so plain that nobody can see whether another value was released before?
static bool isPlainValue(CompileContext& c, NodeId node) {
  return c.ast.is(node, NodeKind::kConstant) || c.ast.is(node, NodeKind::kName);
}

void boolOpTo(CompileContext& c, NodeId node, uint16_t dst) {
  auto op = c.ast.as<syntax::BoolOp>(node);
  bool stop_when = op.op() == syntax::BoolOperator::kOr;
  TempScope temps(c);
  uint16_t work = workRegister(c, dst);
  Label end = newLabel(c);
  NodeList values = op.values();
  for (size_t i = 0; i < values.size(); ++i) {
    bool is_last = i + 1 == values.size();
    if (!is_last) {
      int truth = constantTruth(c, values[i]);
      if (truth == (stop_when ? 0 : 1)) continue;
    }
    exprTo(c, values[i], work);
    if (is_last) break;
    at(c, values[i]);
    jumpIf(c, {work, false, false}, end, stop_when);
    if (!isPlainValue(c, values[i + 1])) emit(c, Op::kClear, work);
  }
  bindLabel(c, end);
  settle(c, work, dst);
}

void ifExpTo(CompileContext& c, NodeId node, uint16_t dst) {
  auto choice = c.ast.as<syntax::IfExp>(node);
  int truth = constantTruth(c, choice.test());
  if (truth >= 0) return exprTo(c, truth ? choice.body() : choice.orelse(), dst);
  Label orelse = newLabel(c), end = newLabel(c);
  jumpOnTruth(c, choice.test(), orelse, false);
  exprTo(c, choice.body(), dst);
  jump(c, end);
  bindLabel(c, orelse);
  exprTo(c, choice.orelse(), dst);
  bindLabel(c, end);
}

void namedExprTo(CompileContext& c, NodeId node, uint16_t dst) {
  auto named = c.ast.as<syntax::NamedExpr>(node);
  Place place = placeOfNode(c, named.target(), false);
  uint16_t reg = directRegister(place);
  if (reg != kNoRegister) {
    exprTo(c, named.value(), reg);
    markBound(c, reg);
    at(c, node);
    return emit(c, Op::kMove, dst, reg);
  }
  TempScope temps(c);
  uint16_t work = workRegister(c, dst);
  exprTo(c, named.value(), work);
  at(c, named.target());
  storePlace(c, place, {work, false, false});
  settle(c, work, dst);
}

static void jumpOnBoolOp(CompileContext& c, NodeId node, Label target, bool when) {
  auto op = c.ast.as<syntax::BoolOp>(node);
  bool stop_when = op.op() == syntax::BoolOperator::kOr;
  NodeList values = op.values();
  Label end = newLabel(c);
  for (size_t i = 0; i + 1 < values.size(); ++i) {
    // A value that decides the whole jumps to the target or past it.
    jumpOnTruth(c, values[i], stop_when == when ? target : end, stop_when);
  }
  jumpOnTruth(c, values.back(), target, when);
  bindLabel(c, end);
}

void jumpOnTruth(CompileContext& c, NodeId node, Label target, bool when) {
  DepthGuard guard(c, node);
  if (!guard.ok()) return;
  int truth = constantTruth(c, node);
  if (truth >= 0) {
    if ((truth != 0) == when) jump(c, target);
    return;
  }
  switch (c.ast.kind(node)) {
    case NodeKind::kBoolOp: return jumpOnBoolOp(c, node, target, when);
    case NodeKind::kCompare: return jumpOnCompare(c, node, target, when);
    case NodeKind::kUnaryOp:
      if (c.ast.as<syntax::UnaryOp>(node).op() == UnaryOperator::kNot) {
        return jumpOnTruth(c, c.ast.as<syntax::UnaryOp>(node).operand(), target, !when);
      }
      break;
    case NodeKind::kIfExp: {
      auto choice = c.ast.as<syntax::IfExp>(node);
      Label orelse = newLabel(c), end = newLabel(c);
      jumpOnTruth(c, choice.test(), orelse, false);
      jumpOnTruth(c, choice.body(), target, when);
      jump(c, end);
      bindLabel(c, orelse);
      jumpOnTruth(c, choice.orelse(), target, when);
      return bindLabel(c, end);
    }
    default: break;
  }
  TempScope temps(c);
  Operand value = operandOf(c, node);
  at(c, node);
  jumpIf(c, value, target, when);
}

}  // namespace krait::codegen
