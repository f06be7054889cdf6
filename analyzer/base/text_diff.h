// Differences of texts, line by line, and unified diffs made of them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace krait {

// Old lines [old_begin, old_end) became new lines [new_begin, new_end), counted from 0.
struct LineChange {
  size_t old_begin, old_end, new_begin, new_end;
};

// The lines of a text with their ends.
std::vector<std::string_view> linesWithEnds(std::string_view text);

// The changes from one text's lines to the other's, in order and apart; none when they are equal. Time and memory are linear in
// the texts times the number of lines that differ, up to a bound beyond which all that differs is one change.
std::vector<LineChange> lineChanges(const std::vector<std::string_view>& old_lines, const std::vector<std::string_view>& new_lines);

// The unified diff with three lines around each change; empty when the texts are equal.
std::string unifiedDiff(std::string_view old_text, std::string_view new_text, const std::string& old_name,
                        const std::string& new_name);

}  // namespace krait
