// The `_abc` module: what abc.ABCMeta does when it makes a class, registers one, and is asked for instances and subclasses.
// Answers are remembered by the asked class's version number, which no other class ever gets and which changes with the
// class. ref: Modules/_abc.c.
#include <vector>

#include "runtime/modules/module_table.h"
#include "runtime/modules/weakref_types.h"
#include "runtime/object/containers.h"
#include "runtime/object/descriptor.h"
#include "runtime/object/error.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"
#include "runtime/object/int.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::object {
Ref typeSubclassesList(Thread& t, Type* type);
}

namespace krait::modules {

// A set of version numbers (never 0): open addressing, doubled when half full.
struct VersionSet {
  std::vector<uint32_t> slots = {};
  uint32_t used = 0;

  bool has(uint32_t version) const {
    if (slots.empty()) return false;
    size_t mask = slots.size() - 1;
    for (size_t i = version & mask; slots[i] != 0; i = (i + 1) & mask) {
      if (slots[i] == version) return true;
    }
    return false;
  }
  void add(uint32_t version) {
    if (has(version)) return;
    if (used >= kMost) clear();  // classes that change again and again
    if ((used + 1) * 2 > slots.size()) grow();
    place(version);
    ++used;
  }
  void clear() { slots.clear(), used = 0; }

