// Old names of lint codes: rules that ruff renamed are still found under the names they had. Takes a code, gives today's.
#pragma once

#include <string_view>

namespace krait {

// Today's name of the code ("TCH001" gives "TC001"); empty when the code was never renamed.
std::string_view redirectedCode(std::string_view code);

}  // namespace krait
