// Descriptor types: slot wrappers, attributes of builtin types, __slots__ members, classmethod, staticmethod, property,
// bound methods. ref: Objects/descrobject.c, Objects/funcobject.c, Objects/classobject.c.
#include "runtime/object/descriptor.h"

#include "runtime/object/builtin_docs.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"
#include "runtime/object/instance.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::object {

namespace {
// A member that is no field of Values: it is read by a function.
struct NativeMember : MemberDescriptor {
  const GetSetDef* def;
};
}  // namespace

Status readOnlyMember(Thread& t, Value, Value) { return raise(t, errors(t).attribute_error, "readonly attribute"); }

Ref newGetSet(Isolate& isolate, const GetSetDef* def, Type* owner) {
  if (def->set == readOnlyMember) {
    NativeMember* m = allocate<NativeMember>(isolate.types.member);
    m->name = intern(isolate, def->name);
    m->owner = owner;
    m->offset = kReadByFunction;
    m->def = def;
    return Ref::steal(m);
  }
  GetSetDescriptor* d = allocate<GetSetDescriptor>(isolate.types.getset);
  d->def = def;
  d->owner = owner;
  return Ref::steal(d);
}
Ref newWrapper(Isolate& isolate, const SlotDef* def, void* slot, Type* owner) {
  WrapperDescriptor* d = allocate<WrapperDescriptor>(isolate.types.wrapper);
  d->def = def;
  d->slot = slot;
  d->owner = owner;
  return Ref::steal(d);
}
static Ref makeWrapping(Type* type, Value callable) {
  ClassMethod* m = allocate<ClassMethod>(type);
  m->callable = share(callable);
  gcTrack(m);
  return Ref::steal(m);
}
Ref newClassMethod(Thread& t, Value callable) { return makeWrapping(t.types().class_method, callable); }
Ref newStaticMethod(Thread& t, Value callable) { return makeWrapping(t.types().static_method, callable); }
Ref newMethod(Thread& t, Value function, Value self) {
  Method* m = allocate<Method>(t.types().method);
  m->function = share(function);
  m->self = share(self);
  gcTrack(m);
  return Ref::steal(m);
}

static Status checkOwner(Thread& t, const char* name, Type* owner, Value object) {
  if (isInstanceOf(t, object, owner)) return kDone;
  return raiseTypeError(t, "descriptor '%s' for '%s' objects doesn't apply to a '%s' object", name, typeName(owner), typeNameOf(t, object));
}

