// krait run: a script, a program text or a module, under krait's own runtime.
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "analyzer/semantic/imports/search_paths.h"
#include "cli/commands.h"
#include "cli/python.h"
#include "cli/sandbox/options.h"
#include "runtime/embed/embed.h"
#include "runtime/modules/python_config.h"

namespace krait::cli {

// An hour of work.
static constexpr unsigned kSandboxedSeconds = 3600;

enum RunOption : size_t { kCommandText, kModuleName, kCheck, kDeterministic, kSeed, kContracts, kObserve, kSandbox, kFirstSandboxOption };

CommandSpec runSpec() {
  return {.name = "run",
          .summary = "Run a Python program",
          .details = "The exit code is the program's. `-` stands for the standard input.",
          .operands = "SCRIPT [ARGUMENTS...]",
          .ends_at_operand = true,
          .options = withSandboxOptions({{"-c", ArgKind::kValue, "PROGRAM", "run this text", ""}, {"-m", ArgKind::kValue, "MODULE", "run a library module as a program", ""},
                      {"--check", ArgKind::kFlag, "", "check the script's types first; with findings it does not run", ""},
                      {"--deterministic", ArgKind::kFlag, "", "a run that repeats: clock, randomness and hashes of its own, no waiting", ""},
                      {"--seed", ArgKind::kValue, "NUMBER", "with --deterministic: another such run", ""},
                      {"--contracts", ArgKind::kFlag, "", "test annotations against the values that flow", ""},
                      {"--observe", ArgKind::kValue, "FILE", "write what values every expression had, as JSON", ""},
                      {"--sandbox", ArgKind::kFlag, "", "run where nothing is allowed but what the options below say, in a private folder", "sandbox"}})};
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

// The same command line without the options of the sandbox, which hold outside of it; the script by its full path.
static std::vector<std::string> commandInside(const ParsedArguments& parsed, const std::filesystem::path& script) {
  std::vector<std::string> words = {"run"};
  CommandSpec spec = runSpec();
  for (const ParsedOption& option : parsed.options) {
    if (option.index >= kSandbox) continue;
    words.push_back(spec.options[option.index].names);
    words.insert(words.end(), option.values.begin(), option.values.end());
  }
  words.insert(words.end(), parsed.operands.begin(), parsed.operands.end());
  if (!script.empty()) words[words.size() - parsed.operands.size()] = script.string();
  return words;
}

// Runs the program where its script's folder can be read and nothing else. `script`: empty for -c and -m.
static int runInSandbox(const ParsedArguments& parsed, const std::string& script, SandboxChoice choice) {
  std::vector<std::string> missing = missingSandboxLayers();
  if (!missing.empty() && choice.policy == SandboxPolicy::kRequired) {
    for (const std::string& layer : missing) std::fprintf(stderr, "krait run: this kernel does not offer %s\n", layer.c_str());
    std::fprintf(stderr, "krait run: --allow-weak-sandbox runs it all the same\n");
    return 2;
  }
  std::error_code error;
  std::filesystem::path full = script.empty() ? std::filesystem::path() : std::filesystem::canonical(script, error);
  if (error) {
    std::fprintf(stderr, "krait run: can't open file '%s': %s\n", script.c_str(), error.message().c_str());
    return 2;
  }
  char self[4096];
  ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
  std::string folder = "/tmp/krait-run-XXXXXX";  // as mkdtemp wants it
  if (length <= 0 || mkdtemp(folder.data()) == nullptr) {
    std::fprintf(stderr, "krait run: no private folder could be made\n");
    return 2;
  }
  SandboxRequest request{.command = commandInside(parsed, full), .folder = folder, .input = "", .limits = {}, .permissions = std::move(choice.permissions), .policy = choice.policy, .stand_ins = nullptr, .variables = {}};
  request.command.insert(request.command.begin(), std::string(self, static_cast<size_t>(length)));
  if (!full.empty()) request.permissions.read.push_back(full.parent_path().string());
  request.limits.wall_seconds = request.limits.cpu_seconds = kSandboxedSeconds;
  std::optional<int> code = runSandboxedHere(request);
  std::filesystem::remove_all(folder, error);
  if (!code) std::fprintf(stderr, "krait run: the sandbox could not be set up\n");
  return code.value_or(2);
}

// Where `krait check` finds installed packages, `krait run` does: the active virtual environment, or the current folder's. Not
// the system's, which are another interpreter's. A sandbox says what it shows of them.
static std::vector<std::string> installedPackages() {
  if (const char* named = std::getenv("KRAIT_SITE_PACKAGES")) {
    std::vector<std::string> folders = semantic::splitPathList(named);
    unsetenv("KRAIT_SITE_PACKAGES");
    return folders;
  }
  return semantic::findSitePackages({.python_executable = "", .project_root = ".", .uses_system = false});
}

int runRun(const Arguments& arguments) {
  ParsedArguments parsed = parseArguments(runSpec(), arguments);
  if (parsed.exit_code) return *parsed.exit_code;
  embed::RunRequest request;
  std::vector<std::string> operands = parsed.operands;
  std::string first;
  bool is_checked = false, is_sandboxed = false;
  SandboxChoice sandbox;
  for (const ParsedOption& option : parsed.options) {
    int64_t& seed = modules::python_config.seed;
    if (option.index == kCheck) is_checked = true;
    if (option.index == kContracts) modules::python_config.contracts = true;
    if (option.index == kSandbox) is_sandboxed = true;
    if (std::optional<std::string> wrong = readSandboxOption(option, kFirstSandboxOption, sandbox)) {
      std::fprintf(stderr, "krait run: %s\n", wrong->c_str());
      return 2;
    }
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
    if (first == "-") request.kind = embed::RunRequest::Kind::kInput;
  }
  if (is_checked && request.kind == embed::RunRequest::Kind::kInput) {
    std::fprintf(stderr, "krait run: --check needs a script: the standard input can be read once\n");
    return 2;
  }
  if (is_checked && request.kind == embed::RunRequest::Kind::kFile) {
    if (int code = checkFirst(request.target); code != 0) return code;
  }
  if (is_sandboxed) return runInSandbox(parsed, request.kind == embed::RunRequest::Kind::kFile ? request.target : "", std::move(sandbox));
  operands.insert(operands.begin(), first);
  modules::python_config.argv = modules::python_config.orig_argv = operands;
  readPythonEnvironment();
  modules::python_config.site_folders = installedPackages();
  findPythonPaths("krait");
  return embed::runProgram(request);
}

}  // namespace krait::cli
