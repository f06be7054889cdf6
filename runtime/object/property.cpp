// property. ref: Objects/descrobject.c, property_descr_get and friends.
#include "runtime/object/containers.h"
#include "runtime/object/descriptor.h"
#include "runtime/object/error.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"
#include "runtime/object/instance.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::object {

static void dealloc(Object* o) {
  Property* p = static_cast<Property*>(o);
  for (Value v : {p->get, p->set, p->del, p->doc, p->name}) decref(v);
}
static void traverse(Object* o, Visitor visitor, void* context) {
  Property* p = static_cast<Property*>(o);
  for (Value v : {p->get, p->set, p->del, p->doc, p->name}) visit(v, visitor, context);
}
static void clear(Object* o) {
  Property* p = static_cast<Property*>(o);
  for (Value* v : {&p->get, &p->set, &p->del, &p->doc, &p->name}) clearField(*v);
}

static Ref make(Thread& t, Type* type, const Value*, uint32_t, Tuple*) {
  Property* p = allocate<Property>(type);
  p->get = p->set = p->del = p->doc = p->name = Value();
  gcTrack(p);
  return Ref::steal(p);
}

static void setField(Value& field, Value v) {
  Value old = field;
  field = v.isNone() ? Value() : share(v);
  decref(old);
}

static Status init(Thread& t, Value self, const Value* args, uint32_t nargs, Tuple* keywords) {
  BoundArguments a;
  TRY(bindArguments_py(t, "property", "(fget=None, fset=None, fdel=None, doc=None)", args, nargs, keywords, a));
  Property* p = self.as<Property>();
  setField(p->get, a[0]);
  setField(p->set, a[1]);
  setField(p->del, a[2]);
  p->has_getter_doc = false;
  Ref doc = Ref::of(a[3]);
  if (a[3].isNone() && p->get.defined()) {
    doc = findAttr_py(t, p->get, t.names().d_doc);
    if (!doc && isPending(t)) return kRaised;
    if (!doc) doc = Ref::none();
    p->has_getter_doc = !doc.get().isNone();
  }
  if (p->type == t.types().property) {
    setField(p->doc, doc.get());
    return kDone;
  }
  // The class of a subclass has a __doc__ of its own, which would hide ours: the instance gets it.
  if (setAttr_py(t, self, t.names().d_doc, doc.get()).failed) {
    if (p->has_getter_doc || !pendingMatches(t, errors(t).attribute_error)) return kRaised;
    clearException(t);
  }
  return kDone;
}

static std::string describe(Thread& t, Property* p, Value object) {
  Ref named = Ref::of(p->name);  // what __set_name__ has told, else the getter's own. ref: property_name.
  if (p->name.isUndefined() && p->get.defined()) named = findAttr_py(t, p->get, t.names().d_name);
  clearException(t);
  std::string name = named ? "property " + reprText_py(t, named.get()) : "property";
  return name + " of '" + toUtf8(typeOf(t, object)->qualname) + "' object";
}

static Ref get(Thread& t, Value self, Value object, Value) {
  Property* p = self.as<Property>();
  if (object.isUndefined()) return Ref::of(self);
  if (p->get.isUndefined()) return raise(t, errors(t).attribute_error, "%s has no getter", describe(t, p, object).c_str());
  return call_py(t, p->get, &object, 1);
}

static Status set(Thread& t, Value self, Value object, Value value) {
  Property* p = self.as<Property>();
  Value function = value.isUndefined() ? p->del : p->set;
  if (function.isUndefined()) {
    return raise(t, errors(t).attribute_error, "%s has no %s", describe(t, p, object).c_str(), value.isUndefined() ? "deleter" : "setter");
  }
  Value args[2] = {object, value};
  TRY(call_py(t, function, args, value.isUndefined() ? 1 : 2));
  return kDone;
}

static Ref orNone(Value v) { return v.defined() ? Ref::of(v) : Ref::none(); }