// --- slot wrapper
static Ref callWrapper(Thread& t, WrapperDescriptor* d, Value self, const Value* args, uint32_t nargs, Tuple* keywords) {
  return d->def->wrap(t, *d->def, d->slot, self, args, nargs, keywords);
}
static Ref wrapperCall(Thread& t, Value v, const Value* args, uint32_t nargs, Tuple* keywords) {
  WrapperDescriptor* d = v.as<WrapperDescriptor>();
  if (nargs == 0) return raiseTypeError(t, "descriptor '%s' of '%s' object needs an argument", d->def->name, typeName(d->owner));
  if (!isInstanceOf(t, args[0], d->owner)) {
    return raiseTypeError(t, "descriptor '%s' requires a '%s' object but received a '%s'", d->def->name, typeName(d->owner), typeNameOf(t, args[0]));
  }
  return callWrapper(t, d, args[0], args + 1, nargs - 1, keywords);
}
static Ref wrapperGet(Thread& t, Value v, Value object, Value) {
  WrapperDescriptor* d = v.as<WrapperDescriptor>();
  if (object.isUndefined()) return Ref::of(v);
  TRY(checkOwner(t, d->def->name, d->owner, object));
  MethodWrapper* m = allocate<MethodWrapper>(t.types().method_wrapper);
  m->descriptor = share(v).as<WrapperDescriptor>();
  m->self = share(object);
  gcTrack(m);
  return Ref::steal(m);
}
static Ref wrapperRepr(Thread& t, Value v) {
  WrapperDescriptor* d = v.as<WrapperDescriptor>();
  return strFormat(t, "<slot wrapper '%s' of '%s' objects>", d->def->name, typeName(d->owner));
}
static Ref wrapperName(Thread& t, Value v) { return newStr(t, v.as<WrapperDescriptor>()->def->name); }
static Ref wrapperQualname(Thread& t, Value v) {
  WrapperDescriptor* d = v.as<WrapperDescriptor>();
  return strFormat(t, "%s.%s", typeName(d->owner), d->def->name);
}
static Ref wrapperOwner(Thread&, Value v) { return Ref::of(v.as<WrapperDescriptor>()->owner); }
static Ref wrapperSignature(Thread& t, Value v) { return newStr(t, v.as<WrapperDescriptor>()->def->signature); }
static Ref wrapperDoc(Thread& t, Value v) {
  std::string_view doc = wrapperDocOf(v.as<WrapperDescriptor>()->def->name);
  return doc.empty() ? Ref::none() : newStr(t, doc);
}
static Ref reduceToAttr(Thread& t, Value owner, Value name) {
  Ref place = tupleOf(t, {owner, name});
  return tupleOf(t, {dictGetStr(t.isolate->builtins, intern(*t.isolate, "getattr")), place.get()});
}
Ref descriptorReduce(Thread& t, const Value* a) {
  Ref owner = TRY(getAttrNamed_py(t, a[0], "__objclass__")), name = TRY(getAttr_py(t, a[0], t.names().d_name));
  return reduceToAttr(t, owner.get(), name.get());
}
static const NativeDef kReduceMethods[] = {{"__reduce__", "($self, /)", descriptorReduce}, {nullptr, nullptr, nullptr}};
static const GetSetDef kWrapperGetSets[] = {{"__name__", wrapperName, readOnlyMember}, {"__qualname__", wrapperQualname}, {"__objclass__", wrapperOwner, readOnlyMember},
    {"__text_signature__", wrapperSignature}, {"__doc__", wrapperDoc}, {nullptr, nullptr}};
void initWrapperType(Isolate& isolate) {
  Type* type = isolate.types.wrapper = makeType(isolate, {.name = "wrapper_descriptor", .id = TypeId::kWrapper, .size = sizeof(WrapperDescriptor),
      .flags = kTypeMethodDescriptor | kTypeDisallowNew, .methods = kReduceMethods, .getsets = kWrapperGetSets});
  type->slots.call = wrapperCall;
  type->slots.descr_get = wrapperGet;
  type->slots.repr = wrapperRepr;
}

// --- method-wrapper
static void methodWrapperDealloc(Object* o) {
  MethodWrapper* m = static_cast<MethodWrapper*>(o);
  decref(static_cast<Object*>(m->descriptor));
  decref(m->self);
}
static void methodWrapperTraverse(Object* o, Visitor visitor, void* context) { visit(static_cast<MethodWrapper*>(o)->self, visitor, context); }
static Ref methodWrapperCall(Thread& t, Value v, const Value* args, uint32_t nargs, Tuple* keywords) {
  MethodWrapper* m = v.as<MethodWrapper>();
  return callWrapper(t, m->descriptor, m->self, args, nargs, keywords);
}
static Ref methodWrapperRepr(Thread& t, Value v) {
  MethodWrapper* m = v.as<MethodWrapper>();
  return strFormat(t, "<method-wrapper '%s' of %s object at %p>", m->descriptor->def->name, typeNameOf(t, m->self),
                   static_cast<void*>(m->self.object()));
}
static Ref methodWrapperCompare(Thread&, Value a, Value b, CompareOp op) {
  if ((op != CompareOp::kEq && op != CompareOp::kNe) || !isExact(b, TypeId::kMethodWrapper)) return Ref::notImplemented();
  MethodWrapper *x = a.as<MethodWrapper>(), *y = b.as<MethodWrapper>();
  return Ref::boolean((x->descriptor == y->descriptor && x->self == y->self) == (op == CompareOp::kEq));
}
static Fallible<int64_t> methodWrapperHash(Thread&, Value v) {
  MethodWrapper* m = v.as<MethodWrapper>();
  return static_cast<int64_t>((m->self.bits ^ reinterpret_cast<uintptr_t>(m->descriptor)) >> 4);
}
static Ref methodWrapperName(Thread& t, Value v) { return wrapperName(t, v.as<MethodWrapper>()->descriptor); }
static Ref methodWrapperQualname(Thread& t, Value v) { return wrapperQualname(t, v.as<MethodWrapper>()->descriptor); }
static Ref methodWrapperSelf(Thread&, Value v) { return Ref::of(v.as<MethodWrapper>()->self); }
static Ref methodWrapperSignature(Thread& t, Value v) { return wrapperSignature(t, v.as<MethodWrapper>()->descriptor); }
static Ref methodWrapperDoc(Thread& t, Value v) { return wrapperDoc(t, v.as<MethodWrapper>()->descriptor); }
static Ref methodWrapperOwner(Thread&, Value v) { return Ref::of(v.as<MethodWrapper>()->descriptor->owner); }
static Ref methodWrapperReduce(Thread& t, const Value* a) { return reduceToAttr(t, a[0].as<MethodWrapper>()->self, wrapperName(t, a[0].as<MethodWrapper>()->descriptor).get()); }
static const NativeDef kMethodWrapperMethods[] = {{"__reduce__", "($self, /)", methodWrapperReduce}, {nullptr, nullptr, nullptr}};
static const GetSetDef kMethodWrapperGetSets[] = {{"__name__", methodWrapperName}, {"__qualname__", methodWrapperQualname},
    {"__self__", methodWrapperSelf, readOnlyMember}, {"__objclass__", methodWrapperOwner}, {"__text_signature__", methodWrapperSignature}, {"__doc__", methodWrapperDoc}, {nullptr, nullptr}};
