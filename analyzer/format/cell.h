// The code of a notebook's cell in Black's style.
#pragma once

#include <string_view>

#include "analyzer/format/format.h"

namespace krait::format {

// `code`: a cell without magics and commands. A semicolon at its end, which keeps a value from being shown, stays; a cell that ends in
// such a line with a comment is left alone. What formatText says of faults holds here.
FormatOutcome formatCell(std::string_view code, const FormatOptions& options);

}  // namespace krait::format
