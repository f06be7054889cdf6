// One file of `krait lint`: read and linted, then fixed (or silenced, or shown as a difference) as the command asks. Between the two
// steps the run learns what its files ask of each other.
#pragma once

#include <string>
#include <vector>

#include "analyzer/diagnostics/diagnostic.h"
#include "analyzer/lint/runner.h"
#include "cli/lint_request.h"

namespace krait::cli {

struct FileOutcome {
  std::vector<Diagnostic> diagnostics;
  std::string original;  // the text before the fixes
  std::string changed;   // with --diff, --add-noqa and `-`: the text after them
  std::string diff;      // of a notebook, with --diff
  uint32_t fix_count = 0;
  std::vector<Code> fixed;  // the code of each fix
  std::string failure;
  bool is_read = false;     // it could be read: there are findings to fix
};

// Reads the file into `file` and lints it; what cannot be read is a finding or a failure.
FileOutcome lintOne(const LintRequest& request, const lint::LintInput& input, SourceFile& file);
// Lints the text as it is now; fixes that the settings forbid are left out.
void lintText(const lint::LintInput& input, FileOutcome& outcome);
// Fixes the file, adds comments to it or keeps both texts for a difference. Only for files that were read.
void applyRequest(const LintRequest& request, const lint::LintInput& input, SourceFile& file, FileOutcome& outcome);

}  // namespace krait::cli
