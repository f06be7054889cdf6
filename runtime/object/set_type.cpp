// `set` and `frozenset`: slots and methods. ref: Objects/setobject.c.
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"
#include "runtime/object/int.h"
#include "runtime/object/iterators.h"
#include "runtime/object/native.h"
#include "runtime/object/protocol.h"
#include "runtime/object/repr_guard.h"
#include "runtime/object/str.h"

namespace krait::object {

RaisedTag raiseUnhashable_py(Thread& t, Value key, const char* use);  // dict.cpp
static Set* self(Value v) { return v.as<Set>(); }
static Type* kindOf(Thread& t, Value v) { return hasLayout(v, TypeId::kFrozenSet) ? t.types().frozenset : t.types().set; }

static void dealloc(Object* o) { setClear(static_cast<Set*>(o)); }
static void traverse(Object* o, Visitor visitor, void* context) {
  Set* s = static_cast<Set*>(o);
  for (int64_t i = 0; i <= s->mask; ++i) visit(s->table[i].key, visitor, context);
}
static Ref make(Thread& t, Type* type, const Value* args, uint32_t nargs, Tuple* keywords) {
  if (type->slots.init == t.types().frozenset->slots.init && keywords != nullptr && keywords->size > 0) return raiseTypeError(t, "frozenset() takes no keyword arguments");
  if (type->layout == TypeId::kFrozenSet && nargs > 1) return raiseTypeError(t, "%s expected at most 1 argument, got %u", typeName(type), nargs);
  if (type == t.types().frozenset) {
    if (nargs == 1 && isExact(args[0], TypeId::kFrozenSet)) return Ref::of(args[0]);
  }
  bool fill = type->layout == TypeId::kFrozenSet && nargs >= 1;
  return setFromIterable_py(t, type, fill ? args[0] : Value());
}
static Status init(Thread& t, Value v, const Value* args, uint32_t nargs, Tuple* keywords) {
  if (keywords != nullptr && keywords->size > 0 && (typeOf(t, v)->slots.make == t.types().set->slots.make || typeOf(t, v)->slots.init == t.types().set->slots.init)) return raiseTypeError(t, "set() takes no keyword arguments");
  if (nargs > 1) return raiseTypeError(t, "set expected at most 1 argument, got %u", nargs);
  setClear(self(v));
  if (nargs == 1) TRY(setUpdate_py(t, self(v), args[0]));
  return kDone;
}
static Ref repr(Thread& t, Value v) {
  ReprGuard guard(t, v);
  std::string name = typeNameOf(t, v);
  if (self(v)->used == 0) return newStr(t, name + "()");
  if (guard.isNested()) return newStr(t, name + "(...)");
  StrBuilder out;
  bool plain = isExact(v, TypeId::kSet);
  if (!plain) out.addUtf8(name + "(");
  out.add('{');
  Ref list = TRY(listFromIterable_py(t, v));
  for (int64_t i = 0; i < list.as<List>()->size; ++i) {
    if (i > 0) out.addAscii(", ");
    Ref r = TRY(repr_py(t, list.as<List>()->items[i]));
    out.add(r.as<Str>());
  }
  out.add('}');
  if (!plain) out.add(')');
  return out.finish(t);
}
static Fallible<int64_t> length(Thread&, Value v) { return self(v)->used; }
static Fallible<bool> contains(Thread& t, Value v, Value key) { return setContains_py(t, self(v), key); }
Ref newSetIterator(Thread& t, Value set);  // iterators.cpp
static Ref iterate(Thread& t, Value v) { return newSetIterator(t, v); }
// ref: frozenset_hash.
static Fallible<int64_t> hash(Thread&, Value v) {
  Set* s = self(v);
  if (s->hash != 0) return s->hash;
  uint64_t h = 0;
  auto shuffle = [](uint64_t x) { return ((x ^ 89869747ull) ^ (x << 16)) * 3644798167ull; };
  for (int64_t i = 0; i <= s->mask; ++i) h ^= shuffle(static_cast<uint64_t>(s->table[i].hash));
  if ((s->mask + 1 - s->filled) & 1) h ^= shuffle(0);
  if ((s->filled - s->used) & 1) h ^= shuffle(static_cast<uint64_t>(-1));
  h ^= (static_cast<uint64_t>(s->used) + 1) * 1927868237ull;
  h ^= (h >> 11) ^ (h >> 25);
  h = h * 69069u + 907133923ull;
  s->hash = static_cast<int64_t>(h) == -1 ? 590923713 : static_cast<int64_t>(h);
  return s->hash;
}
static Fallible<bool> isSubset(Thread& t, Value a, Value b) {
  if (self(a)->used > self(b)->used) return false;
  Value key;
  for (int64_t at = 0; setNext(self(a), at, key);) {
    Ref held = Ref::of(key);
    if (!TRY(setContains_py(t, self(b), key))) return false;
  }
  return true;
}
static Ref compare(Thread& t, Value a, Value b, CompareOp op) {
  if (!isSet(b)) return Ref::notImplemented();
  int64_t n = self(a)->used, m = self(b)->used;
  switch (op) {
    case CompareOp::kEq: return Ref::boolean(n == m && TRY(isSubset(t, a, b)));
    case CompareOp::kNe: return Ref::boolean(!(n == m && TRY(isSubset(t, a, b))));
    case CompareOp::kLe: return Ref::boolean(TRY(isSubset(t, a, b)));
    case CompareOp::kLt: return Ref::boolean(n < m && TRY(isSubset(t, a, b)));
    case CompareOp::kGe: return Ref::boolean(TRY(isSubset(t, b, a)));
    default: return Ref::boolean(n > m && TRY(isSubset(t, b, a)));
  }
}

// --- algebra
static Ref copyOf(Thread& t, Value v) { return setFromIterable_py(t, kindOf(t, v), v); }
static Status keepOnly(Thread& t, Set* s, Value other) {
  Ref common = newSet(t);
  if (!isSet(other)) {
    Iteration it(t, other);
    while (it.next()) {
      if (TRY(setContains_py(t, s, it.value()))) TRY(setAdd_py(t, common.as<Set>(), it.value()));
    }
    if (it.raised()) return kRaised;
    setClear(s);
    return setUpdate_py(t, s, common.get());
  }
  Ref held = Ref::of(other);
  Set *small = self(held.get()), *big = s;
  if (small->used > big->used) std::swap(small, big);
  Value key;
  for (int64_t at = 0; setNext(small, at, key);) {
    Ref k = Ref::of(key);
    if (TRY(setContains_py(t, big, key))) TRY(setAdd_py(t, common.as<Set>(), key));
  }
  setClear(s);
  return setUpdate_py(t, s, common.get());
}
static Status removeAll(Thread& t, Set* s, Value other) {
  if (other == Value(s)) {
    setClear(s);
    return kDone;
  }
  Iteration it(t, other);
  while (it.next()) {
    Fallible<int64_t> hash = hash_py(t, it.value());  // unlike discard(), this takes no set for a frozen one
    if (hash.failed) return raiseUnhashable_py(t, it.value(), "set element");
    TRY(setDiscardHashed_py(t, s, it.value(), hash.value));
  }
  if (it.raised()) return kRaised;
  return kDone;
}
static Status toggleAll(Thread& t, Set* s, Value other) {
  Ref unique = isSet(other) ? copyOf(t, other) : setFromIterable_py(t, t.types().set, other);
  if (!unique) return kRaised;
  for (int64_t i = 0; i <= self(unique.get())->mask; ++i) {
    SetEntry e = self(unique.get())->table[i];
    if (e.key.isUndefined()) continue;
    Ref key = Ref::of(e.key);
    if (!TRY(setDiscardHashed_py(t, s, key.get(), e.hash))) TRY(setAddHashed_py(t, s, key.get(), e.hash));
  }
  return kDone;
}
static Status apply(Thread& t, Set* s, Value other, char op) {
  return op == '|' ? setUpdate_py(t, s, other) : op == '&' ? keepOnly(t, s, other) : op == '-' ? removeAll(t, s, other) : toggleAll(t, s, other);
}
static int64_t sizeOf(Value v) { return isDict(v) ? v.as<Dict>()->used : self(v)->used; }
// The order of what is left follows from who is copied. ref: set_difference.
static Ref differenceOf(Thread& t, Value a, Value b) {
  if ((!isSet(b) && !isDict(b)) || self(a)->used >> 2 > sizeOf(b)) {
    Ref r = TRY(copyOf(t, a));
    TRY(removeAll(t, self(r.get()), b));
    return r;
  }
  Ref r = TRY(setFromIterable_py(t, kindOf(t, a), Value()));
  for (int64_t i = 0; i <= self(a)->mask; ++i) {
    SetEntry e = self(a)->table[i];
    if (e.key.isUndefined()) continue;
    Ref key = Ref::of(e.key);
    int64_t found = isDict(b) ? dictFind_py(t, b.as<Dict>(), e.key, e.hash) : TRY(setContainsHashed_py(t, self(b), e.key, e.hash)) ? 0 : -1;
    if (found == -2) return Ref();
    if (found < 0) TRY(setAddHashed_py(t, self(r.get()), e.key, e.hash));
  }
  return r;
}
// What `a` holds is put to a copy of `b`. ref: set_symmetric_difference_impl.
static Ref symmetricOf(Thread& t, Value a, Value b) {
  Ref r = TRY(setFromIterable_py(t, kindOf(t, a), b));
  TRY(toggleAll(t, self(r.get()), a));
  return r;
}
template <char Op>
static Ref operation(Thread& t, Value a, Value b) {
  if (!isSet(a) || !isSet(b)) return Ref::notImplemented();
  if (Op == '-') return differenceOf(t, a, b);
  if (Op == '^') return symmetricOf(t, a, b);
  Ref r = TRY(copyOf(t, a));
  TRY(apply(t, self(r.get()), b, Op));
  return r;
}
template <char Op>
static Ref inplace(Thread& t, Value a, Value b) {
  if (!isSet(b)) return Ref::notImplemented();
  TRY(apply(t, self(a), b, Op));
  return Ref::of(a);
}
template <char Op>
static Ref method(Thread& t, const Value* a) {
  bool is_difference = Op == '-' && a[1].as<Tuple>()->size > 0;
  Ref r = is_difference ? TRY(differenceOf(t, a[0], a[1].as<Tuple>()->items()[0])) : TRY(copyOf(t, a[0]));
  for (int64_t i = is_difference ? 1 : 0; i < a[1].as<Tuple>()->size; ++i) TRY(apply(t, self(r.get()), a[1].as<Tuple>()->items()[i], Op));
  return r;
}
template <char Op>
static Ref updateMethod(Thread& t, const Value* a) {
  if constexpr (Op == '&') {  // all of it or nothing
    if (a[1].as<Tuple>()->size > 1) {
      Ref common = TRY(method<Op>(t, a));
      setClear(self(a[0]));
      TRY(setUpdate_py(t, self(a[0]), common.get()));
      return Ref::none();
    }
  }
  for (int64_t i = 0; i < a[1].as<Tuple>()->size; ++i) TRY(apply(t, self(a[0]), a[1].as<Tuple>()->items()[i], Op));
  return Ref::none();
}
static Ref symmetric(Thread& t, const Value* a) { return symmetricOf(t, a[0], a[1]); }
static Ref symmetricUpdate(Thread& t, const Value* a) {
  TRY(toggleAll(t, self(a[0]), a[1]));
  return Ref::none();
}
static Ref add(Thread& t, const Value* a) {
  TRY(setAdd_py(t, self(a[0]), a[1]));
  return Ref::none();
}
static Ref discard(Thread& t, const Value* a) {
  TRY(setDiscard_py(t, self(a[0]), a[1]));
  return Ref::none();
}
static Ref removeMethod(Thread& t, const Value* a) {
  if (!TRY(setDiscard_py(t, self(a[0]), a[1]))) return raiseKeyError(t, a[1]);
  return Ref::none();
}
static Ref pop(Thread& t, const Value* a) {
  Value key;
  int64_t at = 0;
  if (!setNext(self(a[0]), at, key)) return raiseWith(t, errors(t).key_error, newStr(t, "pop from an empty set").get());
  Ref held = Ref::of(key);
  TRY(setDiscard_py(t, self(a[0]), key));
  return held;
}
static Ref clearMethod(Thread&, const Value* a) {
  setClear(self(a[0]));
  return Ref::none();
}
static Ref copyMethod(Thread& t, const Value* a) {
  if (isExact(a[0], TypeId::kFrozenSet)) return Ref::of(a[0]);
  return copyOf(t, a[0]);
}
static Ref isSubsetMethod(Thread& t, const Value* a) {
  Ref other = isSet(a[1]) ? Ref::of(a[1]) : TRY(setFromIterable_py(t, t.types().set, a[1]));
  return Ref::boolean(TRY(isSubset(t, a[0], other.get())));
}
static Ref isSupersetMethod(Thread& t, const Value* a) {
  Iteration it(t, a[1]);
  while (it.next()) {
    if (!TRY(setContains_py(t, self(a[0]), it.value()))) return Ref::boolean(false);
  }
  if (it.raised()) return Ref();
  return Ref::boolean(true);
}
static Ref isDisjoint(Thread& t, const Value* a) {
  Iteration it(t, a[1]);
  while (it.next()) {
    if (TRY(setContains_py(t, self(a[0]), it.value()))) return Ref::boolean(false);
  }
  if (it.raised()) return Ref();
  return Ref::boolean(true);
}
static Ref reduce(Thread& t, const Value* a) {
  Ref items = TRY(listFromIterable_py(t, a[0]));
  Ref args = tupleOf(t, {items.get()});
  Ref state = TRY(callMethod_py(t, a[0], t.names().d_getstate));
  return tupleOf(t, {typeOf(t, a[0]), args.get(), state.get()});
}
static Ref classGetItem(Thread& t, const Value* a) {
  Value args[2] = {a[0], a[1]};
  return call_py(t, t.types().generic_alias, args, 2);
}
#define SHARED_METHODS                                                                                                        \
  {"union", "($self, /, *others)", method<'|'>}, {"intersection", "($self, /, *others)", method<'&'>},                        \
  {"difference", "($self, /, *others)", method<'-'>}, {"symmetric_difference", "($self, other, /)", symmetric},               \
  {"issubset", "($self, other, /)", isSubsetMethod}, {"issuperset", "($self, other, /)", isSupersetMethod},                   \
  {"isdisjoint", "($self, other, /)", isDisjoint}, {"copy", "($self, /)", copyMethod}, {"__reduce__", "($self, /)", reduce},  \
  {"__class_getitem__", "($type, object, /)", classGetItem}
static const NativeDef kSetMethods[] = {SHARED_METHODS,
    {"add", "($self, object, /)", add}, {"discard", "($self, object, /)", discard}, {"remove", "($self, object, /)", removeMethod},
    {"pop", "($self, /)", pop}, {"clear", "($self, /)", clearMethod}, {"update", "($self, /, *others)", updateMethod<'|'>},
    {"intersection_update", "($self, /, *others)", updateMethod<'&'>}, {"difference_update", "($self, /, *others)", updateMethod<'-'>},
    {"symmetric_difference_update", "($self, other, /)", symmetricUpdate}, {nullptr, nullptr, nullptr}};
static const NativeDef kFrozenMethods[] = {SHARED_METHODS, {nullptr, nullptr, nullptr}};

static void setSlots(Type* type) {
  Slots& s = type->slots;
  s.dealloc = dealloc;
  s.traverse = traverse;
  s.make = make;
  s.repr = repr;
  s.compare = compare;
  s.length = length;
  s.contains = contains;
  s.iter = iterate;
  s.binary[static_cast<int>(BinaryOp::kOr)] = operation<'|'>;
  s.binary[static_cast<int>(BinaryOp::kAnd)] = operation<'&'>;
  s.binary[static_cast<int>(BinaryOp::kSub)] = operation<'-'>;
  s.binary[static_cast<int>(BinaryOp::kXor)] = operation<'^'>;
}
void initSetType(Isolate& isolate) {
  Type* type = isolate.types.set = makeType(isolate, {.name = "set", .id = TypeId::kSet, .size = sizeof(Set), .flags = kTypeGc | kTypeBaseable | kTypeMatchSelf | kTypeWeakrefable,
      .methods = kSetMethods, .doc = "Build an unordered collection of unique elements."});
  setSlots(type);
  type->slots.init = init;
  type->slots.clear = dealloc;
  type->slots.inplace[static_cast<int>(BinaryOp::kOr)] = inplace<'|'>;
  type->slots.inplace[static_cast<int>(BinaryOp::kAnd)] = inplace<'&'>;
  type->slots.inplace[static_cast<int>(BinaryOp::kSub)] = inplace<'-'>;
  type->slots.inplace[static_cast<int>(BinaryOp::kXor)] = inplace<'^'>;
}
void initFrozenSetType(Isolate& isolate) {
  Type* type = isolate.types.frozenset = makeType(isolate, {.name = "frozenset", .id = TypeId::kFrozenSet, .size = sizeof(Set),
      .flags = kTypeGc | kTypeBaseable | kTypeMatchSelf | kTypeWeakrefable, .methods = kFrozenMethods, .doc = "Build an immutable unordered collection of unique elements."});
  setSlots(type);
  type->slots.hash = hash;
}

}  // namespace krait::object