void initMethodWrapperType(Isolate& isolate) {
  Type* type = isolate.types.method_wrapper = makeType(isolate, {.name = "method-wrapper", .id = TypeId::kMethodWrapper, .size = sizeof(MethodWrapper),
      .flags = kTypeGc | kTypeDisallowNew, .methods = kMethodWrapperMethods, .getsets = kMethodWrapperGetSets});
  type->slots.dealloc = methodWrapperDealloc;
  type->slots.traverse = methodWrapperTraverse;
  type->slots.call = methodWrapperCall;
  type->slots.repr = methodWrapperRepr;
  type->slots.compare = methodWrapperCompare;
  type->slots.hash = methodWrapperHash;
}

// --- getset_descriptor
static Ref getsetGet(Thread& t, Value v, Value object, Value) {
  GetSetDescriptor* d = v.as<GetSetDescriptor>();
  if (object.isUndefined()) return Ref::of(v);
  TRY(checkOwner(t, d->def->name, d->owner, object));
  return d->def->get(t, object);
}
static Status getsetSet(Thread& t, Value v, Value object, Value value) {
  GetSetDescriptor* d = v.as<GetSetDescriptor>();
  TRY(checkOwner(t, d->def->name, d->owner, object));
  if (d->def->set != nullptr) return d->def->set(t, object, value);
  return raise(t, errors(t).attribute_error, "attribute '%s' of '%s' objects is not writable", d->def->name, typeName(d->owner));
}
static Ref getsetRepr(Thread& t, Value v) {
  GetSetDescriptor* d = v.as<GetSetDescriptor>();
  return strFormat(t, "<attribute '%s' of '%s' objects>", d->def->name, typeName(d->owner));
}
static Ref getsetName(Thread& t, Value v) { return newStr(t, v.as<GetSetDescriptor>()->def->name); }
static Ref getsetQualname(Thread& t, Value v) {
  return strFormat(t, "%s.%s", typeName(v.as<GetSetDescriptor>()->owner), v.as<GetSetDescriptor>()->def->name);
}
static Ref getsetOwner(Thread&, Value v) { return Ref::of(v.as<GetSetDescriptor>()->owner); }
static Ref getsetDoc(Thread& t, Value v) {
  const char* doc = v.as<GetSetDescriptor>()->def->doc;
  if (doc == nullptr) doc = builtinDoc(typeName(v.as<GetSetDescriptor>()->owner), v.as<GetSetDescriptor>()->def->name);
  return doc != nullptr ? newStr(t, doc) : Ref::none();
}
static const GetSetDef kGetSetGetSets[] = {{"__name__", getsetName, readOnlyMember}, {"__qualname__", getsetQualname}, {"__objclass__", getsetOwner, readOnlyMember},
    {"__doc__", getsetDoc}, {nullptr, nullptr}};
