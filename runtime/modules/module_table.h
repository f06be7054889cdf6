// Native modules: one table line and one file each. A module's file defines `const NativeModule k<Name>Module`; the import
// machinery makes the module object, adds the functions and runs `init` for the rest (types, constants).
#pragma once

#include "runtime/object/code.h"
#include "runtime/object/native.h"

namespace krait::modules {

using namespace krait::object;

struct NativeModule {
  const char* name;
  const char* doc;
  const NativeDef* functions;
  Status (*init)(Thread& t, Module* module) = nullptr;
};

// null when there is none of that name.
const NativeModule* findNativeModule(std::string_view name);
// All names, for sys.builtin_module_names.
Ref nativeModuleNames(Thread& t);
// The module, made and initialised (not yet in sys.modules).
Ref makeNativeModule_py(Thread& t, const NativeModule& module);
void moduleSet(Thread& t, Module* module, const char* name, Value value);
// A builtin type under its name.
void moduleSetType(Thread& t, Module* module, Type* type);

}  // namespace krait::modules
