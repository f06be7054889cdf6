#include "analyzer/base/check.h"

#include <cstdio>
#include <cstdlib>

namespace krait {

void checkFailed(const char* file, int line, const char* message) {
  std::fprintf(stderr, "%s:%d: internal error: %s\n", file, line, message);
  std::abort();
}

}  // namespace krait
