// Memory for objects: size-classed free lists under the isolate's lock (small objects), malloc above. allocate<T>
// gives an object with one reference and everything after the header zeroed; freeing is destroyObject's business.
#pragma once

#include <cstdlib>
#include <cstring>

#include "runtime/object/reserve.h"
#include "runtime/object/type.h"

namespace krait::object {

constexpr size_t kSmallSizeLimit = 512;

struct FreeLists {
  void* heads[kSmallSizeLimit / 16 + 1] = {};
  char* chunk = nullptr;
  char* chunk_end = nullptr;
  size_t bytes_in_use = 0;
  bool is_traced = false;  // heap_trace.h: `heads` stay empty, so that each allocation takes the slow way
};
extern FreeLists free_lists;

#if defined(__SANITIZE_ADDRESS__) || (defined(__has_feature) && __has_feature(address_sanitizer))
#define KRAIT_PLAIN_MALLOC 1
#endif

void* allocateSlow(size_t size);
// What heap_trace.h does with blocks while they are traced.
void noteBlock(void* block, size_t size);
void forgetBlock(void* block);
void freeTraced(void* block, size_t size);

// `size` bytes, 16-aligned, uninitialised. Never null: see reserve.h for what happens when memory runs out.
inline void* allocateBytes(size_t size) {
#ifndef KRAIT_PLAIN_MALLOC
  if (size <= kSmallSizeLimit) {
    size_t size_class = (size + 15) / 16;
    void* block = free_lists.heads[size_class];
    if (__builtin_expect(block != nullptr, 1)) {
      free_lists.heads[size_class] = *static_cast<void**>(block);
      return block;
    }
    return allocateSlow(size);
  }
#endif
  void* block = std::malloc(size);
  if (__builtin_expect(block == nullptr, 0)) block = allocateFromReserve(size);
  if (__builtin_expect(free_lists.is_traced, 0)) noteBlock(block, size);
  return block;
}

// Whether a block of `size` bytes can be had: asked before making anything whose size a program chose.
inline bool canAllocate(size_t size) {
  if (size < (size_t{1} << 20)) return true;
#ifdef KRAIT_PLAIN_MALLOC
  if (size > (size_t{1} << 36)) return false;  // what the sanitizer's malloc refuses it writes about
#endif
  void* volatile block = std::malloc(size);  // volatile: else the compiler takes the pair away
  bool can = block != nullptr;
  std::free(block);
  return can;
}

inline void freeBytes(void* block, size_t size) {
  if (__builtin_expect(free_lists.is_traced, 0)) return freeTraced(block, size);
#ifndef KRAIT_PLAIN_MALLOC
  if (size <= kSmallSizeLimit) {
    size_t size_class = (size + 15) / 16;
    *static_cast<void**>(block) = free_lists.heads[size_class];
    free_lists.heads[size_class] = block;
    return;
  }
#endif
  std::free(block);
}

inline void initHeader(Object* object, Type* type) {
  object->refs = 1;
  object->gc = 0;
  object->type = type;
  if (type->has(kTypeHeap)) incref(type);
}

// The C++ struct T (an Object) plus `extra` bytes behind it, zeroed. Value fields are zero words, not Undefined:
// initialise them. `type` may be a subclass of T's own type: its basic_size then rules.
template <class T>
T* allocate(Type* type, size_t extra = 0) {
  size_t size = sizeof(T) + extra;
  if (type->basic_size > sizeof(T)) size = type->basic_size + extra;
  T* object = static_cast<T*>(allocateBytes(size));
  std::memset(static_cast<void*>(object), 0, size);
  initHeader(object, type);
  return object;
}

// The bytes that the object's block has; dealloc of variable-sized types needs it.
size_t objectSize(const Object* object);

}  // namespace krait::object