void initGetSetType(Isolate& isolate) {
  Type* type = isolate.types.getset = makeType(isolate, {.name = "getset_descriptor", .id = TypeId::kGetSet, .size = sizeof(GetSetDescriptor),
      .flags = kTypeDisallowNew, .getsets = kGetSetGetSets});
  type->slots.descr_get = getsetGet;
  type->slots.descr_set = getsetSet;
  type->slots.repr = getsetRepr;
}

// --- member_descriptor (__slots__)
static Value& memberField(MemberDescriptor* d, Value object) {
  return *reinterpret_cast<Value*>(reinterpret_cast<char*>(object.object()) + d->offset);
}
static Status checkMemberOwner(Thread& t, MemberDescriptor* d, Value object) {
  if (isInstanceOf(t, object, d->owner)) return kDone;
  return checkOwner(t, toUtf8(d->name).c_str(), d->owner, object);
}
std::string fullTypeName(Thread& t, Value v);
static Ref memberGet(Thread& t, Value v, Value object, Value) {
  MemberDescriptor* d = v.as<MemberDescriptor>();
  if (object.isUndefined()) return Ref::of(v);
  TRY(checkMemberOwner(t, d, object));
  if (d->offset == kReadByFunction) return static_cast<NativeMember*>(d)->def->get(t, object);
  Value value = d->offset == kSlotInDict ? dictGetStr(objectDict(t, object.object()), d->name) : memberField(d, object);
  if (value.isUndefined()) return raiseAttributeError(t, object, d->name, "'" + fullTypeName(t, object) + "' object has no attribute '" + toUtf8(d->name) + "'");
  return Ref::of(value);
}
static Status memberSet(Thread& t, Value v, Value object, Value value) {
  MemberDescriptor* d = v.as<MemberDescriptor>();
  TRY(checkMemberOwner(t, d, object));
  if (d->offset == kReadByFunction) return readOnlyMember(t, object, value);
  if (d->offset == kSlotInDict) {
    Dict* dict = objectDict(t, object.object());
    if (value.defined()) dictSetStr(dict, d->name, value);
    else if (!dictDeleteStr(dict, d->name)) return raiseAttributeError(t, object, d->name, toUtf8(d->name));
    return kDone;
  }
  Value& field = memberField(d, object);
  if (value.isUndefined() && field.isUndefined()) return raiseAttributeError(t, object, d->name, toUtf8(d->name));
  Value old = field;
  field = share(value);
  decref(old);
  return kDone;
}
static Ref memberRepr(Thread& t, Value v) {
  MemberDescriptor* d = v.as<MemberDescriptor>();
  return strFormat(t, "<member '%s' of '%s' objects>", toUtf8(d->name).c_str(), typeName(d->owner));
}
static Ref memberName(Thread&, Value v) { return Ref::of(v.as<MemberDescriptor>()->name); }
static Ref memberQualname(Thread& t, Value v) {
  return strFormat(t, "%s.%s", toUtf8(v.as<MemberDescriptor>()->owner->qualname).c_str(), toUtf8(v.as<MemberDescriptor>()->name).c_str());
}
static Ref memberOwner(Thread&, Value v) { return Ref::of(v.as<MemberDescriptor>()->owner); }
static Ref memberDoc(Thread& t, Value v) {
  MemberDescriptor* d = v.as<MemberDescriptor>();
  const char* doc = d->offset == kReadByFunction ? static_cast<NativeMember*>(d)->def->doc : nullptr;
  if (doc == nullptr && d->owner != nullptr && !d->owner->has(kTypeHeap)) doc = builtinDoc(typeName(d->owner), toUtf8(d->name));
  return doc != nullptr ? newStr(t, doc) : Ref::none();
}
static const GetSetDef kMemberGetSets[] = {{"__name__", memberName, readOnlyMember}, {"__qualname__", memberQualname}, {"__objclass__", memberOwner, readOnlyMember},
    {"__doc__", memberDoc}, {nullptr, nullptr}};
