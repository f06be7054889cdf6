// The `_functools` module: partial with Placeholder, reduce, cmp_to_key and the wrapper behind lru_cache.
// ref: Modules/_functoolsmodule.c.
#include <algorithm>
#include <vector>

#include "runtime/modules/module_table.h"
#include "runtime/object/containers.h"
#include "runtime/object/descriptor.h"
#include "runtime/object/error.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"
#include "runtime/object/int.h"
#include "runtime/object/protocol.h"
#include "runtime/object/repr_guard.h"
#include "runtime/object/str.h"

namespace krait::object {
std::string qualifiedTypeName(Thread& t, Type* type);
}

namespace krait::modules {

struct Partial : Object {
  Dict* dict;
  Value function, args, keywords;  // args: tuple; keywords: dict
  int64_t placeholders;
};
struct Comparer : Object {  // cmp_to_key's result, and each key it makes
  Value compare, object;
};
struct Link : Object {  // an entry of a bounded cache, in a ring ordered by last use
  Link *previous, *next;
  Value key, result;
};
struct Cache : Object {  // _lru_cache_wrapper
  Dict* dict;
  Dict* entries;         // key -> result, or Link when bounded
  Value function, info_type;
  int64_t limit;         // -1: unbounded
  int64_t hits, misses;
  bool typed;
  Link *oldest, *newest;
};
struct FunctoolsState {
  Type *partial, *comparer, *cache, *link, *placeholder_type;
  Value placeholder, keyword_mark;
};
static FunctoolsState* state;

static Ref dictOf(Thread& t, Dict*& slot) {
  if (slot == nullptr) slot = newDict(t).release().as<Dict>();
  return Ref::of(slot);
}

// --- partial
static Partial* partial(Value v) { return v.as<Partial>(); }
static Status countPlaceholders(Thread& t, Partial* p) {
  Tuple* args = p->args.as<Tuple>();
  if (args->size > 0 && args->items()[args->size - 1] == state->placeholder) return raiseTypeError(t, "trailing Placeholders are not allowed");
  p->placeholders = 0;
  for (int64_t i = 0; i < args->size; ++i) p->placeholders += args->items()[i] == state->placeholder;
  return kDone;
}
// `first` with its placeholders filled from the front of `more`, then the rest of `more`.
static Fallible<std::vector<Value>> fill(Thread& t, const Partial* p, const Value* more, int64_t n, bool needs_all) {
  std::vector<Value> out;
  Tuple* first = p->args.as<Tuple>();
  if (needs_all && n < p->placeholders) {
    (void)raiseTypeError(t, "missing positional arguments in 'partial' call; expected at least %ld, got %ld", static_cast<long>(p->placeholders), static_cast<long>(n));
    return kRaised;
  }
  int64_t used = 0;
  for (int64_t i = 0; i < first->size; ++i) {
    bool hole = first->items()[i] == state->placeholder && used < n;
    out.push_back(hole ? more[used++] : first->items()[i]);
  }
  for (; used < n; ++used) out.push_back(more[used]);
  return out;
}
static Ref partialMake(Thread& t, Type* type, const Value* args, uint32_t nargs, Tuple* keywords) {
  if (nargs < 1) return raiseTypeError(t, "type 'partial' takes at least one argument");
  if (!isCallable(t, args[0])) return raiseTypeError(t, "the first argument must be callable");
  int64_t named = keywords == nullptr ? 0 : keywords->size;
  for (int64_t i = 0; i < named; ++i) {
    if (args[nargs + i] == state->placeholder) return raiseTypeError(t, "Placeholder cannot be passed as a keyword argument");
  }
  Partial* p = allocate<Partial>(type);
  Ref r = Ref::steal(p);
  gcTrack(p);
  Partial* inner = isSubtype(typeOf(t, args[0]), state->partial) ? partial(args[0]) : nullptr;
  if (inner != nullptr && inner->dict != nullptr && inner->dict->used > 0) inner = nullptr;
  p->args = tupleFrom(t, args + 1, nargs - 1).release();
  p->keywords = (inner != nullptr ? dictCopy(t, inner->keywords.as<Dict>()) : newDict(t)).release();
  for (int64_t i = 0; i < named; ++i) TRY(dictSet_py(t, p->keywords.as<Dict>(), keywords->items()[i], args[nargs + i]));
  TRY(countPlaceholders(t, p));
  p->function = share(inner != nullptr ? inner->function : args[0]);
  if (inner != nullptr) {
    std::vector<Value> all = TRY(fill(t, inner, p->args.as<Tuple>()->items(), p->args.as<Tuple>()->size, false));
    Value old = p->args;
    p->args = tupleFrom(t, all.data(), static_cast<int64_t>(all.size())).release();
    decref(old);
    TRY(countPlaceholders(t, p));
  }
  return r;
}
static void partialDealloc(Object* o) {
  Partial* p = static_cast<Partial*>(o);
  for (Value v : {p->function, p->args, p->keywords}) decref(v);
  clearField(p->dict);
}
static void partialTraverse(Object* o, Visitor visitor, void* context) {
  Partial* p = static_cast<Partial*>(o);
  for (Value v : {p->function, p->args, p->keywords}) visit(v, visitor, context);
  visit(p->dict, visitor, context);
}
static Ref partialCall(Thread& t, Value v, const Value* args, uint32_t nargs, Tuple* keywords) {
  Partial* p = partial(v);
  Ref held = Ref::of(v), function = Ref::of(p->function), own_args = Ref::of(p->args), own = Ref::of(p->keywords);
  int64_t named = keywords == nullptr ? 0 : keywords->size;
  Tuple* first = own_args.as<Tuple>();
  Value few[16];
  if (own.as<Dict>()->used == 0 && p->placeholders == 0 && first->size + nargs + named <= 16) {
    std::copy(first->items(), first->items() + first->size, few);
    std::copy(args, args + nargs + named, few + first->size);
    return call_py(t, function.get(), few, static_cast<uint32_t>(first->size) + nargs, keywords);
  }
  std::vector<Value> all = TRY(fill(t, p, args, nargs, true));
  if (own.as<Dict>()->used == 0) {
    uint32_t n = static_cast<uint32_t>(all.size());
    for (int64_t i = 0; i < named; ++i) all.push_back(args[nargs + i]);
    return call_py(t, function.get(), all.data(), n, keywords);
  }
  Ref merged = dictCopy(t, own.as<Dict>());
  for (int64_t i = 0; i < named; ++i) TRY(dictSet_py(t, merged.as<Dict>(), keywords->items()[i], args[nargs + i]));
  Ref positional = tupleFrom(t, all.data(), static_cast<int64_t>(all.size()));
  return callTuple_py(t, function.get(), positional.as<Tuple>(), merged.as<Dict>());
}
static Ref partialRepr(Thread& t, Value v) {
  ReprGuard guard(t, v);
  if (guard.isNested()) return newStr(t, "...");
  Partial* p = partial(v);
  Ref function = TRY(repr_py(t, p->function));
  std::string out = qualifiedTypeName(t, typeOf(t, v)) + "(" + toUtf8(function.as<Str>());
  Ref args = Ref::of(p->args);
  for (int64_t i = 0; i < args.as<Tuple>()->size; ++i) {
    Ref text = TRY(repr_py(t, args.as<Tuple>()->items()[i]));
    out += ", " + toUtf8(text.as<Str>());
  }
  Value key, value;
  Ref held = Ref::of(p->keywords);
  for (int64_t at = 0; dictNext(held.as<Dict>(), at, key, value);) {
    Ref held_value = Ref::of(value), name = TRY(str_py(t, Ref::of(key).get())), text = TRY(repr_py(t, held_value.get()));
    out += ", " + toUtf8(name.as<Str>()) + "=" + toUtf8(text.as<Str>());
  }
  return newStr(t, out + ")");
}
static Ref bindMethod(Thread& t, Value v, Value object, Value) {
  return object.isUndefined() || object.isNone() ? Ref::of(v) : newMethod(t, v, object);
}
static Ref partialReduce(Thread& t, const Value* a) {
  Partial* p = partial(a[0]);
  Ref args = tupleOf(t, {p->function});
  Ref saved = tupleOf(t, {p->function, p->args, p->keywords, p->dict == nullptr ? Value::none() : Value(p->dict)});
  return tupleOf(t, {Value(typeOf(t, a[0])), args.get(), saved.get()});
}
static Ref partialSetState(Thread& t, const Value* a) {
  Partial* p = partial(a[0]);
  Tuple* s = isTuple(a[1]) ? a[1].as<Tuple>() : nullptr;
  if (s == nullptr || s->size != 4 || !isCallable(t, s->items()[0]) || !isTuple(s->items()[1]) || !(isDict(s->items()[2]) || s->items()[2].isNone())) {
    return raiseTypeError(t, "invalid partial state");
  }
  Ref args = TRY(tupleFromIterable_py(t, s->items()[1]));
  int64_t size = args.as<Tuple>()->size;
  if (size > 0 && args.as<Tuple>()->items()[size - 1] == state->placeholder) return raiseTypeError(t, "trailing Placeholders are not allowed");
  Ref keywords = s->items()[2].isNone() ? newDict(t) : isExact(s->items()[2], TypeId::kDict) ? Ref::of(s->items()[2]) : dictCopy(t, s->items()[2].as<Dict>());
  Value old[3] = {p->function, p->args, p->keywords};
  p->function = share(s->items()[0]);
  p->args = args.release();
  p->keywords = keywords.release();
  for (Value v : old) decref(v);
  clearField(p->dict);
  if (isDict(s->items()[3])) p->dict = share(s->items()[3]).as<Dict>();
  TRY(countPlaceholders(t, p));
  return Ref::none();
}
static Ref aliasFor(Thread& t, const Value* a) { return callArgs_py(t, t.types().generic_alias, a[0], a[1]); }
static Ref partialFunction(Thread&, Value v) { return Ref::of(partial(v)->function); }
static Ref partialArgs(Thread&, Value v) { return Ref::of(partial(v)->args); }
static Ref partialKeywords(Thread&, Value v) { return Ref::of(partial(v)->keywords); }
static Ref partialDict(Thread& t, Value v) { return dictOf(t, partial(v)->dict); }
static Status setPartialDict(Thread& t, Value v, Value value) {
  if (value.isUndefined()) return raiseTypeError(t, "cannot delete __dict__");
  if (!isDict(value)) return raiseTypeError(t, "__dict__ must be set to a dictionary, not a '%s'", typeNameOf(t, value));
  Dict* old = partial(v)->dict;
  partial(v)->dict = share(value).as<Dict>();
  if (old != nullptr) decref(static_cast<Object*>(old));
  return kDone;
}
static const NativeDef kPartialMethods[] = {{"__reduce__", "($self, /)", partialReduce}, {"__setstate__", "($self, state, /)", partialSetState},
    {"__class_getitem__", "($type, object, /)", aliasFor, "See PEP 585"}, {nullptr, nullptr, nullptr}};
static const GetSetDef kPartialGetSets[] = {{"func", partialFunction, readOnlyMember, "function object to use in future partial calls"},
    {"args", partialArgs, readOnlyMember, "tuple of arguments to future partial calls"},
    {"keywords", partialKeywords, readOnlyMember, "dictionary of keyword arguments to future partial calls"}, {"__dict__", partialDict, setPartialDict}, {nullptr, nullptr}};

// --- cmp_to_key
static Ref newComparer(Value compare, Value object) {
  Comparer* c = allocate<Comparer>(state->comparer);
  c->compare = share(compare);
  c->object = share(object);
  gcTrack(c);
  return Ref::steal(c);
}
static Ref comparerCall(Thread& t, Value v, const Value* args, uint32_t nargs, Tuple* keywords) {
  BoundArguments a;
  TRY(bindArguments_py(t, "K", "(obj)", args, nargs, keywords, a));
  return newComparer(v.as<Comparer>()->compare, a[0]);
}
static Ref comparerCompare(Thread& t, Value a, Value b, CompareOp op) {
  if (typeOf(t, b) != state->comparer) return raiseTypeError(t, "other argument must be K instance");
  Comparer *x = a.as<Comparer>(), *y = b.as<Comparer>();
  if (x->object.isUndefined() || y->object.isUndefined()) return raise(t, errors(t).attribute_error, "object");
  Ref order = TRY(callArgs_py(t, x->compare, x->object, y->object));
  return compare_py(t, order.get(), Value::fromInt(0), op);
}
static Ref comparerObject(Thread& t, Value v) {
  Value object = v.as<Comparer>()->object;
  return object.defined() ? Ref::of(object) : Ref(raise(t, errors(t).attribute_error, "obj"));
}
static const GetSetDef kComparerGetSets[] = {{"obj", comparerObject, nullptr, "Value wrapped by a key function."}, {nullptr, nullptr}};
static Ref cmpToKey(Thread&, const Value* a) { return newComparer(a[0], Value()); }

// --- reduce
static Ref reduceFn(Thread& t, const Value* a) {
  if (typeOf(t, a[1])->slots.iter == nullptr && typeOf(t, a[1])->slots.get_item == nullptr) return raiseTypeError(t, "reduce() arg 2 must support iteration");
  Iteration it(t, a[1]);
  Ref result = Ref::of(a[2]);
  while (it.next()) {
    if (!result) result = it.takeValue();
    else result = callArgs_py(t, a[0], result.get(), it.value());
    if (!result) return Ref();
  }
  if (it.raised()) return Ref();
  if (!result) return raiseTypeError(t, "reduce() of empty iterable with no initial value");
  return result;
}

// --- the wrapper behind lru_cache
static Cache* cache(Value v) { return v.as<Cache>(); }
static Ref cacheMake(Thread& t, Type* type, const Value* args, uint32_t nargs, Tuple* keywords) {
  BoundArguments a;
  TRY(bindArguments_py(t, "lru_cache", "(user_function, maxsize, typed, cache_info_type)", args, nargs, keywords, a));
  if (!isCallable(t, a[0])) return raiseTypeError(t, "the first argument must be callable");
  int64_t limit = -1;
  if (!a[1].isNone()) {
    if (!isIntLike(a[1]) && typeOf(t, a[1])->slots.index == nullptr) return raiseTypeError(t, "maxsize should be integer or None");
    limit = TRY(toInt64_py(t, a[1]));
    if (limit < 0) limit = 0;
  }
  bool typed = TRY(isTrue_py(t, a[2]));
  Cache* c = allocate<Cache>(type);
  c->function = share(a[0]);
  c->info_type = share(a[3]);
  c->limit = limit;
  c->typed = typed;
  c->entries = newDict(t).release().as<Dict>();
  gcTrack(c);
  return Ref::steal(c);
}
static void cacheDealloc(Object* o) {
  Cache* c = static_cast<Cache*>(o);
  decref(static_cast<Object*>(c->entries));
  clearField(c->dict);
  decref(c->function);
  decref(c->info_type);
}
static void cacheTraverse(Object* o, Visitor visitor, void* context) {
  Cache* c = static_cast<Cache*>(o);
  visit(c->entries, visitor, context);
  visit(c->dict, visitor, context);
  visit(c->function, visitor, context);
}
static Ref cacheKey(Thread& t, const Cache* c, const Value* args, uint32_t nargs, Tuple* keywords) {
  int64_t named = keywords == nullptr ? 0 : keywords->size;
  if (named == 0 && nargs == 1 && !c->typed && (isExactStr(args[0]) || isExactInt(args[0]))) return Ref::of(args[0]);
  int64_t size = nargs + (named > 0 ? 1 + 2 * named : 0) + (c->typed ? nargs + named : 0), at = 0;
  Ref key = newTuple(t, size);
  Value* items = key.as<Tuple>()->items();
  for (uint32_t i = 0; i < nargs; ++i) items[at++] = share(args[i]);
  if (named > 0) items[at++] = share(state->keyword_mark);
  for (int64_t i = 0; i < named; ++i) {
    items[at++] = share(keywords->items()[i]);
    items[at++] = share(args[nargs + i]);
  }
  for (int64_t i = 0; c->typed && i < nargs + named; ++i) items[at++] = share(Value(typeOf(t, args[i])));
  return key;
}
static void unlink(Cache* c, Link* link) {
  (link->previous != nullptr ? link->previous->next : c->oldest) = link->next;
  (link->next != nullptr ? link->next->previous : c->newest) = link->previous;
}
static void linkNewest(Cache* c, Link* link) {
  link->previous = c->newest;
  link->next = nullptr;
  (c->newest != nullptr ? c->newest->next : c->oldest) = link;
  c->newest = link;
}
static Ref boundedCall(Thread& t, Cache* c, Value key, int64_t hash, const Value* args, uint32_t nargs, Tuple* keywords) {
  Value found = dictGetHashed_py(t, c->entries, key, hash);
  if (found.defined()) {
    Link* link = found.as<Link>();
    unlink(c, link);
    linkNewest(c, link);
    ++c->hits;
    return Ref::of(link->result);
  }
  if (isPending(t)) return Ref();
  ++c->misses;
  Ref result = TRY(call_py(t, c->function, args, nargs, keywords));
  found = dictGetHashed_py(t, c->entries, key, hash);  // the call may have filled it in
  if (found.defined() || isPending(t)) return isPending(t) ? Ref() : result.take();
  Ref evicted;
  if (c->entries->used >= c->limit && c->oldest != nullptr) {
    Link* link = c->oldest;
    evicted = Ref::of(link);
    unlink(c, link);
    Ref gone = dictPop_py(t, c->entries, link->key);
    if (!gone && isPending(t)) return Ref();
  }
  Link* link = allocate<Link>(state->link);
  Ref owned = Ref::steal(link);
  link->key = share(key);
  link->result = share(result.get());
  gcTrack(link);
  TRY(dictSetHashed_py(t, c->entries, key, hash, owned.get()));
  linkNewest(c, link);
  return result;
}
static Ref cacheCall(Thread& t, Value v, const Value* args, uint32_t nargs, Tuple* keywords) {
  Cache* c = cache(v);
  Ref held = Ref::of(v);
  if (c->limit == 0) {
    ++c->misses;
    return call_py(t, c->function, args, nargs, keywords);
  }
  Ref key = cacheKey(t, c, args, nargs, keywords);
  int64_t hash = TRY(hash_py(t, key.get()));
  if (c->limit > 0) return boundedCall(t, c, key.get(), hash, args, nargs, keywords);
  Value found = dictGetHashed_py(t, c->entries, key.get(), hash);
  if (found.defined()) {
    ++c->hits;
    return Ref::of(found);
  }
  if (isPending(t)) return Ref();
  ++c->misses;
  Ref result = TRY(call_py(t, c->function, args, nargs, keywords));
  TRY(dictSetHashed_py(t, c->entries, key.get(), hash, result.get()));
  return result;
}
static Ref cacheInfo(Thread& t, const Value* a) {
  Cache* c = cache(a[0]);
  Value limit = c->limit < 0 ? Value::none() : Value::fromInt(c->limit);
  return callArgs_py(t, c->info_type, Value::fromInt(c->hits), Value::fromInt(c->misses), limit, Value::fromInt(c->entries->used));
}
static Ref cacheClear(Thread&, const Value* a) {
  Cache* c = cache(a[0]);
  c->oldest = c->newest = nullptr;
  c->hits = c->misses = 0;
  dictClear(c->entries);
  return Ref::none();
}
static Ref cacheReduce(Thread& t, const Value* a) { return getAttr_py(t, a[0], t.names().d_qualname); }
static Ref cacheSame(Thread&, const Value* a) { return Ref::of(a[0]); }
static Ref cacheDict(Thread& t, Value v) { return dictOf(t, cache(v)->dict); }
static const NativeDef kCacheMethods[] = {{"cache_info", "($self, /)", cacheInfo, "Report cache statistics"},
    {"cache_clear", "($self, /)", cacheClear, "Clear the cache and cache statistics"}, {"__reduce__", "($self, /)", cacheReduce},
    {"__copy__", "($self, /)", cacheSame}, {"__deepcopy__", "($self, memo, /)", cacheSame}, {nullptr, nullptr, nullptr}};
static const GetSetDef kCacheGetSets[] = {{"__dict__", cacheDict}, {nullptr, nullptr}};

static const NativeDef kFunctions[] = {{"cmp_to_key", "(mycmp)", cmpToKey, "Convert a cmp= function into a key= function."},
    {"reduce", "(function, iterable, /, initial=<unset>)", reduceFn,
     "Apply a function of two arguments cumulatively to the items of an iterable, from left to right."},
    {nullptr, nullptr, nullptr}};

// --- the module
static void makePartialType(Thread& t) {
  Type* type = state->partial = makeType(*t.isolate, {.name = "functools.partial", .size = sizeof(Partial), .flags = kTypeGc | kTypeBaseable | kTypeWeakrefable | kTypeMethodDescriptor,
      .methods = kPartialMethods, .getsets = kPartialGetSets, .doc = "Create a new function with partial application of the given arguments and keywords.",
      .dict_offset = sizeof(Object)});
  Slots& s = type->slots;
  s.dealloc = partialDealloc;
  s.traverse = partialTraverse;
  s.make = partialMake;
  s.call = partialCall;
  s.repr = partialRepr;
  s.descr_get = bindMethod;
  readyType(*t.isolate, type);
}
static void makeCacheTypes(Thread& t) {
  Type* type = state->cache = makeType(*t.isolate, {.name = "functools._lru_cache_wrapper", .size = sizeof(Cache), .flags = kTypeGc | kTypeBaseable | kTypeWeakrefable | kTypeMethodDescriptor,
      .methods = kCacheMethods, .getsets = kCacheGetSets, .dict_offset = sizeof(Object)});
  Slots& s = type->slots;
  s.dealloc = cacheDealloc;
  s.traverse = cacheTraverse;
  s.make = cacheMake;
  s.call = cacheCall;
  s.descr_get = bindMethod;
  readyType(*t.isolate, type);
  state->link = makeType(*t.isolate, {.name = "functools._lru_list_elem", .size = sizeof(Link), .flags = kTypeGc | kTypeDisallowNew});
  state->link->slots.dealloc = [](Object* o) {
    decref(static_cast<Link*>(o)->key);
    decref(static_cast<Link*>(o)->result);
  };
  state->link->slots.traverse = [](Object* o, Visitor visitor, void* context) {
    visit(static_cast<Link*>(o)->key, visitor, context);
    visit(static_cast<Link*>(o)->result, visitor, context);
  };
  readyType(*t.isolate, state->link);
}
static Ref placeholderRepr(Thread& t, Value) { return newStr(t, "Placeholder"); }
static Ref placeholderReduce(Thread& t, const Value*) { return newStr(t, "Placeholder"); }
static Ref placeholderMake(Thread& t, Type*, const Value*, uint32_t nargs, Tuple* keywords) {
  if (nargs > 0 || keywords != nullptr) return raiseTypeError(t, "PlaceholderType takes no arguments");
  return Ref::of(state->placeholder);
}
static const NativeDef kPlaceholderMethods[] = {{"__reduce__", "($self, /)", placeholderReduce}, {nullptr, nullptr, nullptr}};

static Status initModule(Thread& t, Module* m) {
  state = new FunctoolsState();
  makePartialType(t);
  makeCacheTypes(t);
  state->comparer = makeType(*t.isolate, {.name = "functools.KeyWrapper", .size = sizeof(Comparer), .flags = kTypeGc | kTypeDisallowNew, .getsets = kComparerGetSets});
  Slots& s = state->comparer->slots;
  s.dealloc = [](Object* o) {
    decref(static_cast<Comparer*>(o)->compare);
    decref(static_cast<Comparer*>(o)->object);
  };
  s.traverse = [](Object* o, Visitor visitor, void* context) {
    visit(static_cast<Comparer*>(o)->compare, visitor, context);
    visit(static_cast<Comparer*>(o)->object, visitor, context);
  };
  s.call = comparerCall;
  s.compare = comparerCompare;
  readyType(*t.isolate, state->comparer);
  state->placeholder_type = makeType(*t.isolate, {.name = "functools._PlaceholderType", .methods = kPlaceholderMethods});
  state->placeholder_type->slots.repr = placeholderRepr;
  state->placeholder_type->slots.make = placeholderMake;
  readyType(*t.isolate, state->placeholder_type);
  state->placeholder = allocate<Object>(state->placeholder_type);
  state->keyword_mark = callArgs_py(t, t.types().object).release();
  for (Type* type : {state->partial, state->cache, state->placeholder_type}) moduleSetType(t, m, type);
  moduleSet(t, m, "Placeholder", state->placeholder);
  return kDone;
}
extern const NativeModule kFunctoolsModule;
const NativeModule kFunctoolsModule = {"_functools", "Tools that operate on functions.", kFunctions, initModule};

}  // namespace krait::modules
