// The difference of two texts as a unified diff, three lines of context around each change.
#pragma once

#include <string>
#include <string_view>

namespace krait {

// Empty when the texts are equal. `path` stands in the two head lines.
std::string unifiedDiff(std::string_view path, std::string_view before, std::string_view after);

}  // namespace krait
