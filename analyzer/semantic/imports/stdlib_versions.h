// typeshed's stdlib/VERSIONS: which standard library modules exist in which Python version.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

namespace krait::semantic {

class StdlibVersions {
 public:
  StdlibVersions() = default;
  // Lines `module: 3.0-3.9`; lines of another form are skipped.
  explicit StdlibVersions(std::string_view text);
  // Does the module (or the nearest listed parent) exist in version major.minor? Unlisted modules do not.
  bool has(std::string_view module, int major, int minor) const;

 private:
  struct Range {
    int first = 0;   // major * 1000 + minor
    int last = 1 << 30;
  };
  std::unordered_map<std::string, Range> ranges_;
};

}  // namespace krait::semantic
