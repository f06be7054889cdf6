#include "runtime/codegen/fold.h"

namespace krait::codegen {

using syntax::BinaryOp;
using syntax::UnaryOperator;

static constexpr size_t kMaxFoldedText = 4096;

Constant makeInt(int64_t value) {
  Constant out;
  out.kind = ConstantKind::kInt;
  out.integer = value;
  return out;
}
Constant makeString(std::string_view text) {
  Constant out;
  out.kind = ConstantKind::kStr;
  out.text = text;
  return out;
}
Constant makeKind(ConstantKind kind) {
  Constant out;
  out.kind = kind;
  return out;
}

static void literal(const CompileContext& c, NodeId node, Constant& out) {
  using Kind = syntax::ConstantKind;
  auto constant = c.ast.as<syntax::Constant>(node);
  switch (constant.constantKind()) {
    case Kind::kNone: out.kind = ConstantKind::kNone; return;
    case Kind::kTrue: out.kind = ConstantKind::kTrue; return;
    case Kind::kFalse: out.kind = ConstantKind::kFalse; return;
    case Kind::kEllipsis: out.kind = ConstantKind::kEllipsis; return;
    case Kind::kInt: {
      const syntax::IntConstant& value = c.ast.integer(constant.payload());
      out.kind = value.fits ? ConstantKind::kInt : ConstantKind::kBigInt;
      out.integer = value.value;
      out.base = value.base;
      out.text = value.digits;
      if (value.fits) out.text.clear();
      return;
    }
    case Kind::kFloat:
      out.kind = ConstantKind::kFloat;
      out.real = c.ast.floating(constant.payload());
      return;
    case Kind::kComplex:
      out.kind = ConstantKind::kComplex;
      out.real = 0;
      out.imag = c.ast.floating(constant.payload());
      return;
    case Kind::kStr:
      out.kind = ConstantKind::kStr;
      out.text = c.ast.string(constant.payload());
      return;
    case Kind::kBytes:
      out.kind = ConstantKind::kBytes;
      out.text = c.ast.string(constant.payload());
      return;
  }
}

static bool foldUnary(const CompileContext& c, NodeId node, Constant& out) {
  auto unary = c.ast.as<syntax::UnaryOp>(node);
  if (unary.op() == UnaryOperator::kNot) {
    int truth = constantTruth(c, unary.operand());
    if (truth < 0) return false;
    out = makeKind(truth ? ConstantKind::kFalse : ConstantKind::kTrue);
    return true;
  }
  if (!foldConstant(c, unary.operand(), out)) return false;
  switch (out.kind) {
    case ConstantKind::kInt:
      if (unary.op() == UnaryOperator::kUSub) {
        if (out.integer == INT64_MIN) return false;
        out.integer = -out.integer;
      } else if (unary.op() == UnaryOperator::kInvert) {
        out.integer = ~out.integer;
      }
      return true;
    case ConstantKind::kBigInt:
      if (unary.op() == UnaryOperator::kInvert) return false;
      if (unary.op() == UnaryOperator::kUSub) out.text = out.text[0] == '-' ? out.text.substr(1) : "-" + out.text;
      return true;
    case ConstantKind::kFloat:
      if (unary.op() == UnaryOperator::kInvert) return false;
      if (unary.op() == UnaryOperator::kUSub) out.real = -out.real;
      return true;
    case ConstantKind::kComplex:
      if (unary.op() == UnaryOperator::kInvert) return false;
      if (unary.op() == UnaryOperator::kUSub) {
        out.real = -out.real;
        out.imag = -out.imag;
      }
      return true;
    default: return false;
  }
}

static bool foldInts(BinaryOp op, int64_t x, int64_t y, Constant& out) {
  int64_t r = 0;
  switch (op) {
    case BinaryOp::kAdd:
      if (__builtin_add_overflow(x, y, &r)) return false;
      break;
    case BinaryOp::kSub:
      if (__builtin_sub_overflow(x, y, &r)) return false;
      break;
    case BinaryOp::kMult:
      if (__builtin_mul_overflow(x, y, &r)) return false;
      break;
    case BinaryOp::kBitOr: r = x | y; break;
    case BinaryOp::kBitXor: r = x ^ y; break;
    case BinaryOp::kBitAnd: r = x & y; break;
    case BinaryOp::kFloorDiv:
    case BinaryOp::kMod: {
      if (y <= 0) return false;
      int64_t q = x / y, m = x % y;
      if (m < 0) {
        m += y;
        --q;
      }
      r = op == BinaryOp::kMod ? m : q;
      break;
    }
    case BinaryOp::kLShift:
      if (y < 0 || y > 62 || x < 0 || x > (INT64_MAX >> y)) return false;
      r = x << y;
      break;
    case BinaryOp::kRShift:
      if (y < 0) return false;
      r = x >> (y > 63 ? 63 : y);
      break;
    case BinaryOp::kPow: {
      if (y < 0 || y > 64) return false;
      r = 1;
      for (int64_t i = 0; i < y; ++i) {
        if (__builtin_mul_overflow(r, x, &r)) return false;
      }
      break;
    }
    case BinaryOp::kDiv: {
      constexpr int64_t kExact = int64_t{1} << 53;
      if (y == 0 || x > kExact || x < -kExact || y > kExact || y < -kExact) return false;
      out = makeKind(ConstantKind::kFloat);
      out.real = static_cast<double>(x) / static_cast<double>(y);
      return true;
    }
    default: return false;
  }
  out = makeInt(r);
  return true;
}

static bool foldFloats(BinaryOp op, double x, double y, Constant& out) {
  double r = 0;
  switch (op) {
    case BinaryOp::kAdd: r = x + y; break;
    case BinaryOp::kSub: r = x - y; break;
    case BinaryOp::kMult: r = x * y; break;
    case BinaryOp::kDiv:
      if (y == 0) return false;
      r = x / y;
      break;
    default: return false;
  }
  out = makeKind(ConstantKind::kFloat);
  out.real = r;
  return true;
}

// 1 + 2j and 1 - 2j, as patterns write complex numbers. Real operands do not get a zero imaginary part (C11 annex G, as
// CPython 3.14 computes).
static bool foldComplex(BinaryOp op, const Constant& left, const Constant& right, Constant& out) {
  if (op != BinaryOp::kAdd && op != BinaryOp::kSub) return false;
  bool add = op == BinaryOp::kAdd;
  auto real = [](const Constant& v) { return v.kind == ConstantKind::kInt ? static_cast<double>(v.integer) : v.real; };
  bool left_complex = left.kind == ConstantKind::kComplex, right_complex = right.kind == ConstantKind::kComplex;
  Constant result = makeKind(ConstantKind::kComplex);
  result.real = add ? real(left) + real(right) : real(left) - real(right);
  if (left_complex && right_complex) result.imag = add ? left.imag + right.imag : left.imag - right.imag;
  else if (left_complex) result.imag = left.imag;
  else result.imag = add ? right.imag : -right.imag;
  out = result;
  return true;
}

bool foldBinary(BinaryOp op, const Constant& left, const Constant& right, Constant& out) {
  auto isNumber = [](const Constant& v) {
    return v.kind == ConstantKind::kInt || v.kind == ConstantKind::kFloat || v.kind == ConstantKind::kComplex;
  };
  if (isNumber(left) && isNumber(right)) {
    if (left.kind == ConstantKind::kInt && right.kind == ConstantKind::kInt) return foldInts(op, left.integer, right.integer, out);
    if (left.kind == ConstantKind::kComplex || right.kind == ConstantKind::kComplex) return foldComplex(op, left, right, out);
    constexpr int64_t kExact = int64_t{1} << 53;
    for (const Constant* v : {&left, &right}) {
      if (v->kind == ConstantKind::kInt && (v->integer > kExact || v->integer < -kExact)) return false;
    }
    double x = left.kind == ConstantKind::kInt ? static_cast<double>(left.integer) : left.real;
    double y = right.kind == ConstantKind::kInt ? static_cast<double>(right.integer) : right.real;
    return foldFloats(op, x, y, out);
  }
  bool is_text = left.kind == ConstantKind::kStr || left.kind == ConstantKind::kBytes;
  if (op == BinaryOp::kAdd && is_text && left.kind == right.kind && left.text.size() + right.text.size() <= kMaxFoldedText) {
    Constant result = makeKind(left.kind);
    result.text = left.text + right.text;
    out = result;
    return true;
  }
  if (op == BinaryOp::kMult && is_text && right.kind == ConstantKind::kInt && right.integer >= 0 &&
      right.integer <= static_cast<int64_t>(kMaxFoldedText) && left.text.size() * static_cast<size_t>(right.integer) <= kMaxFoldedText) {
    Constant result = makeKind(left.kind);
    for (int64_t i = 0; i < right.integer; ++i) result.text += left.text;
    out = result;
    return true;
  }
  return false;
}

bool foldConstant(const CompileContext& c, NodeId node, Constant& out) {
  switch (c.ast.kind(node)) {
    case NodeKind::kConstant: literal(c, node, out); return true;
    case NodeKind::kUnaryOp: return foldUnary(c, node, out);
    case NodeKind::kBinOp: {
      auto binary = c.ast.as<syntax::BinOp>(node);
      Constant left, right;
      return foldConstant(c, binary.right(), right) && foldConstant(c, binary.left(), left) && foldBinary(binary.op(), left, right, out);
    }
    case NodeKind::kTuple: {
      auto tuple = c.ast.as<syntax::Tuple>(node);
      if (tuple.context() != syntax::ExprContext::kLoad) return false;
      Constant result = makeKind(ConstantKind::kTuple);
      for (NodeId element : tuple.elts()) {
        if (!foldConstant(c, element, result.items.emplace_back())) return false;
      }
      out = std::move(result);
      return true;
    }
    case NodeKind::kName:
      if (c.ast.as<syntax::Name>(node).name() != c.special.debug) return false;
      out = makeKind(c.options.optimize > 0 ? ConstantKind::kFalse : ConstantKind::kTrue);
      return true;
    default: return false;
  }
}

int constantTruth(const CompileContext& c, NodeId node) {
  NodeKind kind = c.ast.kind(node);
  if (kind != NodeKind::kConstant && kind != NodeKind::kName && kind != NodeKind::kUnaryOp && kind != NodeKind::kTuple) return -1;
  Constant value;
  if (!foldConstant(c, node, value)) return -1;
  switch (value.kind) {
    case ConstantKind::kNone:
    case ConstantKind::kFalse: return 0;
    case ConstantKind::kInt: return value.integer != 0;
    case ConstantKind::kFloat: return value.real != 0;
    case ConstantKind::kComplex: return value.real != 0 || value.imag != 0;
    case ConstantKind::kStr:
    case ConstantKind::kBytes: return !value.text.empty();
    case ConstantKind::kTuple: return !value.items.empty();
    default: return 1;
  }
}

}  // namespace krait::codegen
