// Annotations as contracts, tested while the program runs: `krait run --contracts`. Code compiled with checks calls these at the
// start of a function and where it returns. What a function's annotations ask is read once (runtime/library/_contracts.py) and
// kept for its code; a value that breaks a contract is reported and goes on.
#pragma once

#include "runtime/object/frame.h"

namespace krait::interp {

// The parameters, which are still where the call put them. Raises only what reading the annotations or reporting raises.
object::Status checkArguments_py(object::Thread& t, object::Frame* f);
object::Status checkResult_py(object::Thread& t, object::Frame* f, object::Value result);

}  // namespace krait::interp
