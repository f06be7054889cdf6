// Command-line parsing for every command: a CommandSpec says what the command takes, parseArguments gives what was
// written, in order. Long options may be shortened to a unique prefix, as argparse allows. CLI11 does the work behind
// this header (arguments.cpp); nothing else sees it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace krait::cli {

// kOptional: a value only behind `=`; the empty text without one.
enum class ArgKind : uint8_t { kFlag, kValue, kPair, kOptional };

struct OptionSpec {
  std::string names;  // "-m,--module"
  ArgKind kind = ArgKind::kFlag;
  std::string metavar;
  std::string help;   // empty: not shown
  std::string group;  // heading in the help text
};

struct CommandSpec {
  std::string name;      // "check"
  std::string summary;   // one line
  std::string details;   // shown after the options; may be empty
  std::string operands;  // "PATHS..." for the usage line; empty: takes none
  bool ends_at_operand = false;  // everything after the first operand belongs to it (a script and its arguments)
  std::vector<OptionSpec> options;
};

struct ParsedOption {
  size_t index;  // in CommandSpec::options
  std::vector<std::string> values;
};

struct ParsedArguments {
  std::vector<ParsedOption> options;  // in the order written
  std::vector<std::string> operands;
  // Set when there is nothing to run: help was printed (0) or the line was wrong and said so (2).
  std::optional<int> exit_code;
};

// `arguments`: what follows the command's name.
ParsedArguments parseArguments(const CommandSpec& spec, std::vector<std::string> arguments);

// Says what is wrong with the line, with the command's usage, on the error output; the exit code for it.
int sayUsageError(const CommandSpec& spec, const std::string& message);

// The text of `krait NAME --help`.
std::string helpText(const CommandSpec& spec);

}  // namespace krait::cli