 private:
  static constexpr uint32_t kMost = 4096;
  void place(uint32_t version) {
    size_t mask = slots.size() - 1, i = version & mask;
    while (slots[i] != 0) i = (i + 1) & mask;
    slots[i] = version;
  }
  void grow() {
    std::vector<uint32_t> old(std::move(slots));
    slots.assign(old.empty() ? 8 : old.size() * 2, 0);
    for (uint32_t v : old) {
      if (v != 0) place(v);
    }
  }
};

struct AbcData : Object {
  Value registry;  // set of weak references, or Undefined
  VersionSet* yes;
  VersionSet* no;
  uint64_t no_counter;  // what invalidation_counter was when `no` was begun
};

static Type* data_type = nullptr;
static uint64_t invalidation_counter = 0;
// ABCMeta's own methods, as the library defines them: isinstance() and issubclass() need not run them.
static Value meta_instancecheck, meta_subclasscheck;

static void dealloc(Object* o) {
  AbcData* d = static_cast<AbcData*>(o);
  decref(d->registry);
  delete d->yes;
  delete d->no;
}
static void traverse(Object* o, Visitor visitor, void* context) { visit(static_cast<AbcData*>(o)->registry, visitor, context); }

static Str* dataName(Thread& t) {
  static Str* name = intern(*t.isolate, "_abc_impl");
  return name;
}
static AbcData* dataOf(Thread& t, Value cls) {
  Value v = isType(cls) ? typeLookup(cls.as<Type>(), dataName(t)) : Value();
  if (v.isHeap() && typeOfHeap(v) == data_type) return v.as<AbcData>();
  (void)raiseTypeError(t, "_abc_impl is set to a wrong type");
  return nullptr;
}

// --- making a class
static Fallible<bool> isAbstract_py(Thread& t, Value v) {
  if (isExact(v, TypeId::kFunction) && v.as<Function>()->dict == nullptr) return false;
  Ref mark = findAttr_py(t, v, t.names().d_isabstractmethod);
  if (!mark) {
    if (isPending(t)) return kRaised;
    return false;
  }
  return isTrue_py(t, mark.get());
}
// ref: compute_abstract_methods.
static Status findAbstract_py(Thread& t, Type* cls) {
  Ref names = newSet(t);
  Ref items = dictCopy(t, cls->dict);
  Value key, value;
  for (int64_t at = 0; dictNext(items.as<Dict>(), at, key, value);) {
    if (TRY(isAbstract_py(t, value))) TRY(setAdd_py(t, names.as<Set>(), key));
  }
  Ref bases = Ref::of(cls->bases);
  for (int64_t i = 0; i < bases.as<Tuple>()->size; ++i) {
    Ref inherited = findAttr_py(t, bases.as<Tuple>()->items()[i], t.names().d_abstractmethods);
    if (!inherited && isPending(t)) return kRaised;
    if (!inherited) continue;
    Iteration it(t, inherited.get());
    while (it.next()) {
      if (!isStr(it.value())) return raiseTypeError(t, "attribute name must be string, not '%s'", typeNameOf(t, it.value()));
      Ref own = findAttr_py(t, cls, it.value().as<Str>());
      if (!own && isPending(t)) return kRaised;
      if (own && TRY(isAbstract_py(t, own.get()))) TRY(setAdd_py(t, names.as<Set>(), it.value()));
    }
    if (it.raised()) return kRaised;
  }
  Ref frozen = TRY(setFromIterable_py(t, t.types().frozenset, names.get()));
  return setAttr_py(t, cls, t.names().d_abstractmethods, frozen.get());
}

constexpr int64_t kPatternSequence = 1 << 5, kPatternMapping = 1 << 6;
static Status takePatternFlags_py(Thread& t, Type* cls) {
  Str* name = intern(*t.isolate, "__abc_tpflags__");
  Value flags = dictGetStr(cls->dict, name);
  if (!flags.isInt()) return kDone;
  int64_t kinds = flags.asInt() & (kPatternSequence | kPatternMapping);
  if (kinds == (kPatternSequence | kPatternMapping)) {
    return raiseTypeError(t, "__abc_tpflags__ cannot be both Py_TPFLAGS_SEQUENCE and Py_TPFLAGS_MAPPING");
  }
  if (kinds == 0) return kDone;
  cls->flags &= ~(kTypeMatchSequence | kTypeMatchMapping);
  cls->flags |= kinds == kPatternSequence ? kTypeMatchSequence : kTypeMatchMapping;
  dictDeleteStr(cls->dict, name);
  return kDone;
}

static void noteMetaclass(Thread& t, Type* meta) {
  if (meta_instancecheck.defined()) return;
  for (int64_t i = 0; i < meta->mro->size; ++i) {
    Type* at = meta->mro->items()[i].as<Type>();
    Value module = at->has(kTypeHeap) ? dictGetStr(at->dict, t.names().d_module) : Value();
    if (!isStr(module) || !strEquals(module.as<Str>(), "abc") || !strEquals(at->name, "ABCMeta")) continue;
    meta_instancecheck = share(dictGetStr(at->dict, t.names().d_instancecheck));
    meta_subclasscheck = share(dictGetStr(at->dict, t.names().d_subclasscheck));
    return;
  }
}

static Ref abcInit(Thread& t, const Value* a) {
  if (!isType(a[0])) return raiseTypeError(t, "_abc_init() argument must be a type");
  Type* cls = a[0].as<Type>();
  TRY(findAbstract_py(t, cls));
  AbcData* data = allocate<AbcData>(data_type);
  Ref held = Ref::steal(data);
  data->registry = Value();
  data->yes = new VersionSet();
  data->no = new VersionSet();
  data->no_counter = invalidation_counter;
  gcTrack(data);
  TRY(setAttr_py(t, a[0], dataName(t), held.get()));
  TRY(takePatternFlags_py(t, cls));
  noteMetaclass(t, typeOfHeap(a[0]));
  return Ref::none();
}

// --- registering. ref: _abc__abc_register_impl.
static void passPatternFlags(Thread& t, Type* type, uint32_t flag) {
  if (type->has(kTypeImmutable) || (type->flags & (kTypeMatchSequence | kTypeMatchMapping)) == flag) return;
  type->flags &= ~(kTypeMatchSequence | kTypeMatchMapping);
  type->flags |= flag;
  Ref subs = typeSubclassesList(t, type);
  for (int64_t i = 0; i < subs.as<List>()->size; ++i) passPatternFlags(t, subs.as<List>()->items[i].as<Type>(), flag);
}
static Ref forgetDead(Thread& t, const Value* a) {
  Ref set = weakrefGet(a[0].as<Weakref>());
  if (isSet(set.get())) TRY(setDiscard_py(t, set.as<Set>(), a[1]));
  return Ref::none();
}
static const NativeDef kForget = {"_destroy", "($self, reference, /)", forgetDead};

static Status addToRegistry_py(Thread& t, AbcData* data, Value subclass) {
  if (data->registry.isUndefined()) data->registry = newSet(t).release();
  Ref set = TRY(weakReferenceTo_py(t, data->registry, Value()));
  Ref callback = newNativeFunction(t, &kForget, set.get(), Value());
  Ref reference = TRY(weakReferenceTo_py(t, subclass, callback.get()));
  return setAdd_py(t, data->registry.as<Set>(), reference.get());
}
static Ref abcRegister(Thread& t, const Value* a) {
  if (!isType(a[1])) return raiseTypeError(t, "Can only register classes");
  if (TRY(isSubclass_py(t, a[1], a[0]))) return Ref::of(a[1]);
  if (TRY(isSubclass_py(t, a[0], a[1]))) return raiseRuntimeError(t, "Refusing to create an inheritance cycle");
  AbcData* data = dataOf(t, a[0]);
  if (data == nullptr) return Ref();
  TRY(addToRegistry_py(t, data, a[1]));
  ++invalidation_counter;
  uint32_t flag = a[0].as<Type>()->flags & (kTypeMatchSequence | kTypeMatchMapping);
  if (flag != 0) passPatternFlags(t, a[1].as<Type>(), flag);
  return Ref::of(a[1]);
}

// --- asking. ref: _abc__abc_subclasscheck_impl.
static Fallible<bool> isRegistered_py(Thread& t, AbcData* data, Value subclass) {
  if (data->registry.isUndefined()) return false;
  std::vector<Ref> known;
  Value reference;
  for (int64_t at = 0; setNext(data->registry.as<Set>(), at, reference);) {
    Ref cls = weakrefGet(reference.as<Weakref>());
    if (!cls.get().isNone()) known.push_back(std::move(cls));
  }
  for (const Ref& cls : known) {
    if (TRY(isSubclass_py(t, subclass, cls.get()))) return true;
  }
  return false;
}
static Fallible<bool> decide_py(Thread& t, AbcData* data, Value cls, Value subclass) {
  Ref ok = TRY(callMethod_py(t, cls, intern(*t.isolate, "__subclasshook__"), subclass));
  if (ok.get().isBool()) return ok.get().isTrue();
  if (!ok.get().isNotImplemented()) return raise(t, errors(t).assertion_error, "__subclasshook__ must return either False, True, or NotImplemented");
  if (isSubtype(subclass.as<Type>(), cls.as<Type>())) return true;
  if (TRY(isRegistered_py(t, data, subclass))) return true;
  Ref subclasses = TRY(callMethod_py(t, cls, t.names().d_subclasses));
  if (!isList(subclasses.get())) return raiseTypeError(t, "__subclasses__() must return a list");
  for (int64_t i = 0; i < subclasses.as<List>()->size; ++i) {
    Ref below = Ref::of(subclasses.as<List>()->items[i]);
    if (TRY(isSubclass_py(t, subclass, below.get()))) return true;
  }
  return false;
}
static Fallible<bool> subclassCheck_py(Thread& t, Value cls, Value subclass) {
  if (!isType(subclass)) return raiseTypeError(t, "issubclass() arg 1 must be a class");
  AbcData* data = dataOf(t, cls);
  if (data == nullptr) return kRaised;
  uint32_t version = typeVersion(subclass.as<Type>());
  if (data->yes->has(version)) return true;
  if (data->no_counter < invalidation_counter) {
    data->no->clear();
    data->no_counter = invalidation_counter;
  } else if (data->no->has(version)) {
    return false;
  }
  TRY(checkRecursion(t, " in __subclasscheck__"));
  Ref held = Ref::of(Value(data));
  bool yes = TRY(decide_py(t, data, cls, subclass));
  (yes ? data->yes : data->no)->add(typeVersion(subclass.as<Type>()));
  return yes;
}
// ref: _abc__abc_instancecheck_impl.
static Fallible<bool> instanceCheck_py(Thread& t, Value cls, Value instance) {
  Type* type = typeOf(t, instance);
  AbcData* data = dataOf(t, cls);
  if (data == nullptr) return kRaised;
  bool plain = type->slots.get_attr == genericGetAttr_py && typeLookup(type, t.names().d_class) == typeLookup(t.types().object, t.names().d_class);
  Ref own = plain ? Ref::of(Value(type)) : TRY(getAttr_py(t, instance, t.names().d_class));
  if (isType(own.get()) && data->yes->has(typeVersion(own.as<Type>()))) return true;
  if (own.get() == Value(type)) {
    if (data->no_counter == invalidation_counter && data->no->has(typeVersion(type))) return false;
    return isSubclass_py(t, type, cls);
  }
  if (TRY(isSubclass_py(t, own.get(), cls))) return true;
  return isSubclass_py(t, Value(type), cls);
}
static Ref abcSubclassCheck(Thread& t, const Value* a) { return Ref::boolean(TRY(subclassCheck_py(t, a[0], a[1]))); }
static Ref abcInstanceCheck(Thread& t, const Value* a) { return Ref::boolean(TRY(instanceCheck_py(t, a[0], a[1]))); }

// The checks of isinstance() and issubclass() for classes whose metaclass has ABCMeta's methods unchanged.
static Fallible<bool> metaCheck_py(Thread& t, Value method, Value cls, Value v, bool& known) {
  known = method.defined() && (method == meta_instancecheck || method == meta_subclasscheck);
  if (!known) return false;
  return method == meta_instancecheck ? instanceCheck_py(t, cls, v) : subclassCheck_py(t, cls, v);
}

// --- for debugging and tests
static Ref getCacheToken(Thread& t, const Value*) { return newInt(t, static_cast<int64_t>(invalidation_counter)); }
static Ref getDump(Thread& t, const Value* a) {
  AbcData* data = dataOf(t, a[0]);
  if (data == nullptr) return Ref();
  Ref registry = data->registry.defined() ? setFromIterable_py(t, t.types().set, data->registry) : newSet(t);
  Ref yes = newSet(t), no = newSet(t), counter = newInt(t, static_cast<int64_t>(data->no_counter));
  if (!registry) return Ref();
  return tupleOf(t, {registry.get(), yes.get(), no.get(), counter.get()});
}
static Ref resetRegistry(Thread& t, const Value* a) {
  AbcData* data = dataOf(t, a[0]);
  if (data == nullptr) return Ref();
  if (data->registry.defined()) setClear(data->registry.as<Set>());
  return Ref::none();
}
static Ref resetCaches(Thread& t, const Value* a) {
  AbcData* data = dataOf(t, a[0]);
  if (data == nullptr) return Ref();
  data->yes->clear();
  data->no->clear();
  return Ref::none();
}

static Status init(Thread& t, Module*) {
  data_type = makeType(*t.isolate, {.name = "_abc._abc_data", .size = sizeof(AbcData), .flags = kTypeGc | kTypeDisallowNew,
                                    .doc = "Internal state held by ABC machinery."});
  data_type->slots.dealloc = dealloc;
  data_type->slots.traverse = traverse;
  readyType(*t.isolate, data_type);
  meta_check_hook = metaCheck_py;
  return kDone;
}

static const NativeDef kFunctions[] = {
    {"get_cache_token", "()", getCacheToken, "Returns the current ABC cache token.\n\nThe token changes with every call to register() on any ABC."},
    {"_abc_init", "(object, /)", abcInit, "Prepares a new class for the ABC machinery."},
    {"_abc_register", "(self, subclass, /)", abcRegister, "Registers a class as a virtual subclass."},
    {"_abc_instancecheck", "(self, instance, /)", abcInstanceCheck, "isinstance() for ABCs."},
    {"_abc_subclasscheck", "(self, subclass, /)", abcSubclassCheck, "issubclass() for ABCs."},
    {"_get_dump", "(self, /)", getDump, "The registry, the caches and the version of the negative cache."},
    {"_reset_registry", "(self, /)", resetRegistry, "Forgets the registered classes."},
    {"_reset_caches", "(self, /)", resetCaches, "Forgets the answers."},
    {nullptr, nullptr, nullptr}};

extern const NativeModule kAbcModule;
const NativeModule kAbcModule = {"_abc", "Module contains faster C implementation of abc.ABCMeta", kFunctions, init};

}  // namespace krait::modules
