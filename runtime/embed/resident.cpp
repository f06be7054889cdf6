#include "runtime/embed/resident.h"

#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

namespace krait::embed {

// The first object is the program itself.
static int releaseSegments(dl_phdr_info* info, size_t, void*) {
  const uintptr_t page = static_cast<uintptr_t>(sysconf(_SC_PAGESIZE));
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = info->dlpi_phdr[i];
    if (segment.p_type != PT_LOAD || segment.p_flags != PF_R) continue;
    uintptr_t begin = (info->dlpi_addr + segment.p_vaddr) & ~(page - 1);
    uintptr_t end = (info->dlpi_addr + segment.p_vaddr + segment.p_memsz + page - 1) & ~(page - 1);
    madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
  }
  return 1;
}

void releaseConstants() { dl_iterate_phdr(releaseSegments, nullptr); }

}  // namespace krait::embed