static void setName(Property* p, Value name) {
  Value old = p->name;
  p->name = share(name);
  decref(old);
}
// A copy with one function replaced; a subclass makes its own kind.
static Ref copyWith(Thread& t, Property* p, Value fget, Value fset, Value fdel) {
  bool doc_follows = p->has_getter_doc && fget.defined() && !fget.isNone();
  Value args[4] = {fget.defined() ? fget : Value::none(), fset.defined() ? fset : Value::none(), fdel.defined() ? fdel : Value::none(),
                   p->doc.defined() && !doc_follows ? p->doc : Value::none()};
  Ref copy = TRY(call_py(t, p->type, args, 4));
  if (isInstanceOf(t, copy.get(), t.types().property) && p->name.defined()) setName(copy.as<Property>(), p->name);
  return copy;
}
static Ref getter(Thread& t, const Value* a) {
  Property* p = a[0].as<Property>();
  return copyWith(t, p, a[1], p->set, p->del);
}
static Ref setter(Thread& t, const Value* a) {
  Property* p = a[0].as<Property>();
  return copyWith(t, p, p->get, a[1], p->del);
}
static Ref deleter(Thread& t, const Value* a) {
  Property* p = a[0].as<Property>();
  return copyWith(t, p, p->get, p->set, a[1]);
}
static Ref setNameMethod(Thread& t, const Value* a) {
  Tuple* given = a[1].as<Tuple>();
  if (given->size != 2) return raiseTypeError(t, "__set_name__() takes 2 positional arguments but %ld were given", static_cast<long>(given->size));
  setName(a[0].as<Property>(), given->items()[1]);
  return Ref::none();
}

static Ref getFget(Thread&, Value v) { return orNone(v.as<Property>()->get); }
static Ref getFset(Thread&, Value v) { return orNone(v.as<Property>()->set); }
static Ref getFdel(Thread&, Value v) { return orNone(v.as<Property>()->del); }
static Ref getDoc(Thread&, Value v) { return orNone(v.as<Property>()->doc); }
static Status setDoc(Thread&, Value v, Value doc) {
  setField(v.as<Property>()->doc, doc.isUndefined() ? Value::none() : doc);
  return kDone;
}
static Ref getName(Thread& t, Value v) {
  TRY(checkRecursion(t, ""));
  Property* p = v.as<Property>();
  if (p->name.defined()) return Ref::of(p->name);
  if (p->get.defined()) {
    Ref name = findAttr_py(t, p->get, t.names().d_name);
    if (name || isPending(t)) return name;
  }
  return raiseNoAttribute(t, v, t.names().d_name);
}
static Status setNameAttr(Thread&, Value v, Value name) {
  setName(v.as<Property>(), name);
  return kDone;
}
static Ref getAbstract(Thread& t, Value v) {
  TRY(checkRecursion(t, ""));
  Property* p = v.as<Property>();
  for (Value f : {p->get, p->set, p->del}) {
    if (f.isUndefined()) continue;
    Ref flag = findAttr_py(t, f, t.names().d_isabstractmethod);
    if (!flag && isPending(t)) return Ref();
    if (flag && TRY(isTrue_py(t, flag.get()))) return Ref::boolean(true);
  }
  return Ref::boolean(false);
}

static const NativeDef kMethods[] = {
    {"getter", "($self, object, /)", getter, "Descriptor to obtain a copy of the property with a different getter."},
    {"setter", "($self, object, /)", setter, "Descriptor to obtain a copy of the property with a different setter."},
    {"deleter", "($self, object, /)", deleter, "Descriptor to obtain a copy of the property with a different deleter."},
    {"__set_name__", "($self, /, *args)", setNameMethod},
    {nullptr, nullptr, nullptr}};
static const GetSetDef kGetSets[] = {{"fget", getFget, readOnlyMember}, {"fset", getFset, readOnlyMember}, {"fdel", getFdel, readOnlyMember}, {"__doc__", getDoc, setDoc},
    {"__name__", getName, setNameAttr}, {"__isabstractmethod__", getAbstract}, {nullptr, nullptr}};

void initPropertyType(Isolate& isolate) {
  Type* type = isolate.types.property = makeType(isolate, {.name = "property", .id = TypeId::kProperty, .size = sizeof(Property),
      .flags = kTypeGc | kTypeBaseable, .methods = kMethods, .getsets = kGetSets});
  type->slots.dealloc = dealloc;
  type->slots.traverse = traverse;
  type->slots.clear = clear;
  type->slots.make = make;
  type->slots.init = init;
  type->slots.descr_get = get;
  type->slots.descr_set = set;
}

}  // namespace krait::object
