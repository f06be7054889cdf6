#include "checker/program/resolution.h"

#include "analyzer/base/interner.h"

namespace krait::program {

uint64_t resolutionHash(semantic::ImportResolver& resolver, const std::vector<std::string>& names) {
  uint64_t hash = 1;
  for (const std::string& name : names) {
    forEachPrefix(name, [&](const std::string& prefix) {
      const semantic::ResolvedModule& found = resolver.resolve(prefix);
      uint64_t kind = static_cast<uint64_t>(found.status) << 8 | static_cast<uint64_t>(found.origin) << 4 | (found.is_namespace ? 1 : 0);
      hash = (hash ^ hashBytes(prefix)) * 0xff51afd7ed558ccdull;
      hash = (hash ^ hashBytes(found.path) ^ kind) * 0xc4ceb9fe1a85ec53ull;
      hash ^= hash >> 31;
    });
  }
  return hash;
}

}  // namespace krait::program
