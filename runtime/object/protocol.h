// The abstract operations of the language: what `a + b`, `x.y`, `f(x)`, `for`, `in`, `==`, `repr` … do for any values.
// Sources followed: the data model (reference 3.3) and CPython's Objects/abstract.c, object.c.
#pragma once

#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/type.h"

namespace krait::object {

// --- attributes
Ref getAttr_py(Thread& t, Value v, Str* name);
Status setAttr_py(Thread& t, Value v, Str* name, Value value);  // Undefined deletes
// Empty without a pending exception when there is no such attribute.
Ref findAttr_py(Thread& t, Value v, Str* name);
Ref genericGetAttr_py(Thread& t, Value v, Str* name);
Status genericSetAttr_py(Thread& t, Value v, Str* name, Value value);
// Looks up a special method on the type and binds it; empty without exception when absent.
Ref findSpecial_py(Thread& t, Value v, Str* name);
Ref getAttrNamed_py(Thread& t, Value v, const char* name);

// --- calls. Arguments are borrowed. `keywords`: names of the last args, or null.
Ref call_py(Thread& t, Value callee, const Value* args, uint32_t nargs, Tuple* keywords = nullptr);
template <class... Args>
Ref callArgs_py(Thread& t, Value callee, Args... args) {
  Value values[sizeof...(args) + 1] = {Value(args)...};
  return call_py(t, callee, values, sizeof...(args));
}
Ref callMethodArgs_py(Thread& t, Value object, Str* name, const Value* args, uint32_t nargs);
template <class... Args>
Ref callMethod_py(Thread& t, Value object, Str* name, Args... args) {
  Value values[sizeof...(args) + 1] = {Value(args)...};
  return callMethodArgs_py(t, object, name, values, sizeof...(args));
}
// callee(*args, **kwargs); kwargs may be null.
Ref callTuple_py(Thread& t, Value callee, Tuple* args, Dict* kwargs);
bool isCallable(const Thread& t, Value v);

// --- conversion
Fallible<bool> isTrue_py(Thread& t, Value v);
Ref repr_py(Thread& t, Value v);
Ref str_py(Thread& t, Value v);
Ref ascii_py(Thread& t, Value v);
Ref format_py(Thread& t, Value v, Value spec);  // spec: a str, or Undefined for ""
Fallible<int64_t> hash_py(Thread& t, Value v);

// --- comparison
Ref compare_py(Thread& t, Value a, Value b, CompareOp op);
Fallible<bool> compareTrue_py(Thread& t, Value a, Value b, CompareOp op);
// Identity implies equality here, as containers want it.
Fallible<bool> equals_py(Thread& t, Value a, Value b);
Fallible<bool> contains_py(Thread& t, Value container, Value item);
Fallible<bool> isInstance_py(Thread& t, Value v, Value class_or_tuple);
Fallible<bool> isSubclass_py(Thread& t, Value v, Value class_or_tuple);
// Answers for metaclass methods (__instancecheck__, __subclasscheck__) that a native module stands behind; `known` says
// whether `method` is one. Null until such a module is there.
extern Fallible<bool> (*meta_check_hook)(Thread& t, Value method, Value cls, Value v, bool& known);

// Whether two keys are equal, where that needs no Python code: 1, 0, or -1 when it may.
int quickEqual(Value a, Value b);

// --- operators
Ref binary_py(Thread& t, Value a, Value b, BinaryOp op);
Ref inplace_py(Thread& t, Value a, Value b, BinaryOp op);
Ref power_py(Thread& t, Value a, Value b, Value modulus);
Ref negative_py(Thread& t, Value v);
Ref positive_py(Thread& t, Value v);
Ref invert_py(Thread& t, Value v);
Ref absolute_py(Thread& t, Value v);
const char* binaryOpText(BinaryOp op, bool inplace);

// --- items and iteration
Ref getItem_py(Thread& t, Value v, Value key);
Status setItem_py(Thread& t, Value v, Value key, Value value);  // Undefined deletes
Fallible<int64_t> length_py(Thread& t, Value v);
// len() or __length_hint__, `fallback` without either.
Fallible<int64_t> lengthHint_py(Thread& t, Value v, int64_t fallback);
Ref iter_py(Thread& t, Value v);
// Empty without exception: exhausted.
Ref next_py(Thread& t, Value iterator);
// The same, but the end may also be a pending StopIteration that carries a value.
Ref nextOrStop_py(Thread& t, Value iterator);
// A sequence index that may be negative, checked against `length`; raises IndexError with `message`.
Fallible<int64_t> checkIndex_py(Thread& t, Value key, int64_t length, const char* message);

// for (Iteration it(t, iterable); it.next();) use(it.value()); if (it.raised()) return kRaised;
class Iteration {
 public:
  // A list or tuple is walked without an iterator around it.
  Iteration(Thread& t, Value iterable)
      : t_(t), is_sequence_(isExact(iterable, TypeId::kList) || isExact(iterable, TypeId::kTuple)), iterator_(is_sequence_ ? Ref::of(iterable) : iter_py(t, iterable)) {
    raised_ = iterator_.raised();
  }
  bool next() {
    if (raised_) return false;
    if (is_sequence_) return nextItem();
    value_ = next_py(t_, iterator_.get());
    if (value_) return true;
    raised_ = isPending(t_);
    return false;
  }
  Value value() const { return value_.get(); }
  Ref takeValue() { return std::move(value_); }
  bool raised() const { return raised_; }

 private:
  bool nextItem() {
    bool is_list = isExact(iterator_.get(), TypeId::kList);
    int64_t size = is_list ? iterator_.as<List>()->size : iterator_.as<Tuple>()->size;
    if (at_ >= size) {
      value_ = Ref();
      return false;
    }
    value_ = Ref::of((is_list ? iterator_.as<List>()->items : iterator_.as<Tuple>()->items())[at_++]);
    return true;
  }

  Thread& t_;
  bool is_sequence_;
  int64_t at_ = 0;
  Ref iterator_;
  Ref value_;
  bool raised_ = false;
};

}  // namespace krait::object
