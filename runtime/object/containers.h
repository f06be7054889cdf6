// The builtin containers: Tuple, List, Dict (compact, insertion-ordered), Set, Slice, Range, and what C++ code does with
// them. Functions named …Steal take over the caller's references.
#pragma once

#include "runtime/object/type.h"

namespace krait::object {

struct Tuple : Object {
  int64_t size;
  int64_t hash;  // 0: not computed; the hash is cached as in CPython 3.14
  Value* items() { return reinterpret_cast<Value*>(this + 1); }
  const Value* items() const { return reinterpret_cast<const Value*>(this + 1); }
  Value operator[](int64_t i) const { return items()[i]; }
};

struct List : Object {
  int64_t size;
  int64_t capacity;
  Value* items;
};

struct DictEntry {
  int64_t hash;
  Value key;    // Undefined: deleted
  Value value;
};

struct Dict : Object {
  int64_t used;        // live entries
  int64_t filled;      // entries in use, deleted ones included
  int64_t capacity;    // entries that may be filled before the next rebuild
  DictEntry* entries;
  void* index;         // int8/16/32 slots: entry number, -1 empty, -2 deleted
  uint8_t index_log2;  // slots = 1 << index_log2
  bool only_str;       // every key is an exact str
  uint32_t keys_version;  // 0: none; changes whenever a key is added that the builtins have too
  uint64_t version;    // counts changes of keys (iteration checks it)
};

struct SetEntry {
  int64_t hash;
  Value key;  // Undefined and hash 0: free; Undefined and hash -1: deleted
};

struct Set : Object {
  int64_t used;
  int64_t filled;
  int64_t mask;
  SetEntry* table;
  int64_t hash;  // frozenset: cached, 0: not computed
  SetEntry small[8];
};

struct Slice : Object {
  Value start, stop, step;
};

struct Range : Object {
  Value start, stop, step, length;  // ints
};

// --- tuple
Ref newTuple(Thread& t, int64_t size);  // items are None
Ref tupleOf(Thread& t, std::initializer_list<Value> items);
Ref tupleFrom(Thread& t, const Value* items, int64_t size);
Ref tupleFromSteal(Thread& t, Value* items, int64_t size);
// A pair for the next step of an iterator that keeps the last one in `kept` (owned): the same tuple again when nobody else
// has it. Takes over both items.
Ref nextPair(Thread& t, Value& kept, Value first, Value second);
// tuple(iterable)
Ref tupleFromIterable_py(Thread& t, Value iterable);

// --- list
Ref newList(Thread& t, int64_t capacity = 0);
Ref listFrom(Thread& t, const Value* items, int64_t size);
Ref listFromSteal(Thread& t, Value* items, int64_t size);
void listReserve(List* list, int64_t capacity);
// The block of a list's items that somebody took out of it.
void freeListItems(Value* items, int64_t capacity);
void listAppendSteal(List* list, Value item);
inline void listAppend(List* list, Value item) { listAppendSteal(list, share(item)); }
void listInsert(List* list, int64_t at, Value item);
void listClear(List* list);
Status listExtend_py(Thread& t, List* list, Value iterable);
Ref listFromIterable_py(Thread& t, Value iterable);
Status listSort_py(Thread& t, List* list, Value key, bool reverse);

// --- dict
Ref newDict(Thread& t);
// The value, borrowed; Undefined when absent or when hashing or comparing raised (check isPending).
Value dictGet_py(Thread& t, Dict* dict, Value key);
Value dictGetHashed_py(Thread& t, Dict* dict, Value key, int64_t hash);
Value dictGetStr(Dict* dict, Str* key);  // never raises, never runs Python code
// The entry's number, -1 absent, -2 raised.
int64_t dictFindStr(Dict* dict, Str* key);
int64_t dictFind_py(Thread& t, Dict* dict, Value key, int64_t hash);
Status dictSet_py(Thread& t, Dict* dict, Value key, Value value);
Status dictSetHashed_py(Thread& t, Dict* dict, Value key, int64_t hash, Value value);
// A key that was looked for in vain just now.
Status dictAddHashed_py(Thread& t, Dict* dict, Value key, int64_t hash, Value value);
void dictSetStr(Dict* dict, Str* key, Value value);
// False in `value` when the key was absent.
Fallible<bool> dictDelete_py(Thread& t, Dict* dict, Value key);
bool dictDeleteStr(Dict* dict, Str* key);
// Removes and returns; empty without exception when absent.
Ref dictPop_py(Thread& t, Dict* dict, Value key);
void dictClear(Dict* dict);
Ref dictCopy(Thread& t, Dict* dict);
// d.update(other): a mapping or pairs. overwrite: 1 replace, 0 keep, 2 raise KeyError on duplicates.
Status dictMerge_py(Thread& t, Dict* dict, Value other, int overwrite = 1);
// Iteration: `position` starts at 0; borrowed results.
bool dictNext(Dict* dict, int64_t& position, Value& key, Value& value);
// For a dict of globals: while it stays the same, a builtin that was not hidden is not.
uint32_t dictKeysVersion(Isolate& isolate, Dict* dict);
Ref dictKeysList(Thread& t, Dict* dict);

// --- set
Ref newSet(Thread& t);
Ref newFrozenSet(Thread& t);
Ref setFromIterable_py(Thread& t, Type* type, Value iterable);
Status setAdd_py(Thread& t, Set* set, Value key);
Fallible<bool> setContains_py(Thread& t, Set* set, Value key);
// The same for a key whose hash is known.
Status setAddHashed_py(Thread& t, Set* set, Value key, int64_t hash);
Fallible<bool> setContainsHashed_py(Thread& t, Set* set, Value key, int64_t hash);
Fallible<bool> setDiscard_py(Thread& t, Set* set, Value key);
Fallible<bool> setDiscardHashed_py(Thread& t, Set* set, Value key, int64_t hash);
Status setUpdate_py(Thread& t, Set* set, Value iterable);
void setClear(Set* set);
bool setNext(Set* set, int64_t& position, Value& key);

// --- slice and range
Ref newSlice(Thread& t, Value start, Value stop, Value step);
struct SliceBounds {
  int64_t start, stop, step, length;
};
// The slice applied to a sequence of `length` items. ref: PySlice_Unpack, PySlice_AdjustIndices.
Fallible<SliceBounds> sliceBounds_py(Thread& t, Value slice, int64_t length);
Ref newRange(Thread& t, Value start, Value stop, Value step);

}  // namespace krait::object
