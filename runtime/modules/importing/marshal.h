// marshal: objects as bytes and back. The format of values is CPython's (version 5); code objects have a form of our own.
// Reading never trusts its input: anything malformed raises ValueError, EOFError or TypeError. ref: Python/marshal.c.
#pragma once

#include <string>
#include <string_view>

#include "runtime/modules/module_table.h"

namespace krait::modules::importing {

constexpr int kMarshalVersion = 5;
// Appends the object's bytes; raises ValueError "unmarshallable object".
Status marshalWrite_py(Thread& t, Value v, int version, bool allow_code, std::string& out);
// The object at the beginning of `data`; `used`: how many bytes it took. `missing`: how many bytes, at least, EOFError is for.
Ref marshalRead_py(Thread& t, std::string_view data, bool allow_code, size_t* used, bool lasts = false, size_t* missing = nullptr);
// Differs between builds whose code objects may differ: the number in .pyc files and images.
uint32_t codeStamp();

}  // namespace krait::modules::importing
