// The table of the module `_foreign`; see foreign.h.
#include "runtime/modules/foreign/foreign.h"

namespace krait::modules::foreign {

void addFunctions(Thread& t, Module* m, const NativeDef* table) {
  Ref name = newStr(t, "_foreign");
  for (; table->name != nullptr; ++table) moduleSet(t, m, table->name, newNativeFunction(t, table, Value(m), name.get()).get());
}
static Status init(Thread& t, Module* m) {
  addMemory(t, m);
  addCalls(t, m);
  addCallback(t, m);
  return kDone;
}

}  // namespace krait::modules::foreign

namespace krait::modules {
extern const NativeModule kForeignModule;
const NativeModule kForeignModule = {"_foreign", "Memory and functions of C, under the module _ctypes.", nullptr, foreign::init};
}  // namespace krait::modules
