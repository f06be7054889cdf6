// Dict's table: entries in insertion order plus an open-addressed index of entry numbers, one, two or four bytes wide.
// A lookup that runs Python's __eq__ starts over when that changed the table, so no callback sees or leaves a half-made
// state. ref: Objects/dictobject.c (probing and growth as there).
#include <cstring>

#include "runtime/object/containers.h"
#include "runtime/object/dict_order.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::object {

static constexpr int64_t kEmpty = -1, kDeleted = -2;

static int64_t indexGet(const Dict* d, uint64_t slot) {
  if (d->index_log2 < 8) return static_cast<int8_t*>(d->index)[slot];
  if (d->index_log2 < 16) return static_cast<int16_t*>(d->index)[slot];
  return static_cast<int32_t*>(d->index)[slot];
}
static void indexSet(Dict* d, uint64_t slot, int64_t value) {
  if (d->index_log2 < 8) static_cast<int8_t*>(d->index)[slot] = static_cast<int8_t>(value);
  else if (d->index_log2 < 16) static_cast<int16_t*>(d->index)[slot] = static_cast<int16_t>(value);
  else static_cast<int32_t*>(d->index)[slot] = static_cast<int32_t>(value);
}
static size_t indexBytes(int log2) { return (size_t{1} << log2) * (log2 < 8 ? 1 : log2 < 16 ? 2 : 4); }

Ref newDict(Thread& t) {
  Dict* d = static_cast<Dict*>(allocateBytes(sizeof(Dict)));
  initHeader(d, t.types().dict);
  std::memset(static_cast<void*>(&d->used), 0, sizeof(Dict) - sizeof(Object));
  d->only_str = true;
  return Ref::steal(d);
}

static int64_t entriesOf(int log2) { return (int64_t{1} << log2) * 2 / 3; }
static void freeTable(DictEntry* entries, void* index, int log2) {
  if (entries != nullptr) freeBytes(entries, static_cast<size_t>(entriesOf(log2)) * sizeof(DictEntry));
  if (index != nullptr) freeBytes(index, indexBytes(log2));
}

static void placeInIndex(Dict* d, int64_t hash, int64_t entry) {
  uint64_t mask = (uint64_t{1} << d->index_log2) - 1, perturb = hash, slot = hash & mask;
  while (indexGet(d, slot) >= 0) {
    perturb >>= 5;
    slot = (slot * 5 + perturb + 1) & mask;
  }
  indexSet(d, slot, entry);
}

// Rebuilds the table with room for at least `wanted` entries; drops deleted ones. The first `gap` entries stay free.
static void rebuild(Dict* d, int64_t wanted, int64_t gap = 0) {
  int log2 = 3;
  while (entriesOf(log2) < wanted) ++log2;
  int64_t capacity = entriesOf(log2);
  DictEntry* entries = static_cast<DictEntry*>(allocateBytes(capacity * sizeof(DictEntry)));
  void* index = allocateBytes(indexBytes(log2));
  std::memset(index, 0xFF, indexBytes(log2));
  DictEntry* old = d->entries;
  int64_t old_filled = d->filled;
  void* old_index = d->index;
  int old_log2 = d->index_log2;
  d->entries = entries;
  d->index = index;
  d->index_log2 = static_cast<uint8_t>(log2);
  d->capacity = capacity;
  int64_t n = gap;
  if (gap > 0) std::memset(static_cast<void*>(entries), 0, static_cast<size_t>(gap) * sizeof(DictEntry));
  for (int64_t i = 0; i < old_filled; ++i) {
    if (old[i].key.isUndefined()) continue;
    entries[n] = old[i];
    placeInIndex(d, old[i].hash, n++);
  }
  d->filled = n;
  if (old_filled != n) ++d->version;  // entries moved
  freeTable(old, old_index, old_log2);
}

