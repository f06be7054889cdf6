// Weak references: the table from objects to their references. ref: Objects/weakrefobject.c.
#include "runtime/object/weakref.h"

#include <algorithm>
#include <unordered_map>
#include <vector>

#include "runtime/object/error.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"
#include "runtime/object/protocol.h"

namespace krait::object {

struct WeakTable {
  std::unordered_map<Object*, Weakref*> first;
};

static WeakTable& tableOf(Isolate& isolate) {
  if (isolate.weak_table == nullptr) isolate.weak_table = new WeakTable;
  return *isolate.weak_table;
}

static void unlink(Isolate& isolate, Weakref* reference) {
  Object* referent = reference->referent;
  if (referent == nullptr) return;
  if (reference->next != nullptr) reference->next->previous = reference->previous;
  if (reference->previous != nullptr) {
    reference->previous->next = reference->next;
  } else if (reference->next != nullptr) {
    tableOf(isolate).first[referent] = reference->next;
  } else {
    tableOf(isolate).first.erase(referent);
    referent->gc &= ~static_cast<uint32_t>(kHasWeakrefs);
  }
  reference->referent = nullptr;
  reference->previous = reference->next = nullptr;
}

Weakref* firstWeakref(Thread& t, Value v) {
  if (!v.isHeap() || !(v.object()->gc & kHasWeakrefs)) return nullptr;
  auto found = tableOf(*t.isolate).first.find(v.object());
  return found == tableOf(*t.isolate).first.end() ? nullptr : found->second;
}

// Where a reference stands among an object's: the plain one first, then the plain proxy, then the others. ref: new_weakref.
static int rankOf(const Weakref* r) {
  if (r->callback.defined() || r->type->has(kTypeHeap)) return 2;
  return r->type->has(kTypeBaseable) ? 0 : 1;
}

Ref newWeakref(Thread& t, Type* type, Value referent, Value callback, const Type* shared) {
  if (!referent.isHeap() || !typeOfHeap(referent)->has(kTypeWeakrefable)) {
    return raiseTypeError(t, "cannot create weak reference to '%s' object", typeNameOf(t, referent));
  }
  Weakref* head = firstWeakref(t, referent);
  if (callback.isUndefined() && type == shared) {
    for (Weakref* r = head; r != nullptr; r = r->next) {
      if (r->type == type && r->callback.isUndefined() && r->refs > 0) return Ref::of(Value(r));
    }
  }
  Weakref* made = allocate<Weakref>(type);
  made->referent = referent.object();
  made->callback = share(callback);
  Weakref* before = nullptr;
  for (Weakref* r = head; r != nullptr && rankOf(r) < rankOf(made); r = r->next) before = r;
  made->previous = before;
  made->next = before != nullptr ? before->next : head;
  if (made->next != nullptr) made->next->previous = made;
  if (before != nullptr) before->next = made;
  else tableOf(*t.isolate).first[referent.object()] = made;
  referent.object()->gc |= kHasWeakrefs;
  gcTrack(made);
  return Ref::steal(made);
}

// All references die before the first callback runs: none can bring the object back.
void clearWeakrefs_py(Object* object) {
  Thread& t = *current_thread;
  std::vector<Ref> called;
  while (Weakref* reference = firstWeakref(t, object)) {
    unlink(*t.isolate, reference);
    if (reference->callback.defined() && reference->refs > 0) called.push_back(Ref::of(Value(reference)));
  }
  object->gc &= ~static_cast<uint32_t>(kHasWeakrefs);
  if (called.empty()) return;
  Ref saved = isPending(t) ? takeException(t) : Ref();
  for (const Ref& reference : called) {
    Ref callback = Ref::of(reference.as<Weakref>()->callback);
    Ref result = callArgs_py(t, callback.get(), reference.get());
    if (!result) writeUnraisable_py(t, "Exception ignored while calling weakref callback ", callback.get());
  }
  if (saved) restoreException(t, std::move(saved));
}

void clearGarbageWeakrefs_py(Thread& t, const std::vector<Object*>& garbage) {
  std::vector<Ref> called;
  for (Object* object : garbage) {
    if (!(object->gc & kHasWeakrefs) || isType(Value(object))) continue;
    while (Weakref* reference = firstWeakref(t, Value(object))) {
      unlink(*t.isolate, reference);
      if (reference->callback.defined()) called.push_back(Ref::of(Value(reference)));
    }
  }
  if (called.empty()) return;
  std::vector<Object*> sorted = garbage;
  std::sort(sorted.begin(), sorted.end());
  for (const Ref& reference : called) {
    if (std::binary_search(sorted.begin(), sorted.end(), reference.get().object())) continue;
    Ref callback = Ref::of(reference.as<Weakref>()->callback);
    Ref result = callArgs_py(t, callback.get(), reference.get());
    if (!result) writeUnraisable_py(t, "Exception ignored while calling weakref callback ", callback.get());
  }
}

static void dealloc(Object* o) {
  Weakref* reference = static_cast<Weakref*>(o);
  unlink(*current_thread->isolate, reference);
  decref(reference->callback);
}
static void traverse(Object* o, Visitor visitor, void* context) { visit(static_cast<Weakref*>(o)->callback, visitor, context); }
static void clear(Object* o) { clearField(static_cast<Weakref*>(o)->callback); }

void fillWeakrefSlots(Type* type) {
  type->slots.dealloc = dealloc;
  type->slots.traverse = traverse;
  type->slots.clear = clear;
}

}  // namespace krait::object
