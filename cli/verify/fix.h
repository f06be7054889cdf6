// Putting wrong claims right in the text, and touching nothing else.
#pragma once

#include <string>

#include "cli/verify/document.h"

namespace krait::cli {

// The document's text with what was really printed in the place of each wrong claim that stands on one line, or below a
// session's prompt. `fixed`: how many.
std::string withClaimsFixed(const SourceFile& file, const VerifiedDocument& document, size_t& fixed);

}  // namespace krait::cli
