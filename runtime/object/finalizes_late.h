// A type flag beside those of type.h that the collector alone reads.
#pragma once

#include <cstdint>

namespace krait::object {

// The type's finalizer, and those of derived classes, run after the others of the same garbage, youngest object first: a buffer
// or a descriptor waits for what still writes into it.
constexpr uint32_t kTypeFinalizesLate = 16384;

}  // namespace krait::object
