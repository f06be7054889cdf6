// Object: the header of every heap value; Ref: the owner of one reference; Fallible<T> and TRY: how a
// function says that a Python exception is pending. Reference rules: a Value or a plain pointer parameter is
// borrowed and valid while its owner lives; a Ref returned is a new reference; a function "steals" only when
// its parameter is a Ref by value.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "analyzer/base/check.h"
#include "runtime/object/value.h"

namespace krait::object {

struct Type;
struct Thread;
struct Str;
struct Tuple;
struct List;
struct Dict;

struct Object {
  int32_t refs;
  uint32_t gc;  // low kGcFlagBits: GcFlag; the rest: index in the collector's list, when tracked
  Type* type;
};

enum GcFlag : uint32_t {
  kGcTracked = 1,    // on the collector's list
  kGcFinalized = 2,  // __del__ has run
  kHasWeakrefs = 4,  // the isolate's weak-reference table has an entry
  kGcUnreachable = 8,
  kGcResized = 16,   // its block was made for another class (instance.h)
  kGcFlagBits = 5,
};

// Objects that live for the isolate's life start with so many references that none can use them up.
constexpr int32_t kImmortalRefs = 1 << 30;

// Frees an object whose last reference is gone: finalizer, weak references, contents, memory.
void destroyObject(Object* object);

inline void incref(Object* object) { ++object->refs; }
inline void decref(Object* object) {
  if (--object->refs == 0) destroyObject(object);
}
inline void incref(Value v) {
  if (v.isHeap()) ++v.object()->refs;
}
inline void decref(Value v) {
  if (v.isHeap()) decref(v.object());
}
inline Value share(Value v) {
  incref(v);
  return v;
}

// The mark of a function that raised: converts to the failed value of whatever it returns.
struct RaisedTag {};
constexpr RaisedTag kRaised{};

#if defined(__clang__)
#define KRAIT_TRIVIAL_ABI [[clang::trivial_abi]]
#else
#define KRAIT_TRIVIAL_ABI
#endif

// Owns one reference, or is empty (Undefined): as a result, empty means that an exception is pending,
// except for iteration steps, where empty without an exception means exhausted.
class KRAIT_TRIVIAL_ABI Ref {
 public:
  Ref() = default;
  Ref(RaisedTag) {}
  // Takes a new reference to a borrowed value.
  static Ref of(Value v) { return steal(share(v)); }
  // Becomes the owner of a reference that the caller owned.
  static Ref steal(Value v) {
    Ref ref;
    ref.value_ = v;
    return ref;
  }
  static Ref none() { return steal(Value::none()); }
  static Ref boolean(bool b) { return steal(Value::fromBool(b)); }
  static Ref notImplemented() { return steal(Value::notImplemented()); }
  Ref(Ref&& other) noexcept : value_(other.release()) {}
  Ref& operator=(Ref&& other) noexcept {
    Value old = value_;
    value_ = other.release();
    decref(old);
    return *this;
  }
  Ref(const Ref&) = delete;
  Ref& operator=(const Ref&) = delete;
  ~Ref() { decref(value_); }

  Value release() {
    Value v = value_;
    value_ = Value();
    return v;
  }
  Value get() const { return value_; }
  explicit operator bool() const { return value_.defined(); }
  operator Value() const& { return value_; }
  operator Value() && = delete;
  template <class T>
  T* as() const {
    return value_.as<T>();
  }
  bool raised() const { return value_.isUndefined(); }
  Ref take() { return Ref(std::move(*this)); }

 private:
  Value value_;
};

// A plain result, or the fact that an exception is pending.
template <class T>
struct [[nodiscard]] Fallible {
  T value{};
  bool failed = false;
  Fallible(T v) : value(v) {}
  Fallible(RaisedTag) : failed(true) {}
  bool raised() const { return failed; }
  T take() { return value; }
};
struct Done {};
using Status = Fallible<Done>;
constexpr Done kDone{};

// TRY(call): the call's value, or return from the enclosing function because it raised.
#define TRY(expression)                                 \
  ({                                                    \
    auto try_result_ = (expression);                    \
    if (__builtin_expect(try_result_.raised(), 0)) return ::krait::object::kRaised; \
    try_result_.take();                                 \
  })

}  // namespace krait::object
