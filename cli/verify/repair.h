// Blocks that lost their comment signs: `print(x)   Output: 5`. Takes a text that does not parse; gives it with the signs put
// back, if that makes it parse.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "analyzer/base/interner.h"

namespace krait::cli {

std::optional<std::string> withComments(std::string_view text, Interner& names);

}  // namespace krait::cli
