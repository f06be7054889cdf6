#include "runtime/interp/contracts.h"

#include <deque>
#include <unordered_map>

#include "runtime/bytecode/instruction.h"
#include "runtime/interp/slow.h"
#include "runtime/object/import.h"
#include "runtime/object/instance.h"
#include "runtime/object/int.h"
#include "runtime/object/str.h"

namespace krait::interp {

using bytecode::kTestedResult;
using bytecode::kTestedVariable;

namespace {
struct Attribute {
  const Type* cls;
  const Str* name;
  bool operator==(const Attribute&) const = default;
};
struct AttributeHash {
  size_t operator()(const Attribute& a) const { return reinterpret_cast<size_t>(a.cls) * 31 + reinterpret_cast<size_t>(a.name); }
};
struct Contracts {
  std::deque<std::unique_ptr<ContractTest>> tests;  // an instruction's cache says which one is its own; null: anything goes
  std::unordered_map<Attribute, uint32_t, AttributeHash> attributes;
  std::unordered_map<const Code*, Ref> functions;   // what contract_of said, and the code it said it of
  std::vector<Ref> kept;                            // what the tables' addresses belong to
  bool is_reading = false;                          // the annotations' own code is not tested
};
}  // namespace
static Contracts contracts;

static uint32_t addTest(Thread& t, Value tuple) {
  contracts.tests.push_back(makeContractTest(t, tuple));
  return static_cast<uint32_t>(contracts.tests.size() - 1);
}

template <class... Args>
static Ref ask_py(Thread& t, const char* function, Args... args) {
  contracts.is_reading = true;
  Ref callee = importAttr_py(t, "_contracts", function);
  Ref answer = callee ? callArgs_py(t, callee.get(), args...) : Ref();
  contracts.is_reading = false;
  return answer;
}

// The tests of a function's parameters by their registers, and of its result at the end; None: nothing to test.
static Fallible<Value> contractOf_py(Thread& t, Frame* f) {
  auto found = contracts.functions.find(f->code);
  if (found != contracts.functions.end()) return found->second.get();
  Ref all = TRY(ask_py(t, "contract_of", f->function));
  contracts.kept.push_back(Ref::of(f->code));
  return (contracts.functions[f->code] = std::move(all)).get();
}

// The text of a variable's annotation is the cache's name.
static Fallible<uint32_t> testFor_py(Thread& t, Frame* f, uint16_t place, Str* text) {
  if (place == kTestedVariable) {
    Ref tuple = TRY(ask_py(t, "test_of_text", Value(text)));
    return addTest(t, tuple.get());
  }
  Value all = TRY(contractOf_py(t, f));
  if (!isTuple(all)) return addTest(t, Value::none());
  Tuple* tests = all.as<Tuple>();
  return addTest(t, tests->items()[place == kTestedResult ? tests->size - 1 : place]);
}

static Status report_py(Thread& t, const char* function, Value subject, Value detail, Value v) {
  Ref done = TRY(ask_py(t, function, subject, detail, v));
  return kDone;
}

// A function that narrows says something of its first argument: what True promises must hold, and what False denies must not.
static Fallible<bool> keepsPromise_py(Thread& t, Frame* f, ContractTest& test, Value result) {
  if (!result.isBool() || test.parts[0] == nullptr) return result.isBool();
  Str* first = f->code->arg_count > 0 ? f->code->local_names->items()[0].as<Str>() : nullptr;
  bool is_method = first != nullptr && (strEquals(first, "self") || strEquals(first, "cls"));
  uint32_t index = is_method ? 1 : 0;
  if (index >= f->code->arg_count) return true;
  for (int64_t i = 0; i < f->code->cell_names->size; ++i) {
    if (f->code->cell_registers[i] == index) return true;
  }
  Ref argument = Ref::of(f->registers()[index]);
  if (!argument) return true;
  bool passes = TRY(passesTest_py(t, *test.parts[0], argument.get()));
  return result.isTrue() ? passes : !test.is_exact || !passes;
}

static void notePassed(Thread& t, InlineCache& cache, const ContractTest& test, Value v) {
  if (!test.is_by_class) return;
  cache.next_shape = cache.shape;
  cache.shape = reinterpret_cast<Shape*>(typeOf(t, v));
}

static Status checkType_py(Thread& t, Frame* f, const Instruction* pc) {
  if (contracts.is_reading) return kDone;
  InlineCache& cache = f->code->caches[pc->c];
  if (cache.kind == static_cast<uint16_t>(CacheState::kUnread)) {
    cache.slot = TRY(testFor_py(t, f, pc->b, cache.name));
    cache.kind = static_cast<uint16_t>(CacheState::kRead);
    ContractTest* found = contracts.tests[cache.slot].get();
    if (found == nullptr) const_cast<Instruction*>(pc)->op = Op::kNop;
    if (found != nullptr && found->kind == TestKind::kElements) {
      cache.kind = static_cast<uint16_t>(CacheState::kContainer);
      cache.next_shape = reinterpret_cast<Shape*>(found);
    }
  }
  ContractTest* test = contracts.tests[cache.slot].get();
  if (test == nullptr) return kDone;
  Ref value = Ref::of(reg(f, pc->a));
  bool passes = test->kind == TestKind::kTypeIs ? TRY(keepsPromise_py(t, f, *test, value.get())) : TRY(passesTest_py(t, *test, value.get()));
  if (passes) {
    notePassed(t, cache, *test, value.get());
    if (test->is_by_class && value.get().isInt()) const_cast<Instruction*>(pc)->op = Op::kCheckInt;
    return kDone;
  }
  if (pc->b == kTestedVariable) return report_py(t, "report_variable", Value(cache.name), Value::none(), value.get());
  int64_t index = pc->b == kTestedResult ? -1 : pc->b;
  return report_py(t, "report", f->function, Value::fromInt(index), value.get());
}

bool CheckTypeSlow(Thread& t, Frame* f, const Instruction* pc) {
  InlineCache& cache = f->code->caches[pc->c];
  bool is_container = cache.kind == static_cast<uint16_t>(CacheState::kContainer);
  if (is_container && itemsHavePassed(t, *reinterpret_cast<const ContractTest*>(cache.next_shape), reg(f, pc->a))) return true;
  return !checkType_py(t, f, pc).failed;
}

// A method's `x: int` declares what was looked for as `x` before.
static void forgetUndeclared(const Type* cls, const Str* declaration) {
  std::string text = toUtf8(declaration);
  size_t colon = text.find(':');
  if (colon == std::string::npos) return;
  text.resize(colon);
  std::erase_if(contracts.attributes, [&](const auto& entry) { return entry.first.cls == cls && toUtf8(entry.first.name) == text; });
}

// The class of the object is the cache's version; the classes that passed hold for it alone.
static Status checkAttribute_py(Thread& t, Frame* f, const Instruction* pc) {
  if (contracts.is_reading) return kDone;
  InlineCache& cache = f->code->caches[pc->c];
  Value object = reg(f, pc->a);
  Type* cls = typeOf(t, object);
  auto [found, is_new] = contracts.attributes.try_emplace({cls, cache.name}, 0);
  if (is_new) {
    contracts.kept.push_back(Ref::of(cls));
    Ref tuple = TRY(ask_py(t, "test_of_attribute", Value(cls), Value(cache.name)));
    forgetUndeclared(cls, cache.name);
    uint32_t index = addTest(t, tuple.get());
    contracts.attributes[{cls, cache.name}] = cache.slot = index;
  } else {
    cache.slot = found->second;
  }
  if (cache.version != cls->version) {
    cache.version = cls->version;
    cache.shape = cache.next_shape = nullptr;
  }
  ContractTest* test = contracts.tests[cache.slot].get();
  Ref value = Ref::of(reg(f, pc->b)), held = Ref::of(object);
  if (test == nullptr) {
    notePassed(t, cache, {.kind = TestKind::kInstance, .is_by_class = true}, value.get());
    return kDone;
  }
  if (TRY(passesTest_py(t, *test, value.get()))) {
    notePassed(t, cache, *test, value.get());
    return kDone;
  }
  return report_py(t, "report_attribute", Value(cls), Value(cache.name), value.get());
}

bool CheckAttrSlow(Thread& t, Frame* f, const Instruction* pc) { return !checkAttribute_py(t, f, pc).failed; }

}  // namespace krait::interp
