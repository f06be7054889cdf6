// Regular expressions of the user's configuration (`exclude`), in Python's syntax as far as ECMAScript's has it; a
// leading (?x) is understood. Compiled once, searched in paths.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "analyzer/base/result.h"

namespace krait::config {

class PathRegex {
 public:
  // Fails with the reason when the pattern cannot be read.
  static Result<PathRegex> compile(const std::string& pattern);
  PathRegex(PathRegex&&) noexcept;
  PathRegex& operator=(PathRegex&&) noexcept;
  ~PathRegex();

  // Whether the pattern matches anywhere in `path`. A search that grows out of bounds counts as no match.
  bool isFoundIn(std::string_view path) const;
  // Where the first match in the text ends; none without one.
  std::optional<size_t> endOfMatch(std::string_view text) const;

 private:
  struct Compiled;
  PathRegex();
  std::unique_ptr<Compiled> compiled_;
};

}  // namespace krait::config
