// The `_contract_tests` module: the interpreter's tests of values, for the library's _contracts.py.
#include "runtime/interp/contract_test.h"
#include "runtime/modules/module_table.h"
#include "runtime/object/native.h"

namespace krait::modules {

static Ref passes(Thread& t, const Value* a) {
  std::unique_ptr<interp::ContractTest> test = interp::makeContractTest(t, a[0]);
  return Ref::boolean(test == nullptr || TRY(interp::passesTest_py(t, *test, a[1])));
}
static const NativeDef kFunctions[] = {{"passes", "(test, value, /)", passes, "Does a value pass a test of _contracts.py?"}, {nullptr, nullptr, nullptr}};

extern const NativeModule kContractTestsModule;
const NativeModule kContractTestsModule = {"_contract_tests", "The interpreter's tests of values against annotations.", kFunctions, nullptr};

}  // namespace krait::modules
