// Iterators over sequences, ranges and callables. ref: Objects/iterobject.c, Objects/rangeobject.c.
#include "runtime/object/iterators.h"

#include "runtime/object/bytes_methods.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"
#include "runtime/object/int.h"
#include "runtime/object/native.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::object {

Ref newIterator(Thread& t, Type* type, Value sequence) {
  SequenceIterator* it = allocate<SequenceIterator>(type);
  it->sequence = share(sequence);
  gcTrack(it);
  return Ref::steal(it);
}
Ref newSequenceIterator(Thread& t, Value sequence) { return newIterator(t, t.types().sequence_iterator, sequence); }

static void dealloc(Object* o) { decref(static_cast<SequenceIterator*>(o)->sequence); }
static void traverse(Object* o, Visitor visitor, void* context) { visit(static_cast<SequenceIterator*>(o)->sequence, visitor, context); }
static Ref iterSelf(Thread&, Value v) { return Ref::of(v); }

static Ref sequenceNext(Thread& t, Value v) {
  SequenceIterator* it = v.as<SequenceIterator>();
  if (it->sequence.isUndefined()) return Ref();
  Ref r = getItem_py(t, it->sequence, Value::fromInt(it->at));
  if (r) {
    ++it->at;
    return r;
  }
  if (pendingMatches(t, errors(t).index_error) || pendingMatches(t, errors(t).stop_iteration)) {
    clearException(t);
    clearField(it->sequence);
  }
  return Ref();
}
static Ref listNext(Thread&, Value v) {
  SequenceIterator* it = v.as<SequenceIterator>();
  if (it->sequence.isUndefined()) return Ref();
  List* list = it->sequence.as<List>();
  if (it->at < list->size) return Ref::of(list->items[it->at++]);
  clearField(it->sequence);
  return Ref();
}
static Ref tupleNext(Thread&, Value v) {
  SequenceIterator* it = v.as<SequenceIterator>();
  if (it->sequence.isUndefined()) return Ref();
  Tuple* tuple = it->sequence.as<Tuple>();
  if (it->at < tuple->size) return Ref::of(tuple->items()[it->at++]);
  clearField(it->sequence);
  return Ref();
}
static Ref strNext(Thread& t, Value v) {
  SequenceIterator* it = v.as<SequenceIterator>();
  if (it->sequence.isUndefined()) return Ref();
  Str* s = it->sequence.as<Str>();
  if (it->at < s->length) return strFromChar(t, s->at(it->at++));
  clearField(it->sequence);
  return Ref();
}
static Ref hint(Thread& t, const Value* a) {
  SequenceIterator* it = a[0].as<SequenceIterator>();
  if (it->sequence.isUndefined()) return newIntSmall(0);
  // The classes of lists and tuples may have lengths of their own, which their iterators do not ask for.
  Value sequence = it->sequence;
  bool is_list = hasLayout(sequence, TypeId::kList) && it->type == t.types().list_iterator, is_tuple = hasLayout(sequence, TypeId::kTuple) && it->type == t.types().tuple_iterator;
  int64_t size = is_list ? sequence.as<List>()->size : is_tuple ? sequence.as<Tuple>()->size : TRY(length_py(t, sequence));
  return newIntSmall(size < it->at ? 0 : size - it->at);
}
// --- pickling: (iter, (what is left to iterate,)[, place])
static Ref builtinNamed(Thread& t, const char* name) { return Ref::of(dictGetStr(t.isolate->builtins, intern(*t.isolate, name))); }
static Ref reduceTo(Thread& t, const char* function, Value argument, Value state = Value()) {
  Ref make = builtinNamed(t, function), args = tupleOf(t, {argument});
  return state.isUndefined() ? tupleOf(t, {make.get(), args.get()}) : tupleOf(t, {make.get(), args.get(), state});
}
static Ref emptyLike(Thread& t, const SequenceIterator* it) {
  if (it->type == t.types().list_iterator) return newList(t);
  if (it->type == t.types().bytes_iterator) return newBytes(t, "");
  return it->type == t.types().str_iterator || it->type == t.types().str_ascii_iterator ? newStr(t, "") : newTuple(t, 0);
}
static Ref reduceSequence(Thread& t, const Value* a) {
  SequenceIterator* it = a[0].as<SequenceIterator>();
  if (it->sequence.isUndefined()) return reduceTo(t, "iter", emptyLike(t, it).get());
  if (!isSet(it->sequence)) return reduceTo(t, "iter", it->sequence, Value::fromInt(it->at));
  Ref rest = newList(t);
  int64_t at = it->at;
  for (Value key; setNext(it->sequence.as<Set>(), at, key);) listAppend(rest.as<List>(), key);
  return reduceTo(t, "iter", rest.get());
}
static Ref setSequencePlace(Thread& t, const Value* a) {
  SequenceIterator* it = a[0].as<SequenceIterator>();
  int64_t at = TRY(toInt64_py(t, a[1]));
  if (it->sequence.isUndefined()) return Ref::none();
  if (at < 0) at = 0;
  int64_t size = isList(it->sequence) ? it->sequence.as<List>()->size : isTuple(it->sequence) ? it->sequence.as<Tuple>()->size : INT64_MAX;
  if (isStr(it->sequence)) size = it->sequence.as<Str>()->length;
  it->at = at < size ? at : size;
  return Ref::none();
}
static const NativeDef kMethods[] = {{"__length_hint__", "($self, /)", hint}, {"__reduce__", "($self, /)", reduceSequence, "Return state information for pickling."},
    {"__setstate__", "($self, state, /)", setSequencePlace, "Set state information for unpickling."}, {nullptr, nullptr, nullptr}};
