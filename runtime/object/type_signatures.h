// The signatures of builtin types' constructors and of native functions, as text.
#pragma once

#include <string_view>

#include "runtime/object/type.h"

namespace krait::object {

// "(iterable=(), /)"; null when the type has none. ref: type_get_text_signature.
const char* textSignatureOf(const Type* type);

// Whether a native function or method says something else than its parameters ("builtins.max", "dict.update"); `text` is then what it
// says, or null when it says nothing.
bool statedSignature(std::string_view name, const char*& text);

}  // namespace krait::object
