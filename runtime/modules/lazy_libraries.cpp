// Shared libraries that few programs need, loaded when they are first called: at every start they would cost megabytes and
// a third of the time. Each function of lazy_libraries.def is a jump through a word that leads to the resolver at first.
// Other processors than x86-64 link the libraries as usual. ref: what a linker's PLT does.
#ifdef __x86_64__

#include <dlfcn.h>

#include "analyzer/base/check.h"

namespace {
enum Library { kLibrary_crypto, kLibrary_ssl, kLibrary_bz2, kLibrary_sqlite3, kLibrary_expat, kLibrary_seccomp, kLibrary_z, kLibraryCount };
constexpr const char* kFiles[kLibraryCount] = {"libcrypto.so.3", "libssl.so.3", "libbz2.so.1.0", "libsqlite3.so.0", "libexpat.so.1", "libseccomp.so.2", "libz.so.1"};
}  // namespace

extern "C" __attribute__((visibility("hidden"), used)) void* krait_resolve(const char* name, unsigned library) {
  static void* loaded[kLibraryCount] = {};
  if (loaded[library] == nullptr) loaded[library] = dlopen(kFiles[library], RTLD_LAZY | RTLD_LOCAL);
  CHECK(loaded[library] != nullptr, "the shared libraries that the package depends on are installed");
  void* function = dlsym(loaded[library], name);
  CHECK(function != nullptr, "the shared libraries have the functions of their version");
  return function;
}

extern "C" __attribute__((visibility("hidden"), used)) const unsigned krait_library_numbers[] = {
#define FUNCTION(library, name) kLibrary_##library,
#include "runtime/modules/lazy_libraries.def"
};

// Keeps all that a call passes in registers, calls krait_resolve(%r10, %r11), which leaves the function in %r11.
asm(".pushsection .text\n"
    "krait_lazy_enter:\n"
    "push %rax\n push %rdi\n push %rsi\n push %rdx\n push %rcx\n push %r8\n push %r9\n sub $136, %rsp\n"
    "movups %xmm0, (%rsp)\n movups %xmm1, 16(%rsp)\n movups %xmm2, 32(%rsp)\n movups %xmm3, 48(%rsp)\n"
    "movups %xmm4, 64(%rsp)\n movups %xmm5, 80(%rsp)\n movups %xmm6, 96(%rsp)\n movups %xmm7, 112(%rsp)\n"
    "mov %r10, %rdi\n mov %r11, %rsi\n call krait_resolve\n mov %rax, %r11\n"
    "movups (%rsp), %xmm0\n movups 16(%rsp), %xmm1\n movups 32(%rsp), %xmm2\n movups 48(%rsp), %xmm3\n"
    "movups 64(%rsp), %xmm4\n movups 80(%rsp), %xmm5\n movups 96(%rsp), %xmm6\n movups 112(%rsp), %xmm7\n"
    "add $136, %rsp\n pop %r9\n pop %r8\n pop %rcx\n pop %rdx\n pop %rsi\n pop %rdi\n pop %rax\n ret\n"
    ".set krait_library_at, 0\n"
    ".popsection\n");

#define FUNCTION(library, name)                                                                                     \
  asm(".pushsection .data\n.p2align 3\nkrait_slot_" #name ": .quad krait_first_" #name "\n.popsection\n"         \
      ".pushsection .rodata\nkrait_name_" #name ": .asciz \"" #name "\"\n.popsection\n"                         \
      ".pushsection .text\n.globl " #name "\n.hidden " #name "\n.type " #name ",@function\n"                     \
      #name ": jmp *krait_slot_" #name "(%rip)\n"                                                                   \
      "krait_first_" #name ": lea krait_name_" #name "(%rip), %r10\n"                                               \
      "mov krait_library_numbers+krait_library_at(%rip), %r11d\n"                                                   \
      "call krait_lazy_enter\n mov %r11, krait_slot_" #name "(%rip)\n jmp *%r11\n"                                \
      ".set krait_library_at, krait_library_at+4\n"                                                                 \
      ".popsection\n");
#include "runtime/modules/lazy_libraries.def"

#endif
