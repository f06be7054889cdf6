// _thread._local: an object whose attributes are other ones in every thread. The object owns one dictionary per thread, so that
// the collector sees what they hold; Thread::locals has the addresses of the objects that have one for it. The __dict__
// pointer is set to the right one before each access.
#include <vector>

#include "runtime/modules/thread/thread.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"

namespace krait::modules::thread {

struct OfThread {
  uint64_t id;
  Value dict;  // owned
};
struct Local : Object {
  Dict* dict;  // borrowed: the dictionary of the thread that looked last
  Value args, keywords;
  uint64_t last;  // that thread's id
  std::vector<OfThread>* all;
};
static Type* local_type = nullptr;
static Local* self(Value v) { return v.as<Local>(); }
static Value keyOf(const Object* o) { return Value::fromInt(static_cast<int64_t>(reinterpret_cast<uintptr_t>(o))); }

// A new dictionary for the current thread.
static Status add_py(Thread& t, Local* l) {
  if (t.locals.isUndefined()) t.locals = newDict(t).release();
  Ref dict = newDict(t);
  TRY(dictSet_py(t, t.locals.as<Dict>(), keyOf(l), Value::none()));
  l->dict = dict.as<Dict>();
  l->last = t.id;
  l->all->push_back({t.id, dict.release()});
  return kDone;
}
static void drop(Local* l, uint64_t id) {
  if (l->last == id) l->dict = nullptr, l->last = 0;
  for (size_t i = 0; i < l->all->size(); ++i) {
    if ((*l->all)[i].id != id) continue;
    Value dict = (*l->all)[i].dict;
    l->all->erase(l->all->begin() + static_cast<ptrdiff_t>(i));
    return decref(dict);
  }
}
// The current thread's dictionary becomes the object's; made, and __init__ called, at the thread's first use.
static Status attach_py(Thread& t, Value v) {
  Local* l = self(v);
  if (l->last == t.id) return kDone;
  for (const OfThread& one : *l->all) {
    if (one.id != t.id) continue;
    l->dict = one.dict.as<Dict>();
    l->last = t.id;
    return kDone;
  }
  TRY(add_py(t, l));
  if (v.object()->type == local_type || l->args.isUndefined()) return kDone;
  Value init = typeLookup(v.object()->type, t.names().d_init);
  if (init == typeLookup(t.types().object, t.names().d_init)) return kDone;
  Ref method = getAttr_py(t, v, t.names().d_init);
  Ref done = method ? callTuple_py(t, method.get(), l->args.as<Tuple>(), isDict(l->keywords) ? l->keywords.as<Dict>() : nullptr) : Ref();
  if (done) return attach_py(t, v);  // another thread may have looked meanwhile
  Ref error = takeException(t);
  (void)dictDelete_py(t, t.locals.as<Dict>(), keyOf(l));
  drop(l, t.id);
  restoreException(t, std::move(error));
  return kRaised;
}
void dropLocals(Thread& t) {
  if (t.locals.isUndefined()) return;
  // One by one: what dies may take other objects along, which leave the dictionary then.
  Value key, value;
  for (int64_t at = 0; dictNext(t.locals.as<Dict>(), at, key, value); at = 0) {
    Ref held = Ref::of(Value(reinterpret_cast<Local*>(key.asInt())));
    (void)dictDelete_py(t, t.locals.as<Dict>(), key);
    drop(self(held.get()), t.id);
  }
  clearField(t.locals);
}
static Ref make(Thread& t, Type* type, const Value* args, uint32_t nargs, Tuple* keywords) {
  uint32_t named = keywords != nullptr ? static_cast<uint32_t>(keywords->size) : 0;
  Value own_init = typeLookup(type, t.names().d_init);
  if (nargs + named > 0 && (own_init == typeLookup(t.types().object, t.names().d_init) || own_init == typeLookup(local_type, t.names().d_init))) return raiseTypeError(t, "Initialization arguments are not supported");
  Local* l = allocate<Local>(type);
  Ref made = Ref::steal(l);
  l->args = tupleFrom(t, args, nargs).release();
  if (named > 0) {
    Ref dict = newDict(t);
    for (uint32_t i = 0; i < named; ++i) dictSetStr(dict.as<Dict>(), keywords->items()[i].as<Str>(), args[nargs + i]);
    l->keywords = dict.release();
  }
  l->all = new std::vector<OfThread>;
  gcTrack(l);
  TRY(add_py(t, l));  // the creating thread's __init__ is called by type.__call__
  return made;
}
static Status init(Thread&, Value, const Value*, uint32_t, Tuple*) { return kDone; }
static void clear(Object* o) {
  Local* l = static_cast<Local*>(o);
  l->dict = nullptr;
  l->last = 0;
  std::vector<OfThread> dropped;
  std::swap(dropped, *l->all);
  for (OfThread& one : dropped) decref(one.dict);
}
static void dealloc(Object* o) {
  Local* l = static_cast<Local*>(o);
  Thread& t = *current_thread;
  for (Thread* other = &t.isolate->main_thread; other != nullptr; other = other->next) {
    if (other->locals.defined()) (void)dictDelete_py(t, other->locals.as<Dict>(), keyOf(o));
  }
  decref(l->args);
  decref(l->keywords);
  clear(o);
  delete l->all;
}
static void traverse(Object* o, Visitor visitor, void* context) {
  visit(static_cast<Local*>(o)->args, visitor, context);
  visit(static_cast<Local*>(o)->keywords, visitor, context);
  for (const OfThread& one : *static_cast<Local*>(o)->all) visit(one.dict, visitor, context);
}
static Ref getAttr(Thread& t, Value v, Str* name) {
  TRY(attach_py(t, v));
  if (strEquals(name, "__dict__")) return Ref::of(Value(self(v)->dict));
  return genericGetAttr_py(t, v, name);
}
static Status setAttr(Thread& t, Value v, Str* name, Value value) {
  TRY(attach_py(t, v));
  if (strEquals(name, "__dict__")) return raiseAttributeError(t, v, name, "'" + std::string(typeNameOf(t, v)) + "' object attribute '__dict__' is read-only");
  return genericSetAttr_py(t, v, name, value);
}

void addLocalType(Thread& t, Module* m) {
  Type* type = local_type = makeType(*t.isolate, {.name = "_thread._local", .size = sizeof(Local), .flags = kTypeGc | kTypeBaseable | kTypeWeakrefable,
                                                  .doc = "Thread-local data", .dict_offset = sizeof(Object)});
  type->slots.make = make;
  type->slots.init = init;
  type->slots.dealloc = dealloc;
  type->slots.traverse = traverse;
  type->slots.clear = clear;
  type->slots.get_attr = getAttr;
  type->slots.set_attr = setAttr;
  readyType(*t.isolate, type);
  moduleSetType(t, m, type);
}

static Status initModule(Thread& t, Module* m) {
  addLockTypes(t, m);
  addThreadTypes(t, m);
  addLocalType(t, m);
  return kDone;
}

}  // namespace krait::modules::thread

namespace krait::modules {
extern const NativeModule kThreadModule;
const NativeModule kThreadModule = {"_thread", "This module provides primitive operations to write multi-threaded programs.", thread::kThreadFunctions, thread::initModule};
}  // namespace krait::modules
