// Value: one machine word that holds any Python value. Floats are stored offset by 2^49, ints of 49 bits
// are immediate, the singletons are small words, and everything else is a pointer to a heap Object
// whose top 16 bits are zero. A Value is a borrowed word: it owns nothing (Ref, in object.h, owns).
#pragma once

#include <bit>
#include <cstdint>

namespace krait::object {

struct Object;

class Value {
 public:
  uint64_t bits;

  static constexpr uint64_t kIntTag = 0xFFFE'0000'0000'0000ull;
  static constexpr uint64_t kFloatOffset = 1ull << 49;
  // Words below the first page are singletons; zeroed memory is Undefined.
  static constexpr uint64_t kFirstPointer = 0x1000, kEndPointer = 1ull << 48;
  static constexpr uint64_t kUndefined = 0, kNone = 0x02, kFalse = 0x06, kTrue = 0x07;
  static constexpr uint64_t kNotImplemented = 0x0E, kEllipsis = 0x12;

  // The default Value is Undefined: no Python value at all (an unbound variable, an absent argument,
  // the result of a function that raised).
  constexpr Value() : bits(kUndefined) {}
  constexpr explicit Value(uint64_t b) : bits(b) {}
  Value(const Object* object) : bits(reinterpret_cast<uint64_t>(object)) {}

  static constexpr Value none() { return Value(kNone); }
  static constexpr Value ellipsis() { return Value(kEllipsis); }
  static constexpr Value notImplemented() { return Value(kNotImplemented); }
  static constexpr Value fromBool(bool b) { return Value(kFalse | static_cast<uint64_t>(b)); }
  // `v` must satisfy fitsInt; newInt (int.h) takes any integer.
  static constexpr Value fromInt(int64_t v) { return Value(kIntTag | (static_cast<uint64_t>(v) & (kFloatOffset - 1))); }
  static constexpr bool fitsInt(int64_t v) {
    return (static_cast<int64_t>(static_cast<uint64_t>(v) << 15) >> 15) == v;
  }
  // NaNs are made canonical, so that no payload can look like another tag.
  static Value fromDouble(double d) {
    if (__builtin_expect(d != d, 0)) {
      bool negative = std::bit_cast<uint64_t>(d) >> 63;
      return Value((negative ? 0xFFF8'0000'0000'0000ull : 0x7FF8'0000'0000'0000ull) + kFloatOffset);
    }
    return Value(std::bit_cast<uint64_t>(d) + kFloatOffset);
  }

  constexpr bool isUndefined() const { return bits == kUndefined; }
  constexpr bool defined() const { return bits != kUndefined; }
  constexpr bool isNone() const { return bits == kNone; }
  constexpr bool isTrue() const { return bits == kTrue; }
  constexpr bool isFalse() const { return bits == kFalse; }
  constexpr bool isBool() const { return (bits | 1) == kTrue; }
  constexpr bool isNotImplemented() const { return bits == kNotImplemented; }
  constexpr bool isEllipsis() const { return bits == kEllipsis; }
  // An immediate int; heap ints and bools are not (see isIntLike in int.h).
  constexpr bool isInt() const { return bits >= kIntTag; }
  constexpr bool isFloat() const { return bits - kFloatOffset < kIntTag - kFloatOffset; }
  constexpr bool isHeap() const { return bits - kFirstPointer < kEndPointer - kFirstPointer; }

  constexpr int64_t asInt() const { return static_cast<int64_t>(bits << 15) >> 15; }
  double asDouble() const { return std::bit_cast<double>(bits - kFloatOffset); }
  Object* object() const { return reinterpret_cast<Object*>(bits); }
  template <class T>
  T* as() const {
    return static_cast<T*>(object());
  }

  // Identity: Python's `is`. Numbers are identical when their words are.
  constexpr bool operator==(const Value&) const = default;
};

static_assert(sizeof(Value) == 8);

}  // namespace krait::object
