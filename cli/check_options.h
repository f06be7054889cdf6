// The options of `krait check`: the flags of options.def and those that are about the run itself.
#pragma once

#include <string>
#include <vector>

#include "analyzer/base/result.h"
#include "analyzer/config/config.h"
#include "analyzer/diagnostics/render.h"
#include "cli/arguments.h"

namespace krait::cli {

struct CheckRequest {
  config::CommandLine command_line;
  std::vector<std::string> paths;
  std::vector<std::string> modules;   // -m
  std::vector<std::string> packages;  // -p
  std::vector<std::string> programs;  // -c, joined by line ends
  OutputFormat format = OutputFormat::kText;
  std::vector<std::pair<std::string, std::string>> shadow_files;  // read the second for the first
  bool is_verbose = false;
  std::string baseline;            // --baseline: findings of this file are not reported
  bool writes_baseline = false;    // … it becomes what is found now
  bool shrinks_baseline = false;   // … it loses what is found no more
  bool is_watching = false;        // --watch
  bool adds_ignores = false;
  bool removes_ignores = false;
};

CommandSpec checkCommandSpec();

// What the line asks for. Fails with the message for a usage error.
Result<CheckRequest> readCheckRequest(const CommandSpec& spec, const ParsedArguments& parsed);

// How the options want findings printed. Colours only on a terminal (or with FORCE_COLOR, MYPY_FORCE_COLOR).
RenderOptions renderOptionsOf(const config::Options& options);

// Says that there are no builtins where they are looked for, and what to do; without a full stop.
std::string missingBuiltins(const config::Options& options);

}  // namespace krait::cli
