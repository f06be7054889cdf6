// Integers of any size: 49 bits immediate in the Value, larger ones on the heap in 64-bit limbs (GMP's layout), least
// significant first. bool is an int; so are instances of int's subclasses, which are always on the heap.
#pragma once

#include <string>
#include <string_view>

#include "runtime/object/type.h"

namespace krait::object {

struct Int : Object {
  int32_t size;       // number of limbs, 0 for zero (subclass instances only)
  bool is_negative;
  uint64_t* limbs() { return reinterpret_cast<uint64_t*>(this + 1); }
  const uint64_t* limbs() const { return reinterpret_cast<const uint64_t*>(this + 1); }
};

// Sign and magnitude of any int value, readable without a heap object. Valid while the value lives.
struct IntView {
  const uint64_t* limbs;
  int64_t size;
  bool is_negative;
  uint64_t inline_limb;
  explicit IntView(Value v);
  IntView(const IntView&) = delete;
};

// int, bool or an instance of a subclass.
inline bool isIntLike(Value v) { return v.isInt() || v.isBool() || hasLayout(v, TypeId::kInt); }
inline bool isExactInt(Value v) { return v.isInt() || isExact(v, TypeId::kInt); }

Ref newInt(Thread& t, int64_t v);
Ref newIntUnsigned(Thread& t, uint64_t v);
Ref newIntFromLimbs(Thread& t, const uint64_t* limbs, int64_t size, bool negative);
// Truncates; raises OverflowError / ValueError for inf and nan.
Ref newIntFromDouble(Thread& t, double d);
inline Ref newIntSmall(int64_t v) { return Ref::steal(Value::fromInt(v)); }

// v must be isIntLike. False when the value does not fit.
bool intFits(Value v, int64_t& out);
bool intFitsUnsigned(Value v, uint64_t& out);
bool intIsNegative(Value v);
bool intIsZero(Value v);
int64_t intBitLength(Value v);
// Nearest double; OverflowError "int too large to convert to float".
Fallible<double> intToDouble(Thread& t, Value v);
int intCompare(Value a, Value b);
int64_t intHash(Value v);

Ref intAdd(Thread& t, Value a, Value b);
Ref intSub(Thread& t, Value a, Value b);
Ref intMul(Thread& t, Value a, Value b);
Ref intFloorDiv(Thread& t, Value a, Value b);
Ref intMod(Thread& t, Value a, Value b);
Ref intDivMod(Thread& t, Value a, Value b);
Ref intTrueDiv(Thread& t, Value a, Value b);
Ref intPow(Thread& t, Value a, Value b);
Ref intPowMod(Thread& t, Value a, Value b, Value m);
Ref intNegative(Thread& t, Value a);
Ref intInvert(Thread& t, Value a);
Ref intShiftLeft(Thread& t, Value a, Value b);
Ref intShiftRight(Thread& t, Value a, Value b);
Ref intBitwise(Thread& t, Value a, Value b, char op);  // '&', '|', '^'

// Digits in base 2..36, with sign, no prefix.
std::string intToText(Value v, int base);
// As `str(int)`: limited by int_max_str_digits, raising ValueError.
Ref intToStr_py(Thread& t, Value v);
// Parses digits of `base` (2..36, underscores allowed between digits, no sign or space). Empty on malformed text.
Ref intFromDigits(Thread& t, std::string_view digits, int base, bool negative);
// As `int(text, base)`, base 0 included; raises ValueError.
Ref intFromText(Thread& t, Value text, int base);

// operator.index(v): an int, or TypeError "'T' object cannot be interpreted as an integer".
Ref toIndex_py(Thread& t, Value v);
// The same as an int64; OverflowError (or `type`) when it does not fit.
Fallible<int64_t> toInt64_py(Thread& t, Value v);
Fallible<int> toCInt_py(Thread& t, Value v);
// Clamped to int64 instead of raising, as slices want it.
Fallible<int64_t> toIndexClamped_py(Thread& t, Value v);

}  // namespace krait::object
