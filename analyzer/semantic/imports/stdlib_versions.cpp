#include "analyzer/semantic/imports/stdlib_versions.h"

#include <stdlib.h>

namespace krait::semantic {

// "3.12" -> 3012; 0 when it is no version.
static int versionNumber(std::string_view text) {
  std::string copy(text);
  char* end = nullptr;
  long major = strtol(copy.c_str(), &end, 10);
  if (end == copy.c_str() || *end != '.') return 0;
  return static_cast<int>(major * 1000 + strtol(end + 1, nullptr, 10));
}

static std::string_view stripped(std::string_view text) {
  size_t begin = text.find_first_not_of(" \t\r");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

StdlibVersions::StdlibVersions(std::string_view text) {
  while (!text.empty()) {
    size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    line = stripped(line.substr(0, line.find('#')));
    size_t colon = line.find(':');
    size_t dash = line.find('-');
    if (colon == std::string_view::npos || dash == std::string_view::npos || dash < colon) continue;
    Range range;
    range.first = versionNumber(stripped(line.substr(colon + 1, dash - colon - 1)));
    if (int last = versionNumber(stripped(line.substr(dash + 1))); last != 0) range.last = last;
    ranges_.emplace(std::string(stripped(line.substr(0, colon))), range);
  }
}

bool StdlibVersions::has(std::string_view module, int major, int minor) const {
  int version = major * 1000 + minor;
  std::string name(module);
  while (true) {
    auto found = ranges_.find(name);
    if (found != ranges_.end()) return found->second.first <= version && version <= found->second.last;
    size_t dot = name.rfind('.');
    if (dot == std::string::npos) return false;
    name.resize(dot);
  }
}

}  // namespace krait::semantic
