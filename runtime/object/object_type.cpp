// `object` and the singletons' types. ref: Objects/typeobject.c (object_*), Objects/object.c (none_repr).
#include "runtime/object/audit.h"
#include "runtime/object/containers.h"
#include "runtime/object/descriptor.h"
#include "runtime/object/error.h"
#include "runtime/object/heap.h"
#include "runtime/object/import.h"
#include "runtime/object/instance.h"
#include "runtime/object/int.h"
#include "runtime/object/native.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"
#include "runtime/object/type_names.h"

namespace krait::object {

Ref slotMake(Thread& t, Type* type, const Value* args, uint32_t nargs, Tuple* keywords);

static bool excess(uint32_t nargs, Tuple* keywords) { return nargs > 0 || (keywords != nullptr && keywords->size > 0); }

// ref: object_new.
Ref objectMake(Thread& t, Type* type, const Value*, uint32_t nargs, Tuple* keywords) {
  if (excess(nargs, keywords)) {
    Value made = typeLookup(type, t.names().d_new);
    bool own_new = !(isExact(made, TypeId::kNativeFunction) && made.as<NativeFunction>()->self == Value(t.types().object));
    if (own_new) return raiseTypeError(t, "object.__new__() takes exactly one argument (the type to instantiate)");
    if (type->slots.init == t.types().object->slots.init) return raiseTypeError(t, "%s() takes no arguments", typeName(type));
  }
  if (type->has(kTypeAbstract)) {
    Ref names = TRY(getAttr_py(t, type, t.names().d_abstractmethods));
    Ref sorted = TRY(listFromIterable_py(t, names.get()));
    TRY(listSort_py(t, sorted.as<List>(), Value::none(), false));
    std::string list;
    for (int64_t i = 0; i < sorted.as<List>()->size; ++i) {
      list += (i > 0 ? ", '" : "'") + toUtf8(sorted.as<List>()->items[i].as<Str>()) + "'";
    }
    return raiseTypeError(t, "Can't instantiate abstract class %s without an implementation for abstract method%s %s", typeName(type),
                          sorted.as<List>()->size > 1 ? "s" : "", list.c_str());
  }
  return newInstance(t, type);
}
// ref: object_init.
static Status objectInit(Thread& t, Value self, const Value*, uint32_t nargs, Tuple* keywords) {
  if (!excess(nargs, keywords)) return kDone;
  Type* type = typeOf(t, self);
  Value init = typeLookup(type, t.names().d_init);
  bool own_init = !(isExact(init, TypeId::kWrapper) && init.as<WrapperDescriptor>()->owner == t.types().object);
  if (own_init) return raiseTypeError(t, "object.__init__() takes exactly one argument (the instance to initialize)");
  Value made = typeLookup(type, t.names().d_new);
  Type* native = type;
  while (native->has(kTypeHeap)) native = native->base;
  bool own_new = native != t.types().object || !(isExact(made, TypeId::kNativeFunction) && made.as<NativeFunction>()->self == Value(t.types().object));
  if (!own_new) return raiseTypeError(t, "%s.__init__() takes exactly one argument (the instance to initialize)", typeName(type));
  return kDone;
}
static std::string moduleOf(Thread& t, Type* type) {
  if (!type->has(kTypeHeap)) return type->module_name;
  Value m = dictGetStr(type->dict, t.names().d_module);
  return isStr(m) ? toUtf8(m.as<Str>()) : "builtins";
}
std::string qualifiedTypeName(Thread& t, Type* type) {
  std::string module = moduleOf(t, type), name = toUtf8(type->qualname);
  return module == "builtins" ? name : module + "." + name;
}
std::string fullTypeName(Thread& t, Value v) {
  Type* type = typeOf(t, v);
  return moduleOf(t, type) == "__main__" ? toUtf8(type->qualname) : qualifiedTypeName(t, type);
}
static Ref objectRepr(Thread& t, Value v) {
  return strFormat(t, "<%s object at %p>", qualifiedTypeName(t, typeOf(t, v)).c_str(), static_cast<void*>(v.object()));
}
static Ref objectStr(Thread& t, Value v) { return typeOf(t, v)->slots.repr(t, v); }
static Fallible<int64_t> objectHash(Thread&, Value v) {
  int64_t h = static_cast<int64_t>(std::rotr(v.bits, 4));
  return h == -1 ? -2 : h;
}
static Ref objectCompare(Thread& t, Value a, Value b, CompareOp op) {
  if (op == CompareOp::kEq) return a == b ? Ref::boolean(true) : Ref::notImplemented();
  if (op != CompareOp::kNe) return Ref::notImplemented();
  auto slot = typeOf(t, a)->slots.compare;
  if (slot == nullptr) return Ref::notImplemented();
  Ref r = TRY(slot(t, a, b, CompareOp::kEq));
  if (r.get().isNotImplemented()) return r;
  return Ref::boolean(!TRY(isTrue_py(t, r.get())));
}
static Ref getClass(Thread& t, Value v) { return Ref::of(typeOf(t, v)); }
bool hasSameLayout(Type* a, Type* b);
// ref: object_set_class; only between classes of one layout.
static Status setClass(Thread& t, Value v, Value cls) {
  TRY(audit_py(t, "object.__setattr__", {v, t.names().d_class, cls}));
  if (cls.isUndefined()) return raiseTypeError(t, "can't delete __class__ attribute");
  if (!isType(cls)) return raiseTypeError(t, "__class__ must be set to a class, not '%s' object", typeNameOf(t, cls));
  Type *from = typeOf(t, v), *to = cls.as<Type>();
  bool modules = from->layout == TypeId::kModule && to->layout == TypeId::kModule;
  if (!modules && (!from->has(kTypeHeap) || !to->has(kTypeHeap))) return raiseTypeError(t, "__class__ assignment only supported for mutable types or ModuleType subclasses");
  bool same = from->layout == to->layout && from->has(kTypeHasShape) == to->has(kTypeHasShape) && from->dict_offset == to->dict_offset &&
              from->has(kTypeWeakrefable) == to->has(kTypeWeakrefable);
  if (!modules && same && from->has(kTypeHasShape)) objectDict(t, v.object());  // attributes move to a dictionary
  bool resized = from->basic_size != to->basic_size;
  if (!modules && resized) same = same && isPlainShaped(from) && isPlainShaped(to);
  same = same && (modules || hasSameLayout(from, to));
  if (!same) return raiseTypeError(t, "__class__ assignment: '%s' object layout differs from '%s'", typeName(to), typeName(from));
  if (resized && !modules) noteBlockSize(v.object(), from->basic_size);
  if (to->has(kTypeHeap)) incref(to);
  v.object()->type = to;
  if (from->has(kTypeHeap)) decref(from);
  return kDone;
}
static Ref objectFormat(Thread& t, const Value* a) {
  if (!isStr(a[1])) return raiseTypeError(t, "__format__() argument must be str, not %s", typeNameOf(t, a[1]));
  if (a[1].as<Str>()->length > 0) return raiseTypeError(t, "unsupported format string passed to %s.__format__", typeNameOf(t, a[0]));
  return str_py(t, a[0]);
}
static Ref initSubclass(Thread&, const Value*) { return Ref::none(); }
static Ref subclassHook(Thread&, const Value*) { return Ref::notImplemented(); }
static Ref importCopyreg(Thread& t) { return importByName_py(t, "copyreg"); }
// ref: object___reduce_ex___impl.
static Ref reduceEx(Thread& t, const Value* a) {
  int64_t protocol = TRY(toInt64_py(t, a[1]));
  Ref reduce = TRY(getAttr_py(t, a[0], t.names().d_reduce));
  Value on_type = typeLookup(typeOf(t, a[0]), t.names().d_reduce);
  if (on_type != dictGetStr(t.types().object->dict, t.names().d_reduce)) return call_py(t, reduce.get(), nullptr, 0);
  Ref copyreg = TRY(importCopyreg(t));
  if (protocol < 2) {
    Value args[2] = {a[0], a[1]};
    Ref f = TRY(getAttrNamed_py(t, copyreg.get(), "_reduce_ex"));
    return call_py(t, f.get(), args, 2);
  }
  Value args[1] = {a[0]};
  Ref f = TRY(getAttrNamed_py(t, copyreg.get(), "__reduce_newobj__"));
  return call_py(t, f.get(), args, 1);
}
// (copyreg.__newobj__, (cls, *args), state, listitems, dictitems). ref: reduce_newobj.
static Ref reduceNewObject(Thread& t, Value v) {
  Ref copyreg = TRY(importCopyreg(t));
  Ref args, kwargs;
  Ref get = findSpecial_py(t, v, t.names().d_getnewargs_ex);
  if (get) {
    Ref pair = TRY(call_py(t, get.get(), nullptr, 0));
    if (!isTuple(pair.get())) return raiseTypeError(t, "__getnewargs_ex__ should return a tuple, not '%s'", typeNameOf(t, pair.get()));
    if (pair.as<Tuple>()->size != 2) return raiseValueError(t, "__getnewargs_ex__ should return a tuple of length 2, not %ld", static_cast<long>(pair.as<Tuple>()->size));
    args = Ref::of(pair.as<Tuple>()->items()[0]);
    kwargs = Ref::of(pair.as<Tuple>()->items()[1]);
  } else {
    if (isPending(t)) return Ref();
    get = findSpecial_py(t, v, t.names().d_getnewargs);
    if (!get && isPending(t)) return Ref();
    args = get ? TRY(call_py(t, get.get(), nullptr, 0)) : newTuple(t, 0);
  }
  if (!isTuple(args.get())) {
    if (kwargs) return raiseTypeError(t, "first item of the tuple returned by __getnewargs_ex__ must be a tuple, not '%s'", typeNameOf(t, args.get()));
    return raiseTypeError(t, "__getnewargs__ should return a tuple, not '%s'", typeNameOf(t, args.get()));
  }
  if (kwargs && !isDict(kwargs.get())) return raiseTypeError(t, "second item of the tuple returned by __getnewargs_ex__ must be a dict, not '%s'", typeNameOf(t, kwargs.get()));
  Type* type = typeOf(t, v);
  Type* native = type;
  while (native->has(kTypeHeap)) native = native->base;
  // What a native class keeps in its memory only its own methods can tell. ref: object_getstate_default.
  bool tells_state = typeLookup(type, t.names().d_getstate) != dictGetStr(t.types().object->dict, t.names().d_getstate);
  bool has_own_memory = native->basic_size > sizeof(Object) + (native->dict_offset != 0 ? sizeof(Dict*) : 0) || native->id == TypeId::kModule;
  bool adds_nothing = tells_state || !has_own_memory || !v.isHeap();
  bool plain = adds_nothing || native->id == TypeId::kObject || native->id == TypeId::kList || native->id == TypeId::kDict || get;
  if (!plain && native->id == TypeId::kCode) return raiseTypeError(t, "cannot pickle %s objects", typeName(type));
  if (!plain || typeLookup(type, intern(*t.isolate, "__reduce_cython__")).defined()) return raiseTypeError(t, "cannot pickle '%s' object", typeName(type));
  Ref state_method = TRY(getAttr_py(t, v, t.names().d_getstate));
  Ref state = TRY(call_py(t, state_method.get(), nullptr, 0));
  Ref list_items = Ref::none(), dict_items = Ref::none();
  if (isList(v)) list_items = TRY(iter_py(t, v));
  if (isDict(v)) {
    Ref items = TRY(callMethod_py(t, v, t.names().items));
    dict_items = TRY(iter_py(t, items.get()));
  }
  bool with_kwargs = kwargs && isDict(kwargs.get()) && kwargs.as<Dict>()->used > 0;
  Ref function = TRY(getAttrNamed_py(t, copyreg.get(), with_kwargs ? "__newobj_ex__" : "__newobj__"));
  Ref call_args;
  if (with_kwargs) {
    call_args = tupleOf(t, {type, args.get(), kwargs.get()});
  } else {
    call_args = newTuple(t, args.as<Tuple>()->size + 1);
    call_args.as<Tuple>()->items()[0] = share(type);
    for (int64_t i = 0; i < args.as<Tuple>()->size; ++i) call_args.as<Tuple>()->items()[i + 1] = share(args.as<Tuple>()->items()[i]);
  }
  return tupleOf(t, {function.get(), call_args.get(), state.get(), list_items.get(), dict_items.get()});
}
static Ref reduceExNew(Thread& t, const Value* a) {
  int64_t protocol = TRY(toInt64_py(t, a[1]));
  Value on_type = typeLookup(typeOf(t, a[0]), t.names().d_reduce);
  if (protocol >= 2 && on_type == dictGetStr(t.types().object->dict, t.names().d_reduce)) return reduceNewObject(t, a[0]);
  return reduceEx(t, a);
}
static Ref reduce(Thread& t, const Value* a) {
  Ref copyreg = TRY(importCopyreg(t));
  Value args[2] = {a[0], Value::fromInt(0)};
  Ref f = TRY(getAttrNamed_py(t, copyreg.get(), "_reduce_ex"));
  return call_py(t, f.get(), args, 2);
}
// The names of the slots of a class and its bases, which the class keeps; None or a list. ref: _PyType_GetSlotNames.
static Ref slotNames_py(Thread& t, Type* type) {
  if (!type->has(kTypeHeap)) return Ref::none();
  Value kept = dictGetStr(type->dict, intern(*t.isolate, "__slotnames__"));
  if (kept.defined()) {
    if (kept.isNone() || isList(kept)) return Ref::of(kept);
    return raiseTypeError(t, "%s.__slotnames__ should be a list or None, not %s", typeName(type), typeNameOf(t, kept));
  }
  Ref copyreg = TRY(importCopyreg(t)), find = TRY(getAttrNamed_py(t, copyreg.get(), "_slotnames")), names = TRY(callArgs_py(t, find.get(), type));
  if (!names.get().isNone() && !isList(names.get())) return raiseTypeError(t, "copyreg._slotnames didn't return a list or None");
  return names;
}
// The instance's state: its __dict__, with __slots__ values beside it. ref: object_getstate_default.
static Ref getState(Thread& t, const Value* a) {
  Value v = a[0];
  Ref state = Ref::none();
  if (v.isHeap() && typeOfHeap(v)->has(kTypeHasDict)) {
    Dict* dict = objectDict(t, v.object());
    if (dict != nullptr && dict->used > 0) state = dictCopy(t, dict);
  }
  Ref names = TRY(slotNames_py(t, typeOf(t, v)));
  int64_t count = isList(names.get()) ? names.as<List>()->size : 0;
  if (count == 0) return state;
  Ref slots = newDict(t);
  for (int64_t i = 0; i < count; ++i) {
    Ref name = Ref::of(names.as<List>()->items[i]);
    if (!isStr(name.get())) return raiseTypeError(t, "attribute name must be string, not '%s'", typeNameOf(t, name.get()));
    Ref value = findAttr_py(t, v, internStr(*t.isolate, name.as<Str>()));
    if (!value && isPending(t)) return Ref();
    if (value) TRY(dictSet_py(t, slots.as<Dict>(), name.get(), value.get()));
    if (names.as<List>()->size != count) return raiseRuntimeError(t, "__slotnames__ changed size during iteration");
  }
  if (slots.as<Dict>()->used > 0) return tupleOf(t, {state.get(), slots.get()});
  return state;
}
static Ref sizeOf(Thread& t, const Value* a) {
  return newInt(t, a[0].isHeap() ? static_cast<int64_t>(objectSize(a[0].object())) : 8);
}
// dir(): the keys of __dict__ and of the classes. ref: object___dir___impl.
// What the class and its bases have; what says it is a class may be any object. ref: merge_class_dict.
static Status addClassNames_py(Thread& t, Dict* names, Value cls) {
  if (isType(cls)) {
    Ref mro = Ref::of(cls.as<Type>()->mro);
    for (int64_t i = 0; i < mro.as<Tuple>()->size; ++i) TRY(dictMerge_py(t, names, mro.as<Tuple>()->items()[i].as<Type>()->dict));
    return kDone;
  }
  TRY(checkRecursion(t, ""));
  Ref own = findAttr_py(t, cls, t.names().d_dict);
  if (!own && isPending(t)) return kRaised;
  if (own) TRY(dictMerge_py(t, names, own.get()));
  Ref bases = findAttr_py(t, cls, t.names().d_bases);
  if (!bases && isPending(t)) return kRaised;
  if (!bases || !isTuple(bases.get())) return kDone;
  for (int64_t i = 0; i < bases.as<Tuple>()->size; ++i) TRY(addClassNames_py(t, names, bases.as<Tuple>()->items()[i]));
  return kDone;
}
static Ref dir(Thread& t, const Value* a) {
  Ref names = newDict(t);
  Ref own = findAttr_py(t, a[0], t.names().d_dict);
  if (!own && isPending(t)) return Ref();
  if (own && isDict(own.get())) TRY(dictMerge_py(t, names.as<Dict>(), own.get()));
  Ref cls = findAttr_py(t, a[0], t.names().d_class);
  if (!cls && isPending(t)) return Ref();
  if (cls) TRY(addClassNames_py(t, names.as<Dict>(), cls.get()));
  return dictKeysList(t, names.as<Dict>());
}

static const NativeDef kMethods[] = {
    {"__format__", "($self, format_spec, /)", objectFormat, "Default object formatter."},
    {"__init_subclass__", "($type, /)", initSubclass}, {"__subclasshook__", "($type, object, /)", subclassHook},
    {"__reduce_ex__", "($self, protocol, /)", reduceExNew}, {"__reduce__", "($self, /)", reduce}, {"__getstate__", "($self, /)", getState},
    {"__sizeof__", "($self, /)", sizeOf}, {"__dir__", "($self, /)", dir}, {nullptr, nullptr, nullptr}};
static const GetSetDef kGetSets[] = {{"__class__", getClass, setClass}, {nullptr, nullptr}};

void initObjectType(Isolate& isolate) {
  Type* type = isolate.types.object = makeType(isolate, {.name = "object", .id = TypeId::kObject, .size = sizeof(Object), .flags = kTypeBaseable,
      .methods = kMethods, .getsets = kGetSets,
      .doc = "The base class of the class hierarchy.\n\nWhen called, it accepts no arguments and returns a new featureless\ninstance that has no instance attributes and cannot be given any.\n"});
  type->slots.make = objectMake;
  type->slots.init = objectInit;
  type->slots.repr = objectRepr;
  type->slots.str = objectStr;
  type->slots.hash = objectHash;
  type->slots.compare = objectCompare;
  type->slots.get_attr = genericGetAttr_py;
  type->slots.set_attr = genericSetAttr_py;
}

// --- None, NotImplemented, Ellipsis
static Ref noneRepr(Thread& t, Value) { return newStr(t, "None"); }
static Fallible<bool> noneTruth(Thread&, Value) { return false; }
static Fallible<int64_t> noneHash(Thread&, Value) { return 0xfca86420; }
static Ref noneMake(Thread& t, Type*, const Value*, uint32_t nargs, Tuple* kw) {
  if (excess(nargs, kw)) return raiseTypeError(t, "NoneType takes no arguments");
  return Ref::none();
}
void initNoneType(Isolate& isolate) {
  Type* type = isolate.types.none = makeType(isolate, {.name = "NoneType", .id = TypeId::kNone, .doc = "The type of the None singleton."});
  type->slots.repr = noneRepr;
  type->slots.truth = noneTruth;
  type->slots.hash = noneHash;
  type->slots.make = noneMake;
}
static Ref notImplementedRepr(Thread& t, Value) { return newStr(t, "NotImplemented"); }
static Fallible<bool> notImplementedTruth(Thread& t, Value) { return raiseTypeError(t, "NotImplemented should not be used in a boolean context"); }
static Ref notImplementedMake(Thread& t, Type*, const Value*, uint32_t nargs, Tuple* kw) {
  if (excess(nargs, kw)) return raiseTypeError(t, "NotImplementedType takes no arguments");
  return Ref::notImplemented();
}
static Ref notImplementedReduce(Thread& t, const Value*) { return newStr(t, "NotImplemented"); }
static Ref ellipsisReduce(Thread& t, const Value*) { return newStr(t, "Ellipsis"); }
static const NativeDef kNotImplementedMethods[] = {{"__reduce__", "($self, /)", notImplementedReduce}, {nullptr, nullptr, nullptr}};
static const NativeDef kEllipsisMethods[] = {{"__reduce__", "($self, /)", ellipsisReduce}, {nullptr, nullptr, nullptr}};
void initNotImplementedType(Isolate& isolate) {
  Type* type = isolate.types.not_implemented = makeType(isolate, {.name = "NotImplementedType", .id = TypeId::kNotImplemented, .methods = kNotImplementedMethods});
  type->slots.repr = notImplementedRepr;
  type->slots.truth = notImplementedTruth;
  type->slots.make = notImplementedMake;
}
static Ref ellipsisRepr(Thread& t, Value) { return newStr(t, "Ellipsis"); }
static Ref ellipsisMake(Thread& t, Type*, const Value*, uint32_t nargs, Tuple* kw) {
  if (excess(nargs, kw)) return raiseTypeError(t, "EllipsisType takes no arguments");
  return Ref::steal(Value::ellipsis());
}
void initEllipsisType(Isolate& isolate) {
  Type* type = isolate.types.ellipsis = makeType(isolate, {.name = "ellipsis", .id = TypeId::kEllipsis, .methods = kEllipsisMethods});
  type->slots.repr = ellipsisRepr;
  type->slots.make = ellipsisMake;
}

}  // namespace krait::object
