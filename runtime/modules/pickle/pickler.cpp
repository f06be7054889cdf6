// The pickler: what is written for each builtin type, and the Pickler class.
#include <bit>

#include "runtime/modules/pickle/pickle.h"
#include "runtime/object/float.h"
#include "runtime/object/instance.h"
#include "runtime/object/int_conversions.h"

namespace krait::modules::pickle {

static Pickler* self(Value v) { return v.as<Pickler>(); }

// --- containers
static RaisedTag noteItem_py(Thread& t, Value owner, int64_t index) { return addNote_py(t, "when serializing %s item %lld", classText_py(t, owner).c_str(), static_cast<long long>(index)); }
static RaisedTag noteKey_py(Thread& t, Value owner, Value key) {
  Ref saved = takeException(t);
  std::string text = reprText_py(t, key);
  restoreException(t, std::move(saved));
  return addNote_py(t, "when serializing %s item %s", classText_py(t, owner).c_str(), text.c_str());
}
static Status saveTuple_py(Thread& t, Pickler* p, Value v) {
  Tuple* items = v.as<Tuple>();
  if (items->size == 0) {
    if (p->d->bin) put(p, kEmptyTuple);
    else put(p, std::string{kMark, kTuple});
    return kDone;
  }
  bool is_short = items->size <= 3 && p->d->proto >= 2;
  if (!is_short) put(p, kMark);
  for (int64_t i = 0; i < items->size; ++i) {
    if (save_py(t, p, (*items)[i]).failed) return noteItem_py(t, v, i);
  }
  if (int64_t known = p->d->memo.find(items); known >= 0) {  // an item led back to the tuple
    if (is_short) put(p, std::string(static_cast<size_t>(items->size), kPop));
    else if (p->d->bin) put(p, kPopMark);
    else put(p, std::string(static_cast<size_t>(items->size) + 1, kPop));
    return putGet(t, p, v, known);
  }
  put(p, is_short ? static_cast<char>(kTuple1 + items->size - 1) : static_cast<char>(kTuple));
  putMemo(p, v);
  return kDone;
}
Status saveList_py(Thread& t, Pickler* p, Value v) {
  List* list = v.as<List>();
  if (p->d->bin) put(p, kEmptyList);
  else put(p, std::string{kMark, kList});
  putMemo(p, v);
  if (!p->d->bin) {
    for (int64_t i = 0; i < list->size; ++i) {
      Ref item = Ref::of(list->items[i]);
      if (save_py(t, p, item.get()).failed) return noteItem_py(t, v, i);
      put(p, kAppend);
    }
    return kDone;
  }
  for (int64_t at = 0; at < list->size;) {
    int64_t count = std::min(kBatch, list->size - at);
    if (list->size == 1) {
      Ref item = Ref::of(list->items[at]);
      if (save_py(t, p, item.get()).failed) return noteItem_py(t, v, at);
      put(p, kAppend);
      ++at;
      continue;
    }
    put(p, kMark);
    for (int64_t end = at + count; at < end && at < list->size; ++at) {
      Ref item = Ref::of(list->items[at]);
      if (save_py(t, p, item.get()).failed) return noteItem_py(t, v, at);
    }
    put(p, kAppends);
  }
  return kDone;
}
Status saveListItems_py(Thread& t, Pickler* p, Value iterator, Value owner) {
  int64_t index = 0;
  if (p->d->proto == 0) {
    for (;; ++index) {
      Ref item = next_py(t, iterator);
      if (!item) return isPending(t) ? Status(kRaised) : Status(kDone);
      if (save_py(t, p, item.get()).failed) return noteItem_py(t, owner, index);
      put(p, kAppend);
    }
  }
  for (;;) {
    Ref first = next_py(t, iterator);
    if (!first) return isPending(t) ? Status(kRaised) : Status(kDone);
    Ref second = next_py(t, iterator);
    if (!second) {
      if (isPending(t)) return kRaised;
      if (save_py(t, p, first.get()).failed) return noteItem_py(t, owner, index);
      put(p, kAppend);
      return kDone;
    }
    put(p, kMark);
    if (save_py(t, p, first.get()).failed) return noteItem_py(t, owner, index++);
    ++index;
    int64_t count = 1;
    while (second) {
      if (save_py(t, p, second.get()).failed) return noteItem_py(t, owner, index);
      ++index;
      if (++count == kBatch) break;
      second = next_py(t, iterator);
      if (!second && isPending(t)) return kRaised;
    }
    put(p, kAppends);
    if (count < kBatch) return kDone;
  }
}
static Status savePair_py(Thread& t, Pickler* p, Value key, Value value, Value owner) {
  TRY(save_py(t, p, key));
  if (save_py(t, p, value).failed) return noteKey_py(t, owner, key);
  return kDone;
}
static Fallible<bool> nextPair_py(Thread& t, Value iterator, Ref& pair) {
  pair = next_py(t, iterator);
  if (!pair) return isPending(t) ? Fallible<bool>(kRaised) : Fallible<bool>(false);
  if (!isTuple(pair.get()) || pair.as<Tuple>()->size != 2) return raiseTypeError(t, "dict items iterator must return 2-tuples");
  return true;
}
Status saveDictItems_py(Thread& t, Pickler* p, Value iterator, Value owner) {
  auto one = [&](const Ref& pair) { return savePair_py(t, p, (*pair.as<Tuple>())[0], (*pair.as<Tuple>())[1], owner); };
  Ref first, second;
  if (p->d->proto == 0) {
    while (TRY(nextPair_py(t, iterator, first))) {
      TRY(one(first));
      put(p, kSetItem);
    }
    return kDone;
  }
  while (TRY(nextPair_py(t, iterator, first))) {
    if (!TRY(nextPair_py(t, iterator, second))) {
      TRY(one(first));
      put(p, kSetItem);
      return kDone;
    }
    put(p, kMark);
    TRY(one(first));
    int64_t count = 1;
    for (bool more = true; more;) {
      TRY(one(second));
      if (++count == kBatch) break;
      more = TRY(nextPair_py(t, iterator, second));
    }
    put(p, kSetItems);
    if (count < kBatch) return kDone;
  }
  return kDone;
}
static Status saveDict_py(Thread& t, Pickler* p, Value v) {
  Dict* dict = v.as<Dict>();
  if (p->d->bin) put(p, kEmptyDict);
  else put(p, std::string{kMark, kDict});
  putMemo(p, v);
  if (dict->used == 0) return kDone;
  if (!p->d->bin) {
    Ref items = TRY(callMethod_py(t, v, intern(*t.isolate, "items")));
    Ref iterator = TRY(iter_py(t, items.get()));
    return saveDictItems_py(t, p, iterator.get(), v);
  }
  int64_t size = dict->used, at = 0;
  Value key, value;
  for (int64_t done = 0; done < size;) {
    int64_t count = std::min(kBatch, size - done);
    if (size > 1) put(p, kMark);
    for (int64_t i = 0; i < count && dictNext(dict, at, key, value); ++i, ++done) {
      Ref k = Ref::of(key), held = Ref::of(value);
      TRY(savePair_py(t, p, k.get(), held.get(), v));
      if (dict->used != size) return raiseRuntimeError(t, "dictionary changed size during iteration");
    }
    put(p, size > 1 ? kSetItems : kSetItem);
  }
  return kDone;
}
static RaisedTag noteElement_py(Thread& t, Value owner) { return addNote_py(t, "when serializing %s element", classText_py(t, owner).c_str()); }
static Status saveSet_py(Thread& t, Pickler* p, Value v, bool is_frozen) {
  if (p->d->proto < 4) {
    Ref list = TRY(listFromIterable_py(t, v)), args = tupleOf(t, {list.get()});
    return saveReduce_py(t, p, is_frozen ? t.types().frozenset : t.types().set, args.get(), v);
  }
  Set* set = v.as<Set>();
  int64_t at = 0, size = set->used;
  Value key;
  if (is_frozen) {
    put(p, kMark);
    while (setNext(set, at, key)) {
      if (save_py(t, p, key).failed) return noteElement_py(t, v);
    }
    if (int64_t known = p->d->memo.find(set); known >= 0) {
      put(p, kPopMark);
      return putGet(t, p, v, known);
    }
    put(p, kFrozenSet);
    putMemo(p, v);
    return kDone;
  }
  put(p, kEmptySet);
  putMemo(p, v);
  for (int64_t done = 0; done < size;) {
    put(p, kMark);
    for (int64_t i = 0; i < kBatch && setNext(set, at, key); ++i, ++done) {
      Ref held = Ref::of(key);
      if (save_py(t, p, held.get()).failed) return noteElement_py(t, v);
      if (set->used != size) return raiseRuntimeError(t, "set changed size during iteration");
    }
    put(p, kAddItems);
  }
  return kDone;
}
static Status saveType_py(Thread& t, Pickler* p, Value v) {
  Value stands_for;
  if (v == Value(t.types().none)) stands_for = Value::none();
  else if (v == Value(t.types().not_implemented)) stands_for = Value::notImplemented();
  else if (v == Value(t.types().ellipsis)) stands_for = Value::ellipsis();
  if (stands_for.isUndefined()) return saveGlobal_py(t, p, v, Value());
  Ref args = tupleOf(t, {stands_for});
  return saveReduce_py(t, p, t.types().type, args.get(), v);
}
static Status saveBuffer_py(Thread& t, Pickler* p, Value v) {
  if (p->d->proto < 5) return raise(t, state.pickling_error, "PickleBuffer can only be pickled with protocol >= 5");
  Buffer view;
  TRY(view.acquire(t, v));
  bool in_band = true;
  if (p->buffer_callback.defined()) {
    Ref answer = TRY(callArgs_py(t, p->buffer_callback, v));
    in_band = TRY(isTrue_py(t, answer.get()));
  }
  if (in_band) {
    Ref copy = view.info().is_read_only ? newBytes(t, view.view()) : newByteArray(t, view.view());
    return view.info().is_read_only ? saveBytes_py(t, p, copy.get()) : saveByteArray_py(t, p, copy.get());
  }
  put(p, kNextBuffer);
  if (view.info().is_read_only) put(p, kReadOnlyBuffer);
  return kDone;
}

// --- any object
static Fallible<bool> savePersistent_py(Thread& t, Pickler* p, Value v) {
  Value own = p->own_persistent_id.defined() ? p->own_persistent_id : p->persistent_id;
  if (own.isUndefined()) return false;
  Ref id = TRY(callArgs_py(t, own, v));
  if (id.get().isNone()) return false;
  if (p->d->bin) {
    TRY(save_py(t, p, id.get(), false));
    put(p, kBinPersId);
    return true;
  }
  Ref text = TRY(str_py(t, id.get()));
  if (!text.as<Str>()->is_ascii) return raise(t, state.pickling_error, "persistent IDs in protocol 0 must be ASCII strings");
  put(p, std::string(1, kPersId) + toUtf8(text.as<Str>()) + "\n");
  return true;
}
// What the class, the dispatch tables or the object itself say about pickling `v`; empty without exception: nothing yet.
static Ref reducerOf_py(Thread& t, Pickler* p, Value v, Type* type, bool& is_saved) {
  Value reducer;
  Ref held;
  if (p->dispatch_table.isUndefined()) {
    reducer = dictGet_py(t, state.dispatch_table.as<Dict>(), type);
  } else if (isExact(p->dispatch_table, TypeId::kDict)) {
    reducer = dictGet_py(t, p->dispatch_table.as<Dict>(), type);
  } else {
    held = getItem_py(t, p->dispatch_table, type);
    if (held) reducer = held.get();
    else if (pendingMatches(t, errors(t).key_error)) clearException(t);
  }
  if (isPending(t)) return kRaised;
  if (reducer.defined()) {
    Ref function = Ref::of(reducer);
    return callArgs_py(t, function.get(), v);
  }
  if (isSubtype(type, t.types().type)) {
    is_saved = true;
    TRY(saveGlobal_py(t, p, v, Value()));
    return Ref();
  }
  Ref reduce = findAttr_py(t, v, intern(*t.isolate, "__reduce_ex__"));
  if (reduce) return callArgs_py(t, reduce.get(), Value::fromInt(p->d->proto));
  if (isPending(t)) return kRaised;
  reduce = findAttr_py(t, v, intern(*t.isolate, "__reduce__"));
  if (reduce) return call_py(t, reduce.get(), nullptr, 0);
  if (isPending(t)) return kRaised;
  return raise(t, state.pickling_error, "Can't pickle %s object", classText_py(t, v).c_str());
}
static Status saveOther_py(Thread& t, Pickler* p, Value v, Type* type) {
  Ref reduced;
  if (p->reducer_override.defined()) {
    reduced = TRY(callArgs_py(t, p->reducer_override, v));
    if (reduced.get().isNotImplemented()) reduced = Ref();
  }
  if (!reduced) {
    if (type == t.types().type) return saveType_py(t, p, v);
    if (isExact(v, TypeId::kFunction)) return saveGlobal_py(t, p, v, Value());
    bool is_saved = false;
    reduced = reducerOf_py(t, p, v, type, is_saved);
    if (is_saved && !isPending(t)) return kDone;
    if (!reduced) return kRaised;
  }
  return saveReduced_py(t, p, reduced.get(), v);
}
static Status saveFloat(Pickler* p, Value v) {
  if (!p->d->bin) {
    put(p, std::string(1, kFloat) + floatRepr(v.asDouble()) + "\n");
    return kDone;
  }
  uint64_t bits = std::bit_cast<uint64_t>(v.asDouble());
  char out[9] = {kBinFloat};
  for (int i = 0; i < 8; ++i) out[i + 1] = static_cast<char>(bits >> (56 - 8 * i));
  put(p, {out, 9});
  return kDone;
}
static Status saveContainer_py(Thread& t, Pickler* p, Value v, Type* type) {
  TRY(checkRecursion(t, " while pickling an object"));
  switch (type->id) {
    case TypeId::kDict: return saveDict_py(t, p, v);
    case TypeId::kList: return saveList_py(t, p, v);
    case TypeId::kTuple: return saveTuple_py(t, p, v);
    case TypeId::kSet: return saveSet_py(t, p, v, false);
    case TypeId::kFrozenSet: return saveSet_py(t, p, v, true);
    case TypeId::kByteArray: return saveByteArray_py(t, p, v);
    default: break;
  }
  if (type == state.buffer) return saveBuffer_py(t, p, v);
  return saveOther_py(t, p, v, type);
}
Status save_py(Thread& t, Pickler* p, Value v, bool may_be_persistent) {
  if (may_be_persistent && (p->persistent_id.defined() || p->own_persistent_id.defined()) && TRY(savePersistent_py(t, p, v))) return boundary_py(t, p);
  if (v.isNone()) put(p, kNone);
  else if (v.isBool()) {
    if (p->d->proto >= 2) put(p, v.isTrue() ? kNewTrue : kNewFalse);
    else put(p, v.isTrue() ? std::string_view("I01\n") : std::string_view("I00\n"));
  } else if (isExactInt(v)) {
    TRY(saveInt(t, p, v));
  } else if (v.isFloat()) {
    TRY(saveFloat(p, v));
  } else if (int64_t known = canBeMemoized(v) ? p->d->memo.find(v.object()) : -1; known >= 0) {
    TRY(putGet(t, p, v, known));
  } else if (isExact(v, TypeId::kStr)) {
    TRY(saveStr_py(t, p, v));
  } else if (isExact(v, TypeId::kBytes)) {
    TRY(saveBytes_py(t, p, v));
  } else {
    TRY(saveContainer_py(t, p, v, typeOf(t, v)));
  }
  return boundary_py(t, p);
}

// --- the class
static Status setUp_py(Thread& t, Pickler* p, Value protocol, Value fix_imports, Value buffer_callback) {
  int64_t proto = protocol.isNone() ? kDefaultProtocol : TRY(toLong_py(t, protocol));
  if (proto < 0) proto = kHighestProtocol;
  if (proto > kHighestProtocol) return raiseValueError(t, "pickle protocol must be <= %d", kHighestProtocol);
  if (!buffer_callback.isNone() && proto < 5) return raiseValueError(t, "buffer_callback needs protocol >= 5");
  p->d->proto = static_cast<int>(proto);
  p->d->bin = proto > 0;
  p->d->fix_imports = TRY(isTrue_py(t, fix_imports)) && proto < 3;
  if (!buffer_callback.isNone()) p->buffer_callback = share(buffer_callback);
  return kDone;
}
static Ref newPickler(Type* type) {
  Pickler* p = allocate<Pickler>(type);
  p->d = new PicklerData;
  gcTrack(p);
  return Ref::steal(p);
}
static Status setFile_py(Thread& t, Pickler* p, Value file) {
  Ref write = findAttr_py(t, file, intern(*t.isolate, "write"));
  if (!write) {
    if (isPending(t)) return kRaised;
    return raiseTypeError(t, "file must have a 'write' attribute");
  }
  Value old = p->write;
  p->write = write.release();
  decref(old);
  return kDone;
}
// Writes the whole pickle; the bytes end up in the data's buffer or the file.
static Status run_py(Thread& t, Pickler* p, Value v) {
  PicklerData& d = *p->d;
  d.out.clear();
  d.frame_start = -1;
  d.is_framing = false;
  if (d.proto >= 2) d.out += std::string{kProto, static_cast<char>(d.proto)};
  d.is_framing = d.proto >= 4;
  Status done = save_py(t, p, v);
  if (!done.failed) put(p, kStop);
  closeFrame(d);
  d.is_framing = false;
  return done;
}
static Ref dumpMethod(Thread& t, const Value* a) {
  Pickler* p = self(a[0]);
  if (p->write.isUndefined()) return raise(t, state.pickling_error, "Pickler.__init__() was not called by %s.__init__()", typeNameOf(t, a[0]));
  // A subclass's own reducer_override and persistent_id.
  Value fields[] = {p->reducer_override};
  decref(fields[0]);
  p->reducer_override = Value();
  if (typeOfHeap(a[0]) != state.pickler || p->dict != nullptr) {
    Ref own = findAttr_py(t, a[0], intern(*t.isolate, "reducer_override"));
    if (!own && isPending(t)) return kRaised;
    p->reducer_override = own.release();
  }
  Value old = p->persistent_id;
  p->persistent_id = Value();
  decref(old);
  if (typeLookup(typeOfHeap(a[0]), intern(*t.isolate, "persistent_id")) != typeLookup(state.pickler, intern(*t.isolate, "persistent_id"))) {
    Ref own = TRY(getAttrNamed_py(t, a[0], "persistent_id"));
    p->persistent_id = own.release();
  }
  TRY(run_py(t, p, a[1]));
  TRY(flush_py(t, p));
  clearField(p->reducer_override);  // bound to the pickler: a cycle
  clearField(p->persistent_id);
  return Ref::none();
}
static Ref clearMemo(Thread&, const Value* a) {
  self(a[0])->d->memo.clear();
  return Ref::none();
}
static Status picklerInit(Thread& t, Value v, const Value* args, uint32_t nargs, Tuple* keywords) {
  BoundArguments a;
  TRY(bindArguments_py(t, "Pickler", "(file, protocol=None, fix_imports=True, buffer_callback=None)", args, nargs, keywords, a));
  Pickler* p = self(v);
  p->d->memo.clear();
  clearField(p->buffer_callback);
  TRY(setUp_py(t, p, a[1], a[2], a[3]));
  TRY(setFile_py(t, p, a[0]));
  if (typeOfHeap(v) != state.pickler) {
    Ref table = findAttr_py(t, v, intern(*t.isolate, "dispatch_table"));
    if (!table && isPending(t)) return kRaised;
    Value old = p->dispatch_table;
    p->dispatch_table = table.release();
    decref(old);
  }
  return kDone;
}
Ref dumps_py(Thread& t, Value v, Value protocol, Value fix_imports, Value buffer_callback) {
  Ref p = newPickler(state.pickler);
  TRY(setUp_py(t, self(p.get()), protocol, fix_imports, buffer_callback));
  TRY(run_py(t, self(p.get()), v));
  return newBytes(t, self(p.get())->d->out);
}
Ref dumpTo_py(Thread& t, Value v, Value file, Value protocol, Value fix_imports, Value buffer_callback) {
  Ref p = newPickler(state.pickler);
  TRY(setUp_py(t, self(p.get()), protocol, fix_imports, buffer_callback));
  TRY(setFile_py(t, self(p.get()), file));
  TRY(run_py(t, self(p.get()), v));
  TRY(flush_py(t, self(p.get())));
  return Ref::none();
}

static Ref getBin(Thread&, Value v) { return newIntSmall(self(v)->d->bin); }
static Status setBin(Thread& t, Value v, Value value) {
  self(v)->d->bin = TRY(isTrue_py(t, value));
  return kDone;
}
static Ref getFast(Thread&, Value v) { return newIntSmall(self(v)->d->fast); }
static Status setFast(Thread& t, Value v, Value value) {
  self(v)->d->fast = TRY(isTrue_py(t, value));
  return kDone;
}
// A copy of the memo as {id: (number, object)}.
static Ref getMemo(Thread& t, Value v) {
  Ref dict = newDict(t);
  for (const Memo::Entry& e : self(v)->d->memo.entries()) {
    if (e.object == nullptr) continue;
    Ref pair = tupleOf(t, {Value::fromInt(e.index), Value(e.object)}), id = newInt(t, static_cast<int64_t>(reinterpret_cast<intptr_t>(e.object)));
    TRY(dictSet_py(t, dict.as<Dict>(), id.get(), pair.get()));
  }
  return dict;
}
static Status setMemo(Thread& t, Value v, Value value) {
  if (!isDict(value)) return raiseTypeError(t, "'memo' attribute must be a PicklerMemoProxy object or dict, not %s", typeNameOf(t, value));
  Memo& memo = self(v)->d->memo;
  memo.clear();
  Value key, pair;
  for (int64_t at = 0; dictNext(value.as<Dict>(), at, key, pair);) {
    if (!isTuple(pair) || pair.as<Tuple>()->size != 2 || !(*pair.as<Tuple>())[0].isInt()) return raiseTypeError(t, "'memo' values must be 2-item tuples");
    if ((*pair.as<Tuple>())[1].isHeap()) memo.add((*pair.as<Tuple>())[1].object(), (*pair.as<Tuple>())[0].asInt());
  }
  return kDone;
}
static Ref getTable(Thread& t, Value v) {
  if (self(v)->dispatch_table.isUndefined()) return raiseNoAttribute(t, v, intern(*t.isolate, "dispatch_table"));
  return Ref::of(self(v)->dispatch_table);
}
static Status setTable(Thread&, Value v, Value value) {
  Value old = self(v)->dispatch_table;
  self(v)->dispatch_table = share(value);
  decref(old);
  return kDone;
}
static Ref persistentId(Thread&, const Value*) { return Ref::none(); }
static Status setAttribute(Thread& t, Value v, Str* name, Value value) {
  if (!strEquals(name, "persistent_id")) return genericSetAttr_py(t, v, name, value);
  Value old = self(v)->own_persistent_id;
  self(v)->own_persistent_id = share(value);
  decref(old);
  return kDone;
}
static Ref getAttribute(Thread& t, Value v, Str* name) {
  if (self(v)->own_persistent_id.defined() && strEquals(name, "persistent_id")) return Ref::of(self(v)->own_persistent_id);
  return genericGetAttr_py(t, v, name);
}
static const NativeDef kMethods[] = {{"dump", "($self, obj, /)", dumpMethod, "Write a pickled representation of the given object to the open file."},
    {"clear_memo", "($self, /)", clearMemo, "Clears the pickler's \"memo\"."}, {"persistent_id", "($self, obj, /)", persistentId}, {nullptr, nullptr, nullptr}};
static const GetSetDef kGetSets[] = {{"bin", getBin, setBin}, {"fast", getFast, setFast}, {"memo", getMemo, setMemo}, {"dispatch_table", getTable, setTable}, {nullptr, nullptr}};

void makePicklerType(Thread& t, Module* m) {
  Type* type = state.pickler = makeType(*t.isolate, {.name = "_pickle.Pickler", .size = sizeof(Pickler), .flags = kTypeBaseable | kTypeGc, .methods = kMethods, .getsets = kGetSets,
      .doc = "This takes a binary file for writing a pickle data stream."});
  Slots& s = type->slots;
  s.clear = [](Object* o) {
    Pickler* p = static_cast<Pickler*>(o);
    for (Value* v : {&p->write, &p->persistent_id, &p->own_persistent_id, &p->dispatch_table, &p->reducer_override, &p->buffer_callback}) clearField(*v);
    p->d->memo.clear();
  };
  s.dealloc = [](Object* o) {
    Pickler* p = static_cast<Pickler*>(o);
    for (Value* v : {&p->write, &p->persistent_id, &p->own_persistent_id, &p->dispatch_table, &p->reducer_override, &p->buffer_callback}) clearField(*v);
    delete p->d;
  };
  s.traverse = [](Object* o, Visitor visitor, void* context) {
    Pickler* p = static_cast<Pickler*>(o);
    for (Value v : {p->write, p->persistent_id, p->own_persistent_id, p->dispatch_table, p->reducer_override, p->buffer_callback}) visit(v, visitor, context);
    for (const Memo::Entry& e : p->d->memo.entries()) visit(Value(e.object), visitor, context);
  };
  s.make = [](Thread&, Type* own, const Value*, uint32_t, Tuple*) -> Ref { return newPickler(own); };
  s.init = picklerInit;
  s.set_attr = setAttribute;
  s.get_attr = getAttribute;
  readyType(*t.isolate, type);
  moduleSetType(t, m, type);
}

}  // namespace krait::modules::pickle