int64_t dictFindStr(Dict* d, Str* key) {
  if (d->used == 0) return -1;
  int64_t hash = strHash(key);
  uint64_t mask = (uint64_t{1} << d->index_log2) - 1, perturb = hash, slot = hash & mask;
  for (;;) {
    int64_t i = indexGet(d, slot);
    if (i == kEmpty) return -1;
    if (i >= 0) {
      const DictEntry& e = d->entries[i];
      if (e.key == Value(key)) return i;
      if (e.hash == hash && isStr(e.key) && strEqual(e.key.as<Str>(), key)) return i;
    }
    perturb >>= 5;
    slot = (slot * 5 + perturb + 1) & mask;
  }
}

int64_t dictFind_py(Thread& t, Dict* d, Value key, int64_t hash) {
  if (isExactStr(key) && d->only_str) return dictFindStr(d, key.as<Str>());
restart:
  if (d->used == 0) return -1;
  uint64_t mask = (uint64_t{1} << d->index_log2) - 1, perturb = hash, slot = hash & mask;
  for (;;) {
    int64_t i = indexGet(d, slot);
    if (i == kEmpty) return -1;
    if (i >= 0) {
      DictEntry& e = d->entries[i];
      if (e.key == key) return i;
      int same_key = e.hash == hash ? quickEqual(e.key, key) : 0;
      if (same_key == 1) return i;
      if (same_key < 0) {
        DictEntry* entries = d->entries;
        uint64_t version = d->version;
        Ref held = Ref::of(e.key);
        Fallible<bool> same = compareTrue_py(t, held.get(), key, CompareOp::kEq);
        if (same.failed) return -2;
        if (entries != d->entries || version != d->version || d->entries[i].key != held.get()) goto restart;
        if (same.value) return i;
      }
    }
    perturb >>= 5;
    slot = (slot * 5 + perturb + 1) & mask;
  }
}

std::string fullTypeName(Thread& t, Value v);
// The pending TypeError about an unhashable key says what the key was for.
RaisedTag raiseUnhashable_py(Thread& t, Value key, const char* use) {
  if (!isPending(t) || typeOfHeap(t.pending) != errors(t).type_error) return kRaised;
  Ref e = takeException(t);
  Ref why = TRY(str_py(t, e.get()));
  return raiseTypeError(t, "cannot use '%s' as a %s (%s)", fullTypeName(t, key).c_str(), use, toUtf8(why.as<Str>()).c_str());
}
Fallible<int64_t> hashKey_py(Thread& t, Value key) {
  Fallible<int64_t> hash = hash_py(t, key);
  if (__builtin_expect(hash.failed, 0)) return raiseUnhashable_py(t, key, "dict key");
  return hash;
}

Value dictGetHashed_py(Thread& t, Dict* d, Value key, int64_t hash) {
  int64_t i = dictFind_py(t, d, key, hash);
  return i < 0 ? Value() : d->entries[i].value;
}

Value dictGet_py(Thread& t, Dict* d, Value key) {
  if (isExactStr(key) && d->only_str) return dictGetStr(d, key.as<Str>());
  Fallible<int64_t> hash = hashKey_py(t, key);
  return hash.failed ? Value() : dictGetHashed_py(t, d, key, hash.value);
}

Value dictGetStr(Dict* d, Str* key) {
  int64_t i = dictFindStr(d, key);
  return i < 0 ? Value() : d->entries[i].value;
}

// Whether a new key may hide a builtin: what a dict's keys_version is about.
static bool mayHide(Value key) {
  Dict* builtins = current_thread->isolate->builtins;
  return builtins == nullptr || !isExactStr(key) || dictFindStr(builtins, key.as<Str>()) >= 0;
}

