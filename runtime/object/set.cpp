// Set's table: open addressing with runs of linear probes, exactly as CPython probes and grows, because the order of
// iteration shows it. ref: Objects/setobject.c, set_add_entry, set_lookkey, set_table_resize.
#include <cstring>

#include "runtime/object/containers.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"
#include "runtime/object/protocol.h"

namespace krait::object {

static constexpr int64_t kLinearProbes = 9;

static Ref makeSet(Type* type) {
  Set* s = allocate<Set>(type);
  s->mask = 7;
  s->table = s->small;
  for (SetEntry& e : s->small) e.key = Value();
  gcTrack(s);
  return Ref::steal(s);
}

Ref newSet(Thread& t) { return makeSet(t.types().set); }
Ref newFrozenSet(Thread& t) { return makeSet(t.types().frozenset); }

static bool isFree(const SetEntry& e) { return e.key.isUndefined() && e.hash == 0; }

static void insertClean(SetEntry* table, int64_t mask, Value key, int64_t hash) {
  uint64_t perturb = hash, i = hash & mask;
  for (;;) {
    SetEntry* e = &table[i];
    int64_t probes = i + kLinearProbes <= static_cast<uint64_t>(mask) ? kLinearProbes : 0;
    do {
      if (e->key.isUndefined()) {
        *e = {hash, key};
        return;
      }
      ++e;
    } while (probes--);
    perturb >>= 5;
    i = (i * 5 + 1 + perturb) & mask;
  }
}

static void resize(Set* s, int64_t minimum) {
  int64_t size = 8;
  while (size <= minimum) size <<= 1;
  SetEntry* old = s->table;
  int64_t old_mask = s->mask;
  SetEntry saved[8];
  bool was_small = old == s->small;
  if (was_small) {
    std::memcpy(static_cast<void*>(saved), s->small, sizeof saved);
    old = saved;
  }
  SetEntry* table = size == 8 ? s->small : static_cast<SetEntry*>(allocateBytes(size * sizeof(SetEntry)));
  for (int64_t i = 0; i < size; ++i) table[i] = {0, Value()};
  for (int64_t i = 0; i <= old_mask; ++i) {
    if (old[i].key.defined()) insertClean(table, size - 1, old[i].key, old[i].hash);
  }
  s->table = table;
  s->mask = size - 1;
  s->filled = s->used;
  if (!was_small) freeBytes(old, (old_mask + 1) * sizeof(SetEntry));
}

// The entry that holds the key, or the free entry where the probe ended; null when comparing raised.
static SetEntry* lookup_py(Thread& t, Set* s, Value key, int64_t hash) {
restart:
  uint64_t mask = s->mask, perturb = hash, i = hash & mask;
  for (;;) {
    SetEntry* e = &s->table[i];
    int64_t probes = i + kLinearProbes <= mask ? kLinearProbes : 0;
    do {
      if (isFree(*e)) return e;
      if (e->hash == hash && e->key.defined()) {
        int same_key = quickEqual(e->key, key);
        if (same_key == 1 || e->key == key) return e;
        if (same_key == 0) {
          ++e;
          continue;
        }
        SetEntry* table = s->table;
        Ref held = Ref::of(e->key);
        Fallible<bool> same = compareTrue_py(t, held.get(), key, CompareOp::kEq);
        if (same.failed) return nullptr;
        if (s->table != table || e->key != held.get()) goto restart;
        if (same.value) return e;
      }
      ++e;
    } while (probes--);
    perturb >>= 5;
    i = (i * 5 + 1 + perturb) & mask;
  }
}

static Status addHashed_py(Thread& t, Set* s, Value key, int64_t hash) {
  SetEntry* e = lookup_py(t, s, key, hash);
  if (e == nullptr) return kRaised;
  if (e->key.defined()) return kDone;
  bool grows = (s->filled + 1) * 5 >= s->mask * 3;
  if (grows && !canAllocate(static_cast<size_t>(s->mask) * 4 * sizeof(SetEntry))) return raiseMemoryError(t);
  *e = {hash, share(key)};
  ++s->filled;
  ++s->used;
  if (s->filled * 5 >= s->mask * 3) resize(s, s->used > 50000 ? s->used * 2 : s->used * 4);
  return kDone;
}

RaisedTag raiseUnhashable_py(Thread& t, Value key, const char* use);  // dict.cpp

Status setAdd_py(Thread& t, Set* s, Value key) {
  Fallible<int64_t> known = hash_py(t, key);
  if (__builtin_expect(known.failed, 0)) return raiseUnhashable_py(t, key, "set element");
  int64_t hash = known.value;
  return addHashed_py(t, s, key, hash);
}

// A set looks up a set by its frozen value. ref: set_contains.
static Fallible<int64_t> hashForLookup_py(Thread& t, Value key) {
  Fallible<int64_t> hash = hash_py(t, key);
  if (!hash.failed) return hash;
  if (!hasLayout(key, TypeId::kSet) || !pendingMatches(t, errors(t).type_error)) return raiseUnhashable_py(t, key, "set element");
  clearException(t);
  Ref frozen = TRY(setFromIterable_py(t, t.types().frozenset, key));
  return hash_py(t, frozen.get());
}

Fallible<bool> setContains_py(Thread& t, Set* s, Value key) {
  int64_t hash = TRY(hashForLookup_py(t, key));
  SetEntry* e = lookup_py(t, s, key, hash);
  if (e == nullptr) return kRaised;
  return e->key.defined();
}

Fallible<bool> setContainsHashed_py(Thread& t, Set* s, Value key, int64_t hash) {
  SetEntry* e = lookup_py(t, s, key, hash);
  if (e == nullptr) return kRaised;
  return e->key.defined();
}
Status setAddHashed_py(Thread& t, Set* s, Value key, int64_t hash) { return addHashed_py(t, s, key, hash); }

Fallible<bool> setDiscard_py(Thread& t, Set* s, Value key) {
  int64_t hash = TRY(hashForLookup_py(t, key));
  return setDiscardHashed_py(t, s, key, hash);
}
Fallible<bool> setDiscardHashed_py(Thread& t, Set* s, Value key, int64_t hash) {
  SetEntry* e = lookup_py(t, s, key, hash);
  if (e == nullptr) return kRaised;
  if (e->key.isUndefined()) return false;
  Value old = e->key;
  *e = {-1, Value()};
  --s->used;
  decref(old);
  return true;
}

static Status mergeSet_py(Thread& t, Set* s, Set* other) {
  if (other == s || other->used == 0) return kDone;
  if ((s->filled + other->used) * 5 >= s->mask * 3) resize(s, (s->used + other->used) * 2);
  if (s->filled == 0 && s->mask == other->mask && other->filled == other->used) {  // same table: same places
    for (int64_t i = 0; i <= other->mask; ++i) {
      s->table[i] = other->table[i];
      incref(s->table[i].key);
    }
    s->filled = s->used = other->used;
    return kDone;
  }
  if (s->filled == 0) {
    for (int64_t i = 0; i <= other->mask; ++i) {
      const SetEntry& e = other->table[i];
      if (e.key.defined()) insertClean(s->table, s->mask, share(e.key), e.hash);
    }
    s->filled = s->used = other->used;
    return kDone;
  }
  for (int64_t i = 0; i <= other->mask; ++i) {
    SetEntry e = other->table[i];
    if (e.key.isUndefined()) continue;
    Ref held = Ref::of(e.key);
    TRY(addHashed_py(t, s, e.key, e.hash));
  }
  return kDone;
}

// ref: set_update_dict_lock_held: the keys' hashes are reused.
static Status mergeDictKeys_py(Thread& t, Set* s, Dict* d) {
  if ((s->filled + d->used) * 5 >= s->mask * 3) resize(s, (s->used + d->used) * 2);
  for (int64_t i = 0; i < d->filled; ++i) {
    DictEntry e = d->entries[i];
    if (e.key.isUndefined()) continue;
    Ref held = Ref::of(e.key);
    TRY(addHashed_py(t, s, e.key, e.hash));
  }
  return kDone;
}

Status setUpdate_py(Thread& t, Set* s, Value iterable) {
  if (isSet(iterable)) return mergeSet_py(t, s, iterable.as<Set>());
  if (isExact(iterable, TypeId::kDict)) return mergeDictKeys_py(t, s, iterable.as<Dict>());
  Iteration it(t, iterable);
  while (it.next()) TRY(setAdd_py(t, s, it.value()));
  if (it.raised()) return kRaised;
  return kDone;
}

Ref setFromIterable_py(Thread& t, Type* type, Value iterable) {
  Ref r = makeSet(type);
  if (iterable.defined()) TRY(setUpdate_py(t, r.as<Set>(), iterable));
  return r;
}

void setClear(Set* s) {
  SetEntry* table = s->table;
  int64_t mask = s->mask;
  SetEntry saved[8];
  bool was_small = table == s->small;
  if (was_small) {
    std::memcpy(static_cast<void*>(saved), s->small, sizeof saved);
    table = saved;
  }
  s->table = s->small;
  s->mask = 7;
  s->used = s->filled = 0;
  for (SetEntry& e : s->small) e = {0, Value()};
  for (int64_t i = 0; i <= mask; ++i) decref(table[i].key);
  if (!was_small) freeBytes(table, (mask + 1) * sizeof(SetEntry));
}

bool setNext(Set* s, int64_t& position, Value& key) {
  while (position <= s->mask) {
    const SetEntry& e = s->table[position++];
    if (e.key.isUndefined()) continue;
    key = e.key;
    return true;
  }
  return false;
}

}  // namespace krait::object
