// The iterator classes of builtins: enumerate, zip, map, filter. ref: Objects/enumobject.c, Python/bltinmodule.c.
#include "runtime/modules/compile_hook.h"
#include "runtime/modules/module_table.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"
#include "runtime/object/int.h"
#include "runtime/object/protocol.h"

namespace krait::modules {

CompileHooks compile_hooks;

// All four share a layout: a function, iterators, a counter.
struct Pipe : Object {
  Value function;   // map, filter; Undefined otherwise
  Value iterators;  // Tuple
  Value count;      // enumerate: the next number
  Value kept;       // enumerate and zip: the last tuple, or Undefined
  bool strict;
};
static Pipe* self(Value v) { return v.as<Pipe>(); }
static void dealloc(Object* o) {
  Pipe* p = static_cast<Pipe*>(o);
  for (Value v : {p->function, p->iterators, p->count, p->kept}) decref(v);
}
static void traverse(Object* o, Visitor visitor, void* context) {
  Pipe* p = static_cast<Pipe*>(o);
  for (Value v : {p->function, p->iterators, p->kept}) visit(v, visitor, context);
}
static Ref iterSelf(Thread&, Value v) { return Ref::of(v); }
static Ref make(Thread& t, Type* type, Value function, const Value* iterables, int64_t n) {
  Ref iterators = newTuple(t, n);
  for (int64_t i = 0; i < n; ++i) iterators.as<Tuple>()->items()[i] = TRY(iter_py(t, iterables[i])).release();
  Pipe* p = allocate<Pipe>(type);
  p->function = share(function);
  p->iterators = iterators.release();
  gcTrack(p);
  return Ref::steal(p);
}
static Value iteratorOf(Pipe* p, int64_t i) { return p->iterators.as<Tuple>()->items()[i]; }

static Ref enumerateMake(Thread& t, Type* type, const Value* args, uint32_t nargs, Tuple* keywords) {
  if (nargs == 0 && (keywords == nullptr || keywords->size == 0)) return raiseTypeError(t, "enumerate() missing required argument 'iterable'");
  BoundArguments a;
  TRY(bindArguments_py(t, "enumerate", "(iterable, start=0)", args, nargs, keywords, a));
  Ref start = TRY(toIndex_py(t, a[1])), r = TRY(make(t, type, Value(), &a.values[0], 1));
  self(r.get())->count = start.release();
  return r;
}
static int enumerateNextPair(Thread& t, Value v, Value out[2]) {
  Pipe* p = self(v);
  Ref item = next_py(t, iteratorOf(p, 0));
  if (!item) return 0;
  Ref number = Ref::steal(p->count);
  p->count = Value();
  int64_t next = number.get().isInt() ? number.get().asInt() + 1 : 0;
  if (number.get().isInt() && Value::fitsInt(next)) {
    p->count = Value::fromInt(next);
  } else {
    Ref sum = intAdd(t, number.get(), Value::fromInt(1));
    if (!sum) return 0;
    p->count = sum.release();
  }
  out[0] = number.release();
  out[1] = item.release();
  return 1;
}
static Ref enumerateNext(Thread& t, Value v) {
  Value items[2];
  return enumerateNextPair(t, v, items) == 1 ? nextPair(t, self(v)->kept, items[0], items[1]) : Ref();
}
static Ref zipMake(Thread& t, Type* type, const Value* args, uint32_t nargs, Tuple* keywords) {
  BoundArguments a;
  TRY(bindArguments_py(t, "zip", "(*iterables, strict=False)", args, nargs, keywords, a));
  for (int64_t i = 0; i < a[0].as<Tuple>()->size; ++i) {
    Value v = a[0].as<Tuple>()->items()[i];
    if (typeOf(t, v)->slots.iter == nullptr && typeOf(t, v)->slots.get_item == nullptr) return raiseTypeError(t, "'%s' object is not iterable", typeNameOf(t, v));
  }
  Ref r = TRY(make(t, type, Value(), a[0].as<Tuple>()->items(), a[0].as<Tuple>()->size));
  self(r.get())->strict = TRY(isTrue_py(t, a[1]));
  return r;
}
// Argument i of a strict zip or map has ended: all must have, and before the others.
static Ref uneven_py(Thread& t, Pipe* p, int64_t i, const char* function) {
  if (i > 0) return raiseValueError(t, "%s() argument %ld is shorter than argument%s%ld", function, static_cast<long>(i + 1), i == 1 ? " " : "s 1-", static_cast<long>(i));
  for (int64_t k = 1; k < p->iterators.as<Tuple>()->size; ++k) {
    Ref extra = next_py(t, iteratorOf(p, k));
    if (extra) return raiseValueError(t, "%s() argument %ld is longer than argument%s%ld", function, static_cast<long>(k + 1), k == 1 ? " " : "s 1-", static_cast<long>(k));
    if (isPending(t)) return Ref();
  }
  return Ref();
}
static int zipNextPair(Thread& t, Value v, Value out[2]) {
  Pipe* p = self(v);
  if (p->iterators.as<Tuple>()->size != 2) return -1;
  Ref first = next_py(t, iteratorOf(p, 0)), second = first ? next_py(t, iteratorOf(p, 1)) : Ref();
  if (second) {
    out[0] = first.release();
    out[1] = second.release();
    return 1;
  }
  if (!isPending(t) && p->strict) (void)uneven_py(t, p, first ? 1 : 0, "zip");
  return 0;
}
static Ref zipNext(Thread& t, Value v) {
  Pipe* p = self(v);
  int64_t n = p->iterators.as<Tuple>()->size;
  if (n == 0) return Ref();
  if (n == 2) {
    Value items[2];
    return zipNextPair(t, v, items) == 1 ? nextPair(t, p->kept, items[0], items[1]) : Ref();
  }
  Ref out = newTuple(t, n);
  for (int64_t i = 0; i < n; ++i) {
    Ref item = next_py(t, iteratorOf(p, i));
    if (item) {
      out.as<Tuple>()->items()[i] = item.release();
      continue;
    }
    if (isPending(t) || !p->strict) return Ref();
    return uneven_py(t, p, i, "zip");
  }
  return out;
}
static Ref mapMake(Thread& t, Type* type, const Value* args, uint32_t nargs, Tuple* keywords) {
  BoundArguments a;
  TRY(bindArguments_py(t, "map", "(*args, strict=False)", args, nargs, keywords, a));
  Tuple* given = a[0].as<Tuple>();
  if (given->size < 2) return raiseTypeError(t, "map() must have at least two arguments.");
  Ref r = TRY(make(t, type, given->items()[0], given->items() + 1, given->size - 1));
  self(r.get())->strict = TRY(isTrue_py(t, a[1]));
  return r;
}
static Ref mapNext(Thread& t, Value v) {
  Pipe* p = self(v);
  int64_t n = p->iterators.as<Tuple>()->size;
  if (n == 1) {
    Ref item = nextOrStop_py(t, iteratorOf(p, 0));
    Value argument = item.get();
    return item ? call_py(t, p->function, &argument, 1) : Ref();
  }
  Ref items = newTuple(t, n);
  for (int64_t i = 0; i < n; ++i) {
    Ref item = next_py(t, iteratorOf(p, i));
    if (!item) return isPending(t) || !p->strict ? Ref() : uneven_py(t, p, i, "map");
    items.as<Tuple>()->items()[i] = item.release();
  }
  return call_py(t, p->function, items.as<Tuple>()->items(), static_cast<uint32_t>(n));
}
static Ref filterMake(Thread& t, Type* type, const Value* args, uint32_t nargs, Tuple* keywords) {
  if (keywords != nullptr && keywords->size > 0 && type->name != nullptr && !type->has(kTypeHeap)) return raiseTypeError(t, "filter() takes no keyword arguments");
  if (nargs != 2) return raiseTypeError(t, "filter expected 2 arguments, got %u", nargs);
  return make(t, type, args[0], args + 1, 1);
}
static Ref filterNext(Thread& t, Value v) {
  Pipe* p = self(v);
  for (;;) {
    Ref item = nextOrStop_py(t, iteratorOf(p, 0));
    if (!item) return item;
    Value arg = item.get();
    bool keep;
    if (p->function.isNone() || p->function == Value(t.types().bool_)) {
      keep = TRY(isTrue_py(t, arg));
    } else {
      Ref r = TRY(call_py(t, p->function, &arg, 1));
      keep = TRY(isTrue_py(t, r.get()));
    }
    if (keep) return item;
  }
}
static Ref aliasFor(Thread& t, const Value* a) { return callArgs_py(t, t.types().generic_alias, a[0], a[1]); }
// --- pickling: (type, (the arguments)[, strict])
static Ref reduceEnumerate(Thread& t, const Value* a) {
  Pipe* p = self(a[0]);
  Ref args = tupleOf(t, {iteratorOf(p, 0), p->count});
  return tupleOf(t, {Value(typeOf(t, a[0])), args.get()});
}
static Ref reducePipe(Thread& t, const Value* a) {
  Pipe* p = self(a[0]);
  int64_t n = p->iterators.as<Tuple>()->size, has_function = p->function.defined();
  Ref args = newTuple(t, n + has_function);
  if (has_function) args.as<Tuple>()->items()[0] = share(p->function);
  for (int64_t i = 0; i < n; ++i) args.as<Tuple>()->items()[i + has_function] = share(iteratorOf(p, i));
  Value type(typeOf(t, a[0]));
  return p->strict ? tupleOf(t, {type, args.get(), Value::fromBool(true)}) : tupleOf(t, {type, args.get()});
}
static Ref setStrict(Thread& t, const Value* a) {
  self(a[0])->strict = TRY(isTrue_py(t, a[1]));
  return Ref::none();
}
static const NativeDef kPipeMethods[] = {{"__reduce__", "($self, /)", reducePipe, "Return state information for pickling."},
    {"__setstate__", "($self, state, /)", setStrict, "Set state information for unpickling."}, {nullptr, nullptr, nullptr}};
static const NativeDef kFilterMethods[] = {{"__reduce__", "($self, /)", reducePipe, "Return state information for pickling."}, {nullptr, nullptr, nullptr}};
static const NativeDef kEnumerateMethods[] = {{"__reduce__", "($self, /)", reduceEnumerate, "Return state information for pickling."},
    {"__class_getitem__", "($type, object, /)", aliasFor}, {nullptr, nullptr, nullptr}};

void addIterationTypes(Thread& t, Module* module) {
  struct Entry {
    const char* name;
    Ref (*make)(Thread&, Type*, const Value*, uint32_t, Tuple*);
    Ref (*next)(Thread&, Value);
    const NativeDef* methods;
    int (*next_pair)(Thread&, Value, Value*) = nullptr;
  };
  for (const Entry& e : {Entry{"enumerate", enumerateMake, enumerateNext, kEnumerateMethods, enumerateNextPair}, {"zip", zipMake, zipNext, kPipeMethods, zipNextPair},
                         {"map", mapMake, mapNext, kPipeMethods}, {"filter", filterMake, filterNext, kFilterMethods}}) {
    Type* type = makeType(*t.isolate, {.name = e.name, .size = sizeof(Pipe), .flags = kTypeGc | kTypeBaseable, .methods = e.methods});
    type->slots.dealloc = dealloc;
    type->slots.traverse = traverse;
    type->slots.iter = iterSelf;
    type->slots.next = e.next;
    type->slots.next_pair = e.next_pair;
    type->slots.make = e.make;
    readyType(*t.isolate, type);
    moduleSetType(t, module, type);
  }
}

}  // namespace krait::modules
