#include "runtime/object/isolate.h"

#include <sys/mman.h>
#include <sys/resource.h>

#include <cstring>

#include "runtime/object/bytes.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/gc_list.h"
#include "runtime/object/heap.h"
#include "runtime/object/lock.h"
#include "runtime/object/str.h"

namespace krait::object {

#define TYPE(field, Id) void init##Id##Type(Isolate&);
#include "runtime/object/types.def"
void makeExceptionTypes(Isolate& isolate);
void makeAsyncTypes(Isolate& isolate);

static constexpr size_t kRegisterStackBytes = size_t{256} << 20;  // reserved, used page by page

static void makeTypes(Isolate& isolate) {
#define TYPE(field, Id) init##Id##Type(isolate);
#include "runtime/object/types.def"
}
static void makeConstants(Isolate& isolate) {
  Thread& t = isolate.main_thread;
  Str* empty = static_cast<Str*>(allocateBytes(sizeof(Str) + 4));
  std::memset(static_cast<void*>(empty), 0, sizeof(Str) + 4);
  initHeader(empty, isolate.types.str);
  empty->kind = 1;
  empty->is_ascii = true;
  empty->refs = kImmortalRefs;
  isolate.empty_str = empty;
  for (uint32_t c = 0; c < 256; ++c) {
    Ref r = newStrBuffer(t, 1, c);
    r.as<Str>()->put(0, c);
    isolate.latin1[c] = r.release().as<Str>();
    isolate.latin1[c]->refs = kImmortalRefs;
  }
  Tuple* tuple = static_cast<Tuple*>(allocateBytes(sizeof(Tuple)));
  initHeader(tuple, isolate.types.tuple);
  tuple->size = tuple->hash = 0;
  tuple->refs = kImmortalRefs;
  isolate.empty_tuple = tuple;
  isolate.interned = newDict(t).release().as<Dict>();
  internStr(isolate, empty);
  for (Str* s : isolate.latin1) internStr(isolate, s);
#define NAME(field, text) isolate.names.field = intern(isolate, text);
#include "runtime/object/names.def"
}
static void readyTypes(Isolate& isolate) {
#define TYPE(field, Id) readyType(isolate, isolate.types.field);
#include "runtime/object/types.def"
}

void setNativeStackLimit(Thread& t, size_t bytes) {
  const char* here = static_cast<const char*>(__builtin_frame_address(0));
  t.c_stack_top = here;
  t.c_stack_limit = here - bytes;
}

// Of the main thread's stack three quarters; the rest is for functions of libraries.
static size_t nativeStackBytes() {
  size_t bytes = size_t{8} << 20;
  rlimit limit;
  if (getrlimit(RLIMIT_STACK, &limit) == 0 && limit.rlim_cur < bytes) bytes = limit.rlim_cur;
  return bytes / 4 * 3;
}
// Less where the address space is limited.
static void makeRegisterStack(Thread& t) {
  size_t bytes = kRegisterStackBytes;
  void* stack = MAP_FAILED;
  for (; stack == MAP_FAILED; bytes /= 4) {
    CHECK(bytes >= 1 << 20, "address space for the register stack is available");
    stack = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (stack != MAP_FAILED) break;
  }
  t.stack_begin = static_cast<Value*>(stack);
  t.stack_end = t.stack_begin + bytes / sizeof(Value);
}

Isolate* startIsolate(uint64_t hash_seed) {
  Isolate* isolate = new Isolate();
  Thread& t = isolate->main_thread;
  t.isolate = isolate;
  t.handled = &t.base_handled;
  takeLock(t);
  keepReserve();
  isolate->collector = the_collector = new Collector();
  isolate->errors = new Errors();
  isolate->hash_key[0] = hash_seed;
  isolate->hash_key[1] = hash_seed == 0 ? 0 : hash_seed * 0x9e3779b97f4a7c15ull + 1;
  if (hash_seed != 0 && hash_seed <= UINT32_MAX) {  // what somebody chose gives the hashes that it gives elsewhere. ref: lcg_urandom
    uint32_t x = static_cast<uint32_t>(hash_seed);
    uint8_t bytes[16];
    for (uint8_t& byte : bytes) {
      x = x * 214013 + 2531011;
      byte = static_cast<uint8_t>(x >> 16);
    }
    std::memcpy(isolate->hash_key, bytes, sizeof bytes);
  }
  makeRegisterStack(t);
  setNativeStackLimit(t, nativeStackBytes());
  makeTypes(*isolate);
  makeConstants(*isolate);
  readyTypes(*isolate);
  isolate->modules = newDict(t).release().as<Dict>();
  isolate->builtins = newDict(t).release().as<Dict>();
  isolate->sys = newDict(t).release().as<Dict>();
  makeExceptionTypes(*isolate);
  makeAsyncTypes(*isolate);
  return isolate;
}

}  // namespace krait::object
