// Config: everything a run is told by its configuration file and command line, and the Options that follow for each
// module. Takes a working folder (or a named file) and the command line's settings; gives base options, per-module
// sections and warnings. What always holds: the command line beats the file's global section; module sections beat
// both, the more specific one last (mypy's precedence).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/result.h"
#include "analyzer/config/config_text.h"
#include "analyzer/config/lint_options.h"
#include "analyzer/config/options.h"

namespace krait::config {

struct ModuleSection {
  std::string pattern;  // "pkg.mod", "pkg.*", "*.tests.*"
  std::vector<Setting> settings;
};

struct Config {
  Options base;  // file and command line together
  LintOptions lint;
  std::vector<ModuleSection> sections;  // in the file's order
  std::string path;                     // of the file; empty: none was found
  std::vector<std::string> warnings;    // lines for stderr
  std::string lint_path;  // the file that `lint` was read from; empty: none was looked for or found
  std::vector<std::string> lint_warnings;  // about the linter's configuration, for those who lint
};

struct CommandLine {
  std::vector<Setting> settings;  // in order
  bool is_strict = false;
  std::optional<std::string> config_file;  // --config-file; "" turns files off
};

// Finds and reads the configuration and puts the command line on top. Fails when a named file cannot be used, or when
// options contradict each other. ref: mypy config_parser.parse_config_file, main.process_options
Result<Config> loadConfig(const CommandLine& command_line);

// The options of one module. ref: mypy Options.clone_for_module
Options optionsForModule(const Config& config, std::string_view module);

// The patterns that match none of the modules, in the file's order, for --warn-unused-configs.
std::vector<std::string> unusedSections(const Config& config, const std::vector<std::string>& modules);

}  // namespace krait::config
