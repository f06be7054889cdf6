// What an annotation asks of a value, as a tree of tests made once from the tuples of runtime/library/_contracts.py and run
// whenever a value comes by. A test that only looks at a value's class remembers the classes that passed it lately.
#pragma once

#include <memory>
#include <vector>

#include "runtime/object/error.h"
#include "runtime/object/value.h"

namespace krait::interp {

// In the order of _contracts.py.
enum class TestKind : uint8_t { kInstance, kUnion, kElements, kMapping, kTuple, kVariadic, kLiteral, kTypedDict, kCallable, kClass, kTypeIs };

struct ContractTest {
  TestKind kind;
  bool is_by_class = false;  // nothing but the value's class decides
  const object::Type* passed[2] = {nullptr, nullptr};
  object::Ref subject;       // the class or classes, the literal's values, the keys of a TypedDict
  std::vector<std::unique_ptr<ContractTest>> parts;  // null: anything goes
  std::vector<bool> required;  // TypedDict: by part
  bool is_exact = false;       // TypeIs, whose False means something too
};

// From a tuple of _contracts.py; null for None.
std::unique_ptr<ContractTest> makeContractTest(object::Thread& t, object::Value tuple);
// Is it a list whose sampled items are of classes that passed before? Runs nothing of the program.
bool itemsHavePassed(const object::Thread& t, const ContractTest& test, object::Value v);
// Raises only what a class's own `__instancecheck__` or a value's `__eq__` raises.
object::Fallible<bool> passesTest_py(object::Thread& t, ContractTest& test, object::Value v);

}  // namespace krait::interp
