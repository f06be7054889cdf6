// Weak references. An object that has some carries kHasWeakrefs in its header; the table is the isolate's.
#pragma once

#include "runtime/object/type.h"

namespace krait::object {

struct Weakref : Object {
  Object* target;  // null once it died
  Value callback;  // or Undefined
  int64_t hash;
  bool has_hash;
};
// callback: Undefined for none.
Ref newWeakref(Thread& t, Type* type, Value target, Value callback);
// The referenced object, borrowed; Undefined when it is gone.
Value weakTarget(Value reference);
int64_t weakrefCount(Value object);
Ref weakrefList(Thread& t, Value object);

}  // namespace krait::object