static Type* makeIterator(Isolate& isolate, const char* name, TypeId id, Ref (*next)(Thread&, Value)) {
  Type* type = makeType(isolate, {.name = name, .id = id, .size = sizeof(SequenceIterator), .flags = kTypeGc | kTypeDisallowNew, .methods = kMethods});
  type->slots.dealloc = dealloc;
  type->slots.traverse = traverse;
  type->slots.iter = iterSelf;
  type->slots.next = next;
  return type;
}
void initSequenceIteratorType(Isolate& i) { i.types.sequence_iterator = makeIterator(i, "iterator", TypeId::kSequenceIterator, sequenceNext); }
void initListIteratorType(Isolate& i) { i.types.list_iterator = makeIterator(i, "list_iterator", TypeId::kListIterator, listNext); }
void initTupleIteratorType(Isolate& i) { i.types.tuple_iterator = makeIterator(i, "tuple_iterator", TypeId::kTupleIterator, tupleNext); }
void initStrIteratorType(Isolate& i) { i.types.str_iterator = makeIterator(i, "str_iterator", TypeId::kStrIterator, strNext); }
void initStrAsciiIteratorType(Isolate& i) { i.types.str_ascii_iterator = makeIterator(i, "str_ascii_iterator", TypeId::kStrAsciiIterator, strNext); }
static Ref bytesNext(Thread&, Value v) {
  SequenceIterator* it = v.as<SequenceIterator>();
  if (it->sequence.isUndefined()) return Ref();
  std::string_view bytes = bytesView(it->sequence);
  if (static_cast<size_t>(it->at) < bytes.size()) return newIntSmall(static_cast<unsigned char>(bytes[static_cast<size_t>(it->at++)]));
  clearField(it->sequence);
  return Ref();
}
void initBytesIteratorType(Isolate& i) { i.types.bytes_iterator = makeIterator(i, "bytes_iterator", TypeId::kBytesIterator, bytesNext); }
void initByteArrayIteratorType(Isolate& i) { i.types.bytearray_iterator = makeIterator(i, "bytearray_iterator", TypeId::kByteArrayIterator, bytesNext); }
struct SetIterator : SequenceIterator {
  int64_t used;  // size when it began; -1 once it was seen to differ
  int64_t left;  // items still to come
};
Ref newSetIterator(Thread& t, Value set) {
  SetIterator* it = allocate<SetIterator>(t.types().set_iterator);
  it->sequence = share(set);
  it->used = it->left = set.as<Set>()->used;
  gcTrack(it);
  return Ref::steal(it);
}
static Ref setNextItem(Thread& t, Value v) {
  SetIterator* it = v.as<SetIterator>();
  if (it->sequence.isUndefined()) return Ref();
  if (it->used != it->sequence.as<Set>()->used) {
    it->used = -1;  // for good
    return raiseRuntimeError(t, "Set changed size during iteration");
  }
  Value key;
  if (setNext(it->sequence.as<Set>(), it->at, key)) {
    --it->left;
    return Ref::of(key);
  }
  clearField(it->sequence);
  return Ref();
}
static Ref setHint(Thread&, const Value* a) {
  SetIterator* it = a[0].as<SetIterator>();
  return newIntSmall(it->sequence.defined() && it->used == it->sequence.as<Set>()->used ? it->left : 0);
}
static const NativeDef kSetIteratorMethods[] = {{"__length_hint__", "($self, /)", setHint},
    {"__reduce__", "($self, /)", reduceSequence, "Return state information for pickling."}, {nullptr, nullptr, nullptr}};
