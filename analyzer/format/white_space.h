// White space as Python's str methods see it, Unicode's blanks included.
#pragma once

#include <string_view>

namespace krait::format {

std::string_view stripLeft(std::string_view text);
std::string_view stripRight(std::string_view text);

}  // namespace krait::format
