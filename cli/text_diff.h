// Unified diffs of texts, line by line.
#pragma once

#include <string>
#include <string_view>

namespace krait::cli {

// The unified diff with three lines around each change; empty when the texts are equal. Time and memory are linear in
// the texts times the number of lines that differ, up to a bound beyond which a change is shown as one block.
std::string unifiedDiff(std::string_view old_text, std::string_view new_text, const std::string& old_name,
                        const std::string& new_name);

}  // namespace krait::cli
