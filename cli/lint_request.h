// What the command line of `krait lint` asks for: how to run and print, while the rules' own settings go into the
// configuration's LintOptions.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analyzer/config/config.h"
#include "analyzer/diagnostics/render.h"
#include "analyzer/lint/fixes.h"
#include "cli/add_noqa.h"
#include "cli/arguments.h"

namespace krait::cli {

struct LintRequest {
  OutputFormat format = OutputFormat::kLintFull;
  bool fixes = false;
  bool fixes_only = false;   // what is left is not reported
  bool shows_fixes = false;
  bool shows_diff = false;
  bool adds_noqa = false;
  AddedComments added;       // in which form
  bool shows_statistics = false;
  bool shows_files = false;
  bool shows_settings = false;
  bool watches = false;
  bool ignores_noqa = false;
  bool exits_zero = false;
  bool exits_on_fix = false;
  bool is_quiet = false;
  lint::FixChoice choice = lint::FixChoice::kSafe;
  bool hints_at_unsafe = true;  // nobody said whether unsafe fixes are wanted: they are told of
  std::string stdin_name;
  std::string output_file;
  std::vector<std::string> paths;

  bool readsStdin() const { return paths.size() == 1 && paths[0] == "-"; }
};

// Reads the options after the configuration; gives what is wrong with them, if anything.
std::optional<std::string> readLintRequest(const ParsedArguments& parsed, LintRequest& request, config::LintOptions& options);
// The configuration file that the command line names; "" reads none.
// Applies the settings among the values of --config; what is wrong, if anything.
std::optional<std::string> readLintSettings(const ParsedArguments& parsed, config::Config& config);
std::optional<std::string> lintConfigFile(const ParsedArguments& parsed);

}  // namespace krait::cli