static void addEntry(Dict* d, Value key, int64_t hash, Value value) {
  if (d->filled == d->capacity) rebuild(d, d->used * 3 > 5 ? d->used * 2 : 5);
  if (d->only_str && !isExactStr(key)) d->only_str = false;
  d->entries[d->filled] = {hash, share(key), share(value)};
  placeInIndex(d, hash, d->filled);
  ++d->filled;
  ++d->used;
  ++d->version;
  if (d->keys_version != 0 && mayHide(key)) d->keys_version = 0;
  if (!(d->gc & kGcTracked) && (value.isHeap() || key.isHeap())) gcTrackSlow(d);
}

static void replaceValue(Dict* d, int64_t i, Value value) {
  Value old = d->entries[i].value;
  d->entries[i].value = share(value);
  if (!(d->gc & kGcTracked) && value.isHeap()) gcTrackSlow(d);
  decref(old);
}

// Asked before one more entry: can the next table be had? (Small ones come out of the reserve.)
static bool hasRoom(const Dict* d) {
  return d->filled < d->capacity || d->capacity < 10000 || canAllocate(static_cast<size_t>(d->used) * 2 * (sizeof(DictEntry) + 8));
}

Status dictSetHashed_py(Thread& t, Dict* d, Value key, int64_t hash, Value value) {
  if (__builtin_expect(!hasRoom(d), 0)) return raiseMemoryError(t);
  int64_t i = dictFind_py(t, d, key, hash);
  if (i == -2) return kRaised;
  if (i >= 0) replaceValue(d, i, value);
  else addEntry(d, key, hash, value);
  return kDone;
}

Status dictAddHashed_py(Thread& t, Dict* d, Value key, int64_t hash, Value value) {
  if (!hasRoom(d)) return raiseMemoryError(t);
  addEntry(d, key, hash, value);
  return kDone;
}

Status dictSet_py(Thread& t, Dict* d, Value key, Value value) {
  if (isExactStr(key) && d->only_str) {
    if (__builtin_expect(!hasRoom(d), 0)) return raiseMemoryError(t);
    dictSetStr(d, key.as<Str>(), value);
    return kDone;
  }
  int64_t hash = TRY(hashKey_py(t, key));
  return dictSetHashed_py(t, d, key, hash, value);
}

void dictSetStr(Dict* d, Str* key, Value value) {
  int64_t i = dictFindStr(d, key);
  if (i >= 0) replaceValue(d, i, value);
  else addEntry(d, key, strHash(key), value);
}

// The entry is free; its key and value are the caller's.
static void takeOut(Dict* d, int64_t entry) {
  DictEntry& e = d->entries[entry];
  uint64_t mask = (uint64_t{1} << d->index_log2) - 1, perturb = e.hash, slot = e.hash & mask;
  while (indexGet(d, slot) != entry) {
    perturb >>= 5;
    slot = (slot * 5 + perturb + 1) & mask;
  }
  indexSet(d, slot, kDeleted);
  e.key = e.value = Value();
  e.hash = 0;
  --d->used;
  ++d->version;
}
static void removeEntry(Dict* d, int64_t entry) {
  Value key = d->entries[entry].key, value = d->entries[entry].value;
  takeOut(d, entry);
  decref(key);
  decref(value);
}
void dictRemoveAt(Dict* d, int64_t entry) { removeEntry(d, entry); }

// The hash of a free first entry says how many free ones are known to begin the table (0: not counted yet).
int64_t dictFirst(Dict* d) {
  if (d->used == 0) return d->filled;
  if (d->entries[0].key.defined()) return 0;
  int64_t first = d->entries[0].hash > 1 ? d->entries[0].hash : 1;
  while (d->entries[first].key.isUndefined()) ++first;
  d->entries[0].hash = first;
  return first;
}
int64_t dictLast(Dict* d) {
  // The index keeps its marks, so the room of what is cut off is not given back: it would run out of empty slots.
  for (; d->filled > 0 && d->entries[d->filled - 1].key.isUndefined(); --d->filled) --d->capacity;
  return d->filled - 1;
}
void dictMoveLast(Dict* d, int64_t entry) {
  if (entry == dictLast(d)) return;
  DictEntry e = d->entries[entry];
  takeOut(d, entry);
  addEntry(d, e.key, e.hash, e.value);
  decref(e.key);
  decref(e.value);
}
void dictMoveFirst(Dict* d, int64_t entry) {
  int64_t first = dictFirst(d);
  if (entry == first) return;
  DictEntry e = d->entries[entry];
  takeOut(d, entry);
  if (first == 0 || d->filled >= d->capacity) {
    first = d->used < 8 ? 8 : d->used;
    rebuild(d, first + d->used * 2 + 1, first);
  }
  --d->capacity;  // one more mark in the index
  d->entries[--first] = e;
  placeInIndex(d, e.hash, first);
  if (first > 0) d->entries[0].hash = first;
  ++d->used;
  ++d->version;
}

