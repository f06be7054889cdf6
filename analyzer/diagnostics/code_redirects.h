// How lint codes are named in options and comments: by themselves, by a prefix, or by a name that ruff gave them before.
#pragma once

#include <string_view>

namespace krait {

// Today's name of the code ("TCH001" gives "TC001"); empty when the code was never renamed.
std::string_view redirectedCode(std::string_view code);
// May a comment name the code: does some rule have it, here or in ruff, did one have it before? Prefixes name none.
bool isKnownLintCode(std::string_view code);
// Does the entry ("F401", "F4", "F", "PL", an old name) name the code? Letters alone name one family: "F" is not "FBT".
bool namesLintCode(std::string_view entry, std::string_view code);

}  // namespace krait
