// The signatures of builtin types' constructors, as text.
#pragma once

#include "runtime/object/type.h"

namespace krait::object {

// "(iterable=(), /)"; null when the type has none. ref: type_get_text_signature.
const char* textSignatureOf(const Type* type);

}  // namespace krait::object