Fallible<bool> dictDelete_py(Thread& t, Dict* d, Value key) {
  int64_t hash = TRY(hashKey_py(t, key));
  int64_t i = dictFind_py(t, d, key, hash);
  if (i == -2) return kRaised;
  if (i >= 0) removeEntry(d, i);
  return i >= 0;
}

bool dictDeleteStr(Dict* d, Str* key) {
  int64_t i = dictFindStr(d, key);
  if (i >= 0) removeEntry(d, i);
  return i >= 0;
}

Ref dictPop_py(Thread& t, Dict* d, Value key) {
  int64_t hash = TRY(hashKey_py(t, key));
  int64_t i = dictFind_py(t, d, key, hash);
  if (i < 0) return Ref();
  Ref value = Ref::of(d->entries[i].value);
  removeEntry(d, i);
  return value;
}

void dictClear(Dict* d) {
  DictEntry* entries = d->entries;
  int64_t filled = d->filled;
  void* index = d->index;
  int log2 = d->index_log2;
  d->entries = nullptr;
  d->index = nullptr;
  d->used = d->filled = d->capacity = 0;
  d->index_log2 = 0;
  d->keys_version = 0;
  d->only_str = true;
  ++d->version;
  for (int64_t i = 0; i < filled; ++i) {
    if (entries[i].key.isUndefined()) continue;
    decref(entries[i].key);
    decref(entries[i].value);
  }
  freeTable(entries, index, log2);
}

// Fills an empty dict with another one's entries; the table is the same when nothing was ever taken out of it (removeEntry).
static void copyInto(Dict* d, Dict* from) {
  bool is_same = from->used == from->filled && from->capacity == entriesOf(from->index_log2) && from->used * 3 >= from->capacity;
  if (is_same) {
    DictEntry* old = d->entries;
    void* old_index = d->index;
    int old_log2 = d->index_log2;
    d->entries = static_cast<DictEntry*>(allocateBytes(static_cast<size_t>(from->capacity) * sizeof(DictEntry)));
    d->index = allocateBytes(indexBytes(from->index_log2));
    d->index_log2 = from->index_log2;
    d->capacity = from->capacity;
    std::memcpy(d->index, from->index, indexBytes(from->index_log2));
    freeTable(old, old_index, old_log2);
  } else {
    rebuild(d, from->used);
  }
  d->only_str = from->only_str;
  for (int64_t i = 0; i < from->filled; ++i) {
    const DictEntry& e = from->entries[i];
    if (e.key.isUndefined()) continue;
    d->entries[d->filled] = {e.hash, share(e.key), share(e.value)};
    if (!is_same) placeInIndex(d, e.hash, d->filled);
    ++d->filled;
    ++d->used;
  }
  gcTrack(d);
}

Ref dictCopy(Thread& t, Dict* from) {
  Ref r = newDict(t);
  if (from->used != 0) copyInto(r.as<Dict>(), from);
  return r;
}

bool dictNext(Dict* d, int64_t& position, Value& key, Value& value) {
  if (position == 0) position = dictFirst(d);
  while (position < d->filled) {
    const DictEntry& e = d->entries[position++];
    if (e.key.isUndefined()) continue;
    key = e.key;
    value = e.value;
    return true;
  }
  return false;
}

