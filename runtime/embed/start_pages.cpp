#include "runtime/embed/start_pages.h"

#include <sys/mman.h>

#include <cstdint>

#include "runtime/modules/importing/frozen.h"

// The linker's: where the binary and its read-only parts begin and end. Nothing writes there, so the file has all of it.
extern "C" const char __executable_start[];
extern "C" const char etext[];

namespace krait::embed {

void giveBackStartPages() {
#ifndef KRAIT_VERIFY
  constexpr uintptr_t kPage = 4096;
  uintptr_t from = reinterpret_cast<uintptr_t>(__executable_start) & ~(kPage - 1), to = reinterpret_cast<uintptr_t>(etext) & ~(kPage - 1);
  if (from < to) madvise(reinterpret_cast<void*>(from), to - from, MADV_DONTNEED);
  modules::importing::giveBackFrozenPages();
#endif
}

}  // namespace krait::embed
