// The cycle collector: trial deletion over the tracked containers. Counts are copied, every reference from inside the
// set is taken off, what is left above zero is reachable from outside and so is all it reaches; the rest is garbage.
// ref: Python/gc.c (deduce_unreachable, finalize_garbage, delete_garbage).
#include "runtime/object/gc_list.h"

#include <algorithm>
#include <unordered_set>

#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/lock.h"
#include "runtime/object/reserve.h"

namespace krait::object {

Collector* the_collector = nullptr;

void gcTrackSlow(Object* object) {
  Collector& c = *the_collector;
  object->gc = (object->gc & ((1u << kGcFlagBits) - 1)) | kGcTracked | static_cast<uint32_t>(c.young.size()) << kGcFlagBits;
  c.young.push_back(object);
  if (!c.enabled || c.collecting || static_cast<int64_t>(c.young.size() - c.old_count) <= c.threshold[0]) return;
  // Other threads and signal handlers set bits of it at any moment.
  if ((__atomic_load_n(&current_thread->eval_breaker, __ATOMIC_RELAXED) & kBreakCollect) == 0) requestBreak(*current_thread, kBreakCollect);
}
void gcUntrackSlow(Object* object) {
  Collector& c = *the_collector;
  uint32_t index = object->gc >> kGcFlagBits;
  object->gc &= (1u << kGcFlagBits) - 1;
  object->gc &= ~static_cast<uint32_t>(kGcTracked);
  // The frozen and the old part of the list stay dense: its last one moves into the hole, and the young part's last one after it.
  if (index < c.frozen_count) {
    Object* last_frozen = c.young[--c.frozen_count];
    c.young[index] = last_frozen;
    last_frozen->gc = (last_frozen->gc & ((1u << kGcFlagBits) - 1)) | index << kGcFlagBits;
    index = static_cast<uint32_t>(c.frozen_count);
  }
  if (index < c.old_count) {
    Object* last_old = c.young[--c.old_count];
    c.young[index] = last_old;
    last_old->gc = (last_old->gc & ((1u << kGcFlagBits) - 1)) | index << kGcFlagBits;
    index = static_cast<uint32_t>(c.old_count);
  }
  Object* last = c.young.back();
  c.young.pop_back();
  if (index < c.young.size()) {
    c.young[index] = last;
    last->gc = (last->gc & ((1u << kGcFlagBits) - 1)) | index << kGcFlagBits;
  }
}

namespace {
struct Trial {
  Collector* collector;
  std::vector<int32_t> refs;   // by index, from `begin`
  size_t begin;
  std::vector<Object*> reached;
};
size_t indexOf(Object* o) { return o->gc >> kGcFlagBits; }
bool inSet(Trial& trial, Object* o) { return (o->gc & kGcTracked) && indexOf(o) >= trial.begin; }
void subtract(Object* o, void* context) {
  Trial& trial = *static_cast<Trial*>(context);
  if (inSet(trial, o)) --trial.refs[indexOf(o) - trial.begin];
}
void reach(Object* o, void* context) {
  Trial& trial = *static_cast<Trial*>(context);
  if (!inSet(trial, o)) return;
  int32_t& refs = trial.refs[indexOf(o) - trial.begin];
  if (refs == -1) return;
  refs = -1;
  trial.reached.push_back(o);
}
}  // namespace

// The tracked objects from `begin` on that nothing outside them refers to.
static std::vector<Object*> unreachable(Collector& c, size_t begin) {
  Trial trial{&c, {}, begin, {}};
  for (size_t i = begin; i < c.young.size(); ++i) trial.refs.push_back(c.young[i]->refs);
  for (size_t i = begin; i < c.young.size(); ++i) {
    auto traverse = c.young[i]->type->slots.traverse;
    if (traverse != nullptr) traverse(c.young[i], subtract, &trial);
  }
  for (size_t i = begin; i < c.young.size(); ++i) {
    // Types without a traverse function cannot be judged: they count as reachable.
    if (trial.refs[i - begin] > 0 || c.young[i]->type->slots.traverse == nullptr) reach(c.young[i], &trial);
  }
  while (!trial.reached.empty()) {
    Object* o = trial.reached.back();
    trial.reached.pop_back();
    auto traverse = o->type->slots.traverse;
    if (traverse != nullptr) traverse(o, reach, &trial);
  }
  std::vector<Object*> out;
  for (size_t i = begin; i < c.young.size(); ++i) {
    if (trial.refs[i - begin] != -1) out.push_back(c.young[i]);
  }
  return out;
}

// How often a class and its bases ask to be finalized late: not at all, once (streams), or twice (those that other streams write into).
static int latenessOf(const Type* type) {
  int lateness = 0;
  for (; type != nullptr; type = type->base) lateness += (type->flags & kTypeFinalizesLate) != 0;
  return lateness < 2 ? lateness : 2;
}
static void finalizeOne_py(Thread& t, Object* o) {
  o->gc |= kGcFinalized;
  if (o->type->slots.finalize(t, o).raised()) writeDeallocatorFailure_py(t, o);
}
// Objects with the ones that others of them hold behind their holders: the list does not keep the order in which they were made.
static void putHoldersFirst(std::vector<Object*>& objects) {
  if (objects.size() < 2) return;
  struct Marks {
    std::unordered_set<Object*> all, held;
    Object* holder;
  } marks{{objects.begin(), objects.end()}, {}, nullptr};
  Visitor mark = [](Object* o, void* context) {
    Marks& m = *static_cast<Marks*>(context);
    if (o != m.holder && m.all.contains(o)) m.held.insert(o);
  };
  for (Object* o : objects) {
    marks.holder = o;
    o->type->slots.traverse(o, mark, &marks);
  }
  std::stable_partition(objects.begin(), objects.end(), [&](Object* o) { return !marks.held.contains(o); });
}
// Whether there were any to run. Streams wait for the program's own objects, buffers and descriptors for what still writes into them.
static bool runFinalizers_py(Thread& t, const std::vector<Object*>& garbage) {
  bool any = false;
  std::vector<Object*> early, late[2];
  for (Object* o : garbage) {
    if (o->type->slots.finalize == nullptr || (o->gc & kGcFinalized)) continue;
    any = true;
    int lateness = latenessOf(o->type);
    if (lateness > 0) late[lateness - 1].push_back(o);
    else early.push_back(o);
  }
  putHoldersFirst(early);
  for (Object* o : early) finalizeOne_py(t, o);
  for (const std::vector<Object*>& streams : late) {
    for (size_t i = streams.size(); i-- > 0;) finalizeOne_py(t, streams[i]);
  }
  return any;
}

static void clearAll(const std::vector<Object*>& garbage) {
  for (Object* o : garbage) {
    if (o->type->slots.clear != nullptr) o->type->slots.clear(o);
  }
}

int64_t gcCollect_py(Thread& t, int generation) {
  Collector& c = *t.isolate->collector;
  if (c.collecting) return 0;
  c.collecting = true;
  size_t begin = generation == 0 ? c.old_count : c.frozen_count;
  std::vector<Object*> garbage = unreachable(c, begin);
  for (Object* o : garbage) incref(o);
  clearGarbageWeakrefs_py(t, garbage);
  if (runFinalizers_py(t, garbage)) {  // what a finalizer brought back to life stays
    for (Object* o : garbage) --o->refs;
    std::vector<Object*> still = unreachable(c, begin);
    for (Object* o : garbage) ++o->refs;
    std::sort(still.begin(), still.end());
    std::vector<Object*> kept;
    for (Object* o : garbage) {
      if (std::binary_search(still.begin(), still.end(), o)) kept.push_back(o);
      else decref(o);
    }
    garbage = kept;
  }
  if (c.debug_flags & kGcSaveAll && c.garbage.defined()) {
    for (Object* o : garbage) listAppend(c.garbage.as<List>(), Value(o));
  } else {
    for (Object* o : garbage) {
      if (o->gc & kHasWeakrefs) clearWeakrefs_py(o);
    }
    clearAll(garbage);
  }
  for (Object* o : garbage) decref(o);
  c.old_count = c.young.size();
  ++c.stats[generation][0];
  c.stats[generation][1] += static_cast<int64_t>(garbage.size());
  c.collecting = false;
  return static_cast<int64_t>(garbage.size());
}

void gcMaybeCollect_py(Thread& t) {
  if (reserveIsShort()) refillReserve();
  Collector& c = *t.isolate->collector;
  if (!c.enabled || c.collecting || static_cast<int64_t>(c.young.size() - c.old_count) <= c.threshold[0]) return;
  // The whole heap is worth a look when it grew by half since the last time.
  bool full = static_cast<int64_t>(c.young.size()) > c.old_at_last_full + c.old_at_last_full / 2 + 20000;
  gcCollect_py(t, full ? 2 : 0);
  if (full) c.old_at_last_full = static_cast<int64_t>(c.young.size());
}

}  // namespace krait::object
