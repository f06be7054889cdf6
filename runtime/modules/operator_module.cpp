// The `_operator` module: the language's operators as functions, and itemgetter, attrgetter, methodcaller.
// ref: Modules/_operator.c.
#include <vector>

#include "runtime/modules/module_table.h"
#include "runtime/object/buffer.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"
#include "runtime/object/import.h"
#include "runtime/object/int.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::modules {

template <BinaryOp Op>
static Ref binary(Thread& t, const Value* a) { return binary_py(t, a[0], a[1], Op); }
template <BinaryOp Op>
static Ref inplace(Thread& t, const Value* a) { return inplace_py(t, a[0], a[1], Op); }
template <CompareOp Op>
static Ref compare(Thread& t, const Value* a) { return compare_py(t, a[0], a[1], Op); }
template <Ref (*F)(Thread&, Value)>
static Ref unary(Thread& t, const Value* a) { return F(t, a[0]); }

static Ref truth(Thread& t, const Value* a) { return Ref::boolean(TRY(isTrue_py(t, a[0]))); }
static Ref notFn(Thread& t, const Value* a) { return Ref::boolean(!TRY(isTrue_py(t, a[0]))); }
static Ref isFn(Thread&, const Value* a) { return Ref::boolean(a[0] == a[1]); }
static Ref isNotFn(Thread&, const Value* a) { return Ref::boolean(a[0] != a[1]); }
static Ref isNoneFn(Thread&, const Value* a) { return Ref::boolean(a[0].isNone()); }
static Ref isNotNoneFn(Thread&, const Value* a) { return Ref::boolean(!a[0].isNone()); }
static Ref containsFn(Thread& t, const Value* a) { return Ref::boolean(TRY(contains_py(t, a[0], a[1]))); }
static Ref getItemFn(Thread& t, const Value* a) { return getItem_py(t, a[0], a[1]); }
static Ref setItemFn(Thread& t, const Value* a) {
  TRY(setItem_py(t, a[0], a[1], a[2]));
  return Ref::none();
}
static Ref delItemFn(Thread& t, const Value* a) {
  TRY(setItem_py(t, a[0], a[1], Value()));
  return Ref::none();
}
static Ref concatOf(Thread& t, const Value* a, BinaryOp op, bool in_place) {
  const Slots& s = typeOf(t, a[0])->slots;
  if (s.concat == nullptr && s.get_item == nullptr) return raiseTypeError(t, "'%s' object can't be concatenated", typeNameOf(t, a[0]));
  return in_place ? inplace_py(t, a[0], a[1], op) : binary_py(t, a[0], a[1], op);
}
static Ref concatFn(Thread& t, const Value* a) { return concatOf(t, a, BinaryOp::kAdd, false); }
static Ref iconcatFn(Thread& t, const Value* a) { return concatOf(t, a, BinaryOp::kAdd, true); }
static Ref indexFn(Thread& t, const Value* a) { return toIndex_py(t, a[0]); }
// ref: _PySequence_IterSearch.
static Status needIterable(Thread& t, Value v) {
  const Slots& s = typeOf(t, v)->slots;
  if (s.iter != nullptr || s.get_item != nullptr) return kDone;
  return raiseTypeError(t, "argument of type '%s' is not iterable", typeNameOf(t, v));
}
static Ref countOf(Thread& t, const Value* a) {
  TRY(needIterable(t, a[0]));
  int64_t n = 0;
  Iteration it(t, a[0]);
  while (it.next()) n += TRY(equals_py(t, it.value(), a[1]));
  return it.raised() ? Ref() : newIntSmall(n);
}
static Ref indexOf(Thread& t, const Value* a) {
  TRY(needIterable(t, a[0]));
  int64_t n = 0;
  Iteration it(t, a[0]);
  for (; it.next(); ++n) {
    if (TRY(equals_py(t, it.value(), a[1]))) return newIntSmall(n);
  }
  return it.raised() ? Ref() : Ref(raiseValueError(t, "sequence.index(x): x not in sequence"));
}
static Ref lengthHint(Thread& t, const Value* a) {
  int64_t missing = TRY(toInt64_py(t, a[1]));
  return newInt(t, TRY(lengthHint_py(t, a[0], missing)));
}
static Ref callFn(Thread& t, const Value* a) { return callTuple_py(t, a[0], a[1].as<Tuple>(), a[2].as<Dict>()); }
// Takes the same time wherever the two differ.
static Ref compareDigest(Thread& t, const Value* a) {
  std::string_view x, y;
  Buffer left, right;
  if (isStr(a[0]) && isStr(a[1])) {
    if (!a[0].as<Str>()->is_ascii || !a[1].as<Str>()->is_ascii) return raiseTypeError(t, "comparing strings with non-ASCII characters is not supported");
    x = a[0].as<Str>()->ascii();
    y = a[1].as<Str>()->ascii();
  } else {
    if (!isBytesLike(a[0]) && !isBytesLike(a[1])) {
      return raiseTypeError(t, "unsupported operand types(s) or combination of types: '%s' and '%s'", typeNameOf(t, a[0]), typeNameOf(t, a[1]));
    }
    TRY(left.acquire(t, a[0]));
    TRY(right.acquire(t, a[1]));
    x = left.view();
    y = right.view();
  }
  unsigned difference = x.size() == y.size() ? 0 : 1;
  for (size_t i = 0; i < y.size(); ++i) difference |= static_cast<unsigned char>(y[i]) ^ static_cast<unsigned char>(x.size() == y.size() ? x[i] : y[i]);
  return Ref::boolean(difference == 0);
}

