#include "runtime/object/reserve.h"

#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <new>

#include "runtime/object/lock.h"
#include "runtime/object/thread.h"

namespace krait::object {

namespace {
struct Block {
  size_t size;
  void* at = nullptr;
};
constexpr size_t kMegabyte = size_t{1} << 20;
Block blocks[] = {{4 * kMegabyte}, {16 * kMegabyte}, {16 * kMegabyte}, {32 * kMegabyte}, {192 * kMegabyte}};  // given away in this order
}  // namespace

bool reserveIsShort() { return blocks[0].at == nullptr; }

void refillReserve() {
  for (Block& block : blocks) {
    if (block.at != nullptr || block.size == 0) continue;
    void* at = mmap(nullptr, block.size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (at != MAP_FAILED) block.at = at;
  }
}

// False when there is nothing left to give.
static bool giveBlock() {
  for (Block& block : blocks) {
    if (block.at == nullptr) continue;
    munmap(block.at, block.size);
    block.at = nullptr;
    if (current_thread != nullptr) requestBreak(*current_thread, kBreakMemory);
    return true;
  }
  return false;
}

[[noreturn]] static void endProcess() {
  static constexpr char kText[] = "Fatal Python error: out of memory\n";
  (void)!write(2, kText, sizeof kText - 1);
  _exit(1);
}

// What C++ containers of ours call.
static void newFailed() {
  if (!giveBlock()) endProcess();
}

void keepReserve() {
  rlimit limit;
  if (getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY) {
    for (Block& block : blocks) block.size = std::min<size_t>(block.size, limit.rlim_cur / 16);
  }
  refillReserve();
  std::set_new_handler(newFailed);
}

void* allocateFromReserve(size_t size, void* old) {
  while (giveBlock()) {
    void* block = std::realloc(old, size);
    if (block != nullptr) return block;
  }
  endProcess();
}

}  // namespace krait::object
