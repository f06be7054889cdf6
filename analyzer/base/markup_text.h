// Writing XML and HTML: text that every output form escapes the same way.
#pragma once

#include <string>
#include <string_view>

namespace krait {

// The text for element content and quoted attributes. Control characters, which XML 1.0 cannot hold, become U+FFFD.
std::string markupText(std::string_view text);

}  // namespace krait