void initSetIteratorType(Isolate& i) {
  Type* type = i.types.set_iterator = makeType(i, {.name = "set_iterator", .id = TypeId::kSetIterator, .size = sizeof(SetIterator),
      .flags = kTypeGc | kTypeDisallowNew, .methods = kSetIteratorMethods});
  type->slots.dealloc = dealloc;
  type->slots.traverse = traverse;
  type->slots.iter = iterSelf;
  type->slots.next = setNextItem;
}

// --- range
static Ref rangeNext(Thread& t, Value v) {
  RangeIterator* it = v.as<RangeIterator>();
  if (it->remaining <= 0) return Ref();
  int64_t value = it->next;
  it->next += it->step;
  --it->remaining;
  return newInt(t, value);
}
static Ref rangeHint(Thread&, const Value* a) { return newIntSmall(a[0].as<RangeIterator>()->remaining); }
static Ref rangeReduce(Thread& t, const Value* a) {
  RangeIterator* it = a[0].as<RangeIterator>();
  Ref start = newInt(t, it->next), step = newInt(t, it->step), left = newInt(t, it->remaining);
  Ref length = TRY(intMul(t, left.get(), step.get())), stop = TRY(intAdd(t, start.get(), length.get()));
  Ref rest = TRY(newRange(t, start.get(), stop.get(), step.get()));
  return reduceTo(t, "iter", rest.get(), Value::none());
}
static Ref rangeSetPlace(Thread& t, const Value* a) {
  RangeIterator* it = a[0].as<RangeIterator>();
  int64_t at = TRY(toInt64_py(t, a[1]));
  if (at < 0) at = 0;
  if (at > it->remaining) at = it->remaining;
  it->next += at * it->step;
  it->remaining -= at;
  return Ref::none();
}
static const NativeDef kRangeMethods[] = {{"__length_hint__", "($self, /)", rangeHint}, {"__reduce__", "($self, /)", rangeReduce, "Return state information for pickling."},
    {"__setstate__", "($self, state, /)", rangeSetPlace, "Set state information for unpickling."}, {nullptr, nullptr, nullptr}};
void initRangeIteratorType(Isolate& isolate) {
  Type* type = isolate.types.range_iterator = makeType(isolate, {.name = "range_iterator", .id = TypeId::kRangeIterator, .size = sizeof(RangeIterator),
      .flags = kTypeDisallowNew, .methods = kRangeMethods});
  type->slots.iter = iterSelf;
  type->slots.next = rangeNext;
}

