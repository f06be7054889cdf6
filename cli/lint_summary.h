// What `krait lint` says below the findings: how many there are, how often each code was found, what was fixed.
#pragma once

#include <string>
#include <vector>

#include "analyzer/diagnostics/diagnostic.h"
#include "cli/lint_request.h"

namespace krait::cli {

// --statistics: a line for each code, the most frequent first.
std::string statisticsOf(const std::vector<Diagnostic>& all);

// The closing lines. `errors`: what is left, `fixed`: what was mended, `fixable`: what --fix would mend.
std::string summaryOf(const LintRequest& request, uint32_t errors, uint32_t fixed, uint32_t fixable);

struct FixedFile {
  std::string path;
  std::vector<Code> codes;  // of each fix
};

// --show-fixes: how many fixes of which code each file has had.
std::string fixesText(std::vector<FixedFile> files);

}  // namespace krait::cli
