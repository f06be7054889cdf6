// str's method table (str_methods.cpp) and the codecs behind str and bytes.
#pragma once

#include "runtime/object/native.h"

namespace krait::object {

extern const NativeDef kStrMethods[];
// bytes-like to str; encoding and errors are Strs or Undefined.
Ref decode_py(Thread& t, Value bytes, Value encoding, Value errors);
Ref encode_py(Thread& t, Value str, Value encoding, Value errors);

}  // namespace krait::object
