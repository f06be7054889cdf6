// What of an earlier run still holds. Takes the record of that run, today's sources and the resolver; looks at the
// disk; gives the files whose findings need not be found again. A file is checked again when its text changed, when an
// import of it means something else, or when a file that it imports, directly or not, looks different from outside.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "analyzer/config/config.h"
#include "analyzer/config/discovery.h"
#include "analyzer/semantic/imports/import_resolver.h"
#include "checker/program/cache/run_record.h"

namespace krait::program {

struct RunPlan {
  bool is_unchanged = false;  // the record's findings are the run's
  bool is_touched = false;    // only time stamps changed: the record should be written again
  std::unordered_map<std::string, const FileRecord*> known;  // by keyOf; point into the record
};

// Tells kinds of runs apart: by options, targets and search paths.
uint64_t runKey(const config::Config& config, const std::vector<std::string>& targets, const semantic::ResolverOptions& resolver);

// Brings the time stamps of the record up to date.
RunPlan planRun(RunRecord& record, const std::vector<config::Source>& sources, semantic::ImportResolver& resolver);

}  // namespace krait::program
