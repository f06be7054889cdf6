// The front end's part of `krait check`: reads and parses the sources in parallel and reports syntax errors and imports
// that cannot be found. Takes sources and the configuration; gives diagnostics grouped by file, in the sources' order.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "analyzer/config/config.h"
#include "analyzer/config/discovery.h"
#include "analyzer/diagnostics/source_files.h"

namespace krait::cli {

struct FrontCheckInput {
  const config::Config& config;
  const std::vector<config::Source>& sources;
  const std::vector<std::pair<std::string, std::string>>& shadow_files;
  std::string program_text;  // of -c: stands for the source with the path "<string>"
};

struct FrontCheckResult {
  std::vector<Diagnostic> diagnostics;
  // Files that could not be read, as lines for stderr.
  std::vector<std::string> failures;
};

// Adds the sources to `files` in order; their FileIds follow each other.
FrontCheckResult frontCheck(const FrontCheckInput& input, SourceFiles& files);

}  // namespace krait::cli
