// Weak references: an object that knows another without owning it. The isolate's table leads from an object (marked
// kHasWeakrefs) to the list of its references; when the object dies they are cleared, and then their callbacks run.
#pragma once

#include "runtime/object/type.h"

namespace krait::object {

struct Weakref : Object {
  Object* referent;  // null once it is dead
  Value callback;    // Undefined: none
  int64_t hash;
  bool has_hash;
  Weakref* previous;
  Weakref* next;
};

// A reference of `type` (weakref.ref, a subclass, or a proxy type) to `referent`; `callback`: Undefined for none. Without
// a callback an existing reference of the exact type `shared` is given again. TypeError if the referent cannot have any.
Ref newWeakref(Thread& t, Type* type, Value referent, Value callback, const Type* shared);
// The referent, or None once it is dead.
inline Ref weakrefGet(const Weakref* reference) {
  bool is_alive = reference->referent != nullptr && reference->referent->refs > 0;
  return is_alive ? Ref::of(Value(reference->referent)) : Ref::none();
}
// The first of the object's references; null if it has none. The others follow by `next`.
Weakref* firstWeakref(Thread& t, Value v);
// What every weak reference type has in its slots: dealloc and traverse.
void fillWeakrefSlots(Type* type);

}  // namespace krait::object
