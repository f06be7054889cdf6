#include "analyzer/lint/value_types.h"

#include <algorithm>
#include <utility>

namespace krait::lint {

using syntax::BinaryOp;
using syntax::ConstantKind;
using syntax::UnaryOperator;

static ValueType typeOfConstant(ConstantKind kind) {
  switch (kind) {
    case ConstantKind::kNone: return ValueType::kNone;
    case ConstantKind::kTrue:
    case ConstantKind::kFalse: return ValueType::kBool;
    case ConstantKind::kEllipsis: return ValueType::kEllipsis;
    case ConstantKind::kInt: return ValueType::kInt;
    case ConstantKind::kFloat: return ValueType::kFloat;
    case ConstantKind::kComplex: return ValueType::kComplex;
    case ConstantKind::kStr: return ValueType::kStr;
    case ConstantKind::kBytes: return ValueType::kBytes;
  }
  return ValueType::kUnknown;
}

static bool isNumber(ValueType type) { return type >= ValueType::kBool && type <= ValueType::kComplex; }

// The wider of two number types; arithmetic on bools gives ints.
static ValueType joined(ValueType a, ValueType b) {
  return std::max({a, b, ValueType::kInt});
}

static ValueType typeOfAdd(ValueType left, ValueType right) {
  if (isNumber(left) && isNumber(right)) return joined(left, right);
  bool is_known = left != ValueType::kUnknown && right != ValueType::kUnknown;
  bool is_sequence = left == ValueType::kStr || left == ValueType::kBytes || left == ValueType::kList || left == ValueType::kTuple;
  if (left == right && is_sequence) return left;
  return is_known ? ValueType::kError : ValueType::kUnknown;
}

// A sequence times a whole number.
static ValueType typeOfRepeat(ValueType left, ValueType right) {
  if (left == ValueType::kInt) std::swap(left, right);
  bool is_sequence = left == ValueType::kStr || left == ValueType::kBytes || left == ValueType::kList || left == ValueType::kTuple;
  return is_sequence && right == ValueType::kInt ? left : ValueType::kUnknown;
}

static bool isStrWithKnown(ValueType left, ValueType right) {
  return left == ValueType::kStr && right != ValueType::kUnknown;
}

static ValueType typeOfBinary(const Ast& ast, syntax::BinOp op) {
  ValueType left = valueTypeOf(ast, op.left()), right = valueTypeOf(ast, op.right());
  bool are_numbers = isNumber(left) && isNumber(right);
  switch (op.op()) {
    case BinaryOp::kAdd: return typeOfAdd(left, right);
    case BinaryOp::kMod:
      if (left == ValueType::kStr || left == ValueType::kBytes) return left;
      return are_numbers ? joined(left, right) : ValueType::kUnknown;
    case BinaryOp::kSub: return are_numbers ? joined(left, right) : isStrWithKnown(left, right) ? ValueType::kError : ValueType::kUnknown;
    case BinaryOp::kMult: return are_numbers ? joined(left, right) : typeOfRepeat(left, right);
    case BinaryOp::kDiv: return are_numbers ? std::max(joined(left, right), ValueType::kFloat) : ValueType::kUnknown;
    case BinaryOp::kFloorDiv:
    case BinaryOp::kPow: return are_numbers ? joined(left, right) : ValueType::kUnknown;
    case BinaryOp::kBitOr:
    case BinaryOp::kBitXor:
    case BinaryOp::kBitAnd:
    case BinaryOp::kLShift:
    case BinaryOp::kRShift: return are_numbers ? ValueType::kInt : ValueType::kUnknown;
    default: return ValueType::kUnknown;
  }
}

static ValueType typeOfUnary(const Ast& ast, syntax::UnaryOp op) {
  if (op.op() == UnaryOperator::kNot) return ValueType::kBool;
  ValueType type = valueTypeOf(ast, op.operand());
  if (!isNumber(type)) return ValueType::kUnknown;
  if (op.op() == UnaryOperator::kInvert) return ValueType::kInt;
  return type == ValueType::kBool ? ValueType::kInt : type;
}

ValueType valueTypeOf(const Ast& ast, NodeId expr) {
  switch (ast.kind(expr)) {
    case NodeKind::kConstant: return typeOfConstant(ast.as<syntax::Constant>(expr).constantKind());
    case NodeKind::kJoinedStr: return ValueType::kStr;
    case NodeKind::kDict:
    case NodeKind::kDictComp: return ValueType::kDict;
    case NodeKind::kSet:
    case NodeKind::kSetComp: return ValueType::kSet;
    case NodeKind::kList:
    case NodeKind::kListComp: return ValueType::kList;
    case NodeKind::kTuple: return ValueType::kTuple;
    case NodeKind::kGeneratorExp: return ValueType::kGenerator;
    case NodeKind::kNamedExpr: return valueTypeOf(ast, ast.as<syntax::NamedExpr>(expr).value());
    case NodeKind::kUnaryOp: return typeOfUnary(ast, ast.as<syntax::UnaryOp>(expr));
    case NodeKind::kBinOp: return typeOfBinary(ast, ast.as<syntax::BinOp>(expr));
    case NodeKind::kIfExp:
    case NodeKind::kBoolOp: {
      ValueTypes types = valueTypesOf(ast, expr);
      return types.first == types.second ? types.first : ValueType::kUnion;
    }
    default: return ValueType::kUnknown;
  }
}

// Either of both; of more than two, two that differ are kept. A number counts as the wider one, and nothing is known when one is unknown.
static ValueTypes eitherOf(ValueTypes a, ValueTypes b) {
  ValueType all[] = {a.first, a.second, b.first, b.second};
  ValueTypes out{all[0], all[0]};
  for (ValueType type : all) {
    if (type == ValueType::kUnknown) return {ValueType::kUnknown, ValueType::kUnknown};
    if (isNumber(type) && isNumber(out.first)) {
      bool is_one = out.first == out.second;
      out.first = std::max(type, out.first);
      if (is_one) out.second = out.first;
    } else if (out.first == out.second) {
      out.second = type;
    }
  }
  return out;
}

ValueTypes valueTypesOf(const Ast& ast, NodeId expr) {
  if (auto choice = ast.tryAs<syntax::IfExp>(expr)) {
    return eitherOf(valueTypesOf(ast, choice->body()), valueTypesOf(ast, choice->orelse()));
  }
  if (auto chain = ast.tryAs<syntax::BoolOp>(expr)) {
    ValueTypes types = valueTypesOf(ast, chain->values()[0]);
    for (NodeId value : chain->values()) types = eitherOf(types, valueTypesOf(ast, value));
    return types;
  }
  ValueType type = valueTypeOf(ast, expr);
  return {type, type};
}

}  // namespace krait::lint
