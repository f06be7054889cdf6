// The cycle collector's list. A tracked container is on it exactly once and knows its index there
// (Object::gc above the flag bits), so tracking and untracking are O(1) and cost no memory in the object.
#pragma once

#include <vector>

#include "runtime/object/type.h"

namespace krait::object {

constexpr int kGenerations = 3;
constexpr int64_t kGcSaveAll = 32;  // gc.DEBUG_SAVEALL

struct Collector {
  std::vector<Object*> young;  // all tracked objects; the first old_count survived a collection
  size_t old_count = 0;
  size_t frozen_count = 0;  // the first of them, which gc.freeze() took out of all collections
  int64_t threshold[kGenerations] = {2000, 10, 0};
  int64_t young_collections = 0;
  int64_t old_at_last_full = 0;
  bool enabled = true;
  bool collecting = false;
  int64_t debug_flags = 0;
  int64_t stats[kGenerations][3] = {};  // collections, collected, uncollectable
  Value garbage;                        // list, owned
  Value callbacks;                      // list, owned
};

void gcTrackSlow(Object* object);
void gcUntrackSlow(Object* object);
inline void gcTrack(Object* object) {
  if (!(object->gc & kGcTracked)) gcTrackSlow(object);
}
inline void gcUntrack(Object* object) {
  if (object->gc & kGcTracked) gcUntrackSlow(object);
}
// Collects `generation` (0, 1, 2 = everything); the number of unreachable objects found.
int64_t gcCollect_py(Thread& t, int generation);
// Runs a young collection when enough containers were made; called at safe points.
void gcMaybeCollect_py(Thread& t);
inline void visit(Value v, Visitor visitor, void* context) {
  if (v.isHeap()) visitor(v.object(), context);
}
inline void visit(Object* o, Visitor visitor, void* context) {
  if (o != nullptr) visitor(o, context);
}
// Sets a field to Undefined / null and then drops the reference it held.
inline void clearField(Value& field) {
  Value old = field;
  field = Value();
  decref(old);
}
template <class T>
void clearField(T*& field) {
  T* old = field;
  field = nullptr;
  if (old != nullptr) decref(static_cast<Object*>(old));
}

// --- weak references (the table lives in weakref.cpp)
void clearWeakrefs_py(Object* object);
// The same for all that a collection found, before their finalizers run: types keep theirs until they die. Only references that
// are not garbage themselves are called. ref: handle_weakrefs in Python/gc.c.
void clearGarbageWeakrefs_py(Thread& t, const std::vector<Object*>& garbage);

}  // namespace krait::object
