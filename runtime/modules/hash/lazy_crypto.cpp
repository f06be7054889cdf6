// OpenSSL's libcrypto, loaded when it is first needed: it would cost every start a megabyte and a third of a millisecond.
// Each function of lazy_crypto.def is a jump through a word that leads to the resolver at first. Processors other than
// x86-64 link the library as usual. ref: what a linker's PLT does.
#ifdef __x86_64__

#include <dlfcn.h>

#include "analyzer/base/check.h"

extern "C" __attribute__((visibility("hidden"), used)) void* krait_resolve_crypto(const char* name) {
  static void* library = nullptr;
  if (library == nullptr) library = dlopen("libcrypto.so.3", RTLD_LAZY | RTLD_LOCAL);
  CHECK(library != nullptr, "libcrypto.so.3 (package libssl3) is installed");
  void* function = dlsym(library, name);
  CHECK(function != nullptr, "libcrypto.so.3 has the functions of OpenSSL 3");
  return function;
}

// Six argument registers are kept over the call of the resolver; the stack is 16-aligned there.
#define FUNCTION(name)                                                                                              \
  asm(".pushsection .data\n.p2align 3\nkrait_slot_" #name ": .quad krait_first_" #name "\n.popsection\n"         \
      ".pushsection .rodata\nkrait_name_" #name ": .asciz \"" #name "\"\n.popsection\n"                         \
      ".pushsection .text\n.globl " #name "\n.hidden " #name "\n.type " #name ",@function\n"                     \
      #name ": jmp *krait_slot_" #name "(%rip)\n"                                                                   \
      "krait_first_" #name ": push %rdi\n push %rsi\n push %rdx\n push %rcx\n push %r8\n push %r9\n sub $8, %rsp\n" \
      "lea krait_name_" #name "(%rip), %rdi\n call krait_resolve_crypto\n mov %rax, krait_slot_" #name "(%rip)\n" \
      "add $8, %rsp\n pop %r9\n pop %r8\n pop %rcx\n pop %rdx\n pop %rsi\n pop %rdi\n jmp *%rax\n"           \
      ".popsection\n");
#include "runtime/modules/hash/lazy_crypto.def"

#endif
