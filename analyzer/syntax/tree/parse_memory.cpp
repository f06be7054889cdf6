// A block is eight bytes that hold its size and then the caller's bytes. Sizes are rounded to a step; a freed block
// waits in the list of its size. Large blocks are few (stacks and arrays that grow): they round to powers of two.
#include "analyzer/syntax/tree/parse_memory.h"

#include <tree_sitter/api.h>

#include <bit>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <vector>

namespace krait::syntax {

namespace {

constexpr size_t kStep = 16;
constexpr size_t kLargestSmall = 1024;
constexpr size_t kChunkSize = size_t{1} << 18;
// What a thread keeps for its next text.
constexpr size_t kMostKeptChunks = 64;

struct FreeBlock {
  FreeBlock* next;
};

struct Memory {
  uint32_t depth = 0;  // how many ParseMemory objects live
  char* at = nullptr;
  char* end = nullptr;
  size_t chunk = 0;  // of `chunks`, the next to cut from
  FreeBlock* small[kLargestSmall / kStep + 1] = {};
  FreeBlock* large[64] = {};  // by the logarithm of the size
  std::vector<std::unique_ptr<char[]>> chunks;
  std::vector<std::unique_ptr<char[]>> big_blocks;
};

}  // namespace

static thread_local Memory memory;

static size_t roundedSize(size_t size) {
  return size <= kLargestSmall ? (size + kStep - 1) / kStep * kStep : std::bit_ceil(size);
}

static FreeBlock*& freeListOf(size_t rounded) {
  return rounded <= kLargestSmall ? memory.small[rounded / kStep] : memory.large[std::bit_width(rounded)];
}

static size_t& sizeOf(void* block) { return static_cast<size_t*>(block)[-1]; }

static char* cutSlow(size_t bytes) {
  if (bytes > kChunkSize / 4) {
    memory.big_blocks.push_back(std::make_unique_for_overwrite<char[]>(bytes));
    return memory.big_blocks.back().get();
  }
  if (memory.chunk == memory.chunks.size()) memory.chunks.push_back(std::make_unique_for_overwrite<char[]>(kChunkSize));
  char* begin = memory.chunks[memory.chunk++].get();
  memory.at = begin + bytes;
  memory.end = begin + kChunkSize;
  return begin;
}

static void* allocate(size_t size) {
  if (memory.depth == 0) return std::malloc(size);
  size_t rounded = roundedSize(size);
  FreeBlock*& list = freeListOf(rounded);
  if (list != nullptr) {
    FreeBlock* block = list;
    list = block->next;
    return block;
  }
  size_t bytes = rounded + sizeof(size_t);
  char* begin = memory.at;
  if (static_cast<size_t>(memory.end - memory.at) >= bytes) memory.at += bytes;
  else begin = cutSlow(bytes);
  void* block = begin + sizeof(size_t);
  sizeOf(block) = rounded;
  return block;
}

static void* allocateZeroed(size_t count, size_t size) {
  if (memory.depth == 0) return std::calloc(count, size);
  void* block = allocate(count * size);
  std::memset(block, 0, count * size);
  return block;
}

static void release(void* block) {
  if (memory.depth == 0) return std::free(block);
  if (block == nullptr) return;
  FreeBlock*& list = freeListOf(sizeOf(block));
  FreeBlock* freed = static_cast<FreeBlock*>(block);
  freed->next = list;
  list = freed;
}

static void* reallocate(void* block, size_t size) {
  if (memory.depth == 0) return std::realloc(block, size);
  if (block == nullptr) return allocate(size);
  size_t had = sizeOf(block);
  if (size <= had) return block;
  void* grown = allocate(size);
  std::memcpy(grown, block, had);
  release(block);
  return grown;
}

void useParseMemory() {
  static const bool is_set = [] {
    ts_set_allocator(allocate, allocateZeroed, reallocate, release);
    return true;
  }();
  static_cast<void>(is_set);
}

ParseMemory::ParseMemory() {
  useParseMemory();
  ++memory.depth;
}

ParseMemory::~ParseMemory() {
  if (--memory.depth > 0) return;
  memory.at = memory.end = nullptr;
  memory.chunk = 0;
  std::memset(memory.small, 0, sizeof memory.small);
  std::memset(memory.large, 0, sizeof memory.large);
  memory.big_blocks.clear();
  if (memory.chunks.size() > kMostKeptChunks) memory.chunks.resize(kMostKeptChunks);
}

}  // namespace krait::syntax
