// Typed 4-byte names for entities that live in a Store. An Id never changes meaning; the default Id is none.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace krait {

template <class Tag>
struct Id {
  static constexpr uint32_t kNone = 0xffffffffu;
  uint32_t value = kNone;

  constexpr Id() = default;
  constexpr explicit Id(uint32_t v) : value(v) {}
  static constexpr Id none() { return Id(); }
  constexpr bool valid() const { return value != kNone; }
  constexpr bool isNone() const { return value == kNone; }
  constexpr auto operator<=>(const Id&) const = default;
};

// Hash for ids and other small integers: multiply and fold, good enough for open addressing.
constexpr uint64_t mixBits(uint64_t x) {
  x ^= x >> 32;
  x *= 0x9e3779b97f4a7c15ull;
  x ^= x >> 29;
  return x;
}

}  // namespace krait

template <class Tag>
struct std::hash<krait::Id<Tag>> {
  size_t operator()(krait::Id<Tag> id) const noexcept { return krait::mixBits(id.value); }
};