void initMemberType(Isolate& isolate) {
  Type* type = isolate.types.member = makeType(isolate, {.name = "member_descriptor", .id = TypeId::kMember, .size = sizeof(MemberDescriptor),
      .flags = kTypeDisallowNew, .methods = kReduceMethods, .getsets = kMemberGetSets});
  type->slots.descr_get = memberGet;
  type->slots.descr_set = memberSet;
  type->slots.repr = memberRepr;
}

// --- classmethod and staticmethod
static void wrappingDealloc(Object* o) {
  ClassMethod* m = static_cast<ClassMethod*>(o);
  decref(m->callable);
  if (m->dict != nullptr) decref(static_cast<Object*>(m->dict));
}
static void wrappingTraverse(Object* o, Visitor visitor, void* context) {
  visit(static_cast<ClassMethod*>(o)->callable, visitor, context);
  visit(static_cast<ClassMethod*>(o)->dict, visitor, context);
}
static void wrappingClear(Object* o) { clearField(static_cast<ClassMethod*>(o)->callable); }
// functools.update_wrapper's attributes, as classmethod and staticmethod copy them. ref: functools_wraps.
static Status copyWrapped(Thread& t, Object* to, Value from) {
  for (Str* name : {t.names().d_module, t.names().d_name, t.names().d_qualname, t.names().d_doc}) {
    Ref v = findAttr_py(t, from, name);
    if (!v && isPending(t)) return kRaised;
    if (v) dictSetStr(objectDict(t, to), name, v.get());
  }
  return kDone;
}
// It wraps what __init__ gets: subclasses may take more. ref: cm_init, sm_init.
static Ref wrappingMake(Thread&, Type* type, const Value*, uint32_t, Tuple*) { return makeWrapping(type, Value::none()); }
static Status wrappingInit(Thread& t, Value v, const Value* args, uint32_t nargs, Tuple* keywords) {
  const char* name = isInstanceOf(t, v, t.types().class_method) ? "classmethod" : "staticmethod";
  if (keywords != nullptr && keywords->size > 0) return raiseTypeError(t, "%s() takes no keyword arguments", name);
  if (nargs != 1) return raiseTypeError(t, "%s expected 1 argument, got %u", name, nargs);
  Ref old = Ref::steal(v.as<ClassMethod>()->callable);
  v.as<ClassMethod>()->callable = share(args[0]);
  return copyWrapped(t, v.object(), args[0]);
}
static Ref classMethodGet(Thread& t, Value v, Value object, Value type) {
  Value cls = type.defined() ? type : Value(typeOf(t, object));
  return newMethod(t, v.as<ClassMethod>()->callable, cls);
}
static Ref staticMethodGet(Thread&, Value v, Value, Value) { return Ref::of(v.as<ClassMethod>()->callable); }
static Ref staticMethodCall(Thread& t, Value v, const Value* args, uint32_t nargs, Tuple* keywords) {
  return call_py(t, v.as<ClassMethod>()->callable, args, nargs, keywords);
}
static Ref wrappingRepr(Thread& t, Value v) {
  Ref inner = TRY(repr_py(t, v.as<ClassMethod>()->callable));
  return strFormat(t, "<%s(%s)>", typeNameOf(t, v), toUtf8(inner.as<Str>()).c_str());
}
static Ref wrappingFunc(Thread&, Value v) { return Ref::of(v.as<ClassMethod>()->callable); }
static Ref wrappingAbstract(Thread& t, Value v) {
  Ref flag = findAttr_py(t, v.as<ClassMethod>()->callable, t.names().d_isabstractmethod);
  if (!flag) return isPending(t) ? Ref() : Ref::boolean(false);
  return Ref::boolean(TRY(isTrue_py(t, flag.get())));
}
static Ref getDict(Thread& t, Value v) { return Ref::of(objectDict(t, v.object())); }
// Annotations are those of the function until somebody assigns others. ref: descriptor_get_wrapped_attribute.
static Ref wrappedAttribute(Thread& t, Value v, const char* name) {
  Str* key = intern(*t.isolate, name);
  Value own = dictGetStr(objectDict(t, v.object()), key);
  if (own.defined()) return Ref::of(own);
  Ref found = TRY(getAttr_py(t, v.as<ClassMethod>()->callable, key));
  dictSetStr(objectDict(t, v.object()), key, found.get());
  return found;
}
static Status setWrappedAttribute(Thread& t, Value v, const char* name, Value value) {
  Str* key = intern(*t.isolate, name);
  if (value.defined()) dictSetStr(objectDict(t, v.object()), key, value);
  else if (!dictDeleteStr(objectDict(t, v.object()), key)) return raise(t, errors(t).attribute_error, "'%s' object has no attribute '%s'", typeNameOf(t, v), name);
  return kDone;
}
static Ref getAnnotations(Thread& t, Value v) { return wrappedAttribute(t, v, "__annotations__"); }
static Ref getAnnotate(Thread& t, Value v) { return wrappedAttribute(t, v, "__annotate__"); }
static Status setAnnotations(Thread& t, Value v, Value value) { return setWrappedAttribute(t, v, "__annotations__", value); }
static Status setAnnotate(Thread& t, Value v, Value value) { return setWrappedAttribute(t, v, "__annotate__", value); }
static const GetSetDef kWrappingGetSets[] = {{"__annotations__", getAnnotations, setAnnotations}, {"__annotate__", getAnnotate, setAnnotate},
    {"__func__", wrappingFunc, readOnlyMember}, {"__wrapped__", wrappingFunc, readOnlyMember}, {"__isabstractmethod__", wrappingAbstract},
    {"__dict__", getDict, replaceObjectDict}, {nullptr, nullptr}};
