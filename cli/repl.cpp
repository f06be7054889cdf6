// krait repl: the interactive interpreter.
#include "cli/commands.h"
#include "cli/python.h"
#include "runtime/embed/embed.h"
#include "runtime/modules/python_config.h"

namespace krait::cli {

CommandSpec replSpec() {
  return {.name = "repl",
          .summary = "Read and run Python interactively",
          .details = "Statements are read from the terminal or the standard input; what an expression gives is printed.",
          .operands = "",
          .ends_at_operand = true,
          .options = {}};
}

int runRepl(const Arguments& arguments) {
  ParsedArguments parsed = parseArguments(replSpec(), arguments);
  if (parsed.exit_code) return *parsed.exit_code;
  embed::RunRequest request;
  request.kind = embed::RunRequest::Kind::kInput;
  modules::python_config.argv = modules::python_config.orig_argv = {""};
  modules::python_config.interactive = 1;
  readPythonEnvironment();
  findPythonPaths("krait");
  return embed::runProgram(request);
}

}  // namespace krait::cli
