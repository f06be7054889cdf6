// ReprGuard: notices that a container's repr is asked for inside itself. ref: Py_ReprEnter.
#pragma once

#include <vector>

#include "runtime/object/thread.h"

namespace krait::object {

class ReprGuard {
 public:
  ReprGuard(Thread&, Value v) : value_(v) {
    for (Value other : active()) nested_ = nested_ || other == v;
    active().push_back(v);
  }
  ~ReprGuard() { active().pop_back(); }
  bool isNested() const { return nested_; }

 private:
  static std::vector<Value>& active() {
    static thread_local std::vector<Value> values;
    return values;
  }
  Value value_;
  bool nested_ = false;
};

}  // namespace krait::object
