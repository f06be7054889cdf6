// The middle of `krait check`: from sources to findings. Takes sources and the configuration; gives diagnostics grouped
// by file, in the order of printing. What an earlier run found and still holds comes from the cache; the rest is read,
// parsed and checked.
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
  std::vector<std::string> targets;  // what the user named, as he wrote it
};

struct FrontCheckResult {
  std::vector<Diagnostic> diagnostics;
  // Files that could not be read, as lines for stderr.
  std::vector<std::string> failures;
  // The modules that belong to the run, and those that they import, found or not: only with --warn-unused-configs.
  std::vector<std::string> modules;
  size_t checked_again = 0;  // files whose findings did not come from the cache
};

// Adds the sources to `files` in order; their FileIds follow each other.
FrontCheckResult frontCheck(const FrontCheckInput& input, SourceFiles& files);

}  // namespace krait::cli
