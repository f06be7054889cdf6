// `super`. ref: Objects/typeobject.c super_getattro, super_init.
#include "runtime/object/code.h"
#include "runtime/object/containers.h"
#include "runtime/object/descriptor.h"
#include "runtime/object/error.h"
#include "runtime/object/frame.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"
#include "runtime/object/native.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::object {

struct Super : Object {
  Value type, object, object_type;
};
static Super* self(Value v) { return v.as<Super>(); }
static void dealloc(Object* o) {
  Super* s = static_cast<Super*>(o);
  for (Value v : {s->type, s->object, s->object_type}) decref(v);
}
static void traverse(Object* o, Visitor visitor, void* context) {
  Super* s = static_cast<Super*>(o);
  for (Value v : {s->type, s->object, s->object_type}) visit(v, visitor, context);
}
static Ref make(Thread&, Type* type, const Value*, uint32_t, Tuple*) {
  Super* s = allocate<Super>(type);
  gcTrack(s);
  return Ref::steal(s);
}
// ref: supercheck: the class whose MRO is searched.
static Ref check(Thread& t, Value type, Value object) {
  if (isType(object) && isSubtype(object.as<Type>(), type.as<Type>())) return Ref::of(object);
  Type* own = typeOf(t, object);
  if (isSubtype(own, type.as<Type>())) return Ref::of(own);
  Ref cls = findAttr_py(t, object, t.names().d_class);
  if (!cls && isPending(t)) return Ref();
  if (cls && isType(cls.get()) && cls.get() != Value(own) && isSubtype(cls.as<Type>(), type.as<Type>())) return cls;
  const char* what = isType(object) ? "type" : "instance of";
  return raiseTypeError(t, "super(type, obj): obj (%s %s) is not an instance or subtype of type (%s).", what,
                        isType(object) ? typeName(object.as<Type>()) : typeName(own), typeName(type.as<Type>()));
}
// super() in a method: __class__ from the closure, self from the first parameter.
static Status fromFrame(Thread& t, Ref& type, Ref& object) {
  Frame* f = t.frame;
  if (f == nullptr) return raiseRuntimeError(t, "super(): no current frame");
  Code* code = f->code;
  if (code->arg_count == 0) return raiseRuntimeError(t, "super(): no arguments");
  Value first = f->registers()[0];
  if (isExact(first, TypeId::kCell)) {
    for (int64_t i = 0; i < code->cell_names->size; ++i) {
      if (code->cell_registers[i] == 0) first = first.as<Cell>()->value;
    }
  }
  if (first.isUndefined()) return raiseRuntimeError(t, "super(): arg[0] deleted");
  for (int64_t i = 0; i < code->free_names->size; ++i) {
    if (!strEquals(code->free_names->items()[i].as<Str>(), "__class__")) continue;
    Value cell = f->registers()[code->local_count + i];
    if (!isExact(cell, TypeId::kCell) || cell.as<Cell>()->value.isUndefined()) return raiseRuntimeError(t, "super(): empty __class__ cell");
    type = Ref::of(cell.as<Cell>()->value);
    object = Ref::of(first);
    return kDone;
  }
  return raiseRuntimeError(t, "super(): __class__ cell not found");
}
static Status init(Thread& t, Value v, const Value* args, uint32_t nargs, Tuple* keywords) {
  if (keywords != nullptr && keywords->size > 0) return raiseTypeError(t, "super() takes no keyword arguments");
  if (nargs > 2) return raiseTypeError(t, "super() expected at most 2 arguments, got %u", nargs);
  Ref type, object;
  if (nargs == 0) {
    TRY(fromFrame(t, type, object));
  } else {
    if (!isType(args[0])) return raiseTypeError(t, "super() argument 1 must be a type, not %s", typeNameOf(t, args[0]));
    type = Ref::of(args[0]);
    if (nargs == 2 && !args[1].isNone()) object = Ref::of(args[1]);
  }
  Super* s = self(v);
  Ref object_type;
  if (object) object_type = TRY(check(t, type.get(), object.get()));
  for (auto [field, value] : {std::pair{&s->type, &type}, {&s->object, &object}, {&s->object_type, &object_type}}) {
    Value old = *field;
    *field = value->release();
    decref(old);
  }
  return kDone;
}
static Ref getAttr(Thread& t, Value v, Str* name) {
  Super* s = self(v);
  if (s->object_type.isUndefined() || name == t.names().d_class) return genericGetAttr_py(t, v, name);
  Tuple* mro = s->object_type.as<Type>()->mro;
  if (mro == nullptr) return genericGetAttr_py(t, v, name);  // a class still being made
  Ref held = Ref::of(mro);
  int64_t i = 0;
  while (i < mro->size && mro->items()[i] != s->type) ++i;
  for (++i; i < mro->size; ++i) {
    Value found = dictGetStr(mro->items()[i].as<Type>()->dict, name);
    if (found.isUndefined()) continue;
    Ref f = Ref::of(found);
    auto get = typeOf(t, found)->slots.descr_get;
    if (get == nullptr) return f;
    return get(t, found, s->object == s->object_type ? Value() : s->object, s->object_type);
  }
  if (typeLookup(typeOfHeap(v), name).defined()) return genericGetAttr_py(t, v, name);
  return raiseAttributeError(t, v, name, "'super' object has no attribute '" + toUtf8(name) + "'");
}
static Ref descrGet(Thread& t, Value v, Value object, Value) {
  Super* s = self(v);
  if (object.isUndefined() || object.isNone() || s->object.defined()) return Ref::of(v);
  Value args[2] = {s->type, object};
  return call_py(t, s->type.isUndefined() ? Value(t.types().super) : Value(typeOfHeap(v)), args, 2);
}
static Ref repr(Thread& t, Value v) {
  Super* s = self(v);
  const char* type = s->type.defined() ? typeName(s->type.as<Type>()) : "NULL";
  if (s->object_type.defined()) return strFormat(t, "<super: <class '%s'>, <%s object>>", type, typeName(s->object_type.as<Type>()));
  return strFormat(t, "<super: <class '%s'>, NULL>", type);
}
static Ref orNone(Value v) { return v.defined() ? Ref::of(v) : Ref::none(); }
static Ref getThisClass(Thread&, Value v) { return orNone(self(v)->type); }
static Ref getSelf(Thread&, Value v) { return orNone(self(v)->object); }
static Ref getSelfClass(Thread&, Value v) { return orNone(self(v)->object_type); }
static const GetSetDef kGetSets[] = {{"__thisclass__", getThisClass, readOnlyMember}, {"__self__", getSelf, readOnlyMember}, {"__self_class__", getSelfClass, readOnlyMember}, {nullptr, nullptr}};
void initSuperType(Isolate& isolate) {
  Type* type = isolate.types.super = makeType(isolate, {.name = "super", .id = TypeId::kSuper, .size = sizeof(Super), .flags = kTypeGc | kTypeBaseable, .getsets = kGetSets});
  Slots& s = type->slots;
  s.dealloc = dealloc;
  s.traverse = traverse;
  s.make = make;
  s.init = init;
  s.get_attr = getAttr;
  s.descr_get = descrGet;
  s.repr = repr;
}

}  // namespace krait::object
