#include "runtime/interp/contract_test.h"

#include <unordered_map>
#include <unordered_set>

#include "runtime/object/containers.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::interp {

using namespace krait::object;

// Items of a container that are looked at on each pass.
static constexpr int64_t kSampled = 4;

namespace {
struct ClassPair {
  const Type* own;
  const void* wanted;
  bool operator==(const ClassPair&) const = default;
};
struct ClassPairHash {
  size_t operator()(const ClassPair& p) const { return reinterpret_cast<size_t>(p.own) * 31 + reinterpret_cast<size_t>(p.wanted); }
};
// What classes' own `__instancecheck__` said, and the classes kept alive because their addresses are remembered.
struct Memory {
  std::unordered_map<ClassPair, bool, ClassPairHash> answers;
  std::unordered_set<const Type*> kept;
  void keep(Type* type) {
    if (kept.insert(type).second) incref(Value(type));
  }
};
}  // namespace
static Memory memory;

static bool isByClass(const ContractTest& test) {
  if (test.kind == TestKind::kInstance) return true;
  if (test.kind != TestKind::kUnion) return false;
  for (const auto& part : test.parts) {
    if (!part->is_by_class) return false;
  }
  return true;
}

std::unique_ptr<ContractTest> makeContractTest(Thread& t, Value tuple) {
  if (!isTuple(tuple)) return nullptr;
  Value* item = tuple.as<Tuple>()->items();
  auto test = std::make_unique<ContractTest>();
  test->kind = static_cast<TestKind>(item[0].asInt());
  auto addParts = [&](Value tests) {
    for (int64_t i = 0; i < tests.as<Tuple>()->size; ++i) test->parts.push_back(makeContractTest(t, tests.as<Tuple>()->items()[i]));
  };
  switch (test->kind) {
    case TestKind::kCallable: break;
    case TestKind::kInstance:
    case TestKind::kLiteral:
    case TestKind::kClass: test->subject = Ref::of(item[1]); break;
    case TestKind::kElements:
    case TestKind::kMapping:
      test->subject = Ref::of(item[1]);
      for (int64_t i = 2; i < tuple.as<Tuple>()->size; ++i) test->parts.push_back(makeContractTest(t, item[i]));
      break;
    case TestKind::kUnion:
    case TestKind::kTuple: addParts(item[1]); break;
    case TestKind::kVariadic: test->parts.push_back(makeContractTest(t, item[1])); break;
    case TestKind::kTypeIs:
      test->parts.push_back(makeContractTest(t, item[1]));
      test->is_exact = item[2].isTrue();
      break;
    case TestKind::kTypedDict: {
      test->subject = Ref::of(item[1]);
      int64_t position = 0;
      Value name, wanted;
      while (dictNext(item[1].as<Dict>(), position, name, wanted)) {
        test->parts.push_back(makeContractTest(t, wanted.as<Tuple>()->items()[0]));
        test->required.push_back(wanted.as<Tuple>()->items()[1].isTrue());
      }
      break;
    }
  }
  test->is_by_class = isByClass(*test);
  return test;
}

static Fallible<bool> isInstanceOfClass_py(Thread& t, Value v, Value wanted) {
  if (isTuple(wanted)) {
    for (int64_t i = 0; i < wanted.as<Tuple>()->size; ++i) {
      if (TRY(isInstanceOfClass_py(t, v, wanted.as<Tuple>()->items()[i]))) return true;
    }
    return false;
  }
  Type *own = typeOf(t, v), *cls = wanted.as<Type>();
  if (own == cls || isSubtype(own, cls)) return true;
  // Only a metaclass of its own can say something else.
  if (typeOf(t, wanted) == t.types().type) return false;
  ClassPair pair{own, cls};
  auto found = memory.answers.find(pair);
  if (found != memory.answers.end()) return found->second;
  bool is_instance = TRY(isInstance_py(t, v, wanted));
  memory.keep(own);
  memory.keep(cls);
  memory.answers[pair] = is_instance;
  return is_instance;
}

static Fallible<bool> partPasses_py(Thread& t, const std::unique_ptr<ContractTest>& part, Value v) {
  if (part == nullptr) return true;
  const Type* own = typeOf(t, v);
  if (own == part->passed[0] || own == part->passed[1]) return true;
  Ref held = Ref::of(v);
  return passesTest_py(t, *part, v);
}

// The first ones and the last one.
static Fallible<bool> itemsPass_py(Thread& t, const std::unique_ptr<ContractTest>& part, const Value* items, int64_t size) {
  if (part == nullptr) return true;
  for (int64_t i = 0; i < size; ++i) {
    if (i == kSampled && size > kSampled) i = size - 1;
    if (!TRY(partPasses_py(t, part, items[i]))) return false;
  }
  return true;
}

