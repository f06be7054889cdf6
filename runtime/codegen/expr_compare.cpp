// Comparisons, chained ones too, as values and as jumps.
#include "runtime/codegen/expr.h"
#include "runtime/codegen/fold.h"

namespace krait::codegen {

using syntax::CompareOperator;

static Op valueOpcode(CompareOperator op, bool constant) {
  switch (op) {
    case CompareOperator::kEq: return constant ? Op::kEqK : Op::kEq;
    case CompareOperator::kNotEq: return constant ? Op::kNeK : Op::kNe;
    case CompareOperator::kLt: return constant ? Op::kLtK : Op::kLt;
    case CompareOperator::kLtE: return constant ? Op::kLeK : Op::kLe;
    case CompareOperator::kGt: return constant ? Op::kGtK : Op::kGt;
    case CompareOperator::kGtE: return constant ? Op::kGeK : Op::kGe;
    case CompareOperator::kIs: return Op::kIs;
    case CompareOperator::kIsNot: return Op::kIsNot;
    case CompareOperator::kIn: return Op::kIn;
    case CompareOperator::kNotIn: return Op::kNotIn;
  }
  return Op::kNop;
}

static Op jumpOpcode(CompareOperator op, bool constant) {
  switch (op) {
    case CompareOperator::kEq: return constant ? Op::kJumpIfEqK : Op::kJumpIfEq;
    case CompareOperator::kNotEq: return constant ? Op::kJumpIfNeK : Op::kJumpIfNe;
    case CompareOperator::kLt: return constant ? Op::kJumpIfLtK : Op::kJumpIfLt;
    case CompareOperator::kLtE: return constant ? Op::kJumpIfLeK : Op::kJumpIfLe;
    case CompareOperator::kGt: return constant ? Op::kJumpIfGtK : Op::kJumpIfGt;
    default: return constant ? Op::kJumpIfGeK : Op::kJumpIfGe;
  }
}

static bool isOrdering(CompareOperator op) { return op <= CompareOperator::kGtE; }
static bool isIdentity(CompareOperator op) { return op == CompareOperator::kIs || op == CompareOperator::kIsNot; }

static bool isNone(CompileContext& c, NodeId node) {
  return c.ast.is(node, NodeKind::kConstant) && c.ast.as<syntax::Constant>(node).constantKind() == syntax::ConstantKind::kNone;
}

// The right side of `in`: a display of constants is one constant. ref: optimize_lists_and_sets.
static Operand containerOperand(CompileContext& c, NodeId node) {
  NodeKind kind = c.ast.kind(node);
  if ((kind == NodeKind::kList || kind == NodeKind::kSet) && c.u->is_reachable) {
    Constant value = makeKind(kind == NodeKind::kSet ? ConstantKind::kFrozenSet : ConstantKind::kTuple);
    bool all = true;
    for (NodeId element : c.ast.list(node, 0)) {
      all = all && foldConstant(c, element, value.items.emplace_back());
    }
    if (all) {
      uint16_t reg = allocTemp(c);
      at(c, node);
      loadConstant(c, value, reg);
      return {reg, true, false};
    }
  }
  return operandOf(c, node);
}

static Operand rightOperand(CompileContext& c, CompareOperator op, NodeId node, bool is_last) {
  if (op == CompareOperator::kIn || op == CompareOperator::kNotIn) return containerOperand(c, node);
  // In a chain the value is read again as the next left side.
  if (isOrdering(op) && is_last) return operandOrConstant(c, node);
  return operandOf(c, node);
}

static void emitCompare(CompileContext& c, CompareOperator op, uint16_t dst, const Operand& left, const Operand& right, uint8_t flags) {
  emit(c, valueOpcode(op, right.is_constant), dst, left.reg, right.reg, flags);
}

// All but the last comparison: falls through when it holds; frees its left side. `left` becomes the middle value.
static void chainStep(CompileContext& c, NodeId node, CompareOperator op, NodeId middle, Operand& left, Label when_false) {
  Operand right = operandOf(c, middle);
  at(c, node);
  uint16_t truth = allocTemp(c);
  emitCompare(c, op, truth, left, right, freeB(left));
  jumpIf(c, {truth, true, false}, when_false, false);
  left = right;
}

static void chainTo(CompileContext& c, const syntax::Compare& compare, uint16_t dst) {
  TempScope temps(c);
  uint16_t work = workRegister(c, dst);
  NodeList right = compare.comparators();
  Label end = newLabel(c);
  Operand left = operandOf(c, compare.left());
  for (size_t i = 0; i + 1 < right.size(); ++i) {
    CompareOperator op = static_cast<CompareOperator>(compare.ops()[i].value);
    Operand middle = operandOf(c, right[i]);
    at(c, compare.id);
    emitCompare(c, op, work, left, middle, freeB(left));
    Label broken = newLabel(c), go_on = newLabel(c);
    if (middle.is_temp) {
      jumpIf(c, {work, false, false}, go_on, true);
      bindLabel(c, broken);
      emit(c, Op::kClear, middle.reg);
      jump(c, end);
      bindLabel(c, go_on);
    } else {
      jumpIf(c, {work, false, false}, end, false);
    }
    left = middle;
  }
  CompareOperator op = static_cast<CompareOperator>(compare.ops()[right.size() - 1].value);
  Operand last = rightOperand(c, op, right.back(), true);
  at(c, compare.id);
  emitCompare(c, op, work, left, last, static_cast<uint8_t>(freeB(left) | freeC(last)));
  bindLabel(c, end);
  settle(c, work, dst);
}

void compareTo(CompileContext& c, NodeId node, uint16_t dst) {
  auto compare = c.ast.as<syntax::Compare>(node);
  if (compare.comparators().size() > 1) return chainTo(c, compare, dst);
  CompareOperator op = static_cast<CompareOperator>(compare.ops()[0].value);
  TempScope temps(c);
  Operand left = operandOf(c, compare.left(), hintOf(c, dst));
  Operand right = rightOperand(c, op, compare.comparators()[0], true);
  at(c, node);
  emitCompare(c, op, dst, left, right, static_cast<uint8_t>(freeB(left) | freeC(right)));
}

// `not (a in b)` is one test, and any comparison below a `not` stands where the whole does. False for other operands.
// ref: TO_BOOL and UNARY_NOT in optimize_basic_block.
bool negatedTestTo(CompileContext& c, NodeId node, NodeId operand, uint16_t dst) {
  if (!c.ast.is(operand, NodeKind::kCompare)) return false;
  auto compare = c.ast.as<syntax::Compare>(operand);
  CompareOperator op = static_cast<CompareOperator>(compare.ops()[0].value);
  if (compare.comparators().size() > 1 || isIdentity(op)) return false;
  TempScope temps(c);
  bool is_ordering = isOrdering(op);
  if (!is_ordering) op = op == CompareOperator::kIn ? CompareOperator::kNotIn : CompareOperator::kIn;
  Operand left = operandOf(c, compare.left(), hintOf(c, dst));
  Operand right = rightOperand(c, op, compare.comparators()[0], true);
  at(c, node);
  uint16_t result = is_ordering ? allocTemp(c) : dst;
  emitCompare(c, op, result, left, right, static_cast<uint8_t>(freeB(left) | freeC(right)));
  if (is_ordering) emit(c, Op::kNot, dst, result, 0, bytecode::kFreeB);
  return true;
}

static void jumpOnOne(CompileContext& c, NodeId node, CompareOperator op, const Operand& left, NodeId right_node, Label target, bool when) {
  if (isIdentity(op)) {
    bool wanted = (op == CompareOperator::kIs) == when;
    if (isNone(c, right_node)) {
      at(c, node);
      return jumpIfNone(c, left, target, wanted);
    }
    Operand right = operandOf(c, right_node);
    at(c, node);
    return jumpCompare(c, Op::kJumpIfIs, left, right, target, wanted);
  }
  Operand right = rightOperand(c, op, right_node, true);
  at(c, node);
  if (isOrdering(op)) return jumpCompare(c, jumpOpcode(op, right.is_constant), left, right, target, when);
  uint16_t truth = allocTemp(c);
  emitCompare(c, op, truth, left, right, static_cast<uint8_t>(freeB(left) | freeC(right)));
  jumpIf(c, {truth, true, false}, target, when);
}

void jumpOnCompare(CompileContext& c, NodeId node, Label target, bool when) {
  auto compare = c.ast.as<syntax::Compare>(node);
  NodeList right = compare.comparators();
  TempScope temps(c);
  Operand left = operandOf(c, compare.left());
  if (right.size() == 1) {
    return jumpOnOne(c, node, static_cast<CompareOperator>(compare.ops()[0].value), left, right[0], target, when);
  }
  Label past = newLabel(c);
  std::vector<Label> labels;
  std::vector<Operand> middles;
  for (size_t i = 0; i + 1 < right.size(); ++i) {
    Label broken = newLabel(c);
    chainStep(c, node, static_cast<CompareOperator>(compare.ops()[i].value), right[i], left, broken);
    labels.push_back(broken);
    middles.push_back(left);
  }
  CompareOperator op = static_cast<CompareOperator>(compare.ops()[right.size() - 1].value);
  jumpOnOne(c, node, op, left, right.back(), target, when);
  jump(c, past);
  // At the break of step i only its own middle value is still held: earlier ones were freed by the next comparison.
  for (size_t i = 0; i < labels.size(); ++i) {
    bindLabel(c, labels[i]);
    if (middles[i].is_temp) emit(c, Op::kClear, middles[i].reg);
    jump(c, when ? past : target);
  }
  bindLabel(c, past);
}

}  // namespace krait::codegen
