// Binary and unary operators for any values. ref: Objects/abstract.c, binary_op1.
#include <cmath>

#include "runtime/object/containers.h"
#include "runtime/object/float.h"
#include "runtime/object/int.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::object {

static constexpr const char* kText[kBinaryOpCount] = {"+", "-", "*", "/", "//", "%", "** or pow()", "<<", ">>", "&", "|", "^", "@", "divmod()"};
static constexpr const char* kInplaceText[kBinaryOpCount] = {"+=", "-=", "*=", "/=", "//=", "%=", "**=", "<<=", ">>=", "&=", "|=", "^=", "@=", "divmod()"};

const char* binaryOpText(BinaryOp op, bool inplace) { return (inplace ? kInplaceText : kText)[static_cast<int>(op)]; }

// The numeric slots of both operands, the subclass first.
static Ref trySlots(Thread& t, Value a, Value b, int op) {
  Type *ta = typeOf(t, a), *tb = typeOf(t, b);
  auto fa = ta->slots.binary[op];
  auto fb = tb == ta ? nullptr : tb->slots.binary[op];
  if (fb == fa) fb = nullptr;
  if (fa != nullptr) {
    if (fb != nullptr && isSubtype(tb, ta)) {
      Ref r = fb(t, a, b);
      if (!r || !r.get().isNotImplemented()) return r;
      fb = nullptr;
    }
    Ref r = fa(t, a, b);
    if (!r || !r.get().isNotImplemented()) return r;
  }
  if (fb != nullptr) return fb(t, a, b);
  return Ref::notImplemented();
}

static RaisedTag unsupported(Thread& t, Value a, Value b, const char* text) {
  if (std::string_view(text) == ">>" && hasLayout(a, TypeId::kNativeFunction) && std::string_view(typeNameOf(t, a)) == "builtin_function_or_method") {
    Ref name = reprText_py(t, a) == "<built-in function print>" ? Ref::none() : Ref();
    if (name) {
      return raiseTypeError(t, "unsupported operand type(s) for %s: '%s' and '%s'. Did you mean \"print(<message>, file=<output_stream>)\"?", text,
                            typeNameOf(t, a), typeNameOf(t, b));
    }
  }
  return raiseTypeError(t, "unsupported operand type(s) for %s: '%s' and '%s'", text, typeNameOf(t, a), typeNameOf(t, b));
}

static Ref trySequence(Thread& t, Value a, Value b, BinaryOp op, bool inplace) {
  const Slots &sa = typeOf(t, a)->slots, &sb = typeOf(t, b)->slots;
  if (op == BinaryOp::kAdd) {
    if (inplace && sa.inplace_concat != nullptr) return sa.inplace_concat(t, a, b);
    if (sa.concat != nullptr) return sa.concat(t, a, b);
  }
  // What has a sequence's methods, but cannot be repeated, is not asked the other way round in place. ref: PyNumber_InPlaceMultiply.
  bool is_like_sequence = sa.length != nullptr || sa.contains != nullptr || typeOf(t, a)->has(kTypeHeap);
  if (inplace && op == BinaryOp::kMul && sa.repeat == nullptr && is_like_sequence) return Ref::notImplemented();
  if (op == BinaryOp::kMul && (sa.repeat != nullptr || sb.repeat != nullptr)) {
    bool left = sa.repeat != nullptr;
    Value count = left ? b : a;
    if (!isIntLike(count) && typeOf(t, count)->slots.index == nullptr) {
      return raiseTypeError(t, "can't multiply sequence by non-int of type '%s'", typeNameOf(t, count));
    }
    if (left && inplace && sa.inplace_repeat != nullptr) return sa.inplace_repeat(t, a, b);
    return left ? sa.repeat(t, a, b) : sb.repeat(t, b, a);
  }
  return Ref::notImplemented();
}

static Ref finish(Thread& t, Value a, Value b, BinaryOp op, bool inplace, Ref r) {
  if (!r || !r.get().isNotImplemented()) return r;
  r = trySequence(t, a, b, op, inplace);
  if (!r || !r.get().isNotImplemented()) return r;
  return unsupported(t, a, b, binaryOpText(op, inplace));
}

Ref binary_py(Thread& t, Value a, Value b, BinaryOp op) {
  return finish(t, a, b, op, false, trySlots(t, a, b, static_cast<int>(op)));
}

Ref inplace_py(Thread& t, Value a, Value b, BinaryOp op) {
  auto slot = typeOf(t, a)->slots.inplace[static_cast<int>(op)];
  if (slot != nullptr) {
    Ref r = slot(t, a, b);
    if (!r || !r.get().isNotImplemented()) return r;
  }
  return finish(t, a, b, op, true, trySlots(t, a, b, static_cast<int>(op)));
}

Ref power_py(Thread& t, Value a, Value b, Value modulus) {
  if (modulus.isNone()) return binary_py(t, a, b, BinaryOp::kPow);
  bool is_float = isFloatLike(a) || isFloatLike(b) || isFloatLike(modulus);
  for (Value v : {a, b, modulus}) {
    auto slot = typeOf(t, v)->slots.power;
    if (slot == nullptr) continue;
    Ref r = slot(t, a, b, modulus);
    if (!r || !r.get().isNotImplemented()) return r;
  }
  if (is_float) return raiseTypeError(t, "pow() 3rd argument not allowed unless all arguments are integers");
  return raiseTypeError(t, "unsupported operand type(s) for ** or pow(): '%s', '%s', '%s'", typeNameOf(t, a), typeNameOf(t, b), typeNameOf(t, modulus));
}

static RaisedTag badUnary(Thread& t, Value v, const char* op) {
  return raiseTypeError(t, "bad operand type for %s: '%s'", op, typeNameOf(t, v));
}
Ref negative_py(Thread& t, Value v) {
  if (v.isFloat()) return newFloat(-v.asDouble());
  auto slot = typeOf(t, v)->slots.negative;
  return slot != nullptr ? slot(t, v) : Ref(badUnary(t, v, "unary -"));
}
Ref positive_py(Thread& t, Value v) {
  auto slot = typeOf(t, v)->slots.positive;
  return slot != nullptr ? slot(t, v) : Ref(badUnary(t, v, "unary +"));
}
Ref invert_py(Thread& t, Value v) {
  auto slot = typeOf(t, v)->slots.invert;
  return slot != nullptr ? slot(t, v) : Ref(badUnary(t, v, "unary ~"));
}
Ref absolute_py(Thread& t, Value v) {
  auto slot = typeOf(t, v)->slots.absolute;
  return slot != nullptr ? slot(t, v) : Ref(badUnary(t, v, "abs()"));
}

}  // namespace krait::object
