// Natural order of names, as isort sorts them.
#pragma once

#include <string_view>

namespace krait::lint {

// Runs of digits compare as numbers, the rest byte by byte: negative, 0 or positive.
int compareNatural(std::string_view a, std::string_view b);

}  // namespace krait::lint
