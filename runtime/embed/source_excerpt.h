// The source lines below a traceback entry, with marks under the part that was running: `~` under an operation's operands,
// `^` under its operator, brackets or arguments, or under everything. ref: Lib/traceback.py, StackSummary.format_frame_summary.
#pragma once

#include <string>
#include <string_view>

#include "runtime/object/code.h"

namespace krait::embed {

// Indented lines with their line ends; empty when the place is not in the text.
std::string sourceExcerpt(std::string_view text, const object::SourcePosition& place);

}  // namespace krait::embed