// --- itemgetter, attrgetter, methodcaller
struct Getter : Object {
  Value keys;      // tuple: the items; the attribute names; the method's name and arguments
  Value keywords;  // methodcaller: dict or Undefined
};
static Getter* getter(Value v) { return v.as<Getter>(); }
static Tuple* keysOf(Value v) { return getter(v)->keys.as<Tuple>(); }
static void getterDealloc(Object* o) {
  decref(static_cast<Getter*>(o)->keys);
  decref(static_cast<Getter*>(o)->keywords);
}
static void getterTraverse(Object* o, Visitor visitor, void* context) {
  visit(static_cast<Getter*>(o)->keys, visitor, context);
  visit(static_cast<Getter*>(o)->keywords, visitor, context);
}
static Ref newGetter(Type* type, Ref keys) {
  Getter* g = allocate<Getter>(type);
  g->keys = keys.release();
  gcTrack(g);
  return Ref::steal(g);
}
static Status oneArgument(Thread& t, const char* name, uint32_t nargs, Tuple* keywords) {
  if (keywords != nullptr && keywords->size > 0) return raiseTypeError(t, "%s() takes no keyword arguments", name);
  if (nargs != 1) return raiseTypeError(t, "%s expected 1 argument, got %u", name, nargs);
  return kDone;
}
static Ref itemMake(Thread& t, Type* type, const Value* args, uint32_t nargs, Tuple* keywords) {
  if (keywords != nullptr && keywords->size > 0) return raiseTypeError(t, "itemgetter() takes no keyword arguments");
  if (nargs == 0) return raiseTypeError(t, "itemgetter expected 1 argument, got 0");
  return newGetter(type, tupleFrom(t, args, nargs));
}
static Ref itemCall(Thread& t, Value v, const Value* args, uint32_t nargs, Tuple* keywords) {
  TRY(oneArgument(t, "itemgetter", nargs, keywords));
  Tuple* keys = keysOf(v);
  if (keys->size == 1) return getItem_py(t, args[0], keys->items()[0]);
  Ref out = newTuple(t, keys->size);
  for (int64_t i = 0; i < keys->size; ++i) out.as<Tuple>()->items()[i] = TRY(getItem_py(t, args[0], keys->items()[i])).release();
  return out;
}
static Ref attrMake(Thread& t, Type* type, const Value* args, uint32_t nargs, Tuple* keywords) {
  if (keywords != nullptr && keywords->size > 0) return raiseTypeError(t, "attrgetter() takes no keyword arguments");
  if (nargs == 0) return raiseTypeError(t, "attrgetter expected 1 argument, got 0");
  for (uint32_t i = 0; i < nargs; ++i) {
    if (!isStr(args[i])) return raiseTypeError(t, "attribute name must be a string");
  }
  return newGetter(type, tupleFrom(t, args, nargs));
}
// The value at a dotted name.
static Ref dotted_py(Thread& t, Value object, Str* name) {
  int64_t begin = 0;
  Ref at = Ref::of(object);
  for (int64_t i = 0; i <= name->length; ++i) {
    if (i < name->length && name->at(i) != '.') continue;
    Ref part = strSlice(t, name, begin, i);
    at = TRY(getAttr_py(t, at.get(), internStr(*t.isolate, part.as<Str>())));
    begin = i + 1;
  }
  return at;
}
static Ref attrCall(Thread& t, Value v, const Value* args, uint32_t nargs, Tuple* keywords) {
  TRY(oneArgument(t, "attrgetter", nargs, keywords));
  Tuple* keys = keysOf(v);
  if (keys->size == 1) return dotted_py(t, args[0], keys->items()[0].as<Str>());
  Ref out = newTuple(t, keys->size);
  for (int64_t i = 0; i < keys->size; ++i) out.as<Tuple>()->items()[i] = TRY(dotted_py(t, args[0], keys->items()[i].as<Str>())).release();
  return out;
}
static Ref methodMake(Thread& t, Type* type, const Value* args, uint32_t nargs, Tuple* keywords) {
  if (nargs == 0) return raiseTypeError(t, "methodcaller needs at least one argument, the method name");
  if (!isStr(args[0])) return raiseTypeError(t, "method name must be a string");
  Ref r = newGetter(type, tupleFrom(t, args, nargs));
  if (keywords != nullptr && keywords->size > 0) {
    Ref d = newDict(t);
    for (int64_t i = 0; i < keywords->size; ++i) TRY(dictSet_py(t, d.as<Dict>(), keywords->items()[i], args[nargs + i]));
    getter(r.get())->keywords = d.release();
  }
  return r;
}
static Ref methodCall(Thread& t, Value v, const Value* args, uint32_t nargs, Tuple* keywords) {
  TRY(oneArgument(t, "methodcaller", nargs, keywords));
  Ref held = Ref::of(getter(v)->keys);
  Tuple* keys = held.as<Tuple>();
  Ref method = TRY(getAttr_py(t, args[0], internStr(*t.isolate, keys->items()[0].as<Str>())));
  if (getter(v)->keywords.isUndefined()) return call_py(t, method.get(), keys->items() + 1, static_cast<uint32_t>(keys->size - 1));
  Ref rest = tupleFrom(t, keys->items() + 1, keys->size - 1);
  return callTuple_py(t, method.get(), rest.as<Tuple>(), getter(v)->keywords.as<Dict>());
}
static Ref getterRepr(Thread& t, Value v) {
  std::string out = std::string("operator.") + shortTypeName(typeOf(t, v)) + "(";
  for (int64_t i = 0; i < keysOf(v)->size; ++i) {
    Ref text = TRY(repr_py(t, keysOf(v)->items()[i]));
    out += (i > 0 ? ", " : "") + toUtf8(text.as<Str>());
  }
  Value key, value;
  if (getter(v)->keywords.defined()) {
    for (int64_t at = 0; dictNext(getter(v)->keywords.as<Dict>(), at, key, value);) {
      Ref text = TRY(repr_py(t, value));
      out += ", " + toUtf8(key.as<Str>()) + "=" + toUtf8(text.as<Str>());
    }
  }
  return newStr(t, out + ")");
}
static Ref getterReduce(Thread& t, const Value* a) {
  Value type = typeOf(t, a[0]);
  if (getter(a[0])->keywords.isUndefined()) return tupleOf(t, {type, getter(a[0])->keys});
  Ref partial = TRY(importAttr_py(t, "functools", "partial"));
  Ref first = tupleOf(t, {type, keysOf(a[0])->items()[0]});
  Ref made = TRY(callTuple_py(t, partial.get(), first.as<Tuple>(), getter(a[0])->keywords.as<Dict>()));
  Ref rest = tupleFrom(t, keysOf(a[0])->items() + 1, keysOf(a[0])->size - 1);
  return tupleOf(t, {made.get(), rest.get()});
}
static const NativeDef kGetterMethods[] = {{"__reduce__", "($self, /)", getterReduce, "Return state information for pickling"}, {nullptr, nullptr, nullptr}};

