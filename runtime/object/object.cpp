// Life and death of objects: size-class allocation and destroyObject.
#include "runtime/object/object.h"

#include "runtime/object/error.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"
#include "runtime/object/heap_trace.h"
#include "runtime/object/instance.h"

namespace krait::object {

thread_local Thread* current_thread = nullptr;
FreeLists free_lists;

static constexpr size_t kChunkBytes = 256 * 1024;

void* allocateSlow(size_t wanted) {
  size_t size = (wanted + 15) / 16 * 16;
  if (size == 0) size = 16;
  FreeLists& lists = free_lists;
  if (lists.is_traced) return allocateTraced(wanted);
  if (static_cast<size_t>(lists.chunk_end - lists.chunk) < size) {
    lists.chunk = static_cast<char*>(std::aligned_alloc(4096, kChunkBytes));
    if (lists.chunk == nullptr) lists.chunk = static_cast<char*>(allocateFromReserve(kChunkBytes));
    lists.chunk_end = lists.chunk + kChunkBytes;
  }
  void* block = lists.chunk;
  lists.chunk += size;
  return block;
}

static void freeObject(Object* object, Type* type) {
  if (__builtin_expect(object->gc & kGcResized, 0)) freeBytes(object, takeBlockSize(object));
  else freeBytes(object, type->fixed_size != 0 ? type->fixed_size : objectSize(object));
  if (type->has(kTypeHeap)) decref(type);
}

// Runs the finalizer once; true when the object was resurrected.
static bool finalize_py(Object* object) {
  Type* type = object->type;
  if (type->slots.finalize == nullptr || (object->gc & kGcFinalized)) return false;
  Thread& t = *current_thread;
  object->gc |= kGcFinalized;
  object->refs = 1;
  Ref saved = isPending(t) ? takeException(t) : Ref();
  if (type->slots.finalize(t, object).raised()) writeUnraisable_py(t, "Exception ignored while calling deallocator ", object);
  if (saved) restoreException(t, std::move(saved));
  return --object->refs > 0;
}

static void destroyNow(Object* object) {
  Type* type = object->type;
  if (__builtin_expect(type->slots.finalize != nullptr, 0) && finalize_py(object)) return;
  type = object->type;
  if (object->gc & kHasWeakrefs) {
    object->refs = 1;
    clearWeakrefs_py(object);
    object->refs = 0;
  }
  if (object->gc & kGcTracked) gcUntrackSlow(object);
  if (type->slots.dealloc != nullptr) type->slots.dealloc(object);
  freeObject(object, type);
}

static constexpr uint32_t kMaxDestroyDepth = 60;

// Destruction that was put off, linked.
struct Link {
  Object* object;
  Link* next;
};

static __attribute__((noinline)) void postpone(Thread& t, Object* object) {
  if (object->gc & kGcTracked) gcUntrackSlow(object);
  Link* link = static_cast<Link*>(allocateBytes(sizeof(Link)));
  *link = {object, reinterpret_cast<Link*>(t.destroy_later)};
  t.destroy_later = reinterpret_cast<Object*>(link);
}
static __attribute__((noinline)) void destroyPostponed(Thread& t) {
  while (t.destroy_later != nullptr) {
    Link* link = reinterpret_cast<Link*>(t.destroy_later);
    t.destroy_later = reinterpret_cast<Object*>(link->next);
    Object* next = link->object;
    freeBytes(link, sizeof(Link));
    ++t.destroy_depth;
    destroyNow(next);
    --t.destroy_depth;
  }
}

// Nested destruction is bounded: deeper objects wait on a list that the outermost call empties.
void destroyObject(Object* object) {
  Type* type = object->type;
  if (type->slots.dealloc == nullptr && type->slots.finalize == nullptr && (object->gc & (kGcTracked | kHasWeakrefs)) == 0) {
    return freeObject(object, type);  // holds nothing
  }
  Thread& t = *current_thread;
  if (__builtin_expect(t.destroy_depth >= kMaxDestroyDepth, 0)) return postpone(t, object);
  ++t.destroy_depth;
  destroyNow(object);
  if (--t.destroy_depth == 0 && __builtin_expect(t.destroy_later != nullptr, 0)) destroyPostponed(t);
}

}  // namespace krait::object
