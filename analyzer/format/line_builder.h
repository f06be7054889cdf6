// The line builder: the tree to its logical lines, each with all its leaves. On the way the leaves take their standard
// forms: literals, parentheses, blanks.
#pragma once

#include <vector>

#include "analyzer/format/line.h"

namespace krait::format {

// Changes the tree. What always holds: no line is empty; every leaf with text and every comment is in one line.
std::vector<Line> buildLines(FormatContext& context);

// The empty lines around each line.
struct EmptyLines {
  int32_t before = 0;
  int32_t after = 0;
};
// empty_lines.cpp. What stands in `Element::newlines` of the lines' first leaves is what the text had.
std::vector<EmptyLines> countEmptyLines(const FormatContext& context, const std::vector<Line>& lines);

// features.cpp: sets what the context knows of the versions that must read the result.
void findFeatures(FormatContext& context);

}  // namespace krait::format