bool itemsHavePassed(const Thread& t, const ContractTest& test, Value v) {
  bool is_list = isExact(v, TypeId::kList) && test.subject.get().bits == Value(t.types().list).bits;
  if (!is_list || test.parts[0] == nullptr) return is_list;
  const ContractTest& part = *test.parts[0];
  const List* list = v.as<List>();
  for (int64_t i = 0; i < list->size; ++i) {
    if (i == kSampled) i = list->size - 1;
    const Type* own = typeOf(t, list->items[i]);
    if (own != part.passed[0] && own != part.passed[1]) return false;
  }
  return true;
}

static Fallible<bool> elementsPass_py(Thread& t, ContractTest& test, Value v) {
  const auto& part = test.parts[0];
  if (isList(v)) return itemsPass_py(t, part, v.as<List>()->items, v.as<List>()->size);
  if (isTuple(v)) return itemsPass_py(t, part, v.as<Tuple>()->items(), v.as<Tuple>()->size);
  if (!isSet(v) || part == nullptr) return true;
  int64_t position = 0, seen = 0;
  Value key;
  while (seen++ < kSampled && setNext(v.as<Set>(), position, key)) {
    if (!TRY(partPasses_py(t, part, key))) return false;
  }
  return true;
}

static Fallible<bool> mappingPasses_py(Thread& t, ContractTest& test, Value v) {
  if (!isDict(v)) return true;
  int64_t position = 0, seen = 0;
  Value key, value;
  while (seen++ < kSampled && dictNext(v.as<Dict>(), position, key, value)) {
    Ref held = Ref::of(value);
    if (!TRY(partPasses_py(t, test.parts[0], key)) || !TRY(partPasses_py(t, test.parts[1], held.get()))) return false;
  }
  return true;
}

static Fallible<bool> typedDictPasses_py(Thread& t, ContractTest& test, Value v) {
  if (!isDict(v)) return false;
  int64_t position = 0;
  Value name, wanted;
  for (size_t i = 0; dictNext(test.subject.as<Dict>(), position, name, wanted); ++i) {
    Ref value = Ref::of(dictGet_py(t, v.as<Dict>(), name));
    if (!value && isPending(t)) return kRaised;
    bool is_right = value ? TRY(partPasses_py(t, test.parts[i], value.get())) : !test.required[i];
    if (!is_right) return false;
  }
  return true;
}

static Fallible<bool> literalPasses_py(Thread& t, Tuple* values, Value v) {
  for (int64_t i = 0; i < values->size; ++i) {
    Value wanted = values->items()[i];
    if (typeOf(t, wanted) == typeOf(t, v) && TRY(equals_py(t, wanted, v))) return true;
  }
  return false;
}

static Fallible<bool> decide_py(Thread& t, ContractTest& test, Value v) {
  switch (test.kind) {
    case TestKind::kInstance: return isInstanceOfClass_py(t, v, test.subject.get());
    case TestKind::kUnion:
      for (const auto& part : test.parts) {
        if (TRY(partPasses_py(t, part, v))) return true;
      }
      return false;
    case TestKind::kElements: return TRY(isInstanceOfClass_py(t, v, test.subject.get())) ? elementsPass_py(t, test, v) : Fallible<bool>(false);
    case TestKind::kMapping: return TRY(isInstanceOfClass_py(t, v, test.subject.get())) ? mappingPasses_py(t, test, v) : Fallible<bool>(false);
    case TestKind::kTuple: {
      if (!isInstanceOf(t, v, t.types().tuple) || v.as<Tuple>()->size != static_cast<int64_t>(test.parts.size())) return false;
      for (size_t i = 0; i < test.parts.size(); ++i) {
        if (!TRY(partPasses_py(t, test.parts[i], v.as<Tuple>()->items()[i]))) return false;
      }
      return true;
    }
    case TestKind::kVariadic:
      return isInstanceOf(t, v, t.types().tuple) ? itemsPass_py(t, test.parts[0], v.as<Tuple>()->items(), v.as<Tuple>()->size) : Fallible<bool>(false);
    case TestKind::kLiteral: return literalPasses_py(t, test.subject.as<Tuple>(), v);
    case TestKind::kTypedDict: return typedDictPasses_py(t, test, v);
    case TestKind::kCallable: return isCallable(t, v);
    case TestKind::kClass: return isInstanceOf(t, v, t.types().type) && isSubtype(v.as<Type>(), test.subject.as<Type>());
    case TestKind::kTypeIs: return v.isBool();
  }
  return true;
}

Fallible<bool> passesTest_py(Thread& t, ContractTest& test, Value v) {
  bool passes = TRY(decide_py(t, test, v));
  if (passes && test.is_by_class) {
    Type* own = typeOf(t, v);
    memory.keep(own);
    test.passed[1] = test.passed[0];
    test.passed[0] = own;
  }
  return passes;
}

}  // namespace krait::interp
