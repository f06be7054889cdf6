// Writes `# type: ignore[…]` comments into files, or takes out those that nothing needs. Files are replaced in one step; a
// line that cannot carry a comment (inside a string, before a backslash's line end) is left and named.
#pragma once

#include <string>
#include <vector>

#include "analyzer/diagnostics/report.h"

namespace krait::cli {

struct EditedIgnores {
  size_t comments = 0;
  size_t files = 0;
  std::vector<std::string> problems;  // lines for stderr
};

// A comment for each line with errors; a comment that is there gets the codes that it lacks.
EditedIgnores addIgnores(const Report& report);
// What the findings about unused comments say is taken out.
EditedIgnores removeUnusedIgnores(const SourceFiles& files, const std::vector<Diagnostic>& diagnostics);

}  // namespace krait::cli
