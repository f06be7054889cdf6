// Blocks that do not parse because something else stands in them than Python.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "analyzer/base/interner.h"

namespace krait::cli {

// `print(x)   Output: 5`: the text with comment signs put back, if that makes it parse.
std::optional<std::string> withComments(std::string_view text, Interner& names);

// Is a line, or what leads to a block, nothing but words such as `**Output:**` or `[*]Expected output`?
bool isOutputHeading(std::string_view line);

// A program with its output below a heading of its own: the lines before it, which parse, and what is said to be printed.
struct ProgramWithOutput {
  std::string program;
  std::string output;
  uint32_t heading_line = 0;  // 1-based, in the text
};
std::optional<ProgramWithOutput> partedFromOutput(std::string_view text, Interner& names);

}  // namespace krait::cli
