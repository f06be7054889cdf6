#include "analyzer/base/unicode_names.h"

namespace krait {

uint32_t lookupUnicodeName(std::string_view) { return kNoCodePoint; }

}  // namespace krait
