// Applying fixes to a text: the safe ones (or all), without overlaps, in one pass. The caller lints again until nothing
// is left to fix.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analyzer/diagnostics/diagnostic.h"

namespace krait::lint {

enum class FixChoice : uint8_t { kSafe, kUnsafeToo };

struct FixedText {
  std::string text;
  uint32_t fix_count = 0;   // fixes that were applied
  std::vector<Code> codes;  // of each of them
  std::vector<FixEdit> edits;  // what was done to the text, in order, without overlaps
};

// From the front, as ruff does: a fix that begins before or where an earlier one ended is left for the next pass, which sees what that one
// wrote. An edit that two fixes share is made once.
FixedText applyFixes(std::string_view text, const std::vector<Diagnostic>& diagnostics, FixChoice choice);

}  // namespace krait::lint
