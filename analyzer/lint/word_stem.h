// The stem of an English word, as M. F. Porter's algorithm of 1980 cuts it: "returns" and "returning" are "return".
#pragma once

#include <string>
#include <string_view>

namespace krait::lint {

// `word` in lower-case letters.
std::string stemOf(std::string_view word);

}  // namespace krait::lint
