// Life and death of objects: size-class allocation and destroyObject.
#include "runtime/object/object.h"

#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/gc_list.h"
#include "runtime/object/heap.h"
#include "runtime/object/heap_trace.h"
#include "runtime/object/instance.h"
#include "runtime/object/str.h"

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

static inline size_t sizeOf(const Object* object, const Type* type) {
  if (type->fixed_size != 0) return type->fixed_size;
  if (type->id == TypeId::kTuple) return sizeof(Tuple) + static_cast<size_t>(static_cast<const Tuple*>(object)->size) * sizeof(Value);
  if (type->id != TypeId::kStr) return objectSize(object);
  const Str* s = static_cast<const Str*>(object);
  return sizeof(Str) + static_cast<size_t>(s->length + 1) * s->kind;
}
static inline __attribute__((always_inline)) void freeObject(Object* object, Type* type) {
  if (__builtin_expect(object->gc & kGcResized, 0)) freeBytes(object, takeBlockSize(object));
  else freeBytes(object, sizeOf(object, type));
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
  if (type->slots.finalize(t, object).raised()) writeDeallocatorFailure_py(t, object);
  if (saved) restoreException(t, std::move(saved));
  return --object->refs > 0;
}

static __attribute__((noinline)) bool survives(Object* object) {
  if (object->type->slots.finalize != nullptr && finalize_py(object)) return true;
  if (object->gc & kHasWeakrefs) {
    object->refs = 1;
    clearWeakrefs_py(object);
    object->refs = 0;
  }
  return false;
}
static inline __attribute__((always_inline)) void destroyNow(Object* object) {
  Type* type = object->type;
  if (__builtin_expect(type->slots.finalize != nullptr || (object->gc & kHasWeakrefs) != 0, 0)) {
    if (survives(object)) return;
    type = object->type;  // a finalizer may give it another class
  }
  if (object->gc & kGcTracked) gcTakeOff(object);
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
