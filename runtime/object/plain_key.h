// Keys of sequences whose size can change: what a key's own `__index__` does must be over before the size is read.
#pragma once

#include "runtime/object/error.h"
#include "runtime/object/value.h"

namespace krait::object {

// The key with an int in place of each value that has `__index__`, in a slice too; other keys as they are. Raises what
// `__index__` raises, and IndexError for an index that fits no size.
Ref plainKey_py(Thread& t, Value key);

}  // namespace krait::object
