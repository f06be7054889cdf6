// `type`: making classes and their attributes. ref: Objects/typeobject.c type_new, type_call and the type_getset table.
#include <algorithm>
#include <cstring>
#include <vector>

#include "runtime/object/audit.h"
#include "runtime/object/builtin_docs.h"
#include "runtime/object/containers.h"
#include "runtime/object/code.h"
#include "runtime/object/descriptor.h"
#include "runtime/object/error.h"
#include "runtime/object/frame.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"
#include "runtime/object/instance.h"
#include "runtime/object/int.h"
#include "runtime/object/native.h"
#include "runtime/object/protocol.h"
#include "runtime/object/stored_attributes.h"
#include "runtime/object/str.h"
#include "runtime/object/type_signatures.h"

namespace krait::object {

void unregisterSubclass(Type* type);
Ref typeSubclassesList(Thread& t, Type* type);
std::string qualifiedTypeName(Thread& t, Type* type);
Ref slotMake(Thread& t, Type* type, const Value* args, uint32_t nargs, Tuple* keywords);
Fallible<bool> plainIsInstance_py(Thread& t, Value v, Value cls);
Fallible<bool> plainIsSubclass_py(Thread& t, Value derived, Value cls);

constexpr uint32_t kDictAtEnd = 0xFFFFFFFFu;

static Type* self(Value v) { return v.as<Type>(); }

// --- layout
// The class whose memory layout `type` shares: itself when it adds fields of its own.
static Type* solidBase(Type* type) {
  while (type->base != nullptr) {
    bool own = !type->has(kTypeHeap) ? type->basic_size != type->base->basic_size || (type->layout != type->base->layout && type->layout != TypeId::kObject)
                                     : type->has(kTypeSlotsDict);
    if (own) return type;
    type = type->base;
  }
  return type;
}

static Type* bestBase(Thread& t, Tuple* bases) {
  Type *winner = nullptr, *base = nullptr;
  for (int64_t i = 0; i < bases->size; ++i) {
    Value b = bases->items()[i];
    if (!isType(b)) {
      (void)raiseTypeError(t, "bases must be types");
      return nullptr;
    }
    Type* candidate = b.as<Type>();
    if (!candidate->has(kTypeBaseable)) {
      (void)raiseTypeError(t, "type '%s' is not an acceptable base type", qualifiedTypeName(t, candidate).c_str());
      return nullptr;
    }
    Type* solid = solidBase(candidate);
    if (winner == nullptr || (winner != solid && isSubtype(solid, winner))) {
      winner = solid;
      base = candidate;
    } else if (!isSubtype(winner, solid)) {
      (void)raiseTypeError(t, "multiple bases have instance lay-out conflict");
      return nullptr;
    }
  }
  return base;
}

struct SlotsPlan {
  std::vector<Str*> names;  // sorted, mangled
  bool given = false, wants_dict = true, wants_weakref = true;
};

static Str* mangle(Thread& t, Str* cls, Str* name) {
  std::string text = toUtf8(name);
  if (!text.starts_with("__") || text.ends_with("__")) return internStr(*t.isolate, name);
  std::string owner = toUtf8(cls);
  size_t skip = owner.find_first_not_of('_');
  if (skip == std::string::npos) return internStr(*t.isolate, name);
  return intern(*t.isolate, "_" + owner.substr(skip) + text);
}

// Whether instances are of different sizes, so that nothing can be put behind them that is found from their beginning: ints,
// tuples and bytes. Their subclasses have no __slots__ and no weak references.
static bool isVarsize(const Type* type) { return type->layout == TypeId::kInt || type->layout == TypeId::kTuple || type->layout == TypeId::kBytes; }

static Status planSlots(Thread& t, Str* name, Type* base, Dict* ns, SlotsPlan& plan) {
  Value slots = dictGetStr(ns, t.names().d_slots);
  bool varsize = isVarsize(base);
  plan.wants_weakref = !varsize || base->has(kTypeWeakrefable);
  bool base_has_dict = base->has(kTypeHasDict), base_has_weakref = base->has(kTypeWeakrefable);
  if (slots.isUndefined()) return kDone;
  plan.given = true;
  plan.wants_dict = base_has_dict;
  plan.wants_weakref = base_has_weakref;
  Ref list = isStr(slots) ? tupleOf(t, {slots}) : TRY(tupleFromIterable_py(t, slots));
  Tuple* names = list.as<Tuple>();
  if ((varsize || base->layout == TypeId::kType) && names->size > 0) return raiseTypeError(t, "nonempty __slots__ not supported for subtype of '%s'", typeName(base));
  for (int64_t i = 0; i < names->size; ++i) {
    if (!isStr(names->items()[i])) return raiseTypeError(t, "__slots__ items must be strings, not '%s'", typeNameOf(t, names->items()[i]));
    Str* s = names->items()[i].as<Str>();
    if (strEquals(s, "__dict__")) {
      if (plan.wants_dict) return raiseTypeError(t, "__dict__ slot disallowed: we already got one");
      plan.wants_dict = true;
      continue;
    }
    if (strEquals(s, "__weakref__")) {
      if (plan.wants_weakref) return raiseTypeError(t, "__weakref__ slot disallowed: we already got one");
      plan.wants_weakref = true;
      continue;
    }
    bool is_identifier = s->length > 0 && !(s->at(0) >= '0' && s->at(0) <= '9');
    for (int64_t k = 0; is_identifier && k < s->length; ++k) {
      char32_t c = s->at(k);
      is_identifier = c >= 128 || c == '_' || (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z');
    }
    if (is_identifier && !s->is_ascii) {
      Ref answer = TRY(callMethod_py(t, Value(s), intern(*t.isolate, "isidentifier")));
      is_identifier = answer.get().isTrue();
    }
    if (!is_identifier) return raiseTypeError(t, "__slots__ must be identifiers");
    plan.names.push_back(mangle(t, name, s));
  }
  for (Str* mangled : plan.names) {
    if (dictGetStr(ns, mangled).defined() && !strEquals(mangled, "__qualname__") && !strEquals(mangled, "__classcell__")) {
      return raiseValueError(t, "%s in __slots__ conflicts with class variable", reprText_py(t, mangled).c_str());
    }
  }
  std::sort(plan.names.begin(), plan.names.end(), [](const Str* a, const Str* b) { return strCompare(a, b) < 0; });
  return kDone;
}
// Whether two classes that add fields to the same class add fields of the same names at the same places. ref: same_slots_added.
static bool addsSameSlots(Type* a, Type* b) {
  Value key, value, other;
  for (int64_t at = 0; dictNext(a->dict, at, key, value);) {
    if (!isExact(value, TypeId::kMember) || value.as<MemberDescriptor>()->owner != a) continue;
    other = dictGetStr(b->dict, key.as<Str>());
    bool same = other.defined() && isExact(other, TypeId::kMember) && other.as<MemberDescriptor>()->owner == b &&
                other.as<MemberDescriptor>()->offset == value.as<MemberDescriptor>()->offset;
    if (!same) return false;
  }
  return a->basic_size == b->basic_size;
}
bool hasSameLayout(Type* a, Type* b) {
  Type *solid = solidBase(a), *other = solidBase(b);
  return solid == other || (solid->has(kTypeHeap) && other->has(kTypeHeap) && solidBase(solid->base) == solidBase(other->base) && addsSameSlots(solid, other));
}

// Sizes and offsets of instances.
static void layOut(Thread& t, Type* type, const SlotsPlan& plan) {
  Type* base = type->base;
  type->layout = base->layout;
  type->basic_size = base->basic_size;
  type->dict_offset = base->dict_offset;
  type->inline_slots = base->inline_slots;
  type->flags |= base->flags & (kTypeHasDict | kTypeHasShape);
  bool from_object = base->layout == TypeId::kObject;
  if (plan.wants_dict && !base->has(kTypeHasDict)) {
    bool varsize = base->layout == TypeId::kInt || base->layout == TypeId::kTuple || base->layout == TypeId::kBytes || base->layout == TypeId::kStr;
    type->flags |= kTypeHasDict;
    if (from_object && base->basic_size == sizeof(Object) && plan.names.empty()) {
      type->flags |= kTypeHasShape;
      type->basic_size = sizeof(Instance);
    } else if (varsize) {
      type->dict_offset = kDictAtEnd;
    } else {
      type->dict_offset = (type->basic_size + 7) & ~7u;
      type->basic_size = type->dict_offset + sizeof(Dict*);
    }
  }
  if (type->has(kTypeHasShape) && plan.names.empty() && (base->basic_size == sizeof(Object) || (base->has(kTypeHasShape) && base->basic_size == sizeof(Instance) + base->inline_slots * 8))) {
    Value attributes = dictGetStr(type->dict, t.names().d_static_attributes);
    uint32_t own = isTuple(attributes) ? static_cast<uint32_t>(attributes.as<Tuple>()->size) : 0;
    uint32_t wanted = base->inline_slots + own;
    if (wanted < 4) wanted = 4;
    if (wanted > kMaxInlineSlots) wanted = kMaxInlineSlots;
    type->inline_slots = wanted;
    type->basic_size = sizeof(Instance) + wanted * 8;
  }
  // The characters of a str end where its instance does: slots of its subclasses live in a dictionary behind them.
  bool in_dict = base->layout == TypeId::kStr && !plan.names.empty();
  if (in_dict && !type->has(kTypeHasDict)) {
    type->flags |= kTypeHasDict;
    type->dict_offset = kDictAtEnd;
  }
  for (Str* name : plan.names) {
    MemberDescriptor* m = allocate<MemberDescriptor>(t.types().member);
    m->owner = type;
    m->name = name;
    m->offset = in_dict ? kSlotInDict : type->basic_size;
    if (!in_dict) type->basic_size += sizeof(Value);
    Ref held = Ref::steal(m);
    dictSetStr(type->dict, name, held.get());
  }
  if (!plan.names.empty()) type->flags |= kTypeSlotsDict;
  noteFixedSize(type);
}

// The `__dict__` descriptor of the builtin class that an object's class extends, if that has one of its own. ref: get_builtin_base_with_dict.
static Value builtinDictDescriptor(Thread& t, Type* type) {
  Str* name = intern(*t.isolate, "__dict__");
  for (int64_t i = 0; i < type->mro->size; ++i) {
    Type* base = (*type->mro)[i].as<Type>();
    if (base->has(kTypeHeap) || base->dict == nullptr) continue;
    if (Value found = dictGetStr(base->dict, name); found.defined()) return found;
  }
  return {};
}
static Ref getInstanceDict(Thread& t, Value v) {
  Dict* dict = v.isHeap() ? objectDict(t, v.object()) : nullptr;
  if (dict != nullptr) return Ref::of(dict);
  Type* type = typeOf(t, v);
  if (Value descriptor = builtinDictDescriptor(t, type); descriptor.defined()) {
    return typeOf(t, descriptor)->slots.descr_get(t, descriptor, v, type);
  }
  return raise(t, errors(t).attribute_error, "This object has no __dict__");
}
static Status setInstanceDict(Thread& t, Value v, Value dict) {
  Type* type = typeOf(t, v);
  if (Value descriptor = builtinDictDescriptor(t, type); descriptor.defined() && typeOf(t, descriptor)->slots.descr_set != nullptr) {
    return typeOf(t, descriptor)->slots.descr_set(t, descriptor, v, dict);
  }
  if (v.isHeap() && dictSlot(v.object()) != nullptr) return setObjectDict(t, v.object(), dict);
  return raiseTypeError(t, "this __dict__ descriptor does not support '%s' objects", typeName(type));
}
static Ref getWeakref(Thread&, Value) { return Ref::none(); }
static const GetSetDef kDictGetSet = {"__dict__", getInstanceDict, setInstanceDict, "dictionary for instance variables"};
static const GetSetDef kWeakrefGetSet = {"__weakref__", getWeakref, nullptr, "list of weak references to the object"};

constexpr uint32_t kPatternKinds = kTypeMatchMapping | kTypeMatchSequence;
static void inheritFlags(Type* type) {
  for (int64_t i = 1; i < type->mro->size; ++i) {
    Type* base = type->mro->items()[i].as<Type>();
    if (!isVarsize(type) || base == type->base) type->flags |= base->flags & kTypeWeakrefable;
    if (!(type->flags & kPatternKinds)) type->flags |= base->flags & kPatternKinds;  // the first that is of a kind says it. ref: inherit_patma_flags
    if (i == 1) type->flags |= base->flags & kTypeMatchSelf;
  }
}

// A str that C could take: without lone surrogates.
static Status checkEncodable_py(Thread& t, Value text) {
  Str* s = text.as<Str>();
  for (int64_t i = 0; s->kind > 1 && i < s->length; ++i) {
    if (s->at(i) < 0xD800 || s->at(i) > 0xDFFF) continue;
    TRY(callMethod_py(t, text, intern(*t.isolate, "encode")));
    return kDone;
  }
  return kDone;
}
static Status checkTypeName_py(Thread& t, Value name) {
  TRY(checkEncodable_py(t, name));
  Str* s = name.as<Str>();
  for (int64_t i = 0; i < s->length; ++i) {
    if (s->at(i) == 0) return raiseValueError(t, "type name must not contain null characters");
  }
  return kDone;
}
// A copy of a namespace in the order that it iterates in.
static Ref copyNamespace_py(Thread& t, Dict* ns) {
  if (ns->type->slots.iter == t.types().dict->slots.iter) return dictCopy(t, ns);
  Ref copy = newDict(t), keys = TRY(callMethod_py(t, Value(ns), t.names().keys));
  Iteration it(t, keys.get());
  while (it.next()) {
    Ref value = TRY(getItem_py(t, Value(ns), it.value()));
    TRY(dictSet_py(t, copy.as<Dict>(), it.value(), value.get()));
  }
  return it.raised() ? Ref() : std::move(copy);
}
// The namespace's special entries. ref: type_new_set_attrs.
static Status setSpecials(Thread& t, Type* type, Dict* dict) {
  const Names& n = t.names();
  if (dictGetStr(dict, n.d_module).isUndefined() && t.frame != nullptr) {
    Value module = dictGetStr(t.frame->globals, n.d_name);
    if (module.defined()) dictSetStr(dict, n.d_module, module);
  }
  Value qualname = dictGetStr(dict, n.d_qualname);
  if (qualname.defined()) {
    if (!isStr(qualname)) return raiseTypeError(t, "type __qualname__ must be a str, not %s", typeNameOf(t, qualname));
    type->qualname = share(qualname).as<Str>();
    dictDeleteStr(dict, n.d_qualname);
  } else {
    type->qualname = share(Value(type->name)).as<Str>();
  }
  Value made = dictGetStr(dict, n.d_new);
  if (isExact(made, TypeId::kFunction)) dictSetStr(dict, n.d_new, newStaticMethod(t, made).get());
  for (Str* name : {n.d_init_subclass, n.d_class_getitem}) {
    Value f = dictGetStr(dict, name);
    if (isExact(f, TypeId::kFunction)) dictSetStr(dict, name, newClassMethod(t, f).get());
  }
  Value cell = dictGetStr(dict, n.d_classcell);
  if (cell.defined()) {
    if (!isExact(cell, TypeId::kCell)) return raiseTypeError(t, "__classcell__ must be a nonlocal cell, not %s", reprText_py(t, Value(typeOf(t, cell))).c_str());
    Value old = cell.as<Cell>()->value;
    cell.as<Cell>()->value = share(Value(type));
    decref(old);
    dictDeleteStr(dict, n.d_classcell);
  }
  dictDeleteStr(dict, n.d_classdictcell);
  Value doc = dictGetStr(dict, n.d_doc);
  if (doc.defined() && isStr(doc)) TRY(checkEncodable_py(t, doc));
  return kDone;
}

static Status callSetNames(Thread& t, Type* type) {
  Ref copy = dictCopy(t, type->dict);
  Value key, value;
  for (int64_t at = 0; dictNext(copy.as<Dict>(), at, key, value);) {
    Ref method = findSpecial_py(t, value, t.names().d_set_name);
    if (!method) {
      if (isPending(t)) return kRaised;
      continue;
    }
    Value args[2] = {type, key};
    Ref r = call_py(t, method.get(), args, 2);
    if (!r) {
      Ref e = takeException(t);
      Ref note = strFormat(t, "Error calling __set_name__ on '%s' instance %s in '%s'", typeNameOf(t, value), reprText_py(t, key).c_str(), typeName(type));
      Ref added = callMethod_py(t, e.get(), intern(*t.isolate, "add_note"), note.get());
      restoreException(t, std::move(e));
      return kRaised;
    }
  }
  return kDone;
}

static Status callInitSubclass(Thread& t, Type* type, const Value* kw_values, Tuple* kw_names) {
  Value args[2] = {type, type};
  Ref super = TRY(call_py(t, t.types().super, args, 2));
  Ref method = TRY(getAttr_py(t, super.get(), t.names().d_init_subclass));
  TRY(call_py(t, method.get(), kw_values, 0, kw_names));
  return kDone;
}

void typeDealloc(Object* o);

// The class's resolution order, by its metaclass's mro() if that is its own. ref: mro_invoke.
static Ref orderOf_py(Thread& t, Type* type) {
  if (typeOfHeap(Value(type)) == t.types().type) return mroOf_py(t, type);
  Ref custom = findSpecial_py(t, type, t.names().mro);
  if (!custom) return kRaised;
  Ref list = TRY(call_py(t, custom.get(), nullptr, 0));
  Ref mro = TRY(tupleFromIterable_py(t, list.get()));
  if (mro.as<Tuple>()->size == 0) return raiseTypeError(t, "type MRO must not be empty");
  for (int64_t i = 0; i < mro.as<Tuple>()->size; ++i) {
    Value c = mro.as<Tuple>()->items()[i];
    if (!isType(c)) return raiseTypeError(t, "mro() returned a non-class ('%s')", typeNameOf(t, c));
    bool fits = c.as<Type>()->layout == TypeId::kObject || type->layout == c.as<Type>()->layout;
    if (!fits) return raiseTypeError(t, "mro() returned base with unsuitable layout ('%s')", typeName(c.as<Type>()));
  }
  return mro;
}


Ref typeNew_py(Thread& t, Type* metatype, Str* name, Tuple* bases, Dict* ns, const Value* kw_values, Tuple* kw_names) {
  Ref default_bases;
  if (bases->size == 0) {
    default_bases = tupleOf(t, {t.types().object});
    bases = default_bases.as<Tuple>();
  }
  Type* base = bestBase(t, bases);
  if (base == nullptr) return Ref();
  TRY(checkTypeName_py(t, Value(name)));
  SlotsPlan plan;
  Ref namespace_copy = TRY(copyNamespace_py(t, ns));
  TRY(planSlots(t, name, base, ns, plan));
  for (int64_t i = 0; plan.given && i < bases->size; ++i) {  // the other bases may bring a dictionary and weak references
    plan.wants_dict |= bases->items()[i].as<Type>()->has(kTypeHasDict);
    plan.wants_weakref |= !isVarsize(base) && bases->items()[i].as<Type>()->has(kTypeWeakrefable);
  }
  size_t size = metatype->basic_size > sizeof(Type) ? metatype->basic_size : sizeof(Type);
  Type* type = new (allocateBytes(size)) Type();
  std::memset(reinterpret_cast<char*>(type) + sizeof(Type), 0, size - sizeof(Type));
  initHeader(type, metatype);
  Ref held = Ref::steal(type);
  type->flags = kTypeHeap | kTypeBaseable | kTypeGc;
  type->name = share(Value(name)).as<Str>();
  type->base = share(Value(base)).as<Type>();
  type->bases = share(Value(bases)).as<Tuple>();
  type->dict = namespace_copy.release().as<Dict>();
  gcTrack(type);
  TRY(setSpecials(t, type, type->dict));
  layOut(t, type, plan);
  if (plan.wants_weakref) type->flags |= kTypeWeakrefable;
  auto lacks = [&](Str* own) { return dictGetStr(type->dict, own).isUndefined(); };
  if (type->has(kTypeHasDict) && !base->has(kTypeHasDict) && lacks(t.names().d_dict)) dictSetStr(type->dict, t.names().d_dict, newGetSet(*t.isolate, &kDictGetSet, type).get());
  if (plan.wants_weakref && !base->has(kTypeWeakrefable) && lacks(t.names().d_weakref)) dictSetStr(type->dict, t.names().d_weakref, newGetSet(*t.isolate, &kWeakrefGetSet, type).get());
  if (lacks(t.names().d_doc)) dictSetStr(type->dict, t.names().d_doc, Value::none());
  type->mro = nullptr;
  Ref mro = TRY(orderOf_py(t, type));
  if (type->mro != nullptr) decref(static_cast<Object*>(type->mro));  // a mro() that assigned __bases__ has set one
  type->mro = mro.release().as<Tuple>();
  inheritFlags(type);
  type->slots.dealloc = deallocInstance;
  type->slots.traverse = traverseInstance;
  type->slots.clear = clearInstance;
  if (isSubtype(type, t.types().type)) {
    type->slots.dealloc = t.types().type->slots.dealloc;
    type->slots.traverse = t.types().type->slots.traverse;
    type->slots.clear = t.types().type->slots.clear;
  }
  // A class that defines __eq__ without __hash__ has no hash.
  if (dictGetStr(type->dict, t.names().d_eq).defined() && dictGetStr(type->dict, t.names().d_hash).isUndefined()) {
    dictSetStr(type->dict, t.names().d_hash, Value::none());
  }
  registerSubclass(type);
  updateSlots(*t.isolate, type, nullptr);
  type->ready = true;
  TRY(callSetNames(t, type));
  TRY(callInitSubclass(t, type, kw_values, kw_names));
  return held;
}

// --- type(...)
static Ref typeMake(Thread& t, Type* metatype, const Value* args, uint32_t nargs, Tuple* keywords) {
  if (metatype == t.types().type && nargs == 1 && (keywords == nullptr || keywords->size == 0)) return Ref::of(typeOf(t, args[0]));
  if (nargs != 3) return raiseTypeError(t, metatype == t.types().type ? "type() takes 1 or 3 arguments" : "type.__new__() takes exactly 3 arguments (%u given)", nargs);
  if (!isStr(args[0])) return raiseTypeError(t, "type.__new__() argument 1 must be str, not %s", typeNameOf(t, args[0]));
  if (!isTuple(args[1])) return raiseTypeError(t, "type.__new__() argument 2 must be tuple, not %s", typeNameOf(t, args[1]));
  if (!isDict(args[2])) return raiseTypeError(t, "type.__new__() argument 3 must be dict, not %s", typeNameOf(t, args[2]));
  Tuple* bases = args[1].as<Tuple>();
  for (int64_t i = 0; i < bases->size; ++i) {
    if (isType(bases->items()[i])) continue;
    Ref entries = findAttr_py(t, bases->items()[i], t.names().d_mro_entries);
    if (!entries && isPending(t)) return Ref();
    if (entries) return raiseTypeError(t, "type() doesn't support MRO entry resolution; use types.new_class()");
  }
  Type* winner = calculateMetatype(t, metatype, bases);
  if (winner == nullptr) return Ref();
  if (winner != metatype && winner->slots.make != typeMake) return winner->slots.make(t, winner, args, nargs, keywords);
  return typeNew_py(t, winner, args[0].as<Str>(), bases, args[2].as<Dict>(), args + nargs, keywords);
}
static Status typeInit(Thread& t, Value v, const Value*, uint32_t nargs, Tuple* keywords) {
  if (nargs == 1 && keywords != nullptr && keywords->size > 0) return raiseTypeError(t, "type.__init__() takes no keyword arguments");
  if (nargs != 1 && nargs != 3) return raiseTypeError(t, "type.__init__() takes 1 or 3 arguments");
  (void)v;
  return kDone;
}
// ref: type_call.
static Ref typeCall(Thread& t, Value v, const Value* args, uint32_t nargs, Tuple* keywords) {
  Type* type = self(v);
  if (type == t.types().type && nargs == 1 && (keywords == nullptr || keywords->size == 0)) return Ref::of(typeOf(t, args[0]));
  if (type->slots.make == nullptr) return raiseTypeError(t, "cannot create '%s' instances", qualifiedTypeName(t, type).c_str());
  Ref r = TRY(type->slots.make(t, type, args, nargs, keywords));
  Type* made = typeOf(t, r.get());
  if (made != type && !isSubtype(made, type)) return r;
  // object.__init__ checks arguments for classes that programs make; a builtin class's own __new__ has.
  bool has_init = made->slots.init != nullptr && (made->has(kTypeHeap) || made->slots.init != t.types().object->slots.init);
  if (has_init) TRY(made->slots.init(t, r.get(), args, nargs, keywords));
  return r;
}
static Ref typeRepr(Thread& t, Value v) { return strFormat(t, "<class '%s'>", qualifiedTypeName(t, self(v)).c_str()); }

// --- attributes
static Ref getName(Thread&, Value v) { return Ref::of(self(v)->name); }
static Status checkMutable(Thread& t, Value v, const char* name, Value value) {
  if (!self(v)->has(kTypeHeap)) return raiseTypeError(t, "cannot set '%s' attribute of immutable type '%s'", name, typeName(self(v)));
  if (value.isUndefined()) return raiseTypeError(t, "cannot delete '%s' attribute of immutable type '%s'", name, typeName(self(v)));
  return kDone;
}
static Status setName(Thread& t, Value v, Value value) {
  TRY(audit_py(t, value.defined() ? "object.__setattr__" : "object.__delattr__", {v, intern(*t.isolate, "__name__"), value}));
  TRY(checkMutable(t, v, "__name__", value));
  if (!isStr(value)) return raiseTypeError(t, "can only assign string to %s.__name__, not '%s'", typeName(self(v)), typeNameOf(t, value));
  TRY(checkTypeName_py(t, value));
  self(v)->name = share(value).as<Str>();
  return kDone;
}
static Ref getQualname(Thread&, Value v) { return Ref::of(self(v)->qualname); }
static Status setQualname(Thread& t, Value v, Value value) {
  TRY(audit_py(t, value.defined() ? "object.__setattr__" : "object.__delattr__", {v, intern(*t.isolate, "__qualname__"), value}));
  TRY(checkMutable(t, v, "__qualname__", value));
  if (!isStr(value)) return raiseTypeError(t, "can only assign string to %s.__qualname__, not '%s'", typeName(self(v)), typeNameOf(t, value));
  self(v)->qualname = share(value).as<Str>();
  return kDone;
}
static Ref getModule(Thread& t, Value v) {
  Type* type = self(v);
  if (!type->has(kTypeHeap)) return newStr(t, type->module_name);
  Value m = dictGetStr(type->dict, t.names().d_module);
  if (m.isUndefined()) return raise(t, errors(t).attribute_error, "__module__");
  return Ref::of(m);
}
static Status setModule(Thread& t, Value v, Value value) {
  TRY(audit_py(t, value.defined() ? "object.__setattr__" : "object.__delattr__", {v, intern(*t.isolate, "__module__"), value}));
  TRY(checkMutable(t, v, "__module__", value));
  typeModified(self(v));
  dictSetStr(self(v)->dict, t.names().d_module, value);
  dictDeleteStr(self(v)->dict, intern(*t.isolate, "__firstlineno__"));
  return kDone;
}
static Ref getBases(Thread&, Value v) { return Ref::of(self(v)->bases); }
static Ref getBase(Thread&, Value v) { return self(v)->base != nullptr ? Ref::of(self(v)->base) : Ref::none(); }
static Ref getMro(Thread&, Value v) { return self(v)->mro != nullptr ? Ref::of(self(v)->mro) : Ref::none(); }
// Gives the class and its subclasses new resolution orders; `done` keeps the old ones, to put them back. ref: mro_hierarchy.
struct OldOrder {
  Ref type, mro;
};
static Status rebuildTree_py(Thread& t, Type* type, std::vector<OldOrder>& done) {
  TRY(checkRecursion(t, ""));
  Ref mro = TRY(orderOf_py(t, type));
  Tuple* old = type->mro;
  done.push_back({Ref::of(Value(type)), old != nullptr ? Ref::steal(old) : Ref()});
  type->mro = mro.release().as<Tuple>();
  updateSlots(*t.isolate, type, nullptr);
  Ref subs = typeSubclassesList(t, type);
  for (int64_t i = 0; i < subs.as<List>()->size; ++i) TRY(rebuildTree_py(t, subs.as<List>()->items[i].as<Type>(), done));
  return kDone;
}
static void restoreOrders(Thread& t, std::vector<OldOrder>& done) {
  for (size_t i = done.size(); i-- > 0;) {
    Type* type = done[i].type.as<Type>();
    Tuple* made = type->mro;
    type->mro = done[i].mro ? done[i].mro.release().as<Tuple>() : nullptr;
    if (made != nullptr) decref(static_cast<Object*>(made));
    typeModified(type);
    if (type->mro != nullptr) updateSlots(*t.isolate, type, nullptr);
  }
}
static Status setBases(Thread& t, Value v, Value value) {
  TRY(audit_py(t, value.defined() ? "object.__setattr__" : "object.__delattr__", {v, intern(*t.isolate, "__bases__"), value}));
  TRY(checkMutable(t, v, "__bases__", value));
  if (!isTuple(value)) return raiseTypeError(t, "can only assign tuple to %s.__bases__, not %s", typeName(self(v)), typeNameOf(t, value));
  if (value.as<Tuple>()->size == 0) return raiseTypeError(t, "can only assign non-empty tuple to %s.__bases__, not ()", typeName(self(v)));
  Type* base = bestBase(t, value.as<Tuple>());
  if (base == nullptr) return kRaised;
  Type* type = self(v);
  bool is_cycle = base->mro != nullptr && isSubtype(base, type);
  for (Type* b = base; b != nullptr && !is_cycle; b = b->base) is_cycle = b == type;  // orders may not be up to date yet
  if (is_cycle) return raiseTypeError(t, "a __bases__ item causes an inheritance cycle");
  if (base->basic_size > type->basic_size || base->layout != type->layout) {
    return raiseTypeError(t, "__bases__ assignment: '%s' object layout differs from '%s'", typeName(base), typeName(type->base));
  }
  typeModified(type);
  Ref held_type = Ref::of(v), old_bases = Ref::steal(type->bases), old_base = Ref::steal(type->base);
  type->bases = share(value).as<Tuple>();
  type->base = share(Value(base)).as<Type>();
  std::vector<OldOrder> orders;
  bool failed = rebuildTree_py(t, type, orders).failed;
  if (Value(type->bases) != value) return failed ? Status(kRaised) : Status(kDone);  // a mro() assigned __bases__ itself
  if (failed) {
    Ref exception = takeException(t);
    restoreOrders(t, orders);
    Ref new_bases = Ref::steal(type->bases), new_base = Ref::steal(type->base);
    type->bases = old_bases.release().as<Tuple>();
    type->base = old_base.release().as<Type>();
    restoreException(t, std::move(exception));
    return kRaised;
  }
  Tuple* now = type->bases;
  type->bases = old_bases.as<Tuple>();
  unregisterSubclass(type);
  type->bases = now;
  registerSubclass(type);
  return kDone;
}
Ref newMappingProxy(Thread& t, Value mapping);
static Ref getDict(Thread& t, Value v) { return newMappingProxy(t, self(v)->dict); }
static Ref getDoc(Thread& t, Value v) {
  Type* type = self(v);
  if (!type->has(kTypeHeap)) {
    const char* doc = type->doc != nullptr ? type->doc : builtinDoc(typeName(type), "");
    return doc != nullptr ? newStr(t, doc) : Ref::none();
  }
  Value doc = dictGetStr(type->dict, t.names().d_doc);
  if (doc.isUndefined()) return Ref::none();
  if (isExact(doc, TypeId::kGetSet)) return type->doc != nullptr ? newStr(t, type->doc) : Ref::none();
  if (typeOf(t, doc)->slots.descr_get != nullptr) return typeOf(t, doc)->slots.descr_get(t, doc, Value(), v);
  return Ref::of(doc);
}
static Status setDoc(Thread& t, Value v, Value value) {
  TRY(checkMutable(t, v, "__doc__", value));
  typeModified(self(v));
  dictSetStr(self(v)->dict, t.names().d_doc, value);
  return kDone;
}
static Ref getAbstract(Thread& t, Value v) {
  Value names = self(v)->id == TypeId::kType ? Value() : dictGetStr(self(v)->dict, t.names().d_abstractmethods);
  if (names.isUndefined()) return raise(t, errors(t).attribute_error, "__abstractmethods__");
  return Ref::of(names);
}
static Status setAbstract(Thread& t, Value v, Value value) {
  Type* type = self(v);
  if (value.isUndefined()) {
    if (!dictDeleteStr(type->dict, t.names().d_abstractmethods)) return raise(t, errors(t).attribute_error, "__abstractmethods__");
    type->flags &= ~kTypeAbstract;
  } else {
    bool any = TRY(isTrue_py(t, value));
    dictSetStr(type->dict, t.names().d_abstractmethods, value);
    type->flags = any ? type->flags | kTypeAbstract : type->flags & ~kTypeAbstract;
  }
  typeModified(type);
  return kDone;
}
// --- annotations. ref: type_get_annotate, type_get_annotations (PEP 649, 749).
static Ref getAnnotate(Thread& t, Value v) {
  Type* type = self(v);
  if (!type->has(kTypeHeap)) return raiseAttributeError(t, v, t.names().d_annotate, "type object '" + std::string(typeName(type)) + "' has no attribute '__annotate__'");
  for (const char* name : {"__annotate_func__", "__annotate__"}) {
    Value f = dictGetStr(type->dict, intern(*t.isolate, name));
    if (f.isUndefined()) continue;
    if (typeOf(t, f)->slots.descr_get != nullptr) return typeOf(t, f)->slots.descr_get(t, f, Value(), v);
    return Ref::of(f);
  }
  return Ref::none();
}
static Status setAnnotate(Thread& t, Value v, Value value) {
  if (value.isUndefined()) return raiseTypeError(t, "cannot delete __annotate__ attribute");
  TRY(checkMutable(t, v, "__annotate__", value));
  if (!value.isNone() && !isCallable(t, value)) return raiseTypeError(t, "__annotate__ must be callable or None");
  typeModified(self(v));
  dictSetStr(self(v)->dict, intern(*t.isolate, "__annotate_func__"), value);
  if (value.isNone()) return kDone;
  dictDeleteStr(self(v)->dict, intern(*t.isolate, "__annotations_cache__"));
  dictDeleteStr(self(v)->dict, t.names().d_annotations);
  return kDone;
}
static Ref getAnnotations(Thread& t, Value v) {
  Type* type = self(v);
  if (!type->has(kTypeHeap)) return raiseAttributeError(t, v, t.names().d_annotations, "type object '" + std::string(typeName(type)) + "' has no attribute '__annotations__'");
  Str* cache = intern(*t.isolate, "__annotations_cache__");
  for (Str* name : {t.names().d_annotations, cache}) {
    Value found = dictGetStr(type->dict, name);
    if (found.defined()) return Ref::of(found);
  }
  Ref annotate = TRY(getAnnotate(t, v));
  Ref dict;
  if (isCallable(t, annotate.get())) {
    Value format = Value::fromInt(1);
    dict = TRY(call_py(t, annotate.get(), &format, 1));
    if (!isDict(dict.get())) return raiseTypeError(t, "__annotate__() must return a dict, not %s", typeNameOf(t, dict.get()));
  } else {
    dict = newDict(t);
  }
  dictSetStr(type->dict, cache, dict.get());
  typeModified(type);
  return dict;
}
static Status setAnnotations(Thread& t, Value v, Value value) {
  Type* type = self(v);
  if (!type->has(kTypeHeap)) return checkMutable(t, v, "__annotations__", value);
  Str* cache = intern(*t.isolate, "__annotations_cache__");
  typeModified(type);
  if (value.isUndefined()) {
    bool had = dictDeleteStr(type->dict, t.names().d_annotations);
    had = dictDeleteStr(type->dict, cache) || had;
    if (!had) return raise(t, errors(t).attribute_error, "__annotations__");
  } else {
    bool direct = dictGetStr(type->dict, t.names().d_annotations).defined();
    dictSetStr(type->dict, direct ? t.names().d_annotations : cache, value);
  }
  for (const char* name : {"__annotate_func__", "__annotate__"}) dictDeleteStr(type->dict, intern(*t.isolate, name));
  return kDone;
}
static Ref getTypeParams(Thread& t, Value v) {
  Value params = self(v)->has(kTypeHeap) ? dictGetStr(self(v)->dict, t.names().d_type_params) : Value();
  return params.defined() ? Ref::of(params) : newTuple(t, 0);
}
static Status setTypeParams(Thread& t, Value v, Value value) {
  TRY(checkMutable(t, v, "__type_params__", value));
  dictSetStr(self(v)->dict, t.names().d_type_params, value);
  return kDone;
}
static Ref getFlags(Thread& t, Value v) {
  Type* type = self(v);
  bool adds_nothing = type->id == TypeId::kOther && type->layout == TypeId::kObject && type->basic_size <= sizeof(Object);  // heap types of CPython's
  int64_t flags = (type->has(kTypeHeap) || adds_nothing ? 1 << 9 : 1 << 8) | (type->has(kTypeImmutable) ? 1 << 8 : 0) | (type->has(kTypeDisallowNew) ? 1 << 7 : 0) | (type->has(kTypeBaseable) ? 1 << 10 : 0) | (1 << 12) | (type->has(kTypeAbstract) ? 1 << 20 : 0);
  flags |= type->has(kTypeMatchSequence) ? 1 << 5 : 0;
  flags |= type->has(kTypeMatchMapping) ? 1 << 6 : 0;
  return newInt(t, flags);
}
static Ref getBasicSize(Thread& t, Value v) { return newInt(t, self(v)->basic_size); }
static Ref getItemSize(Thread& t, Value v) {
  TypeId l = self(v)->layout;
  return newInt(t, l == TypeId::kTuple ? 8 : l == TypeId::kInt ? 8 : l == TypeId::kBytes ? 1 : 0);
}
static Ref getDictOffset(Thread& t, Value v) { return newInt(t, self(v)->has(kTypeHasShape) ? -1 : self(v)->dict_offset == kDictAtEnd ? -1 : self(v)->dict_offset); }
static Ref getWeakrefOffset(Thread& t, Value v) { return newInt(t, self(v)->has(kTypeWeakrefable) ? 8 : 0); }

static Ref mroMethod(Thread& t, const Value* a) {
  Ref mro = TRY(mroOf_py(t, self(a[0])));
  return listFrom(t, mro.as<Tuple>()->items(), mro.as<Tuple>()->size);
}
static Ref subclasses(Thread& t, const Value* a) { return typeSubclassesList(t, self(a[0])); }
static Ref prepare(Thread& t, const Value*) { return newDict(t); }
static Ref instanceCheck(Thread& t, const Value* a) { return Ref::boolean(TRY(plainIsInstance_py(t, a[1], a[0]))); }
static Ref subclassCheck(Thread& t, const Value* a) { return Ref::boolean(TRY(plainIsSubclass_py(t, a[1], a[0]))); }
static Ref typeDir(Thread& t, const Value* a) {
  Ref names = newDict(t);
  Tuple* mro = self(a[0])->mro;
  for (int64_t i = 0; i < mro->size; ++i) TRY(dictMerge_py(t, names.as<Dict>(), mro->items()[i].as<Type>()->dict));
  return dictKeysList(t, names.as<Dict>());
}
Ref newUnion_py(Thread& t, Value a, Value b);
static Ref typeOr(Thread& t, Value a, Value b) { return newUnion_py(t, a, b); }

static const NativeDef kMethods[] = {
    {"mro", "($self, /)", mroMethod, "Return a type's method resolution order."},
    {"__subclasses__", "($self, /)", subclasses, "Return a list of immediate subclasses."},
    {"__prepare__", "($type, *args, **kwargs)", prepare, "Create the namespace for the class statement"},
    {"__instancecheck__", "($self, instance, /)", instanceCheck, "Check if an object is an instance."},
    {"__subclasscheck__", "($self, subclass, /)", subclassCheck, "Check if a class is a subclass."},
    {"__dir__", "($self, /)", typeDir, "Specialized __dir__ implementation for types."}, {nullptr, nullptr, nullptr}};
static Ref getTextSignature(Thread& t, Value v) {
  const char* text = textSignatureOf(self(v));
  return text != nullptr ? newStr(t, text) : Ref::none();
}
static const GetSetDef kGetSets[] = {
    {"__text_signature__", getTextSignature},
    {"__name__", getName, setName}, {"__qualname__", getQualname, setQualname}, {"__module__", getModule, setModule},
    {"__bases__", getBases, setBases}, {"__base__", getBase}, {"__mro__", getMro}, {"__dict__", getDict}, {"__doc__", getDoc, setDoc},
    {"__abstractmethods__", getAbstract, setAbstract}, {"__annotations__", getAnnotations, setAnnotations},
    {"__annotate__", getAnnotate, setAnnotate}, {"__type_params__", getTypeParams, setTypeParams}, {"__flags__", getFlags},
    {"__basicsize__", getBasicSize}, {"__itemsize__", getItemSize}, {"__dictoffset__", getDictOffset},
    {"__weakrefoffset__", getWeakrefOffset}, {nullptr, nullptr}};

static void dealloc(Object* o) {
  Type* type = static_cast<Type*>(o);
  unregisterSubclass(type);
  typeModified(type);
  forgetStores(type);
  for (Object* held : {static_cast<Object*>(type->name), static_cast<Object*>(type->qualname), static_cast<Object*>(type->base),
                       static_cast<Object*>(type->bases), static_cast<Object*>(type->mro), static_cast<Object*>(type->dict)}) {
    if (held != nullptr) decref(held);
  }
}
static void traverse(Object* o, Visitor visitor, void* context) {
  Type* type = static_cast<Type*>(o);
  if (!type->has(kTypeHeap)) return;
  visit(type->base, visitor, context);
  visit(type->bases, visitor, context);
  visit(type->mro, visitor, context);
  visit(type->dict, visitor, context);
}
static void clear(Object* o) {
  Type* type = static_cast<Type*>(o);
  if (!type->has(kTypeHeap)) return;
  typeModified(type);
  unregisterSubclass(type);
  dictClear(type->dict);
  // The order names the class itself: what its instances still ask of it while they die is answered by the rest.
  Tuple* old = type->mro;
  if (old == nullptr || old->size == 0 || old->items()[0] != Value(type)) return;
  Ref rest = newTuple(*current_thread, old->size - 1);
  for (int64_t i = 1; i < old->size; ++i) rest.as<Tuple>()->items()[i - 1] = share(old->items()[i]);
  type->mro = rest.release().as<Tuple>();
  decref(static_cast<Object*>(old));
}

void initTypeType(Isolate& isolate) {
  Type* type = isolate.types.type = makeType(isolate, {.name = "type", .id = TypeId::kType, .size = sizeof(Type), .flags = kTypeGc | kTypeBaseable | kTypeWeakrefable,
      .methods = kMethods, .getsets = kGetSets, .doc = "type(object) -> the object's type\ntype(name, bases, dict, **kwds) -> a new type"});
  type->flags |= kTypeHasDict;
  type->slots.dealloc = dealloc;
  type->slots.traverse = traverse;
  type->slots.clear = clear;
  type->slots.make = typeMake;
  type->slots.init = typeInit;
  type->slots.call = typeCall;
  type->slots.repr = typeRepr;
  type->slots.get_attr = typeGetAttr_py;
  type->slots.set_attr = [](Thread& t, Value v, Str* name, Value value) { return typeSetAttr_py(t, v.as<Type>(), name, value); };
  type->slots.binary[static_cast<int>(BinaryOp::kOr)] = typeOr;
}

}  // namespace krait::object
