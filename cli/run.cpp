// krait run: a script, a program text or a module, under krait's own runtime.
#include <cstdio>

#include "cli/commands.h"
#include "cli/python.h"
#include "runtime/embed/embed.h"
#include "runtime/modules/python_config.h"

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
  std::vector<std::string> operands = parsed.operands;
  std::string first;
  for (const ParsedOption& option : parsed.options) {
    request.kind = option.index == kCommandText ? embed::RunRequest::Kind::kCommand : embed::RunRequest::Kind::kModule;
    request.target = option.values[0];
    first = option.index == kCommandText ? "-c" : "-m";
  }
  if (first.empty()) {
    if (operands.empty()) {
      std::fprintf(stderr, "krait run: a script is missing: krait run SCRIPT, or krait run -c PROGRAM\n");
      return 2;
    }
    request.target = first = operands[0];
    operands.erase(operands.begin());
  }
  operands.insert(operands.begin(), first);
  modules::python_config.argv = modules::python_config.orig_argv = operands;
  readPythonEnvironment();
  findPythonPaths("krait");
  return embed::runProgram(request);
}

}  // namespace krait::cli
