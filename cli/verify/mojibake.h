// Text that was written in UTF-8 and read as Windows-1252 on its way into a document: `â€™` for `’`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/text.h"

namespace krait::cli {

struct Mojibake {
  TextRange range;  // where it stands first
  std::string repaired;
  size_t count = 1;  // places
};

// Each damaged piece of a text in UTF-8 once, in the order of its first place.
std::vector<Mojibake> findMojibake(std::string_view text);

}  // namespace krait::cli
