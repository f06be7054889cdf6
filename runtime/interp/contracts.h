// Annotations as contracts, tested while the program runs: `krait run --contracts`. Code compiled with tests has an instruction
// for each annotated parameter, result, variable and store to an attribute. What an annotation asks is read once
// (runtime/library/_contracts.py) and kept; the instruction's inline cache holds the classes that passed it. A value that
// breaks a contract is reported, and the program goes on.
#pragma once

#include "runtime/interp/contract_test.h"
#include "runtime/object/code.h"

namespace krait::interp {

// The uses that a test's inline cache makes of its fields. `shape` and `next_shape` are classes that passed; of a container's
// test `next_shape` is the test itself.
enum class CacheState : uint16_t { kUnread, kRead, kContainer };

inline bool hasPassed(const object::InlineCache& cache, const object::Type* own) {
  return static_cast<const void*>(cache.shape) == own || static_cast<const void*>(cache.next_shape) == own;
}

}  // namespace krait::interp