uint32_t dictKeysVersion(Isolate& isolate, Dict* d) {
  if (d->keys_version == 0 && isolate.next_keys_version != 0xFFFFFFFFu) d->keys_version = isolate.next_keys_version++;
  return d->keys_version;
}

Ref dictKeysList(Thread& t, Dict* d) {
  Ref list = newList(t, d->used);
  Value key, value;
  for (int64_t at = 0; dictNext(d, at, key, value);) listAppend(list.as<List>(), key);
  return list;
}

static Status mergePair(Thread& t, Dict* d, Value key, Value value, int overwrite) {
  if (overwrite == 1) return dictSet_py(t, d, key, value);
  int64_t hash = TRY(hashKey_py(t, key));
  int64_t i = dictFind_py(t, d, key, hash);
  if (i == -2) return kRaised;
  if (i < 0) return dictSetHashed_py(t, d, key, hash, value);
  if (overwrite == 2) return raiseKeyError(t, key);
  return kDone;
}

static Status mergeDict(Thread& t, Dict* d, Dict* other, int overwrite) {
  // One that nobody has looked at as a namespace yet.
  if (d->filled == 0 && d->keys_version == 0 && other != d && other->used > 0) {
    copyInto(d, other);
    ++d->version;
    return kDone;
  }
  if (d->used == 0 && other->used > 5) rebuild(d, other->used);
  uint64_t version = other->version;
  Value key, value;
  for (int64_t at = 0; dictNext(other, at, key, value);) {
    Ref held_key = Ref::of(key), held_value = Ref::of(value);
    TRY(mergePair(t, d, key, value, overwrite));
    if (other->version != version && other != d) return raiseRuntimeError(t, "dict mutated during update");
  }
  return kDone;
}

static Status mergePairs(Thread& t, Dict* d, Value other, int overwrite) {
  int64_t at = 0;
  Iteration it(t, other);
  for (; it.next(); ++at) {
    Ref pair = listFromIterable_py(t, it.value());
    if (!pair) {
      if (!pendingMatches(t, errors(t).type_error)) return kRaised;
      clearException(t);
      (void)raiseTypeError(t, "object is not iterable");
      Ref e = takeException(t);
      Ref note = strFormat(t, "Cannot convert dictionary update sequence element #%ld to a sequence", static_cast<long>(at));
      TRY(callMethod_py(t, e.get(), intern(*t.isolate, "add_note"), note.get()));
      restoreException(t, std::move(e));
      return kRaised;
    }
    List* items = pair.as<List>();
    if (items->size != 2) {
      return raiseValueError(t, "dictionary update sequence element #%ld has length %ld; 2 is required",
                             static_cast<long>(at), static_cast<long>(items->size));
    }
    TRY(mergePair(t, d, items->items[0], items->items[1], overwrite));
  }
  if (it.raised()) return kRaised;
  return kDone;
}

Status dictMerge_py(Thread& t, Dict* d, Value other, int overwrite) {
  if (isDict(other) && (typeOfHeap(other)->id == TypeId::kDict ||
                        typeOfHeap(other)->slots.iter == t.types().dict->slots.iter)) {
    return mergeDict(t, d, other.as<Dict>(), overwrite);
  }
  Ref keys_method = findAttr_py(t, other, t.names().keys);
  if (!keys_method) {
    if (isPending(t)) return kRaised;
    return mergePairs(t, d, other, overwrite);
  }
  Ref keys = TRY(call_py(t, keys_method.get(), nullptr, 0));
  Iteration it(t, keys.get());
  while (it.next()) {
    Ref value = TRY(getItem_py(t, other, it.value()));
    TRY(mergePair(t, d, it.value(), value.get(), overwrite));
  }
  if (it.raised()) return kRaised;
  return kDone;
}

}  // namespace krait::object
