#include "analyzer/config/installation.h"

#include <unistd.h>

#include <cstdlib>

namespace krait::config {

static std::string findShareFolder() {
  if (const char* chosen = std::getenv("KRAIT_SHARE"); chosen != nullptr && chosen[0] != '\0') return chosen;
  char buffer[4096];
  ssize_t length = readlink("/proc/self/exe", buffer, sizeof buffer);
  std::string path(buffer, length > 0 ? static_cast<size_t>(length) : 0);
  for (int i = 0; i < 2; ++i) {
    size_t slash = path.rfind('/');
    path.resize(slash == std::string::npos ? 0 : slash);
  }
  return path + "/share/krait";
}

std::string shareFolder() { return findShareFolder(); }
std::string typeshedFolder() { return shareFolder() + "/typeshed"; }
std::string stdlibFolder() { return shareFolder() + "/stdlib"; }

}  // namespace krait::config