static Ref wrappingAlias(Thread& t, const Value* a) { return callArgs_py(t, t.types().generic_alias, a[0], a[1]); }
static const NativeDef kWrappingMethods[] = {{"__class_getitem__", "($type, object, /)", wrappingAlias, "See PEP 585"}, {nullptr, nullptr, nullptr}};
static Type* makeWrappingType(Isolate& isolate, const char* name, TypeId id) {
  Type* type = makeType(isolate, {.name = name, .id = id, .size = sizeof(ClassMethod), .flags = kTypeGc | kTypeBaseable | kTypeWeakrefable,
      .methods = kWrappingMethods, .getsets = kWrappingGetSets, .dict_offset = offsetof(ClassMethod, dict)});
  type->slots.dealloc = wrappingDealloc;
  type->slots.traverse = wrappingTraverse;
  type->slots.clear = wrappingClear;
  type->slots.make = wrappingMake;
  type->slots.init = wrappingInit;
  type->slots.repr = wrappingRepr;
  return type;
}
void initClassMethodType(Isolate& isolate) {
  isolate.types.class_method = makeWrappingType(isolate, "classmethod", TypeId::kClassMethod);
  isolate.types.class_method->slots.descr_get = classMethodGet;
}
void initStaticMethodType(Isolate& isolate) {
  isolate.types.static_method = makeWrappingType(isolate, "staticmethod", TypeId::kStaticMethod);
  isolate.types.static_method->slots.descr_get = staticMethodGet;
  isolate.types.static_method->slots.call = staticMethodCall;
}

