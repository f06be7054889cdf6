#include "runtime/interp/contracts.h"

#include <unordered_map>
#include <vector>

#include "runtime/interp/interpreter.h"
#include "runtime/object/code.h"
#include "runtime/object/int.h"
#include "runtime/object/str.h"

namespace krait::interp {

using namespace krait::object;

// The kinds of tests that _contracts.py makes, in its order.
enum TestKind : int { kAny, kInstance, kUnion, kElements, kMapping, kTuple, kVariadic, kLiteral, kTypedDict, kCallable, kClass };

// Items of a container that are looked at on each pass.
static constexpr int64_t kSampled = 4;

namespace {
// One test, and the classes of values that have passed it lately when nothing but the class counts.
struct Test {
  Value test;  // None: anything goes
  bool is_by_class = false;
  const Type* passed[2] = {nullptr, nullptr};
};
struct Contract {
  Ref code;                // kept, so that its address stays its own
  Ref tests;               // owns what `parameters` and `result` borrow
  std::vector<std::pair<uint32_t, Test>> parameters;  // by register
  Test result;
};
struct ClassPair {
  const Type* own;
  const void* wanted;
  bool operator==(const ClassPair&) const = default;
};
struct ClassPairHash {
  size_t operator()(const ClassPair& p) const { return reinterpret_cast<size_t>(p.own) * 31 + reinterpret_cast<size_t>(p.wanted); }
};
struct Answer {
  Ref own, wanted;
  bool is_instance;
};
struct Contracts {
  std::unordered_map<const Code*, Contract> by_code;
  std::unordered_map<ClassPair, Answer, ClassPairHash> answers;
  // The contracts asked for last, by the address of their code.
  struct Recent {
    const Code* code = nullptr;
    Contract* contract = nullptr;
  } recent[256];
  bool is_reading = false;  // the annotations' own code is not tested
};
}  // namespace
static Contracts contracts;

static Ref contractsModule_py(Thread& t) {
  Ref name = newStr(t, "_contracts");
  Value import = dictGetStr(t.isolate->builtins, t.names().d_import);
  Value argument = name.get();
  return call_py(t, import, &argument, 1);
}

// Does nothing but a value's class decide?
static bool isByClass(Value test) {
  if (test.isNone()) return false;
  Value* part = test.as<Tuple>()->items();
  if (part[0].asInt() == kInstance) return true;
  if (part[0].asInt() != kUnion) return false;
  Tuple* members = part[1].as<Tuple>();
  for (int64_t i = 0; i < members->size; ++i) {
    if (!isByClass(members->items()[i])) return false;
  }
  return true;
}

static Test testOf(Value test) { return {test, isByClass(test), {nullptr, nullptr}}; }

// Null when the function has no contract, or while one is being read: the code that reads them is not tested.
static Fallible<Contract*> readContract_py(Thread& t, Frame* f) {
  if (contracts.is_reading) return static_cast<Contract*>(nullptr);
  contracts.is_reading = true;
  Ref tests;
  if (Ref module = contractsModule_py(t)) {
    if (Ref reader = getAttrNamed_py(t, module.get(), "contract_of")) tests = call_py(t, reader.get(), &f->function, 1);
  }
  contracts.is_reading = false;
  if (!tests) return kRaised;
  Contract& kept = contracts.by_code[f->code];
  kept.code = Ref::of(f->code);
  kept.result.test = Value::none();
  kept.tests = std::move(tests);
  if (kept.tests.get().isNone()) return &kept;
  Tuple* all = kept.tests.as<Tuple>();
  for (int64_t i = 0; i + 1 < all->size; ++i) {
    if (!all->items()[i].isNone()) kept.parameters.emplace_back(static_cast<uint32_t>(i), testOf(all->items()[i]));
  }
  kept.result = testOf(all->items()[all->size - 1]);
  return &kept;
}

static Fallible<Contract*> contractOf_py(Thread& t, Frame* f) {
  Contracts::Recent& recent = contracts.recent[(reinterpret_cast<size_t>(f->code) >> 5) & 255];
  if (recent.code == f->code) return recent.contract;
  auto found = contracts.by_code.find(f->code);
  Contract* contract = found != contracts.by_code.end() ? &found->second : TRY(readContract_py(t, f));
  if (contract != nullptr) recent = {f->code, contract};
  return contract;
}

static Fallible<bool> isInstanceOfClass_py(Thread& t, Value v, Value wanted) {
  Type* own = typeOf(t, v);
  if (isTuple(wanted)) {
    for (int64_t i = 0; i < wanted.as<Tuple>()->size; ++i) {
      if (TRY(isInstanceOfClass_py(t, v, wanted.as<Tuple>()->items()[i]))) return true;
    }
    return false;
  }
  Type* cls = wanted.as<Type>();
  if (own == cls || isSubtype(own, cls)) return true;
  // Only a metaclass of its own can say something else.
  if (typeOf(t, wanted) == t.types().type) return false;
  ClassPair pair{own, cls};
  auto found = contracts.answers.find(pair);
  if (found != contracts.answers.end()) return found->second.is_instance;
  bool is_instance = TRY(isInstance_py(t, v, wanted));
  contracts.answers[pair] = {Ref::of(own), Ref::of(wanted), is_instance};
  return is_instance;
}

static Fallible<bool> passes_py(Thread& t, Value test, Value v);

static Fallible<bool> itemsPass_py(Thread& t, Value test, const Value* items, int64_t size) {
  if (test.isNone()) return true;
  for (int64_t i = 0; i < size; ++i) {
    // The first ones and the last one.
    if (i == kSampled && size > kSampled) i = size - 1;
    Ref item = Ref::of(items[i]);
    if (!TRY(passes_py(t, test, item.get()))) return false;
  }
  return true;
}

static Fallible<bool> elementsPass_py(Thread& t, Value test, Value v) {
  if (isList(v)) return itemsPass_py(t, test, v.as<List>()->items, v.as<List>()->size);
  if (isTuple(v)) return itemsPass_py(t, test, v.as<Tuple>()->items(), v.as<Tuple>()->size);
  if (!isSet(v) || test.isNone()) return true;
  int64_t position = 0, seen = 0;
  Value key;
  while (seen++ < kSampled && setNext(v.as<Set>(), position, key)) {
    Ref item = Ref::of(key);
    if (!TRY(passes_py(t, test, item.get()))) return false;
  }
  return true;
}

static Fallible<bool> mappingPasses_py(Thread& t, Value key_test, Value value_test, Value v) {
  if (!isDict(v)) return true;
  int64_t position = 0, seen = 0;
  Value key, value;
  while (seen++ < kSampled && dictNext(v.as<Dict>(), position, key, value)) {
    Ref held_key = Ref::of(key), held_value = Ref::of(value);
    if (!key_test.isNone() && !TRY(passes_py(t, key_test, held_key.get()))) return false;
    if (!value_test.isNone() && !TRY(passes_py(t, value_test, held_value.get()))) return false;
  }
  return true;
}

static Fallible<bool> typedDictPasses_py(Thread& t, Dict* keys, Value v) {
  if (!isDict(v)) return false;
  int64_t position = 0;
  Value name, wanted;
  while (dictNext(keys, position, name, wanted)) {
    Ref value = Ref::of(dictGet_py(t, v.as<Dict>(), name));
    if (!value && isPending(t)) return kRaised;
    Value test = wanted.as<Tuple>()->items()[0], required = wanted.as<Tuple>()->items()[1];
    if (!value) {
      if (required.isTrue()) return false;
    } else if (!test.isNone() && !TRY(passes_py(t, test, value.get()))) {
      return false;
    }
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

static Fallible<bool> passes_py(Thread& t, Value test, Value v) {
  if (test.isNone()) return true;
  Value* part = test.as<Tuple>()->items();
  switch (static_cast<TestKind>(part[0].asInt())) {
    case kInstance: return isInstanceOfClass_py(t, v, part[1]);
    case kUnion: {
      Tuple* members = part[1].as<Tuple>();
      for (int64_t i = 0; i < members->size; ++i) {
        if (TRY(passes_py(t, members->items()[i], v))) return true;
      }
      return false;
    }
    case kElements: return TRY(isInstanceOfClass_py(t, v, part[1])) ? elementsPass_py(t, part[2], v) : Fallible<bool>(false);
    case kMapping: return TRY(isInstanceOfClass_py(t, v, part[1])) ? mappingPasses_py(t, part[2], part[3], v) : Fallible<bool>(false);
    case kTuple: {
      Tuple* tests = part[1].as<Tuple>();
      if (!isInstanceOf(t, v, t.types().tuple) || v.as<Tuple>()->size != tests->size) return false;
      for (int64_t i = 0; i < tests->size; ++i) {
        if (!TRY(passes_py(t, tests->items()[i], v.as<Tuple>()->items()[i]))) return false;
      }
      return true;
    }
    case kVariadic: return isInstanceOf(t, v, t.types().tuple) ? itemsPass_py(t, part[1], v.as<Tuple>()->items(), v.as<Tuple>()->size) : Fallible<bool>(false);
    case kLiteral: return literalPasses_py(t, part[1].as<Tuple>(), v);
    case kTypedDict: return typedDictPasses_py(t, part[1].as<Dict>(), v);
    case kCallable: return isCallable(t, v);
    case kClass: return isInstanceOf(t, v, t.types().type) && isSubtype(v.as<Type>(), part[1].as<Type>());
    default: return true;
  }
}

static Status report_py(Thread& t, Frame* f, int64_t index, Value v) {
  Ref module = TRY(contractsModule_py(t));
  Ref report = TRY(getAttrNamed_py(t, module.get(), "report"));
  Value arguments[3] = {f->function, Value::fromInt(index), v};
  Ref done = TRY(call_py(t, report.get(), arguments, 3));
  return kDone;
}

static Status checkSlow_py(Thread& t, Frame* f, Test& test, int64_t index, Value borrowed) {
  Ref value = Ref::of(borrowed);
  if (!TRY(passes_py(t, test.test, value.get()))) return report_py(t, f, index, value.get());
  if (test.is_by_class) {
    test.passed[1] = test.passed[0];
    test.passed[0] = typeOf(t, value.get());
  }
  return kDone;
}

Status checkArguments_py(Thread& t, Frame* f) {
  Contract* contract = TRY(contractOf_py(t, f));
  if (contract == nullptr) return kDone;
  for (auto& [index, test] : contract->parameters) {
    Value value = f->registers()[index];
    const Type* own = typeOf(t, value);
    if (own == test.passed[0] || own == test.passed[1]) continue;
    TRY(checkSlow_py(t, f, test, index, value));
  }
  return kDone;
}

Status checkResult_py(Thread& t, Frame* f, Value result) {
  Contract* contract = TRY(contractOf_py(t, f));
  if (contract == nullptr || contract->result.test.isNone()) return kDone;
  const Type* own = typeOf(t, result);
  if (own == contract->result.passed[0] || own == contract->result.passed[1]) return kDone;
  return checkSlow_py(t, f, contract->result, -1, result);
}

}  // namespace krait::interp
