// What `krait lint` says below the findings: how many there are, how often each code was found, what was fixed.
#pragma once

#include <string>
#include <vector>

#include "analyzer/diagnostics/diagnostic.h"
#include "cli/lint_request.h"

namespace krait::cli {

// --statistics: a line for each code, the most frequent first; or JSON, where that is the output format.
std::string statisticsOf(const LintRequest& request, const std::vector<Diagnostic>& all);

struct FixCounts {
  uint32_t offered = 0;  // what --fix would mend
  uint32_t hidden = 0;   // what it would besides, were unsafe fixes asked for
};
FixCounts countFixes(const LintRequest& request, const std::vector<Diagnostic>& all);

// The closing lines. `errors`: what is left, `fixed`: what was mended, `counts`: of what is left.
std::string summaryOf(const LintRequest& request, uint32_t errors, uint32_t fixed, FixCounts counts);

// --diff: how many findings the shown changes mend. `left`: of what they leave.
std::string changesOf(uint32_t fixed, FixCounts left);

struct FixedFile {
  std::string path;
  std::vector<Code> codes;  // of each fix
};

// --show-fixes: how many fixes of which code each file has had.
std::string fixesText(std::vector<FixedFile> files);

}  // namespace krait::cli
