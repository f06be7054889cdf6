// CHECK and DCHECK: statements of what the program believes. A failed one is our bug, never the user's
// input: it prints the belief, file and line, and aborts. DCHECK costs nothing without KRAIT_VERIFY.
#pragma once

namespace krait {

// Prints "file:line: internal error: message" to stderr and aborts.
[[noreturn]] void checkFailed(const char* file, int line, const char* message);

}  // namespace krait

#define CHECK(condition, message) \
  (__builtin_expect(!!(condition), 1) ? (void)0 : ::krait::checkFailed(__FILE__, __LINE__, message))
#ifdef KRAIT_VERIFY
#define DCHECK(condition, message) CHECK(condition, message)
#else
#define DCHECK(condition, message) ((void)sizeof((condition) ? 1 : 0))
#endif
#define UNREACHABLE(message) ::krait::checkFailed(__FILE__, __LINE__, message)
