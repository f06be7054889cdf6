// Functions written in C++ and how their arguments arrive. A function is one line of a table:
//
//   {"find", "($self, sub, start=None, end=None, /)", strFind, "doc"},
//
// and `Ref strFind(Thread& t, const Value* a)` gets one borrowed Value per parameter, in order, already bound by the
// signature: a[0] is self (its type checked), a[1] sub … Absent optional parameters get their default when it is None,
// True, False, an int or a string literal, and Undefined when it is written `<unset>` or anything else. `*args` arrives as a
// Tuple, `**kw` as a Dict (always there). The first parameter says the kind: `$self` a method, `$type` a class
// method, `$module` or nothing a function (nothing inside a type's table: a static method; `$module` passes no argument).
#pragma once

#include <string_view>

#include "runtime/object/type.h"

namespace krait::object {

using NativeFn = Ref (*)(Thread& t, const Value* args);

struct NativeDef {
  const char* name;
  const char* signature;
  NativeFn fn;
  const char* doc = nullptr;
};

struct GetSetDef {
  const char* name;
  Ref (*get)(Thread& t, Value self);
  Status (*set)(Thread& t, Value self, Value value) = nullptr;  // Undefined deletes
  const char* doc = nullptr;
};

struct NativeParameter {
  Str* name;
  Value default_value;  // Undefined: required, or absent stays Undefined
  bool optional;
};

enum class NativeKind : uint8_t { kFunction, kMethod, kClassMethod, kStaticMethod };

// A parsed signature; lives as long as the process's isolate.
struct NativeSignature {
  NativeKind kind = NativeKind::kFunction;
  bool has_varargs = false;
  bool has_kwargs = false;
  bool only_positional = false;  // no keywords, no *args: the fast path
  uint8_t total = 0;             // parameters, self included
  uint8_t positional = 0;        // that positional arguments can fill, self included
  uint8_t positional_only = 0;
  uint8_t required = 0;          // leading parameters without default, self included
  NativeParameter* parameters = nullptr;
};

// builtin_function_or_method, method_descriptor and classmethod_descriptor.
struct NativeFunction : Object {
  const NativeDef* def;
  const NativeSignature* signature;  // null until first use
  Value self;                        // bound object or module name owner; Undefined in descriptors
  Value module;                      // the module's name, or Undefined
  Type* owner;                       // of descriptors: the class (borrowed: it outlives its dict)
  NativeKind kind;
};

constexpr int kMaxNativeParameters = 32;
// Room for a call's arguments that is not emptied first.
union NativeArguments {
  Value values[kMaxNativeParameters];
  NativeArguments() {}
};

NativeKind nativeKindOf(const char* signature, bool in_type);
const NativeSignature* signatureOf(Thread& t, NativeFunction* function);
// A function object; `self` is passed as first argument when the signature starts with $self or $type.
Ref newNativeFunction(Thread& t, const NativeDef* def, Value self, Value module);
// A descriptor for a type's table.
Ref newNativeDescriptor(Isolate& isolate, const NativeDef* def, Type* owner);
Ref callNative_py(Thread& t, NativeFunction* function, const Value* args, uint32_t nargs, Tuple* keywords);
// Binds to `signature` and calls: args[0] is self when the signature has one.
Ref bindAndCall_py(Thread& t, NativeFunction* function, const Value* args, uint32_t nargs, Tuple* keywords);
// For __new__ and __init__ of builtin types: binds `args` to a text signature "(x=<unset>, /, *, key=None)" and fills `out`
// (up to kMaxNativeParameters borrowed values; what was created for *args/**kw is owned by the result).
struct BoundArguments {
  union {
    Value values[kMaxNativeParameters];  // not emptied: only as many as the signature has are filled
  };
  Ref varargs, kwargs;
  BoundArguments() {}
  ~BoundArguments() {}
  const Value& operator[](size_t i) const { return values[i]; }
};
Status bindArguments_py(Thread& t, const char* function_name, const char* signature, const Value* args, uint32_t nargs,
                        Tuple* keywords, BoundArguments& out);

}  // namespace krait::object
