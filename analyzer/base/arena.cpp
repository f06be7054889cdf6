#include "analyzer/base/arena.h"

#include <algorithm>
#include <cstdint>

namespace krait {

static constexpr size_t kFirstChunk = 4096;
static constexpr size_t kLargestChunk = 1 << 20;

void* Arena::allocate(size_t size, size_t align) {
  auto at = (reinterpret_cast<uintptr_t>(next_) + align - 1) & ~(align - 1);
  if (next_ == nullptr || at + size > reinterpret_cast<uintptr_t>(end_)) {
    size_t wanted = std::min(kLargestChunk, kFirstChunk << std::min<size_t>(chunks_.size(), 8));
    size_t chunk = std::max(wanted, size + align);
    chunks_.push_back(std::unique_ptr<char[]>(new char[chunk]));
    next_ = chunks_.back().get();
    end_ = next_ + chunk;
    at = (reinterpret_cast<uintptr_t>(next_) + align - 1) & ~(align - 1);
  }
  next_ = reinterpret_cast<char*>(at + size);
  used_ += size;
  return reinterpret_cast<void*>(at);
}

std::string_view Arena::copy(std::string_view text) {
  if (text.empty()) return {};
  char* memory = static_cast<char*>(allocate(text.size(), 1));
  std::memcpy(memory, text.data(), text.size());
  return {memory, text.size()};
}

}  // namespace krait
