#include "analyzer/base/build_identity.h"

#include <elf.h>
#include <link.h>

#include <cstring>

namespace krait {

static int readBuildId(dl_phdr_info* info, size_t, void* out) {
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    const ElfW(Phdr)& header = info->dlpi_phdr[i];
    if (header.p_type != PT_NOTE) continue;
    const char* at = reinterpret_cast<const char*>(info->dlpi_addr + header.p_vaddr);
    const char* end = at + header.p_memsz;
    while (at + sizeof(ElfW(Nhdr)) <= end) {
      ElfW(Nhdr) note;
      std::memcpy(&note, at, sizeof note);
      const char* name = at + sizeof note;
      const char* text = name + ((note.n_namesz + 3) & ~3u);
      if (note.n_type == NT_GNU_BUILD_ID && note.n_descsz >= 4) std::memcpy(out, text, 4);
      at = text + ((note.n_descsz + 3) & ~3u);
    }
  }
  return 1;  // the program itself comes first
}

uint32_t buildStamp() {
  static const uint32_t stamp = [] {
    uint32_t read = 0;
    dl_iterate_phdr(readBuildId, &read);
    return read | 1;
  }();
  return stamp;
}

}  // namespace krait
