// --add-noqa: comments that silence each line with findings.
#pragma once

#include <string>
#include <vector>

#include "analyzer/diagnostics/diagnostic.h"
#include "analyzer/diagnostics/source_files.h"

namespace krait::cli {

// The text with `# noqa: CODES` at the end of the lines where the findings begin; inside a string or after a backslash
// at the end of the statement's line. `count`: the comments that were added or extended.
std::string addNoqaComments(const SourceFile& file, const std::vector<Diagnostic>& diagnostics, uint32_t* count);

}  // namespace krait::cli
