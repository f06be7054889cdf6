// krait run: a script, a program text or a module, under krait's own runtime.
#include <cstdio>

#include "analyzer/config/installation.h"
#include "cli/commands.h"
#include "runtime/embed/embed.h"

namespace krait::cli {

enum RunOption : size_t { kCommandText, kModuleName };

CommandSpec runSpec() {
  return {.name = "run",
          .summary = "Run a Python program",
          .details = "The exit code is the program's.",
          .operands = "SCRIPT [ARGUMENTS...]",
          .ends_at_operand = true,
          .options = {{"-c", ArgKind::kValue, "PROGRAM", "run this text", ""}, {"-m", ArgKind::kValue, "MODULE", "run a library module as a program", ""}}};
}

int runRun(const Arguments& arguments) {
  ParsedArguments parsed = parseArguments(runSpec(), arguments);
  if (parsed.exit_code) return *parsed.exit_code;
  embed::RunRequest request;
  request.library = config::stdlibFolder();
  request.arguments = parsed.operands;
  bool has_target = false;
  for (const ParsedOption& option : parsed.options) {
    request.kind = option.index == kCommandText ? embed::RunRequest::Kind::kCommand : embed::RunRequest::Kind::kModule;
    request.target = option.values[0];
    has_target = true;
  }
  if (!has_target) {
    if (parsed.operands.empty()) {
      std::fprintf(stderr, "krait run: a script is missing: krait run SCRIPT, or krait run -c PROGRAM\n");
      return 2;
    }
    request.target = parsed.operands[0];
    request.arguments.erase(request.arguments.begin());
  }
  return embed::runProgram(request);
}

}  // namespace krait::cli
