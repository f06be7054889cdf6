// Slow paths of names, attributes and imports: the lookups, and the filling of inline caches.
#include <cstddef>

#include "runtime/interp/slow.h"
#include "runtime/object/module_errors.h"
#include "runtime/object/descriptor.h"
#include "runtime/object/instance.h"
#include "runtime/object/stored_attributes.h"
#include "runtime/object/str.h"

namespace krait::object {
void noteAttribute(Thread& t, Value object, Str* name);  // protocol.cpp
}  // namespace krait::object

namespace krait::interp {

static RaisedTag raiseUndefinedName(Thread& t, Str* name) {
  return raiseNameError(t, errors(t).name_error, name, "name '" + toUtf8(name) + "' is not defined");
}
static RaisedTag raiseUnboundLocal(Thread& t, Str* name) {
  // It does not tell its name, by which others would be suggested. ref: format_exc_check_arg.
  return raise(t, errors(t).unbound_local_error, "cannot access local variable '%s' where it is not associated with a value", toUtf8(name).c_str());
}

bool CheckBoundSlow(Thread& t, Frame* f, const Instruction* pc) {
  if (reg(f, pc->a).defined()) return true;
  (void)raiseUnboundLocal(t, f->code->local_names->items()[pc->a].as<Str>());
  return false;
}
bool DeleteFastSlow(Thread& t, Frame* f, const Instruction* pc) {
  if (!CheckBoundSlow(t, f, pc)) return false;
  freeReg(f, pc->a);
  return true;
}

// What names are looked up in after the globals: what the function was made with, or what code without one finds in its globals.
static Value builtinsOf(Thread& t, Frame* f) {
  if (isExact(f->function, TypeId::kFunction)) return f->function.as<Function>()->builtins;
  Value b = dictGetStr(f->globals, t.names().d_builtins);
  if (hasLayout(b, TypeId::kModule)) return b.as<Module>()->dict;
  return b.defined() ? b : Value(t.isolate->builtins);
}

// The mapping's item, or empty; a missing key is not an error.
static Ref findInMapping(Thread& t, Value mapping, Str* name) {
  if (isExact(mapping, TypeId::kDict)) return Ref::of(dictGet_py(t, mapping.as<Dict>(), name));
  Ref r = getItem_py(t, mapping, name);
  if (!r && pendingMatches(t, errors(t).key_error)) clearException(t);
  return r;
}
// Globals of a class derived from dict are asked as mappings. ref: _PyEval_LoadGlobalStackRef.
static Ref findGlobal(Thread& t, Frame* f, Str* name) {
  if (!isExact(f->globals, TypeId::kDict)) {
    Ref found = findInMapping(t, f->globals, name);
    if (found || isPending(t)) return found;
  }
  Value v = dictGet_py(t, f->globals, name);
  if (v.defined()) return Ref::of(v);
  if (isPending(t)) return Ref();
  Ref found = findInMapping(t, builtinsOf(t, f), name);
  if (found || isPending(t)) return found;
  return raiseUndefinedName(t, name);
}

// Fills the cache: version (of the globals' keys) and slot, or version2 (of the builtins' keys) when found there.
static void cacheGlobal(Thread& t, Frame* f, InlineCache& cache) {
  Dict* builtins = t.isolate->builtins;  // others are not cached
  cache.kind = 0;
  if (f->globals->only_str && isExact(f->globals, TypeId::kDict) && builtins->only_str) {
    int64_t i = dictFindStr(f->globals, cache.name);
    uint32_t version = dictKeysVersion(*t.isolate, f->globals);
    if (i >= 0) {
      cache.slot = static_cast<uint32_t>(i);
      cache.kind = 1;
    } else if (i < 0 && version != 0 && builtinsOf(t, f) == Value(builtins) && (i = dictFindStr(builtins, cache.name)) >= 0) {
      cache.version = version;
      cache.slot = static_cast<uint32_t>(i);
      cache.kind = 2;
    }
  }
}
static void cacheStore(Thread& t, Dict* globals, InlineCache& cache) {
  cache.kind = 0;
  if (!globals->only_str || !isExact(globals, TypeId::kDict)) return;
  int64_t i = dictFindStr(globals, cache.name);
  if (i < 0) return;
  cache.slot = static_cast<uint32_t>(i);
  cache.kind = 1;
}
bool LoadGlobalSlow(Thread& t, Frame* f, const Instruction* pc) {
  InlineCache& cache = cacheOf(f, pc);
  cacheGlobal(t, f, cache);
  return finish(f, pc, findGlobal(t, f, cache.name));
}
bool StoreGlobalSlow(Thread& t, Frame* f, const Instruction* pc) {
  InlineCache& cache = cacheOf(f, pc);
  if (dictSet_py(t, f->globals, cache.name, reg(f, pc->a)).failed) return false;
  cacheStore(t, f->globals, cache);
  return finishStatus(f, pc, kDone);
}
bool DeleteGlobalSlow(Thread& t, Frame* f, const Instruction* pc) {
  Fallible<bool> found = dictDelete_py(t, f->globals, cacheOf(f, pc).name);
  if (!found.failed && !found.value) (void)raiseUndefinedName(t, cacheOf(f, pc).name);
  return !found.failed && found.value;
}

static Value localsOf(Frame* f) { return f->locals.defined() ? f->locals : Value(f->globals); }

bool LoadNameSlow(Thread& t, Frame* f, const Instruction* pc) {
  Str* name = cacheOf(f, pc).name;
  // Not on the first run: most code of a module's level runs once.
  if (f->locals == Value(f->globals) && cacheOf(f, pc).misses++ > 0) cacheGlobal(t, f, cacheOf(f, pc));
  Ref r = findInMapping(t, localsOf(f), name);
  if (!r && !isPending(t)) r = findGlobal(t, f, name);
  return finish(f, pc, std::move(r));
}
bool StoreNameSlow(Thread& t, Frame* f, const Instruction* pc) {
  Value locals = localsOf(f);
  Str* name = cacheOf(f, pc).name;
  if (isExact(locals, TypeId::kDict)) {
    if (dictSet_py(t, locals.as<Dict>(), name, reg(f, pc->a)).failed) return false;
    if (locals == Value(f->globals) && cacheOf(f, pc).misses++ > 0) cacheStore(t, f->globals, cacheOf(f, pc));
    return finishStatus(f, pc, kDone);
  }
  return finishStatus(f, pc, setItem_py(t, locals, name, reg(f, pc->a)));
}
bool DeleteNameSlow(Thread& t, Frame* f, const Instruction* pc) {
  Str* name = cacheOf(f, pc).name;
  Status s = setItem_py(t, localsOf(f), name, Value());
  if (s.failed && pendingMatches(t, errors(t).key_error)) {
    clearException(t);
    (void)raiseUndefinedName(t, name);
  }
  return !s.failed;
}
bool LoadFromDictOrGlobalsSlow(Thread& t, Frame* f, const Instruction* pc) {
  Ref r = findInMapping(t, reg(f, pc->b), cacheOf(f, pc).name);
  if (!r && !isPending(t)) r = findGlobal(t, f, cacheOf(f, pc).name);
  return finish(f, pc, std::move(r));
}
static Str* cellName(Frame* f, uint16_t r) {
  Code* code = f->code;
  if (r >= code->local_count && r < code->local_count + code->free_count) return code->free_names->items()[r - code->local_count].as<Str>();
  for (int64_t i = 0; i < code->cell_names->size; ++i) {
    if (code->cell_registers[i] == r) return code->cell_names->items()[i].as<Str>();
  }
  return code->local_names->items()[r].as<Str>();
}
static RaisedTag raiseUnboundCell(Thread& t, Frame* f, uint16_t r) {
  Str* name = cellName(f, r);
  if (r < f->code->local_count) return raiseUnboundLocal(t, name);
  return raiseNameError(t, errors(t).name_error, name,
                        "cannot access free variable '" + toUtf8(name) + "' where it is not associated with a value in enclosing scope");
}
bool LoadFromDictOrDerefSlow(Thread& t, Frame* f, const Instruction* pc) {
  Ref r = findInMapping(t, reg(f, pc->b), cellName(f, pc->c));
  if (!r && !isPending(t)) {
    Value v = reg(f, pc->c).as<Cell>()->value;
    r = v.defined() ? Ref::of(v) : Ref(raiseUnboundCell(t, f, pc->c));
  }
  return finish(f, pc, std::move(r));
}
bool LoadLocalsSlow(Thread&, Frame* f, const Instruction* pc) { return finish(f, pc, Ref::of(localsOf(f))); }

bool MakeCellSlow(Thread& t, Frame* f, const Instruction* pc) {
  Ref cell = newCell(t, reg(f, pc->a));
  freeReg(f, pc->a);
  reg(f, pc->a) = cell.release();
  return true;
}
bool LoadDerefSlow(Thread& t, Frame* f, const Instruction* pc) {
  Value v = reg(f, pc->b).as<Cell>()->value;
  if (v.defined()) return finish(f, pc, Ref::of(v));
  (void)raiseUnboundCell(t, f, pc->b);
  return false;
}
bool StoreDerefSlow(Thread&, Frame* f, const Instruction* pc) {
  Cell* cell = reg(f, pc->b).as<Cell>();
  Value old = cell->value;
  cell->value = share(reg(f, pc->a));
  decref(old);
  if (pc->flags & bytecode::kFreeA) freeReg(f, pc->a);
  return true;
}
bool DeleteDerefSlow(Thread& t, Frame* f, const Instruction* pc) {
  Cell* cell = reg(f, pc->a).as<Cell>();
  if (cell->value.isUndefined()) {
    (void)raiseUnboundCell(t, f, pc->a);
    return false;
  }
  Value old = cell->value;
  cell->value = Value();
  decref(old);
  return true;
}
bool LoadClosureSlow(Thread&, Frame* f, const Instruction* pc) {
  return finish(f, pc, Ref::of(f->function.as<Function>()->closure.as<Tuple>()->items()[pc->b]));
}
bool LoadBuildClassSlow(Thread& t, Frame* f, const Instruction* pc) {
  Ref v = findInMapping(t, builtinsOf(t, f), t.names().d_build_class);
  if (v) return finish(f, pc, std::move(v));
  if (isPending(t)) return false;
  (void)raise(t, errors(t).name_error, "__build_class__ not found");
  return false;
}

// --- attributes
static Instruction* mutableAt(Frame* f, const Instruction* pc) { return f->code->instructions + (pc - f->code->instructions); }

static bool isPlainInstance(Type* type) { return type->has(kTypeHasShape) && type->slots.get_attr == genericGetAttr_py; }

// The place of a slot's value inside of instances of `type`; 0 when `found` is no such descriptor.
static uint32_t memberOffset(Thread& t, Type* type, Value found) {
  if (!found.isHeap() || typeOfHeap(found) != t.types().member) return 0;
  MemberDescriptor* m = found.as<MemberDescriptor>();
  return m->offset >= kReadByFunction || !isSubtype(type, m->owner) ? 0 : m->offset;
}
static bool isPlainGetter(Value getter) {
  if (!isExact(getter, TypeId::kFunction)) return false;
  Code* code = getter.as<Function>()->code;
  return code->arg_count == 1 && code->keyword_only == 0 && (code->flags & (kCodeVarargs | kCodeVarkeywords)) == 0;
}
// A property whose getter is a Python function, or a data descriptor of C++: it answers for its attribute whatever the object has.
static bool answersForAttribute(Thread& t, Value found) {
  if (!found.isHeap()) return false;
  const Type* type = typeOfHeap(found);
  if (type == t.types().property && isPlainGetter(propertyGetter(found))) return true;
  return !type->has(object::kTypeHeap) && type->slots.descr_get != nullptr && type->slots.descr_set != nullptr;
}
static bool specialiseDescriptor(Thread& t, Frame* f, const Instruction* pc, Type* type, Value on_type) {
  InlineCache& cache = cacheOf(f, pc);
  if (uint32_t offset = memberOffset(t, type, on_type)) {
    cache.slot = offset;
    mutableAt(f, pc)->op = Op::kLoadAttrMember;
  } else if (answersForAttribute(t, on_type)) {
    cache.value = on_type;
    mutableAt(f, pc)->op = Op::kLoadAttrProperty;
  } else {
    return false;
  }
  cache.version = typeVersion(type);
  return true;
}

// Where objects of this type keep their dictionary, when `object` keeps its attributes there now; 0 otherwise.
static uint16_t dictOffset(Type* type, Value object) {
  if (type->has(kTypeHasShape)) return object.as<Instance>()->shape == nullptr ? static_cast<uint16_t>(offsetof(Instance, dict)) : 0;
  return type->has(kTypeHasDict) && type->dict_offset < 0xFFFF ? static_cast<uint16_t>(type->dict_offset) : 0;
}
// The cache's dictionary and entry of the attribute that `object` has itself; false: it has none there.
static bool cacheEntry(InlineCache& cache, Type* type, Value object) {
  uint16_t offset = dictOffset(type, object);
  Dict* dict = offset != 0 ? *reinterpret_cast<Dict**>(reinterpret_cast<char*>(object.object()) + offset) : nullptr;
  int64_t i = dict != nullptr && isExact(dict, TypeId::kDict) && dict->only_str ? dictFindStr(dict, cache.name) : -1;
  if (i < 0) return false;
  cache.kind = offset;
  cache.slot = static_cast<uint32_t>(i);
  cache.version = typeVersion(type);
  return cache.version != 0;
}
// What calling `found` (of a class's dictionary) calls: itself, or what a static or class method wraps; `wants_class`: with the class
// in front. Undefined: only its __get__ knows.
static Value calledBy(Thread& t, Value found, bool& wants_class) {
  wants_class = false;
  Type* type = typeOf(t, found);
  if (type->id == TypeId::kFunction || type->id == TypeId::kNativeDescriptor || type->slots.descr_get == nullptr) return found;
  if (type->id == TypeId::kStaticMethod) return found.as<object::ClassMethod>()->callable;
  if (type->id == TypeId::kClassMethodDescriptor) {
    wants_class = true;
    return found;
  }
  if (type->id != TypeId::kClassMethod || !isExact(found.as<object::ClassMethod>()->callable, TypeId::kFunction)) return Value();
  wants_class = true;
  return found.as<object::ClassMethod>()->callable;
}
// What the class `object` has under the cache's name, found the plain way; the cache is filled with both versions.
static Value foundOnType(Thread& t, InlineCache& cache, Value object) {
  Type *type = object.as<Type>(), *metatype = typeOfHeap(object);
  if (metatype->slots.get_attr != object::typeGetAttr_py) return Value();
  Value on_metatype = typeLookup(metatype, cache.name);
  if (on_metatype.defined() && typeOf(t, on_metatype)->slots.descr_set != nullptr) return Value();
  cache.version = typeVersion(type);
  cache.slot = typeVersion(metatype);
  return cache.version == 0 || cache.slot == 0 ? Value() : typeLookup(type, cache.name);
}

// The cache's value becomes the class whose dictionary holds an attribute of `type` that is stored over and over. False: it is no such,
// or no plain value now.
static bool cacheHolder(const Thread& t, InlineCache& cache, Type* type, int64_t& entry) {
  if (!object::isFoundStoredOften(type, cache.name)) return false;
  for (int64_t i = 0; i < type->mro->size; ++i) {
    Type* holder = type->mro->items()[i].as<Type>();
    entry = dictFindStr(holder->dict, cache.name);
    if (entry < 0) continue;
    Type* kind = typeOf(t, holder->dict->entries[entry].value);
    cache.value = Value(holder);
    return entry < 0x10000 && kind->slots.descr_get == nullptr && kind->slots.descr_set == nullptr;
  }
  return false;
}
// Specialises LoadAttr where the answer can be found again by comparing versions.
static void specialiseLoadAttr(Thread& t, Frame* f, const Instruction* pc, Value object) {
  InlineCache& cache = cacheOf(f, pc);
  if (!object.isHeap() || cache.misses > 50) return;
  Type* type = typeOfHeap(object);
  if (type->id == TypeId::kModule && type->slots.get_attr != nullptr) {
    Dict* dict = object.as<Module>()->dict;
    int64_t i = dict->only_str ? dictFindStr(dict, cache.name) : -1;
    if (i < 0 || typeLookup(type, cache.name).defined()) return;
    cache.slot = static_cast<uint32_t>(i);
    mutableAt(f, pc)->op = Op::kLoadAttrModule;
    return;
  }
  if (isType(object)) {
    Value found = foundOnType(t, cache, object);
    bool wants_class = false;
    Value value = found.defined() ? calledBy(t, found, wants_class) : Value();
    if (value.isUndefined() || wants_class) return;
    int64_t entry;
    if (cacheHolder(t, cache, object.as<Type>(), entry)) {
      cache.kind = static_cast<uint16_t>(entry);
      mutableAt(f, pc)->op = Op::kLoadAttrStoredOfType;
      return;
    }
    if (object::isFoundStoredOften(object.as<Type>(), cache.name)) return;
    cache.value = value;
    mutableAt(f, pc)->op = Op::kLoadAttrOfType;
    return;
  }
  if (type->slots.get_attr != genericGetAttr_py) return;
  Value on_type = typeLookup(type, cache.name);
  if (specialiseDescriptor(t, f, pc, type, on_type)) return;
  if (on_type.defined() && typeOf(t, on_type)->slots.descr_set != nullptr) return;
  if (cacheEntry(cache, type, object)) {
    mutableAt(f, pc)->op = Op::kLoadAttrDict;
    return;
  }
  if (!isPlainInstance(type)) return;
  Instance* instance = object.as<Instance>();
  if (instance->shape == nullptr) return;
  int slot = shapeFind(instance->shape, cache.name);
  if (slot >= 0) {
    cache.version = typeVersion(type);
    cache.shape = instance->shape;
    cache.slot = static_cast<uint32_t>(slot);
    mutableAt(f, pc)->op = Op::kLoadAttrSlot;
  } else if (int64_t entry; on_type.defined() && cacheHolder(t, cache, type, entry)) {
    cache.version = typeVersion(type);
    cache.shape = instance->shape;
    cache.slot = static_cast<uint32_t>(entry);
    mutableAt(f, pc)->op = Op::kLoadAttrStored;
  } else if (on_type.defined() && typeOf(t, on_type)->slots.descr_get == nullptr && !object::isFoundStoredOften(type, cache.name)) {
    cache.version = typeVersion(type);
    cache.shape = instance->shape;
    cache.value = on_type;
    mutableAt(f, pc)->op = Op::kLoadAttrClass;
  }
}

// Whether x.__class__ is the object's type, found in no surprising way.
static bool hasPlainClass(Thread& t, Value x) {
  if (!x.isHeap()) return false;
  Type* type = typeOfHeap(x);
  return type->slots.get_attr == genericGetAttr_py && typeLookup(type, t.names().d_class) == typeLookup(t.types().object, t.names().d_class);
}

bool LoadAttrSlow(Thread& t, Frame* f, const Instruction* pc) {
  InlineCache& cache = cacheOf(f, pc);
  if (pc->op == Op::kLoadAttr) {
    Value x = reg(f, pc->b);
    if (cache.name == t.names().d_class && hasPlainClass(t, x)) return finish(f, pc, Ref::of(typeOfHeap(x)));
    specialiseLoadAttr(t, f, pc, x);
    if (pc->op == Op::kLoadAttr && cache.misses < 1000) ++cache.misses;  // it cannot be specialised: not for ever tried
  } else if (++cache.misses % 16 == 0) {
    mutableAt(f, pc)->op = Op::kLoadAttr;
    specialiseLoadAttr(t, f, pc, reg(f, pc->b));
  }
  return finish(f, pc, getAttr_py(t, reg(f, pc->b), cache.name));
}
bool LoadAttrSlotSlow(Thread& t, Frame* f, const Instruction* pc) { return LoadAttrSlow(t, f, pc); }
bool LoadAttrModuleSlow(Thread& t, Frame* f, const Instruction* pc) { return LoadAttrSlow(t, f, pc); }
bool LoadAttrClassSlow(Thread& t, Frame* f, const Instruction* pc) { return LoadAttrSlow(t, f, pc); }
bool LoadAttrStoredSlow(Thread& t, Frame* f, const Instruction* pc) { return LoadAttrSlow(t, f, pc); }
bool LoadAttrStoredOfTypeSlow(Thread& t, Frame* f, const Instruction* pc) { return LoadAttrSlow(t, f, pc); }
bool LoadAttrDictSlow(Thread& t, Frame* f, const Instruction* pc) { return LoadAttrSlow(t, f, pc); }
bool LoadAttrOfTypeSlow(Thread& t, Frame* f, const Instruction* pc) { return LoadAttrSlow(t, f, pc); }
bool LoadAttrMemberSlow(Thread& t, Frame* f, const Instruction* pc) { return LoadAttrSlow(t, f, pc); }
CallOutcome loadProperty(Thread& t, Frame* f, const Instruction* pc) {
  InlineCache& cache = cacheOf(f, pc);
  Value x = reg(f, pc->b);
  if (x.isHeap() && typeOfHeap(x)->version == cache.version) {
    bool is_property = typeOfHeap(cache.value) == t.types().property;
    if (is_property && isPlainGetter(propertyGetter(cache.value))) {
      if (pc->flags & bytecode::kFreeB) reg(f, pc->b) = Value();
      else incref(x);
      return enterWith(t, propertyGetter(cache.value).as<Function>(), &x, 1);
    }
    if (!is_property) {
      Ref descriptor = Ref::of(cache.value);
      Ref r = typeOfHeap(descriptor.get())->slots.descr_get(t, descriptor.get(), x, typeOfHeap(x));
      if (!r) object::noteAttribute(t, x, cache.name);
      return finish(f, pc, std::move(r)) ? CallOutcome::kDone : CallOutcome::kRaised;
    }
  }
  return LoadAttrSlow(t, f, pc) ? CallOutcome::kDone : CallOutcome::kRaised;
}

// Specialises StoreAttr to a class's own attribute that is stored over and over.
static void specialiseStoreOfType(const Thread& t, Frame* f, const Instruction* pc, Value object) {
  InlineCache& cache = cacheOf(f, pc);
  Type *type = object.as<Type>(), *metatype = typeOfHeap(object);
  if (metatype->slots.set_attr != t.types().type->slots.set_attr || !object::isStoredOften(type, cache.name) || cache.misses++ > 50) return;
  Value on_metatype = typeLookup(metatype, cache.name);
  if (on_metatype.defined() && typeOf(t, on_metatype)->slots.descr_set != nullptr) return;
  int64_t entry;
  if (!cacheHolder(t, cache, type, entry) || cache.value != object) return;
  cache.version = typeVersion(type);
  cache.slot = typeVersion(metatype);
  cache.kind = static_cast<uint16_t>(entry);
  mutableAt(f, pc)->op = Op::kStoreAttrOfType;
}
bool StoreAttrSlow(Thread& t, Frame* f, const Instruction* pc) {
  InlineCache& cache = cacheOf(f, pc);
  Value object = reg(f, pc->a);
  Type* type = typeOf(t, object);
  if (pc->op == Op::kStoreAttr && isType(object)) specialiseStoreOfType(t, f, pc, object);
  Shape* before = nullptr;
  bool generic = object.isHeap() && type->slots.set_attr == genericSetAttr_py;
  if (generic && pc->op == Op::kStoreAttr && cache.misses < 50) {
    if (uint32_t offset = memberOffset(t, type, typeLookup(type, cache.name))) {
      cache.version = typeVersion(type);
      cache.slot = offset;
      ++cache.misses;
      mutableAt(f, pc)->op = Op::kStoreAttrMember;
    } else if (Value on_type = typeLookup(type, cache.name); (on_type.isUndefined() || typeOf(t, on_type)->slots.descr_set == nullptr) && cacheEntry(cache, type, object)) {
      ++cache.misses;
      mutableAt(f, pc)->op = Op::kStoreAttrDict;
    }
  }
  bool plain = generic && type->has(kTypeHasShape);
  if (plain) before = object.as<Instance>()->shape;
  if (setAttr_py(t, object, cache.name, reg(f, pc->b)).failed) return false;
  if (plain && before != nullptr && cache.misses++ < 50) {
    Shape* after = object.as<Instance>()->shape;
    int slot = after != nullptr ? shapeFind(after, cache.name) : -1;
    Value on_type = typeLookup(type, cache.name);
    bool data_descriptor = on_type.defined() && typeOf(t, on_type)->slots.descr_set != nullptr;
    if (slot >= 0 && !data_descriptor) {
      cache.version = typeVersion(type);
      cache.shape = before;
      cache.next_shape = after;
      cache.slot = static_cast<uint32_t>(slot);
      mutableAt(f, pc)->op = Op::kStoreAttrSlot;
    }
  }
  freeOperands(f, pc);
  return true;
}
bool StoreAttrSlotSlow(Thread& t, Frame* f, const Instruction* pc) { return StoreAttrSlow(t, f, pc); }
bool StoreAttrOfTypeSlow(Thread& t, Frame* f, const Instruction* pc) {
  mutableAt(f, pc)->op = Op::kStoreAttr;
  return StoreAttrSlow(t, f, pc);
}
bool StoreAttrDictSlow(Thread& t, Frame* f, const Instruction* pc) {
  mutableAt(f, pc)->op = Op::kStoreAttr;
  return StoreAttrSlow(t, f, pc);
}
bool StoreAttrMemberSlow(Thread& t, Frame* f, const Instruction* pc) {
  mutableAt(f, pc)->op = Op::kStoreAttr;
  return StoreAttrSlow(t, f, pc);
}
bool DeleteAttrSlow(Thread& t, Frame* f, const Instruction* pc) {
  return finishStatus(f, pc, setAttr_py(t, reg(f, pc->a), cacheOf(f, pc).name, Value()));
}

// Specialises LoadMethod of what is no method of b's type.
static void specialiseLoadMethod(Thread& t, Frame* f, const Instruction* pc, Value object) {
  InlineCache& cache = cacheOf(f, pc);
  if (!object.isHeap() || cache.misses++ >= 200) return;
  Type* type = typeOfHeap(object);
  bool wants_class = false;
  if (type->id == TypeId::kModule && type->slots.get_attr != nullptr) {
    Dict* dict = object.as<Module>()->dict;
    int64_t i = dict->only_str ? dictFindStr(dict, cache.name) : -1;
    if (i < 0 || typeLookup(type, cache.name).defined()) return;
    cache.slot = static_cast<uint32_t>(i);
    mutableAt(f, pc)->op = Op::kLoadMethodModule;
  } else if (isType(object)) {
    Value found = foundOnType(t, cache, object);
    cache.value = found.defined() ? calledBy(t, found, wants_class) : Value();
    if (cache.value.isUndefined() || object::isFoundStoredOften(object.as<Type>(), cache.name)) return;
    cache.kind = wants_class;
    mutableAt(f, pc)->op = Op::kLoadMethodOfType;
  } else if (type->slots.get_attr == genericGetAttr_py) {
    Value found = typeLookup(type, cache.name);
    if (found.defined() && typeOf(t, found)->slots.descr_set != nullptr) return;
    bool shaped = type->has(kTypeHasShape);
    if (type->has(kTypeHasDict) && (!shaped || object.as<Instance>()->shape == nullptr)) return;
    cache.shape = shaped ? object.as<Instance>()->shape : nullptr;
    cache.version = typeVersion(type);
    int slot = shaped ? shapeFind(cache.shape, cache.name) : -1;
    if (cache.version == 0) return;
    if (slot >= 0) {
      cache.slot = static_cast<uint32_t>(slot);
      mutableAt(f, pc)->op = Op::kLoadMethodSlot;
    } else if (found.defined() && typeOf(t, found)->id != TypeId::kFunction && typeOf(t, found)->id != TypeId::kNativeDescriptor) {
      cache.value = calledBy(t, found, wants_class);
      if (cache.value.isUndefined() || object::isFoundStoredOften(type, cache.name)) return;
      cache.kind = wants_class;
      mutableAt(f, pc)->op = Op::kLoadMethodStatic;
    }
  }
}
// Window a gets (callable, self) for a method found on the type, or (attribute, empty).
bool LoadMethodSlow(Thread& t, Frame* f, const Instruction* pc) {
  InlineCache& cache = cacheOf(f, pc);
  Value object = reg(f, pc->b);
  Type* type = typeOf(t, object);
  if (pc->op != Op::kLoadMethod) mutableAt(f, pc)->op = Op::kLoadMethod;
  Value& callable = reg(f, pc->a);
  Value& self = reg(f, static_cast<uint16_t>(pc->a + kFrameWords));
  if (type->slots.get_attr == genericGetAttr_py) {
    Value method = typeLookup(type, cache.name);
    if (method.defined() && typeOf(t, method)->has(kTypeMethodDescriptor)) {
      Value own = object.isHeap() && type->has(kTypeHasDict) ? instanceGet(object.object(), cache.name) : Value();
      if (own.isUndefined()) {
        bool shaped = object.isHeap() && type->has(kTypeHasShape);
        Shape* shape = shaped ? object.as<Instance>()->shape : nullptr;
        if (object.isHeap() && (!type->has(kTypeHasDict) || shape != nullptr)) {
          cache.version = typeVersion(type);
          cache.shape = shape;
          cache.value = method;
          mutableAt(f, pc)->op = Op::kLoadMethodCached;
        } else if (uint16_t offset = object.isHeap() ? dictOffset(type, object) : 0) {
          cache.version = typeVersion(type);
          cache.value = method;
          cache.kind = offset;
          cache.slot = shaped;
          if (cache.version != 0) mutableAt(f, pc)->op = Op::kLoadMethodDict;
        }
        callable = share(method);
        self = share(object);
        if (pc->flags & bytecode::kFreeB) freeReg(f, pc->b);
        return true;
      }
    }
  }
  specialiseLoadMethod(t, f, pc, object);
  Ref attr = getAttr_py(t, object, cache.name);
  if (!attr) return false;
  callable = attr.release();
  self = Value();
  if (pc->flags & bytecode::kFreeB) freeReg(f, pc->b);
  return true;
}
bool LoadMethodCachedSlow(Thread& t, Frame* f, const Instruction* pc) { return LoadMethodSlow(t, f, pc); }
bool LoadMethodDictSlow(Thread& t, Frame* f, const Instruction* pc) { return LoadMethodSlow(t, f, pc); }
bool LoadMethodSlotSlow(Thread& t, Frame* f, const Instruction* pc) { return LoadMethodSlow(t, f, pc); }
bool LoadMethodModuleSlow(Thread& t, Frame* f, const Instruction* pc) { return LoadMethodSlow(t, f, pc); }
bool LoadMethodStaticSlow(Thread& t, Frame* f, const Instruction* pc) { return LoadMethodSlow(t, f, pc); }
bool LoadMethodOfTypeSlow(Thread& t, Frame* f, const Instruction* pc) { return LoadMethodSlow(t, f, pc); }

// What super(cls, object) finds when both are plain; empty without exception otherwise. ref: do_super_lookup.
static Ref superAttribute(Thread& t, Value cls, Value object, Str* name) {
  if (!isType(cls) || isType(object) || name == t.names().d_class) return Ref();
  Type* type = typeOf(t, object);
  Tuple* mro = type->mro;
  if (mro == nullptr || !isSubtype(type, cls.as<Type>())) return Ref();
  int64_t i = 0;
  while (i < mro->size && mro->items()[i] != cls) ++i;
  for (++i; i < mro->size; ++i) {
    Value found = dictGetStr(mro->items()[i].as<Type>()->dict, name);
    if (found.isUndefined()) continue;
    return isExact(found, TypeId::kFunction) ? newMethod(t, found, object) : Ref();
  }
  return Ref();
}
bool LoadSuperAttrSlow(Thread& t, Frame* f, const Instruction* pc) {
  Value args[2] = {reg(f, pc->b), reg(f, static_cast<uint16_t>(pc->b + 1))};
  Ref r = superAttribute(t, args[0], args[1], cacheOf(f, pc).name);
  if (!r) {
    Ref super = call_py(t, t.types().super, args, 2);
    if (!super) return false;
    r = getAttr_py(t, super.get(), cacheOf(f, pc).name);
  }
  if (!r) return false;
  freeReg(f, pc->b);
  freeReg(f, static_cast<uint16_t>(pc->b + 1));
  return finish(f, pc, std::move(r));
}

// --- imports. ref: import_name, import_from.
bool ImportNameSlow(Thread& t, Frame* f, const Instruction* pc) {
  Ref import = findInMapping(t, builtinsOf(t, f), t.names().d_import);
  if (!import) {
    if (isPending(t)) return false;
    (void)raise(t, errors(t).import_error, "__import__ not found");
    return false;
  }
  Value args[5] = {cacheOf(f, pc).name, f->globals, f->locals.defined() ? f->locals : Value::none(),
                   reg(f, static_cast<uint16_t>(pc->b + 1)), reg(f, pc->b)};
  Ref r = call_py(t, import.get(), args, 5);
  if (!r) return false;
  freeReg(f, pc->b);
  freeReg(f, static_cast<uint16_t>(pc->b + 1));
  return finish(f, pc, std::move(r));
}

bool ImportFromSlow(Thread& t, Frame* f, const Instruction* pc) {
  Value module = reg(f, pc->b);
  Str* name = cacheOf(f, pc).name;
  Ref r = findAttr_py(t, module, name);
  if (!r && !isPending(t)) {
    Ref package = findAttr_py(t, module, t.names().d_name);
    if (package && isStr(package.get())) {
      Ref full = strFormat(t, "%s.%s", toUtf8(package.as<Str>()).c_str(), toUtf8(name).c_str());
      r = Ref::of(dictGet_py(t, t.isolate->modules, full.get()));
    }
    if (!r && !isPending(t)) (void)raiseCannotImportName(t, module, name);
  }
  return finish(f, pc, std::move(r));
}

static bool importStar(Thread& t, Frame* f, Value module) {
  Ref all = findAttr_py(t, module, t.names().d_all);
  if (!all && isPending(t)) return false;
  bool skip_private = !all;
  if (!all) {
    Ref dict = getAttr_py(t, module, t.names().d_dict);
    if (!dict) return false;
    all = callMethod_py(t, dict.get(), t.names().keys);
    if (!all) return false;
    all = listFromIterable_py(t, all.get());
    if (!all) return false;
  }
  Value locals = localsOf(f);
  Iteration it(t, all.get());
  while (it.next()) {
    if (!isStr(it.value())) {
      Ref of = findAttr_py(t, module, t.names().d_name);
      if (isPending(t)) return false;
      if (!of || !isStr(of.get())) (void)raiseTypeError(t, "module __name__ must be a string, not %s", of ? typeNameOf(t, of.get()) : "NoneType");
      else (void)raiseTypeError(t, skip_private ? "Key in %s.__dict__ must be str, not %s" : "Item in %s.__all__ must be str, not %s", toUtf8(of.as<Str>()).c_str(), typeNameOf(t, it.value()));
      return false;
    }
    Str* name = it.value().as<Str>();
    if (skip_private && name->length > 0 && name->at(0) == '_') continue;
    Ref v = getAttr_py(t, module, name);
    if (!v) return false;
    if (setItem_py(t, locals, internStr(*t.isolate, name), v.get()).failed) return false;
  }
  return !it.raised();
}
bool ImportStarSlow(Thread& t, Frame* f, const Instruction* pc) {
  if (!importStar(t, f, reg(f, pc->a))) return false;
  freeOperands(f, pc);
  return true;
}

}  // namespace krait::interp