// --- bound method
static void methodDealloc(Object* o) {
  decref(static_cast<Method*>(o)->function);
  decref(static_cast<Method*>(o)->self);
}
static void methodTraverse(Object* o, Visitor visitor, void* context) {
  visit(static_cast<Method*>(o)->function, visitor, context);
  visit(static_cast<Method*>(o)->self, visitor, context);
}
static Ref methodCall(Thread& t, Value v, const Value* args, uint32_t nargs, Tuple* keywords) {
  Method* m = v.as<Method>();
  uint32_t total = nargs + (keywords != nullptr ? static_cast<uint32_t>(keywords->size) : 0);
  Value stack[16];
  Value* all = total + 1 <= 16 ? stack : static_cast<Value*>(std::malloc((total + 1) * sizeof(Value)));
  all[0] = m->self;
  if (total > 0) std::memcpy(static_cast<void*>(all + 1), args, total * sizeof(Value));
  Ref r = call_py(t, m->function, all, nargs + 1, keywords);
  if (all != stack) std::free(static_cast<void*>(all));
  return r;
}
static Ref methodRepr(Thread& t, Value v) {
  Method* m = v.as<Method>();
  Ref name = findAttr_py(t, m->function, t.names().d_qualname);
  if (!name && !isPending(t)) name = findAttr_py(t, m->function, t.names().d_name);
  clearException(t);
  Ref self = TRY(repr_py(t, m->self));
  std::string text = name && isStr(name.get()) ? toUtf8(name.as<Str>()) : "?";
  return strFormat(t, "<bound method %s of %s>", text.c_str(), toUtf8(self.as<Str>()).c_str());
}
static Ref methodCompare(Thread& t, Value a, Value b, CompareOp op) {
  if ((op != CompareOp::kEq && op != CompareOp::kNe) || !isExact(b, TypeId::kMethod)) return Ref::notImplemented();
  Method *x = a.as<Method>(), *y = b.as<Method>();
  bool same = x->self == y->self && TRY(equals_py(t, x->function, y->function));
  return Ref::boolean(same == (op == CompareOp::kEq));
}
static Fallible<int64_t> methodHash(Thread& t, Value v) {
  Method* m = v.as<Method>();
  int64_t h = TRY(hash_py(t, m->function)) ^ static_cast<int64_t>(m->self.bits >> 4);
  return h == -1 ? -2 : h;
}
static Ref methodGetAttr(Thread& t, Value v, Str* name) {
  Value found = typeLookup(typeOf(t, v), name);
  if (found.defined()) {
    Type* found_type = typeOf(t, found);
    if (found_type->slots.descr_get != nullptr) return found_type->slots.descr_get(t, found, v, typeOf(t, v));
    return Ref::of(found);
  }
  return getAttr_py(t, v.as<Method>()->function, name);
}
static Ref methodMake(Thread& t, Type*, const Value* args, uint32_t nargs, Tuple*) {
  if (nargs != 2) return raiseTypeError(t, "method expected 2 arguments, got %u", nargs);
  if (!isCallable(t, args[0])) return raiseTypeError(t, "first argument must be callable");
  if (args[1].isNone()) return raiseTypeError(t, "instance must not be None");
  return newMethod(t, args[0], args[1]);
}
static Ref methodFunc(Thread&, Value v) { return Ref::of(v.as<Method>()->function); }
static Ref methodSelf(Thread&, Value v) { return Ref::of(v.as<Method>()->self); }
static Ref methodDoc(Thread& t, Value v) { return getAttr_py(t, v.as<Method>()->function, t.names().d_doc); }
static Ref methodReduce(Thread& t, const Value* a) {
  Method* m = a[0].as<Method>();
  Ref name = TRY(getAttr_py(t, m->function, t.names().d_name));
  Ref args = tupleOf(t, {m->self, name.get()});
  return tupleOf(t, {dictGetStr(t.isolate->builtins, intern(*t.isolate, "getattr")), args.get()});
}
static const GetSetDef kMethodGetSets[] = {{"__func__", methodFunc, readOnlyMember}, {"__self__", methodSelf, readOnlyMember}, {"__doc__", methodDoc}, {nullptr, nullptr}};
static const NativeDef kMethodMethods[] = {{"__reduce__", "($self, /)", methodReduce}, {nullptr, nullptr, nullptr}};
void initMethodType(Isolate& isolate) {
  Type* type = isolate.types.method = makeType(isolate, {.name = "method", .id = TypeId::kMethod, .size = sizeof(Method),
      .flags = kTypeGc | kTypeWeakrefable, .methods = kMethodMethods, .getsets = kMethodGetSets, .doc = "Create a bound instance method object."});
  type->slots.dealloc = methodDealloc;
  type->slots.traverse = methodTraverse;
  type->slots.call = methodCall;
  type->slots.repr = methodRepr;
  type->slots.compare = methodCompare;
  type->slots.hash = methodHash;
  type->slots.get_attr = methodGetAttr;
  type->slots.descr_get = [](Thread&, Value v, Value, Value) { return Ref::of(v); };  // it is bound already
  type->slots.make = methodMake;
}

}  // namespace krait::object
