// mappingproxy, types.SimpleNamespace, types.GenericAlias and types.UnionType. ref: Objects/descrobject.c,
// namespaceobject.c, genericaliasobject.c, unionobject.c.
#include "runtime/object/containers.h"
#include "runtime/object/descriptor.h"
#include "runtime/object/error.h"
#include "runtime/object/gc.h"
#include "runtime/object/import.h"
#include "runtime/object/heap.h"
#include "runtime/object/instance.h"
#include "runtime/object/native.h"
#include "runtime/object/protocol.h"
#include "runtime/object/repr_guard.h"
#include "runtime/object/str.h"

namespace krait::object {

std::string qualifiedTypeName(Thread& t, Type* type);

// --- mappingproxy
struct MappingProxy : Object {
  Value mapping;
};
static Value mapping(Value v) { return v.as<MappingProxy>()->mapping; }
Ref newMappingProxy(Thread& t, Value m) {
  MappingProxy* p = allocate<MappingProxy>(t.types().mapping_proxy);
  p->mapping = share(m);
  gcTrack(p);
  return Ref::steal(p);
}
static void proxyDealloc(Object* o) { decref(static_cast<MappingProxy*>(o)->mapping); }
static void proxyTraverse(Object* o, Visitor visitor, void* context) { visit(static_cast<MappingProxy*>(o)->mapping, visitor, context); }
static Ref proxyGetItem(Thread& t, Value v, Value key) { return getItem_py(t, mapping(v), key); }
static Fallible<int64_t> proxyLength(Thread& t, Value v) { return length_py(t, mapping(v)); }
static Fallible<bool> proxyContains(Thread& t, Value v, Value key) { return contains_py(t, mapping(v), key); }
static Ref proxyIter(Thread& t, Value v) { return iter_py(t, mapping(v)); }
static Ref proxyRepr(Thread& t, Value v) {
  Ref r = TRY(repr_py(t, mapping(v)));
  return strFormat(t, "mappingproxy(%s)", toUtf8(r.as<Str>()).c_str());
}
static Ref proxyStr(Thread& t, Value v) { return str_py(t, mapping(v)); }
static Ref proxyCompare(Thread& t, Value a, Value b, CompareOp op) { return compare_py(t, mapping(a), isExact(b, TypeId::kMappingProxy) ? mapping(b) : b, op); }
static Fallible<int64_t> proxyHash(Thread& t, Value v) { return hash_py(t, mapping(v)); }
static Ref proxyOr(Thread& t, Value a, Value b) {
  return binary_py(t, isExact(a, TypeId::kMappingProxy) ? mapping(a) : a, isExact(b, TypeId::kMappingProxy) ? mapping(b) : b, BinaryOp::kOr);
}
static Ref proxyMake(Thread& t, Type*, const Value* args, uint32_t nargs, Tuple* keywords) {
  BoundArguments a;
  TRY(bindArguments_py(t, "mappingproxy", "(mapping)", args, nargs, keywords, a));
  if (typeOf(t, a[0])->slots.get_item == nullptr || isList(a[0]) || isTuple(a[0])) return raiseTypeError(t, "mappingproxy() argument must be a mapping, not %s", typeNameOf(t, a[0]));
  return newMappingProxy(t, a[0]);
}
static Ref forward(Thread& t, const Value* a, const char* name, uint32_t extra) {
  return callMethodArgs_py(t, mapping(a[0]), intern(*t.isolate, name), a + 1, extra);
}
static Ref proxyKeys(Thread& t, const Value* a) { return forward(t, a, "keys", 0); }
static Ref proxyValues(Thread& t, const Value* a) { return forward(t, a, "values", 0); }
static Ref proxyItems(Thread& t, const Value* a) { return forward(t, a, "items", 0); }
static Ref proxyCopy(Thread& t, const Value* a) { return forward(t, a, "copy", 0); }
static Ref proxyGet(Thread& t, const Value* a) { return forward(t, a, "get", 2); }
static Ref aliasFor(Thread& t, const Value* a) {
  Value args[2] = {a[0], a[1]};
  return call_py(t, t.types().generic_alias, args, 2);
}
static Ref proxyReversed(Thread& t, const Value* a) { return forward(t, a, "__reversed__", 0); }
static Ref proxyInplaceOr(Thread& t, Value v, Value) { return raiseTypeError(t, "'|=' is not supported by %s; use '|' instead", typeNameOf(t, v)); }
static const NativeDef kProxyMethods[] = {{"__reversed__", "($self, /)", proxyReversed}, {"keys", "($self, /)", proxyKeys}, {"values", "($self, /)", proxyValues}, {"items", "($self, /)", proxyItems},
    {"copy", "($self, /)", proxyCopy}, {"get", "($self, key, default=None, /)", proxyGet}, {"__class_getitem__", "($type, object, /)", aliasFor}, {nullptr, nullptr, nullptr}};
void initMappingProxyType(Isolate& isolate) {
  Type* type = isolate.types.mapping_proxy = makeType(isolate, {.name = "mappingproxy", .id = TypeId::kMappingProxy, .size = sizeof(MappingProxy),
      .flags = kTypeGc | kTypeMatchMapping, .methods = kProxyMethods});
  Slots& s = type->slots;
  s.dealloc = proxyDealloc;
  s.traverse = proxyTraverse;
  s.get_item = proxyGetItem;
  s.length = proxyLength;
  s.contains = proxyContains;
  s.iter = proxyIter;
  s.repr = proxyRepr;
  s.str = proxyStr;
  s.compare = proxyCompare;
  s.hash = proxyHash;
  s.make = proxyMake;
  s.binary[static_cast<int>(BinaryOp::kOr)] = proxyOr;
  s.inplace[static_cast<int>(BinaryOp::kOr)] = proxyInplaceOr;
}

// --- SimpleNamespace
struct SimpleNamespace : Object {
  Dict* dict;
};
static void namespaceDealloc(Object* o) {
  if (static_cast<SimpleNamespace*>(o)->dict != nullptr) decref(static_cast<Object*>(static_cast<SimpleNamespace*>(o)->dict));
}
static void namespaceTraverse(Object* o, Visitor visitor, void* context) { visit(static_cast<SimpleNamespace*>(o)->dict, visitor, context); }
static Ref namespaceMake(Thread&, Type* type, const Value*, uint32_t, Tuple*) {
  SimpleNamespace* n = allocate<SimpleNamespace>(type);
  gcTrack(n);
  return Ref::steal(n);
}
static Status namespaceInit(Thread& t, Value v, const Value* args, uint32_t nargs, Tuple* keywords) {
  if (nargs > 1) return raiseTypeError(t, "%s expected at most 1 argument, got %u", shortTypeName(typeOf(t, v)), nargs);
  Dict* d = objectDict(t, v.object());
  if (nargs == 1) {
    Ref given = newDict(t);  // what the keys are is known before anything is stored
    TRY(dictMerge_py(t, given.as<Dict>(), args[0]));
    Value key, value;
    for (int64_t at = 0; dictNext(given.as<Dict>(), at, key, value);) {
      if (!isStr(key)) return raiseTypeError(t, "keywords must be strings");
    }
    TRY(dictMerge_py(t, d, given.get()));
  }
  for (int64_t i = 0; keywords != nullptr && i < keywords->size; ++i) dictSetStr(d, internStr(*t.isolate, keywords->items()[i].as<Str>()), args[nargs + i]);
  return kDone;
}
static Ref namespaceRepr(Thread& t, Value v) {
  std::string out = typeOf(t, v) == t.types().simple_namespace ? "namespace(" : std::string(typeNameOf(t, v)) + "(";
  ReprGuard guard(t, v);
  if (guard.isNested()) return newStr(t, out + "...)");
  Ref dict = Ref::of(objectDict(t, v.object()));
  Value key, value;
  bool first = true;
  for (int64_t at = 0; dictNext(dict.as<Dict>(), at, key, value); first = false) {
    if (!isStr(key) || key.as<Str>()->length == 0) {  // __dict__ takes any key; the repr tells the names
      first = first && out.back() == '(';
      continue;
    }
    Ref name = Ref::of(key), r = TRY(repr_py(t, Ref::of(value).get()));
    out += (out.back() == '(' ? "" : ", ") + toUtf8(name.as<Str>()) + "=" + toUtf8(r.as<Str>());
  }
  return newStr(t, out + ")");
}
static Ref namespaceCompare(Thread& t, Value a, Value b, CompareOp op) {
  if (!hasLayout(b, TypeId::kSimpleNamespace)) return Ref::notImplemented();
  return compare_py(t, objectDict(t, a.object()), objectDict(t, b.object()), op);
}
static Ref namespaceDict(Thread& t, Value v) { return Ref::of(objectDict(t, v.object())); }
static Ref namespaceReplace(Thread& t, const Value* a) {
  Ref made = TRY(call_py(t, typeOf(t, a[0]), nullptr, 0));
  if (!hasLayout(made.get(), TypeId::kSimpleNamespace)) return raiseTypeError(t, "expect types.SimpleNamespace type, but %s() returned '%s' object", typeNameOf(t, a[0]), typeNameOf(t, made.get()));
  Dict* d = objectDict(t, made.get().object());
  TRY(dictMerge_py(t, d, objectDict(t, a[0].object())));
  TRY(dictMerge_py(t, d, a[1]));
  return made;
}
static Ref namespaceReduce(Thread& t, const Value* a) {
  return tupleOf(t, {Value(typeOf(t, a[0])), Value(t.isolate->empty_tuple), Value(objectDict(t, a[0].object()))});
}
static const NativeDef kNamespaceMethods[] = {{"__replace__", "($self, /, **changes)", namespaceReplace, "Return a copy of the namespace object with new values for the specified attributes."},
    {"__reduce__", "($self, /)", namespaceReduce, "Return state information for pickling"}, {nullptr, nullptr, nullptr}};
static const GetSetDef kNamespaceGetSets[] = {{"__dict__", namespaceDict}, {nullptr, nullptr}};
void initSimpleNamespaceType(Isolate& isolate) {
  Type* type = isolate.types.simple_namespace = makeType(isolate, {.name = "types.SimpleNamespace", .id = TypeId::kSimpleNamespace, .size = sizeof(SimpleNamespace),
      .flags = kTypeGc | kTypeBaseable | kTypeWeakrefable, .methods = kNamespaceMethods, .getsets = kNamespaceGetSets, .dict_offset = offsetof(SimpleNamespace, dict)});
  Slots& s = type->slots;
  s.dealloc = namespaceDealloc;
  s.traverse = namespaceTraverse;
  s.make = namespaceMake;
  s.init = namespaceInit;
  s.repr = namespaceRepr;
  s.compare = namespaceCompare;
}

// --- GenericAlias
struct GenericAlias : Object {
  Value origin, args, parameters;
  bool starred;
};
static GenericAlias* alias(Value v) { return v.as<GenericAlias>(); }
static void aliasDealloc(Object* o) {
  for (Value v : {static_cast<GenericAlias*>(o)->origin, static_cast<GenericAlias*>(o)->args, static_cast<GenericAlias*>(o)->parameters}) decref(v);
}
static void aliasTraverse(Object* o, Visitor visitor, void* context) {
  visit(static_cast<GenericAlias*>(o)->origin, visitor, context);
  visit(static_cast<GenericAlias*>(o)->args, visitor, context);
}
// The type variables in the arguments, in order of first use. ref: _Py_make_parameters.
static Status addParameters(Thread& t, Value arg, List* out) {
  auto add = [&](Value p) -> Status {
    for (int64_t i = 0; i < out->size; ++i) {
      if (out->items[i] == p) return kDone;
    }
    listAppend(out, p);
    return kDone;
  };
  if (isType(arg)) return kDone;
  TRY(checkRecursion(t, ""));
  if (isTuple(arg) || isList(arg)) {
    Ref items = TRY(tupleFromIterable_py(t, arg));
    for (int64_t i = 0; i < items.as<Tuple>()->size; ++i) TRY(addParameters(t, items.as<Tuple>()->items()[i], out));
    return kDone;
  }
  if (typeLookup(typeOf(t, arg), t.names().d_typing_subst).defined()) return add(arg);
  Ref sub = findAttr_py(t, arg, t.names().d_parameters);
  if (!sub && isPending(t)) return kRaised;
  if (sub && isTuple(sub.get())) {
    for (int64_t i = 0; i < sub.as<Tuple>()->size; ++i) TRY(add(sub.as<Tuple>()->items()[i]));
  }
  return kDone;
}
static Ref parametersOf(Thread& t, Value args) {
  Ref list = newList(t);
  TRY(addParameters(t, args, list.as<List>()));
  return tupleFrom(t, list.as<List>()->items, list.as<List>()->size);
}
static Ref aliasMake(Thread& t, Type* type, const Value* a, uint32_t n, Tuple* keywords) {
  if (keywords != nullptr && keywords->size > 0) return raiseTypeError(t, "GenericAlias() takes no keyword arguments");
  if (n != 2) return raiseTypeError(t, "GenericAlias expected 2 arguments, got %u", n);
  GenericAlias* g = allocate<GenericAlias>(type);
  Ref r = Ref::steal(g);
  g->origin = share(a[0]);
  g->args = isTuple(a[1]) ? share(a[1]) : tupleOf(t, {a[1]}).release();
  gcTrack(g);
  return r;
}
static Status addText(Thread& t, Value v, std::string& out) {
  Ref text = TRY(repr_py(t, v));
  out += toUtf8(text.as<Str>());
  return kDone;
}
// How a type expression shows one of its parts. ref: _Py_typing_type_repr.
static Status addPart_py(Thread& t, Value v, std::string& out) {
  if (v.isEllipsis()) out += "...";
  else if (v == Value(t.types().none)) out += "None";
  else if (isType(v)) out += qualifiedTypeName(t, v.as<Type>());
  if (v.isEllipsis() || isType(v)) return kDone;
  Ref held = Ref::of(v);
  Ref origin = findAttr_py(t, v, intern(*t.isolate, "__origin__"));
  if (!origin && isPending(t)) return kRaised;
  Ref args = origin ? findAttr_py(t, v, intern(*t.isolate, "__args__")) : Ref();
  if (args) return addText(t, v, out);
  if (isPending(t)) return kRaised;
  Ref name = findAttr_py(t, v, t.names().d_qualname);
  if (!name && isPending(t)) return kRaised;
  Ref module = name ? findAttr_py(t, v, t.names().d_module) : Ref();
  if (!module && isPending(t)) return kRaised;
  if (!module || module.get().isNone()) return addText(t, v, out);
  Ref module_text = TRY(str_py(t, module.get())), name_text = TRY(str_py(t, name.get()));
  std::string prefix = toUtf8(module_text.as<Str>());
  out += (prefix == "builtins" ? "" : prefix + ".") + toUtf8(name_text.as<Str>());
  return kDone;
}
static Status addParts_py(Thread& t, Value list, std::string& out) {
  for (int64_t i = 0; i < list.as<List>()->size; ++i) {
    if (i > 0) out += ", ";
    TRY(addPart_py(t, Ref::of(list.as<List>()->items[i]).get(), out));
  }
  return kDone;
}
static Ref aliasRepr(Thread& t, Value v) {
  TRY(checkRecursion(t, " while getting the repr of an object"));
  std::string out = alias(v)->starred ? "*" : "";
  TRY(addPart_py(t, alias(v)->origin, out));
  out += '[';
  Ref args = Ref::of(alias(v)->args);
  int64_t size = args.as<Tuple>()->size;
  for (int64_t i = 0; i < size; ++i) {
    if (i > 0) out += ", ";
    Value part = args.as<Tuple>()->items()[i];
    if (!isExact(part, TypeId::kList)) {
      TRY(addPart_py(t, part, out));
      continue;
    }
    out += '[';
    TRY(addParts_py(t, part, out));
    out += ']';
  }
  return newStr(t, out + (size == 0 ? "()]" : "]"));
}
static Ref aliasCall(Thread& t, Value v, const Value* args, uint32_t n, Tuple* kw) {
  Ref r = TRY(call_py(t, alias(v)->origin, args, n, kw));
  if (setAttr_py(t, r.get(), intern(*t.isolate, "__orig_class__"), v).failed) {
    if (!pendingMatches(t, errors(t).attribute_error) && !pendingMatches(t, errors(t).type_error)) return Ref();
    clearException(t);
  }
  return r;
}
static Ref aliasParameters(Thread& t, Value v) {
  if (alias(v)->parameters.isUndefined()) alias(v)->parameters = TRY(parametersOf(t, alias(v)->args)).release();
  return Ref::of(alias(v)->parameters);
}
// One argument with its own parameters replaced. ref: subs_tvars.
static Ref substituteInside(Thread& t, Value arg, Tuple* params, Tuple* values) {
  Ref sub = findAttr_py(t, arg, t.names().d_parameters);
  if (!sub && isPending(t)) return Ref();
  if (!sub || !isTuple(sub.get()) || sub.as<Tuple>()->size == 0) return Ref::of(arg);
  Ref picked = newList(t);
  for (int64_t i = 0; i < sub.as<Tuple>()->size; ++i) {
    Value parameter = sub.as<Tuple>()->items()[i];
    int64_t j = 0;
    while (j < params->size && params->items()[j] != parameter) ++j;
    if (j == params->size) listAppend(picked.as<List>(), parameter);
    else if (typeOf(t, parameter)->slots.iter != nullptr && isTuple(values->items()[j])) TRY(listExtend_py(t, picked.as<List>(), values->items()[j]));
    else listAppend(picked.as<List>(), values->items()[j]);
  }
  Ref key = tupleFrom(t, picked.as<List>()->items, picked.as<List>()->size);
  return getItem_py(t, arg, key.get());
}
// The items of a subscript, `*tuple[int, str]` as its arguments. ref: _unpack_args.
static Ref subscriptItems(Thread& t, Value key) {
  Ref given = isTuple(key) ? Ref::of(key) : tupleOf(t, {key}), out = newList(t);
  for (int64_t i = 0; i < given.as<Tuple>()->size; ++i) {
    Value item = given.as<Tuple>()->items()[i];
    Ref inner = isType(item) ? Ref() : findAttr_py(t, item, intern(*t.isolate, "__typing_unpacked_tuple_args__"));
    if (!inner && isPending(t)) return kRaised;
    bool is_fixed = inner && isTuple(inner.get()) && (inner.as<Tuple>()->size == 0 || !inner.as<Tuple>()->items()[inner.as<Tuple>()->size - 1].isEllipsis());
    if (is_fixed) TRY(listExtend_py(t, out.as<List>(), inner.get()));
    else listAppend(out.as<List>(), item);
  }
  return tupleFrom(t, out.as<List>()->items, out.as<List>()->size);
}
// The arguments of `self[key]` for a generic with these arguments and parameters. ref: _Py_subs_parameters.
static Ref substituteAll(Thread& t, Value self, Tuple* args, Tuple* params, Value key) {
  if (params->size == 0) return raiseTypeError(t, "%s is not a generic class", reprText_py(t, self).c_str());
  Ref values = TRY(subscriptItems(t, key));
  for (int64_t i = 0; i < params->size; ++i) {
    Ref prepare = findAttr_py(t, params->items()[i], intern(*t.isolate, "__typing_prepare_subst__"));
    if (!prepare && isPending(t)) return kRaised;
    if (!prepare || prepare.get().isNone()) continue;
    values = TRY(callArgs_py(t, prepare.get(), self, values.get()));
    if (!isTuple(values.get())) values = tupleOf(t, {values.get()});
  }
  Tuple* items = values.as<Tuple>();
  if (items->size != params->size) {
    return raiseTypeError(t, "Too %s arguments for %s; actual %ld, expected %ld", items->size > params->size ? "many" : "few", reprText_py(t, self).c_str(),
                          static_cast<long>(items->size), static_cast<long>(params->size));
  }
  Ref out = newList(t);
  for (int64_t i = 0; i < args->size; ++i) {
    Value arg = args->items()[i];
    if (isType(arg)) {
      listAppend(out.as<List>(), arg);
      continue;
    }
    Ref unpacked = findAttr_py(t, arg, intern(*t.isolate, "__typing_is_unpacked_typevartuple__"));
    if (!unpacked && isPending(t)) return kRaised;
    bool is_unpacked = unpacked && TRY(isTrue_py(t, unpacked.get()));
    Ref subst = findAttr_py(t, arg, t.names().d_typing_subst), made;
    if (!subst && isPending(t)) return kRaised;
    int64_t j = 0;
    while (j < params->size && params->items()[j] != arg) ++j;
    if (subst && j < params->size) made = TRY(callArgs_py(t, subst.get(), items->items()[j]));
    else made = TRY(substituteInside(t, arg, params, items));
    if (is_unpacked && isTuple(made.get())) TRY(listExtend_py(t, out.as<List>(), made.get()));
    else listAppend(out.as<List>(), made.get());
  }
  return out;
}
static Ref aliasGetItem(Thread& t, Value v, Value key) {
  Ref params = TRY(aliasParameters(t, v));
  Ref out = TRY(substituteAll(t, v, alias(v)->args.as<Tuple>(), params.as<Tuple>(), key));
  Ref tuple = tupleFrom(t, out.as<List>()->items, out.as<List>()->size);
  Value make_args[2] = {alias(v)->origin, tuple.get()};
  Ref made = TRY(call_py(t, t.types().generic_alias, make_args, 2));
  alias(made.get())->starred = alias(v)->starred;
  return made;
}
// ref: ga_getattro, attr_exceptions and attr_blocked.
static Ref aliasGetAttr(Thread& t, Value v, Str* name) {
  static constexpr const char* kOwn[] = {"__class__", "__origin__", "__args__", "__unpacked__", "__parameters__", "__typing_unpacked_tuple_args__", "__mro_entries__", "__reduce_ex__",
                                         "__reduce__", "__bases__", "__copy__", "__deepcopy__"};
  for (const char* n : kOwn) {
    if (strEquals(name, n)) return genericGetAttr_py(t, v, name);
  }
  return getAttr_py(t, alias(v)->origin, name);
}
static Fallible<int64_t> aliasHash(Thread& t, Value v) {
  TRY(checkRecursion(t, ""));
  return TRY(hash_py(t, alias(v)->origin)) ^ TRY(hash_py(t, alias(v)->args));
}
static Ref aliasCompare(Thread& t, Value a, Value b, CompareOp op) {
  if (!hasLayout(b, TypeId::kGenericAlias) || (op != CompareOp::kEq && op != CompareOp::kNe)) return Ref::notImplemented();
  bool same = alias(a)->starred == alias(b)->starred && TRY(equals_py(t, alias(a)->origin, alias(b)->origin)) && TRY(equals_py(t, alias(a)->args, alias(b)->args));
  return Ref::boolean(same == (op == CompareOp::kEq));
}
static Ref aliasOrigin(Thread&, Value v) { return Ref::of(alias(v)->origin); }
static Ref aliasArgs(Thread&, Value v) { return Ref::of(alias(v)->args); }
static Ref aliasUnpacked(Thread&, Value v) { return Ref::boolean(alias(v)->starred); }
// What stands in the place of `*tuple[int, str]` when it is substituted.
static Ref aliasUnpackedArgs(Thread& t, Value v) {
  return alias(v)->starred && alias(v)->origin == Value(t.types().tuple) ? Ref::of(alias(v)->args) : Ref::none();
}
static Ref aliasMro(Thread& t, const Value* a) { return tupleOf(t, {alias(a[0])->origin}); }
static Ref aliasCheck(Thread& t, const Value*) { return raiseTypeError(t, "isinstance() argument 2 cannot be a parameterized generic"); }
static Ref aliasSubCheck(Thread& t, const Value*) { return raiseTypeError(t, "issubclass() argument 2 cannot be a parameterized generic"); }
static Ref aliasReduce(Thread& t, const Value* a) {
  if (alias(a[0])->starred) {  // made again by taking the first of iter(plain alias)
    Value parts[2] = {alias(a[0])->origin, alias(a[0])->args};
    Ref plain = TRY(call_py(t, t.types().generic_alias, parts, 2));
    Value next = dictGetStr(t.isolate->builtins, intern(*t.isolate, "next"));
    Ref iterator = TRY(iter_py(t, plain.get())), arguments = tupleOf(t, {iterator.get()});
    return tupleOf(t, {next, arguments.get()});
  }
  Ref args = tupleOf(t, {alias(a[0])->origin, alias(a[0])->args});
  return tupleOf(t, {t.types().generic_alias, args.get()});
}
// Gives `*alias` once.
struct AliasIterator : Object {
  Value plain, starred;  // starred: Undefined once given
};
static Type* alias_iterator = nullptr;
static void aliasIteratorDealloc(Object* o) {
  decref(static_cast<AliasIterator*>(o)->plain);
  decref(static_cast<AliasIterator*>(o)->starred);
}
static void aliasIteratorTraverse(Object* o, Visitor visitor, void* context) {
  visit(static_cast<AliasIterator*>(o)->plain, visitor, context);
  visit(static_cast<AliasIterator*>(o)->starred, visitor, context);
}
static Ref aliasIteratorNext(Thread&, Value v) {
  Value starred = v.as<AliasIterator>()->starred;
  v.as<AliasIterator>()->starred = Value();
  return Ref::steal(starred);
}
// Made again by iter(plain alias), or iter(()) once it has given its one item.
static Ref aliasIteratorReduce(Thread& t, const Value* a) {
  AliasIterator* it = a[0].as<AliasIterator>();
  Value iter = dictGetStr(t.isolate->builtins, intern(*t.isolate, "iter"));
  Ref from = it->starred.defined() ? Ref::of(it->plain) : Ref::of(Value(t.isolate->empty_tuple)), arguments = tupleOf(t, {from.get()});
  return tupleOf(t, {iter, arguments.get()});
}
static const NativeDef kAliasIteratorMethods[] = {{"__reduce__", "($self, /)", aliasIteratorReduce}, {nullptr, nullptr, nullptr}};
static void makeAliasIterator(Isolate& isolate) {
  alias_iterator = makeType(isolate, {.name = "generic_alias_iterator", .size = sizeof(AliasIterator), .flags = kTypeGc | kTypeDisallowNew, .methods = kAliasIteratorMethods});
  alias_iterator->slots.dealloc = aliasIteratorDealloc;
  alias_iterator->slots.traverse = aliasIteratorTraverse;
  alias_iterator->slots.iter = [](Thread&, Value v) { return Ref::of(v); };
  alias_iterator->slots.next = aliasIteratorNext;
  readyType(isolate, alias_iterator);
}
static Ref aliasIter(Thread& t, Value v) {
  Value args[2] = {alias(v)->origin, alias(v)->args};
  Ref star = TRY(call_py(t, t.types().generic_alias, args, 2));
  alias(star.get())->starred = true;
  if (alias_iterator == nullptr) makeAliasIterator(*t.isolate);
  AliasIterator* it = allocate<AliasIterator>(alias_iterator);
  it->plain = share(v);
  it->starred = star.release();
  gcTrack(it);
  return Ref::steal(it);
}
Ref newUnion_py(Thread& t, Value a, Value b);
static Ref typeOr(Thread& t, Value a, Value b) { return newUnion_py(t, a, b); }
// The origin's attributes and its own.
static Ref aliasDir(Thread& t, const Value* a) {
  Ref method = TRY(findSpecial_py(t, alias(a[0])->origin, t.names().d_dir)), names = TRY(call_py(t, method.get(), nullptr, 0)), list = TRY(listFromIterable_py(t, names.get()));
  for (const char* name : {"__origin__", "__args__", "__parameters__", "__mro_entries__", "__unpacked__", "__typing_unpacked_tuple_args__"}) {
    Ref text = newStr(t, name);
    if (!TRY(contains_py(t, list.get(), text.get()))) listAppend(list.as<List>(), text.get());
  }
  return list;
}
static const NativeDef kAliasMethods[] = {{"__dir__", "($self, /)", aliasDir}, {"__mro_entries__", "($self, bases, /)", aliasMro}, {"__instancecheck__", "($self, instance, /)", aliasCheck},
    {"__subclasscheck__", "($self, cls, /)", aliasSubCheck}, {"__reduce__", "($self, /)", aliasReduce}, {nullptr, nullptr, nullptr}};
static const GetSetDef kAliasGetSets[] = {{"__origin__", aliasOrigin, readOnlyMember}, {"__args__", aliasArgs, readOnlyMember}, {"__parameters__", aliasParameters}, {"__unpacked__", aliasUnpacked, readOnlyMember},
    {"__typing_unpacked_tuple_args__", aliasUnpackedArgs}, {nullptr, nullptr}};
void initGenericAliasType(Isolate& isolate) {
  Type* type = isolate.types.generic_alias = makeType(isolate, {.name = "types.GenericAlias", .id = TypeId::kGenericAlias, .size = sizeof(GenericAlias),
      .flags = kTypeGc | kTypeBaseable | kTypeWeakrefable, .methods = kAliasMethods, .getsets = kAliasGetSets});
  Slots& s = type->slots;
  s.dealloc = aliasDealloc;
  s.traverse = aliasTraverse;
  s.make = aliasMake;
  s.repr = aliasRepr;
  s.call = aliasCall;
  s.get_item = aliasGetItem;
  s.get_attr = aliasGetAttr;
  s.hash = aliasHash;
  s.compare = aliasCompare;
  s.iter = aliasIter;
  s.binary[static_cast<int>(BinaryOp::kOr)] = typeOr;
}

// --- UnionType (typing.Union in 3.14)
struct Union : Object {
  Value args;
};
static Tuple* members(Value v) { return v.as<Union>()->args.as<Tuple>(); }
static bool isUnionable(Thread& t, Value v) {
  if (v.isNone() || isType(v) || hasLayout(v, TypeId::kGenericAlias) || isExact(v, TypeId::kUnion)) return true;
  (void)t;
  return false;
}
static Status addMember(Thread& t, List* out, Value v) {
  if (isExact(v, TypeId::kUnion)) {
    for (int64_t i = 0; i < members(v)->size; ++i) TRY(addMember(t, out, members(v)->items()[i]));
    return kDone;
  }
  if (v.isNone()) v = t.types().none;
  for (int64_t i = 0; i < out->size; ++i) {
    if (TRY(equals_py(t, out->items[i], v))) return kDone;
  }
  listAppend(out, v);
  return kDone;
}
Ref unionOf_py(Thread& t, const Value* items, int64_t n) {
  Ref list = newList(t);
  for (int64_t i = 0; i < n; ++i) TRY(addMember(t, list.as<List>(), items[i]));
  if (list.as<List>()->size == 1) return Ref::of(list.as<List>()->items[0]);
  Union* u = allocate<Union>(t.types().union_);
  u->args = tupleFrom(t, list.as<List>()->items, list.as<List>()->size).release();
  gcTrack(u);
  return Ref::steal(u);
}
Ref newUnion_py(Thread& t, Value a, Value b) {
  if (!isUnionable(t, a) || !isUnionable(t, b)) return Ref::notImplemented();
  Value items[2] = {a, b};
  return unionOf_py(t, items, 2);
}
static void unionDealloc(Object* o) { decref(static_cast<Union*>(o)->args); }
static Ref unionRepr(Thread& t, Value v) {
  TRY(checkRecursion(t, " while getting the repr of an object"));
  std::string out;
  for (int64_t i = 0; i < members(v)->size; ++i) {
    if (i > 0) out += " | ";
    TRY(addPart_py(t, members(v)->items()[i], out));
  }
  return newStr(t, out);
}
static Ref unionCompare(Thread& t, Value a, Value b, CompareOp op) {
  if (!isExact(b, TypeId::kUnion) || (op != CompareOp::kEq && op != CompareOp::kNe)) return Ref::notImplemented();
  if (members(a)->size != members(b)->size) return Ref::boolean(op == CompareOp::kNe);
  Ref x = Ref::of(a), y = Ref::of(b);  // the members differ from each other, and not all of them need have a hash
  for (int64_t i = 0; i < members(a)->size; ++i) {
    if (!TRY(contains_py(t, members(b), members(a)->items()[i]))) return Ref::boolean(op == CompareOp::kNe);
  }
  return Ref::boolean(op == CompareOp::kEq);
}
static Fallible<int64_t> unionHash(Thread& t, Value v) {
  TRY(checkRecursion(t, ""));
  Ref held = Ref::of(v);
  for (int64_t i = 0; i < members(v)->size; ++i) (void)TRY(hash_py(t, members(v)->items()[i]));
  Ref s = TRY(setFromIterable_py(t, t.types().frozenset, members(v)));
  return hash_py(t, s.get());
}
static Ref unionArgs(Thread&, Value v) { return Ref::of(v.as<Union>()->args); }
static Ref unionParameters(Thread& t, Value v) { return parametersOf(t, v.as<Union>()->args); }
static Ref unionOrigin(Thread& t, Value) { return Ref::of(t.types().union_); }
static Ref unionInstance(Thread& t, const Value* a) { return Ref::boolean(TRY(isInstance_py(t, a[1], members(a[0])))); }
static Ref unionSubclass(Thread& t, const Value* a) { return Ref::boolean(TRY(isSubclass_py(t, a[1], members(a[0])))); }
// What is no type by itself (a text, a special form) passes through typing's own check. ref: unions_from_args, type_check.
Ref uniteTypes_py(Thread& t, const Value* items, int64_t n) {
  Ref checked = newTuple(t, n);
  for (int64_t i = 0; i < n; ++i) {
    Ref item = Ref::of(items[i]);
    if (!isUnionable(t, items[i])) {
      Ref typing = TRY(importByName_py(t, "typing")), check = TRY(getAttrNamed_py(t, typing.get(), "_type_check")), message = newStr(t, "Union[arg, ...]: each arg must be a type.");
      item = TRY(callArgs_py(t, check.get(), items[i], message.get()));
    }
    checked.as<Tuple>()->items()[i] = item.release();
  }
  return unionOf_py(t, checked.as<Tuple>()->items(), n);
}
// A union takes what typing takes. ref: _Py_union_type_or.
static Ref unionOr(Thread& t, Value a, Value b) {
  Value items[2] = {a, b};
  return uniteTypes_py(t, items, 2);
}
static Ref unionGetItem(Thread& t, const Value* a) {
  Ref args = isTuple(a[1]) ? Ref::of(a[1]) : tupleOf(t, {a[1]});
  if (args.as<Tuple>()->size == 0) return raiseTypeError(t, "Cannot take a Union of no types.");
  return uniteTypes_py(t, args.as<Tuple>()->items(), args.as<Tuple>()->size);
}
static Ref unionBases(Thread& t, const Value* a) { return raiseTypeError(t, "Cannot subclass %s", reprText_py(t, a[0]).c_str()); }
static Ref unionSubscript(Thread& t, Value v, Value key) {
  Ref params = TRY(parametersOf(t, v.as<Union>()->args));
  Ref out = TRY(substituteAll(t, v, members(v), params.as<Tuple>(), key));
  Ref made;
  for (int64_t i = 0; i < out.as<List>()->size; ++i) {
    Value item = out.as<List>()->items[i];
    made = made ? binary_py(t, made.get(), item, BinaryOp::kOr) : Ref::of(item);
    if (!made) return kRaised;
  }
  return made;
}
static Ref unionName(Thread& t, Value) { return newStr(t, "Union"); }
static const NativeDef kUnionMethods[] = {{"__instancecheck__", "($self, instance, /)", unionInstance}, {"__subclasscheck__", "($self, cls, /)", unionSubclass},
    {"__class_getitem__", "($type, object, /)", unionGetItem}, {"__mro_entries__", "($self, bases, /)", unionBases}, {nullptr, nullptr, nullptr}};
static const GetSetDef kUnionGetSets[] = {{"__args__", unionArgs, readOnlyMember}, {"__parameters__", unionParameters}, {"__origin__", unionOrigin}, {"__name__", unionName},
    {"__qualname__", unionName}, {nullptr, nullptr}};
void initUnionType(Isolate& isolate) {
  Type* type = isolate.types.union_ = makeType(isolate, {.name = "typing.Union", .id = TypeId::kUnion, .size = sizeof(Union), .flags = kTypeGc | kTypeDisallowNew | kTypeWeakrefable,
      .methods = kUnionMethods, .getsets = kUnionGetSets});
  Slots& s = type->slots;
  s.dealloc = unionDealloc;
  s.repr = unionRepr;
  s.compare = unionCompare;
  s.hash = unionHash;
  s.get_item = unionSubscript;
  s.binary[static_cast<int>(BinaryOp::kOr)] = unionOr;
}

}  // namespace krait::object
