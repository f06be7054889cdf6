// Type: making builtin types, method resolution order, attribute lookup with its cache, and subclass bookkeeping.
#include "runtime/object/type.h"

#include <cstring>
#include <string>
#include <vector>

#include "runtime/object/containers.h"
#include "runtime/object/descriptor.h"
#include "runtime/object/error.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"
#include "runtime/object/instance.h"
#include "runtime/object/protocol.h"
#include "runtime/object/stored_attributes.h"
#include "runtime/object/str.h"

namespace krait::object {

std::string qualifiedTypeName(Thread& t, Type* type);

// Subclasses are kept as plain borrowed pointers; a heap type takes itself off when it dies.
struct Subclasses {
  std::vector<Type*> list;
};

bool isSubtype(const Type* type, const Type* base) {
  if (type == base) return true;
  if (type->mro != nullptr) {
    for (int64_t i = 0; i < type->mro->size; ++i) {
      if (type->mro->items()[i] == Value(base)) return true;
    }
    return false;
  }
  for (; type != nullptr; type = type->base) {
    if (type == base) return true;
  }
  return base->id == TypeId::kObject;
}

const char* typeName(const Type* type) { return type->native_name != nullptr ? type->native_name : shortTypeName(type); }
const char* shortTypeName(const Type* type) {
  if (type->name->is_ascii) return reinterpret_cast<const char*>(type->name->data1());
  static thread_local std::string buffer[4];
  static thread_local int next = 0;
  std::string& out = buffer[next++ & 3];
  out = toUtf8(type->name);
  return out.c_str();
}
const char* typeNameOf(const Thread& t, Value v) { return typeName(typeOf(t, v)); }

Type* makeType(Isolate& isolate, const TypeSpec& spec) {
  Type* meta = spec.metatype != nullptr ? spec.metatype : isolate.types.type;
  size_t size = meta != nullptr && meta->basic_size > sizeof(Type) ? meta->basic_size : sizeof(Type);
  Type* type = new (allocateBytes(size)) Type();
  type->refs = kImmortalRefs;
  type->gc = 0;
  static_cast<Object*>(type)->type = meta;
  type->id = spec.id;
  type->base = spec.base != nullptr ? spec.base : isolate.types.object;
  type->layout = spec.id != TypeId::kOther ? spec.id : type->base != nullptr ? type->base->layout : TypeId::kObject;
  type->flags = spec.flags;
  if (spec.size != 0) type->basic_size = spec.size;
  else if (type->base != nullptr) type->basic_size = type->base->basic_size;
  type->dict_offset = spec.dict_offset != 0 ? spec.dict_offset : type->base != nullptr ? type->base->dict_offset : 0;
  if (type->dict_offset != 0) type->flags |= kTypeHasDict;
  type->doc = spec.doc;
  const char* dot = std::strrchr(spec.name, '.');
  if (dot != nullptr) {
    type->module_name = strndup(spec.name, dot - spec.name);
    type->native_name = strdup(spec.name);
  }
  type->init_version = 0;
  type->spec = new TypeSpec(spec);
  return type;
}

static void addTables(Isolate& isolate, Type* type, const TypeSpec& spec) {
  Thread& t = isolate.main_thread;
  for (const NativeDef* def = spec.methods; def != nullptr && def->name != nullptr; ++def) {
    Ref descriptor = newNativeDescriptor(isolate, def, type);
    dictSetStr(type->dict, intern(isolate, def->name), descriptor.get());
  }
  for (const GetSetDef* def = spec.getsets; def != nullptr && def->name != nullptr; ++def) {
    dictSetStr(type->dict, intern(isolate, def->name), newGetSet(isolate, def, type).get());
  }
  bool has_doc = dictGetStr(type->dict, t.names().d_doc).defined();  // that of its instances
  if (!has_doc) dictSetStr(type->dict, t.names().d_doc, spec.doc != nullptr ? newStr(t, spec.doc).get() : Value::none());
}

void readyType(Isolate& isolate, Type* type) {
  Thread& t = isolate.main_thread;
  TypeSpec* spec = type->spec;
  type->flags |= kTypeImmutable;
  const char* dot = std::strrchr(spec->name, '.');
  type->name = intern(isolate, dot != nullptr ? dot + 1 : spec->name);
  type->qualname = type->name;
  if (static_cast<Object*>(type)->type == nullptr) static_cast<Object*>(type)->type = isolate.types.type;
  type->dict = newDict(t).release().as<Dict>();
  int64_t depth = 1 + (type->base != nullptr ? type->base->mro->size : 0);
  Ref mro = newTuple(t, depth);
  mro.as<Tuple>()->items()[0] = type;
  for (int64_t i = 1; i < depth; ++i) mro.as<Tuple>()->items()[i] = share(type->base->mro->items()[i - 1]);
  incref(type);
  type->mro = mro.release().as<Tuple>();
  Ref bases = type->base != nullptr ? tupleOf(t, {type->base}) : newTuple(t, 0);
  type->bases = bases.release().as<Tuple>();
  addSlotWrappers(isolate, type);
  addTables(isolate, type, *spec);
  if (type->base != nullptr) {
    inheritSlots(type);
    type->flags |= type->base->flags & (kTypeGc | kTypeMatchSequence | kTypeMatchMapping | kTypeMatchSelf | kTypeHasDict);
    if (type->flags & kTypeDisallowNew) type->slots.make = nullptr;
    registerSubclass(type);
  }
  if (type->slots.hash == nullptr && dictGetStr(type->dict, t.names().d_hash).isUndefined()) {
    dictSetStr(type->dict, t.names().d_hash, Value::none());
  }
  noteFixedSize(type);
  type->ready = true;
  delete spec;
  type->spec = nullptr;
}

void registerSubclass(Type* type) {
  for (int64_t i = 0; i < type->bases->size; ++i) {
    Type* base = type->bases->items()[i].as<Type>();
    if (base->subclasses == nullptr) base->subclasses = new Subclasses();
    base->subclasses->list.push_back(type);
  }
}

void unregisterSubclass(Type* type) {
  if (type->bases == nullptr) return;
  for (int64_t i = 0; i < type->bases->size; ++i) {
    Type* base = type->bases->items()[i].as<Type>();
    if (base->subclasses != nullptr) std::erase(base->subclasses->list, type);
  }
}

Ref typeSubclassesList(Thread& t, Type* type) {
  Ref list = newList(t);
  if (type->subclasses != nullptr) {
    for (Type* sub : type->subclasses->list) listAppend(list.as<List>(), sub);
  }
  return list;
}

template <class Visit>
static void forEachSubclass(Type* type, Visit visit) {
  if (type->subclasses == nullptr) return;
  for (size_t i = 0; i < type->subclasses->list.size(); ++i) visit(type->subclasses->list[i]);
}

void typeModified(Type* type) {
  if (type->version == 0) return;
  type->version = 0;
  type->init_version = 0;
  forEachSubclass(type, [](Type* sub) { typeModified(sub); });
}

uint32_t typeVersion(Type* type) {
  if (type->version == 0) {
    // A base without a version would not pass its changes on.
    for (int64_t i = 0; type->bases != nullptr && i < type->bases->size; ++i) typeVersion(type->bases->items()[i].as<Type>());
    type->version = current_thread->isolate->next_type_version++;
  }
  return type->version;
}

struct LookupCacheEntry {
  uint32_t version;
  Str* name;
  Value value;
};
static constexpr size_t kLookupCacheSize = 4096;
static thread_local LookupCacheEntry lookup_cache[kLookupCacheSize];

static Value lookupInMro(Type* type, Str* name) {
  if (type->mro == nullptr) {  // while its metaclass's mro() runs
    for (const Type* at = type; at != nullptr; at = at->base) {
      Value found = at->dict != nullptr ? dictGetStr(at->dict, name) : Value();
      if (found.defined()) return found;
    }
    return Value();
  }
  for (int64_t i = 0; i < type->mro->size; ++i) {
    Value found = dictGetStr(type->mro->items()[i].as<Type>()->dict, name);
    if (found.defined()) return found;
  }
  return Value();
}

Value typeLookup(Type* type, Str* name) {
  if (!name->is_interned) return lookupInMro(type, name);
  uint32_t version = typeVersion(type);
  LookupCacheEntry& entry =
      lookup_cache[(version * 31 + (reinterpret_cast<uintptr_t>(name) >> 5)) & (kLookupCacheSize - 1)];
  if (entry.version == version && entry.name == name) return entry.value;
  Value found = lookupInMro(type, name);
  if (!isFoundStoredOften(type, name)) entry = {version, name, found};
  return found;
}

// A class's own plain value gets a plain value for the last one, and nothing remembered that; false: it is another kind of change.
static bool storeAgain(const Thread& t, Type* type, Str* name, Value value) {
  if (value.isUndefined() || (name->is_ascii && name->ascii().starts_with("__"))) return false;
  Value old = dictGetStr(type->dict, name);
  auto is_plain = [&](Value v) { return typeOf(t, v)->slots.descr_get == nullptr && typeOf(t, v)->slots.descr_set == nullptr; };
  if (old.isUndefined() || !is_plain(old) || !is_plain(value) || !keepsVersion(type, name)) return false;
  dictSetStr(type->dict, name, value);
  return true;
}

// ref: type_setattro, with the slots of the class and its subclasses kept right.
Status typeSetAttr_py(Thread& t, Type* type, Str* name, Value value) {
  if (type->has(kTypeImmutable)) {
    std::string shown = type->has(kTypeHeap) ? qualifiedTypeName(t, type) : std::string(typeName(type));
    return raiseTypeError(t, "cannot set '%s' attribute of immutable type '%s'", toUtf8(name).c_str(), shown.c_str());
  }
  name = internStr(*t.isolate, name);
  Value meta_attr = typeLookup(static_cast<Object*>(type)->type, name);
  if (meta_attr.defined() && typeOf(t, meta_attr)->slots.descr_set != nullptr) {
    return typeOf(t, meta_attr)->slots.descr_set(t, meta_attr, type, value);
  }
  if (storeAgain(t, type, name, value)) return kDone;
  typeModified(type);
  if (value.isUndefined()) {
    if (!dictDeleteStr(type->dict, name)) {
      return raiseAttributeError(t, type, name, "type object '" + std::string(typeName(type)) + "' has no attribute '" + toUtf8(name) + "'");
    }
  } else {
    dictSetStr(type->dict, name, value);
  }
  if (name->is_ascii && name->length > 4 && name->ascii().starts_with("__")) {
    const bool gets = type->slots.descr_get != nullptr, sets = type->slots.descr_set != nullptr;
    updateSlots(*t.isolate, type, name);
    // What was found on classes as a plain value is a descriptor now, or the other way round: no inline cache holds.
    if (gets != (type->slots.descr_get != nullptr) || sets != (type->slots.descr_set != nullptr)) typeModified(t.isolate->types.object);
  }
  return kDone;
}

void updateSubclassSlots(Isolate& isolate, Type* type, Str* name) {
  forEachSubclass(type, [&](Type* sub) {
    if (name == nullptr || dictGetStr(sub->dict, name).isUndefined()) updateSlots(isolate, sub, name);
  });
}

// ref: type_getattro.
Ref typeGetAttr_py(Thread& t, Value self, Str* name) {
  Type* type = self.as<Type>();
  Type* meta = static_cast<Object*>(type)->type;
  Ref meta_attr = Ref::of(typeLookup(meta, name));
  Type* meta_attr_type = meta_attr ? typeOf(t, meta_attr.get()) : nullptr;
  if (meta_attr && meta_attr_type->slots.descr_get != nullptr && meta_attr_type->slots.descr_set != nullptr) {
    return meta_attr_type->slots.descr_get(t, meta_attr.get(), self, meta);
  }
  Ref attr = Ref::of(typeLookup(type, name));
  if (attr) {
    Type* attr_type = typeOf(t, attr.get());
    if (attr_type->slots.descr_get != nullptr) return attr_type->slots.descr_get(t, attr.get(), Value(), self);
    return attr;
  }
  if (meta_attr) {
    if (meta_attr_type->slots.descr_get != nullptr) return meta_attr_type->slots.descr_get(t, meta_attr.get(), self, meta);
    return meta_attr;
  }
  return raiseAttributeError(t, self, name, "type object '" + std::string(typeName(type)) + "' has no attribute '" + toUtf8(name) + "'");
}

// --- method resolution order. ref: mro_implementation, pmerge (C3).
static bool inTail(const std::vector<std::vector<Value>>& lists, const std::vector<size_t>& heads, Value candidate) {
  for (size_t i = 0; i < lists.size(); ++i) {
    for (size_t j = heads[i] + 1; j < lists[i].size(); ++j) {
      if (lists[i][j] == candidate) return true;
    }
  }
  return false;
}

static Ref c3Merge(Thread& t, Type* type, const std::vector<std::vector<Value>>& lists) {
  std::vector<size_t> heads(lists.size(), 0);
  std::vector<Value> out = {type};
  for (;;) {
    bool any = false;
    Value pick;
    for (size_t i = 0; i < lists.size() && pick.isUndefined(); ++i) {
      if (heads[i] >= lists[i].size()) continue;
      any = true;
      if (!inTail(lists, heads, lists[i][heads[i]])) pick = lists[i][heads[i]];
    }
    if (!any) return tupleFrom(t, out.data(), static_cast<int64_t>(out.size()));
    if (pick.isUndefined()) break;
    out.push_back(pick);
    for (size_t i = 0; i < lists.size(); ++i) {
      if (heads[i] < lists[i].size() && lists[i][heads[i]] == pick) ++heads[i];
    }
  }
  std::string names;
  std::vector<Value> shown;
  for (size_t i = 0; i < lists.size(); ++i) {
    if (heads[i] >= lists[i].size()) continue;
    Value v = lists[i][heads[i]];
    bool seen = false;
    for (Value s : shown) seen |= s == v;
    if (seen) continue;
    shown.push_back(v);
    names += (names.empty() ? "" : ", ") + std::string(typeName(v.as<Type>()));
  }
  return raiseTypeError(t, "Cannot create a consistent method resolution order (MRO) for bases %s", names.c_str());
}

Ref mroOf_py(Thread& t, Type* type) {
  std::vector<std::vector<Value>> lists;
  std::vector<Value> direct;
  for (int64_t i = 0; i < type->bases->size; ++i) {
    Value base = type->bases->items()[i];
    for (Value seen : direct) {
      if (seen == base) return raiseTypeError(t, "duplicate base class %s", typeName(base.as<Type>()));
    }
    direct.push_back(base);
    Tuple* mro = base.as<Type>()->mro;
    if (mro == nullptr) return raiseTypeError(t, "Cannot extend an incomplete type '%s'", typeName(base.as<Type>()));
    lists.emplace_back(mro->items(), mro->items() + mro->size);
  }
  lists.push_back(direct);
  return c3Merge(t, type, lists);
}

Type* calculateMetatype(Thread& t, Type* metatype, Tuple* bases) {
  Type* winner = metatype;
  for (int64_t i = 0; i < bases->size; ++i) {
    Type* own = typeOf(t, bases->items()[i]);
    if (isSubtype(winner, own)) continue;
    if (isSubtype(own, winner)) {
      winner = own;
      continue;
    }
    (void)raiseTypeError(t, "metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the metaclasses of all its bases");
    return nullptr;
  }
  return winner;
}

}  // namespace krait::object
