// Copies of code objects with other values, and code objects made from values: `code.replace(...)`, `types.CodeType(...)`.
#pragma once

#include <string>
#include <string_view>

#include "runtime/object/code.h"

namespace krait::object {

// How a code object becomes bytes and back (the form of marshal, which sets this); null until then.
struct CodeImages {
  Status (*write)(Thread& t, Value code, std::string& out) = nullptr;
  Ref (*read)(Thread& t, std::string_view image) = nullptr;
};
extern CodeImages code_images;

// co_exceptiontable: what `CodeType` needs beside the other attributes, instructions included, so that a function that was
// taken apart (cloudpickle does so) can be put together in another process.
Ref codeImage(Thread& t, Value code);
// code.replace(**changes), a[1] are the changes. What our instructions depend on cannot be changed: NotImplementedError.
Ref codeReplace(Thread& t, const Value* a);
// CodeType(argcount, …). ValueError and TypeError as CPython has them.
Ref codeMake(Thread& t, Type* type, const Value* args, uint32_t nargs, Tuple* keywords);

}  // namespace krait::object
