// The `_warnings` module: the C++ side's door to the library's warnings. Its two functions import `warnings` and call the
// Python ones; filters are Python's. ref: Python/_warnings.c.
#include "runtime/modules/compile_hook.h"
#include "runtime/modules/module_table.h"
#include "runtime/modules/python_config.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::modules {

static Ref forward(Thread& t, const char* function, const Value* a) {
  Ref name = newStr(t, "_py_warnings"), from = tupleOf(t, {name.get()});
  Ref module = TRY(importModule_py(t, name.get(), Value::none(), Value::none(), from.get(), Value::fromInt(0)));
  Ref f = TRY(getAttrNamed_py(t, module.get(), function));
  return callTuple_py(t, f.get(), a[0].as<Tuple>(), a[1].as<Dict>());
}
static Ref warnFn(Thread& t, const Value* a) { return forward(t, "warn", a); }
static Ref warnExplicit(Thread& t, const Value* a) { return forward(t, "warn_explicit", a); }
static const NativeDef kFunctions[] = {{"warn", "(*args, **kwargs)", warnFn}, {"warn_explicit", "(*args, **kwargs)", warnExplicit}, {nullptr, nullptr, nullptr}};

extern const NativeModule kWarningsModule;
const NativeModule kWarningsModule = {"_warnings", "_warnings provides basic warning filtering support.", kFunctions};

}  // namespace krait::modules
