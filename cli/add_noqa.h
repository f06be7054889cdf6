// --add-noqa and --add-ignore: comments that silence each line with findings.
#pragma once

#include <string>
#include <vector>

#include "analyzer/diagnostics/diagnostic.h"
#include "analyzer/diagnostics/source_files.h"

namespace krait::cli {

struct AddedComments {
  bool are_ignores = false;  // `# ruff: ignore[CODE]` instead of `# noqa: CODE`
  bool names_rules = false;  // rules' names in the former
  std::string reason;        // stands behind the codes
};

// Comments at the end of the lines where the findings begin, of strings over lines and after a backslash at the end of the last;
// a `# noqa` with codes that stands there gets more of them. In order, one edit a comment.
std::vector<FixEdit> silencingEdits(const SourceFile& file, const std::vector<Diagnostic>& diagnostics, const AddedComments& style);

}  // namespace krait::cli