// --- iter(callable, sentinel); also generic reversed()
struct CallableIterator : Object {
  Value callable, sentinel;
};
static void callableDealloc(Object* o) {
  decref(static_cast<CallableIterator*>(o)->callable);
  decref(static_cast<CallableIterator*>(o)->sentinel);
}
static Ref callableNext(Thread& t, Value v) {
  CallableIterator* it = v.as<CallableIterator>();
  if (it->callable.isUndefined()) return Ref();
  Ref r = call_py(t, it->callable, nullptr, 0);
  if (!r) {
    if (pendingMatches(t, errors(t).stop_iteration)) {
      clearException(t);
      clearField(it->callable);
    }
    return r;
  }
  if (!TRY(equals_py(t, it->sentinel, r.get()))) return r;
  clearField(it->callable);
  return Ref();
}
static Ref callableReduce(Thread& t, const Value* a) {
  CallableIterator* it = a[0].as<CallableIterator>();
  if (it->callable.isUndefined()) return reduceTo(t, "iter", newTuple(t, 0).get());
  Ref make = builtinNamed(t, "iter"), args = tupleOf(t, {it->callable, it->sentinel});
  return tupleOf(t, {make.get(), args.get()});
}
static const NativeDef kCallableMethods[] = {{"__reduce__", "($self, /)", callableReduce, "Return state information for pickling."}, {nullptr, nullptr, nullptr}};
Ref newCallableIterator(Thread& t, Value callable, Value sentinel) {
  CallableIterator* it = allocate<CallableIterator>(t.types().callable_iterator);
  it->callable = share(callable);
  it->sentinel = share(sentinel);
  return Ref::steal(it);
}
void initCallableIteratorType(Isolate& isolate) {
  Type* type = isolate.types.callable_iterator = makeType(isolate, {.name = "callable_iterator", .id = TypeId::kCallableIterator,
      .size = sizeof(CallableIterator), .flags = kTypeDisallowNew, .methods = kCallableMethods});
  type->slots.dealloc = callableDealloc;
  type->slots.iter = iterSelf;
  type->slots.next = callableNext;
}
// reversed(sequence): a list of the items in reverse order would copy; this walks down by index.
static Ref reversedNext(Thread& t, Value v) {
  SequenceIterator* it = v.as<SequenceIterator>();
  if (it->sequence.isUndefined()) return Ref();
  if (it->at < 0) {
    clearField(it->sequence);
    return Ref();
  }
  if (isExact(it->sequence, TypeId::kList) && it->at < it->sequence.as<List>()->size) return Ref::of(it->sequence.as<List>()->items[it->at--]);
  if (isExact(it->sequence, TypeId::kTuple)) return Ref::of(it->sequence.as<Tuple>()->items()[it->at--]);
  Ref r = getItem_py(t, it->sequence, Value::fromInt(it->at));
  if (!r && pendingMatches(t, errors(t).index_error)) clearException(t);
  --it->at;
  if (!r) clearField(it->sequence);
  return r;
}
static Ref reversedMake(Thread& t, Type* type, const Value* args, uint32_t nargs, Tuple* keywords) {
  if (keywords != nullptr && keywords->size > 0 && type == t.types().reversed) return raiseTypeError(t, "reversed() takes no keyword arguments");
  if (nargs != 1) return raiseTypeError(t, "reversed expected 1 argument, got %u", nargs);
  Ref method = findSpecial_py(t, args[0], t.names().d_reversed);
  if (method && method.get().isNone()) return raiseTypeError(t, "'%s' object is not reversible", typeNameOf(t, args[0]));
  if (method) return call_py(t, method.get(), nullptr, 0);
  if (isPending(t)) return Ref();
  const Slots& s = typeOf(t, args[0])->slots;
  if (s.get_item == nullptr || s.length == nullptr || isDict(args[0])) return raiseTypeError(t, "'%s' object is not reversible", typeNameOf(t, args[0]));
  Ref it = newIterator(t, type, args[0]);
  it.as<SequenceIterator>()->at = TRY(length_py(t, args[0])) - 1;
  return it;
}
Ref newListReversed(Thread& t, Value sequence, int64_t length) {
  Ref it = newIterator(t, t.types().list_reverse_iterator, sequence);
  it.as<SequenceIterator>()->at = length - 1;
  return it;
}
static Ref reversedHint(Thread& t, const Value* a) {
  SequenceIterator* it = a[0].as<SequenceIterator>();
  if (it->sequence.isUndefined()) return newIntSmall(0);
  int64_t size = TRY(length_py(t, it->sequence));
  return newIntSmall(size < it->at + 1 ? 0 : it->at + 1);
}
static Ref reversedReduce(Thread& t, const Value* a) {
  SequenceIterator* it = a[0].as<SequenceIterator>();
  if (it->sequence.isUndefined() && it->type == t.types().list_reverse_iterator) return reduceTo(t, "iter", newList(t).get());
  if (it->sequence.isUndefined()) return reduceTo(t, "reversed", newTuple(t, 0).get());
  return reduceTo(t, "reversed", it->sequence, Value::fromInt(it->at));
}
static Ref reversedSetPlace(Thread& t, const Value* a) {
  SequenceIterator* it = a[0].as<SequenceIterator>();
  int64_t at = TRY(toInt64_py(t, a[1]));
  if (it->sequence.isUndefined()) return Ref::none();
  int64_t size = TRY(length_py(t, it->sequence));
  it->at = at < -1 ? -1 : at > size - 1 ? size - 1 : at;
  return Ref::none();
}
static const NativeDef kReversedMethods[] = {{"__length_hint__", "($self, /)", reversedHint}, {"__reduce__", "($self, /)", reversedReduce, "Return state information for pickling."},
    {"__setstate__", "($self, state, /)", reversedSetPlace, "Set state information for unpickling."}, {nullptr, nullptr, nullptr}};
void initReversedType(Isolate& i) {
  Type* type = i.types.reversed = makeType(i, {.name = "reversed", .id = TypeId::kReversed, .size = sizeof(SequenceIterator), .flags = kTypeGc | kTypeBaseable,
      .methods = kReversedMethods, .doc = "Return a reverse iterator over the values of the given sequence."});
  type->slots.dealloc = dealloc;
  type->slots.traverse = traverse;
  type->slots.iter = iterSelf;
  type->slots.next = reversedNext;
  type->slots.make = reversedMake;
}
void initListReverseIteratorType(Isolate& i) {
  Type* type = i.types.list_reverse_iterator = makeType(i, {.name = "list_reverseiterator", .id = TypeId::kListReverseIterator, .size = sizeof(SequenceIterator),
      .flags = kTypeGc | kTypeDisallowNew, .methods = kReversedMethods});
  type->slots.dealloc = dealloc;
  type->slots.traverse = traverse;
  type->slots.iter = iterSelf;
  type->slots.next = reversedNext;
}

}  // namespace krait::object