static Type* makeGetter(Thread& t, const char* name, Ref (*make)(Thread&, Type*, const Value*, uint32_t, Tuple*),
                        Ref (*call)(Thread&, Value, const Value*, uint32_t, Tuple*)) {
  Type* type = makeType(*t.isolate, {.name = name, .size = sizeof(Getter), .flags = kTypeGc, .methods = kGetterMethods});
  Slots& s = type->slots;
  s.dealloc = getterDealloc;
  s.traverse = getterTraverse;
  s.make = make;
  s.call = call;
  s.repr = getterRepr;
  readyType(*t.isolate, type);
  return type;
}

#define TWO "(a, b, /)"
#define BINARY(name, Op) {#name, TWO, binary<BinaryOp::Op>}
#define INPLACE(name, Op) {#name, TWO, inplace<BinaryOp::Op>}
static const NativeDef kFunctions[] = {
    BINARY(add, kAdd), BINARY(sub, kSub), BINARY(mul, kMul), BINARY(matmul, kMatMul), BINARY(floordiv, kFloorDiv), BINARY(truediv, kTrueDiv),
    BINARY(mod, kMod), BINARY(lshift, kLShift), BINARY(rshift, kRShift), BINARY(and_, kAnd), BINARY(xor, kXor), BINARY(or_, kOr), BINARY(pow, kPow),
    INPLACE(iadd, kAdd), INPLACE(isub, kSub), INPLACE(imul, kMul), INPLACE(imatmul, kMatMul), INPLACE(ifloordiv, kFloorDiv),
    INPLACE(itruediv, kTrueDiv), INPLACE(imod, kMod), INPLACE(ilshift, kLShift), INPLACE(irshift, kRShift), INPLACE(iand, kAnd),
    INPLACE(ixor, kXor), INPLACE(ior, kOr), INPLACE(ipow, kPow),
    {"lt", TWO, compare<CompareOp::kLt>}, {"le", TWO, compare<CompareOp::kLe>}, {"eq", TWO, compare<CompareOp::kEq>},
    {"ne", TWO, compare<CompareOp::kNe>}, {"gt", TWO, compare<CompareOp::kGt>}, {"ge", TWO, compare<CompareOp::kGe>},
    {"neg", "(a, /)", unary<negative_py>}, {"pos", "(a, /)", unary<positive_py>}, {"abs", "(a, /)", unary<absolute_py>},
    {"inv", "(a, /)", unary<invert_py>}, {"invert", "(a, /)", unary<invert_py>},
    {"truth", "(a, /)", truth}, {"not_", "(a, /)", notFn}, {"is_", TWO, isFn}, {"is_not", TWO, isNotFn}, {"is_none", "(a, /)", isNoneFn},
    {"is_not_none", "(a, /)", isNotNoneFn}, {"contains", TWO, containsFn}, {"getitem", TWO, getItemFn}, {"setitem", "(a, b, c, /)", setItemFn},
    {"delitem", TWO, delItemFn}, {"concat", TWO, concatFn}, {"iconcat", TWO, iconcatFn}, {"index", "(a, /)", indexFn}, {"countOf", TWO, countOf},
    {"indexOf", TWO, indexOf}, {"length_hint", "(obj, default=0, /)", lengthHint}, {"call", "(obj, /, *args, **kwargs)", callFn},
    {"_compare_digest", TWO, compareDigest}, {nullptr, nullptr, nullptr}};

static Status initModule(Thread& t, Module* m) {
  moduleSetType(t, m, makeGetter(t, "operator.itemgetter", itemMake, itemCall));
  moduleSetType(t, m, makeGetter(t, "operator.attrgetter", attrMake, attrCall));
  moduleSetType(t, m, makeGetter(t, "operator.methodcaller", methodMake, methodCall));
  return kDone;
}
extern const NativeModule kOperatorModule;
const NativeModule kOperatorModule = {"_operator", "Operator interface.", kFunctions, initModule};

}  // namespace krait::modules
