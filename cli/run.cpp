// krait run: a script, a program text or a module, under krait's own runtime.
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>

#include "cli/commands.h"
#include "cli/python.h"
#include "runtime/embed/embed.h"
#include "runtime/modules/python_config.h"

namespace krait::cli {

enum RunOption : size_t { kCommandText, kModuleName, kCheck, kDeterministic, kSeed, kContracts, kObserve };

CommandSpec runSpec() {
  return {.name = "run",
          .summary = "Run a Python program",
          .details = "The exit code is the program's.",
          .operands = "SCRIPT [ARGUMENTS...]",
          .ends_at_operand = true,
          .options = {{"-c", ArgKind::kValue, "PROGRAM", "run this text", ""}, {"-m", ArgKind::kValue, "MODULE", "run a library module as a program", ""},
                      {"--check", ArgKind::kFlag, "", "check the script's types first; with findings it does not run", ""},
                      {"--deterministic", ArgKind::kFlag, "", "a run that repeats: clock, randomness and hashes of its own, no waiting", ""},
                      {"--seed", ArgKind::kValue, "NUMBER", "with --deterministic: another such run", ""},
                      {"--contracts", ArgKind::kFlag, "", "test annotations against the values that flow", ""},
                      {"--observe", ArgKind::kValue, "FILE", "write what values every expression had, as JSON", ""}}};
}

// Checks the script in a process of its own; what it finds goes to the error output. 0: nothing found.
static int checkFirst(const std::string& script) {
  pid_t child = fork();
  if (child == 0) {
    dup2(2, 1);
    int code = runCheck({"--no-error-summary", script});
    std::fflush(stdout);
    _exit(code);
  }
  int status = 0;
  while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  return child > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : 2;
}

int runRun(const Arguments& arguments) {
  ParsedArguments parsed = parseArguments(runSpec(), arguments);
  if (parsed.exit_code) return *parsed.exit_code;
  embed::RunRequest request;
  std::vector<std::string> operands = parsed.operands;
  std::string first;
  bool is_checked = false;
  for (const ParsedOption& option : parsed.options) {
    int64_t& seed = modules::python_config.seed;
    if (option.index == kCheck) is_checked = true;
    if (option.index == kContracts) modules::python_config.contracts = true;
    if (option.index == kObserve) modules::python_config.observations = option.values[0];
    if (option.index == kDeterministic) seed = std::max<int64_t>(seed, 0);
    if (option.index == kSeed) {
      char* end = nullptr;
      seed = std::strtoll(option.values[0].c_str(), &end, 10);
      if (*end != 0 || seed < 0 || option.values[0].empty()) {
        std::fprintf(stderr, "krait run: argument --seed: expected a number\n");
        return 2;
      }
    }
    if (option.index > kModuleName) continue;
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
  if (is_checked && request.kind == embed::RunRequest::Kind::kFile) {
    if (int code = checkFirst(request.target); code != 0) return code;
  }
  operands.insert(operands.begin(), first);
  modules::python_config.argv = modules::python_config.orig_argv = operands;
  readPythonEnvironment();
  findPythonPaths("krait");
  return embed::runProgram(request);
}

}  // namespace krait::cli
