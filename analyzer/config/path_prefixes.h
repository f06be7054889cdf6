// A path and the folders above it.
#pragma once

#include <string_view>

namespace krait::config {

// Does the test hold for a folder that the path goes through, outermost first, or for the whole path?
template <typename Test>
bool anyOnTheWayTo(std::string_view path, Test&& test) {
  for (size_t slash = path.find('/', 1); slash != std::string_view::npos; slash = path.find('/', slash + 1)) {
    if (test(path.substr(0, slash))) return true;
  }
  return test(path);
}

}  // namespace krait::config
