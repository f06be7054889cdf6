// The one binary: `krait COMMAND …`, and `krait-python …`, which is the same file under another name.
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string_view>

#include "cli/commands.h"
#include "cli/generate.h"
#include "cli/python.h"

namespace krait::cli {

static std::string overview() {
  std::string out = "usage: krait COMMAND [options] …\n\nChecks, lints, edits, runs and verifies Python 3.14.\n\ncommands:\n";
  for (const CommandSpec& spec : allCommands()) {
    out += "  " + spec.name + std::string(10 - spec.name.size(), ' ') + spec.summary + "\n";
  }
  return out + "\n`krait COMMAND --help` says more; `krait --version` prints the version.\n";
}

std::vector<CommandSpec> allCommands() {
  return {
#define COMMAND(name, Name, summary) name##Spec(),
#include "cli/commands.def"
  };
}

static int runCommand(std::string_view command, const Arguments& arguments) {
#define COMMAND(name, Name, summary) \
  if (command == #name) return run##Name(arguments);
#include "cli/commands.def"
  if (command == "--version" || command == "-V") {
    std::printf("krait %s\n", KRAIT_VERSION);
    return 0;
  }
  if (command == "--help" || command == "-h" || command == "help") {
    std::fputs(overview().c_str(), stdout);
    return 0;
  }
  if (command == "--generate") return runGenerate(arguments);
  std::fprintf(stderr, "krait: unknown command: %.*s\n\n%s", static_cast<int>(command.size()), command.data(), overview().c_str());
  return 2;
}

}  // namespace krait::cli

// `krait -c PROGRAM`: a program asks the real path of its interpreter and starts that.
static bool beginsWithPythonOption(int argc, char** argv) {
  return argc > 1 && argv[1][0] == '-' && argv[1][1] != 0 && argv[1][1] != '-' && std::strchr("hV", argv[1][1]) == nullptr;
}

// What could not be written on standard output was not done: a full disk must not look like success.
static int withOutputWritten(int exit_code) {
  errno = 0;
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return exit_code;
  // A reader that had enough is no fault, and who has closed it wants nothing.
  if (errno == EPIPE || errno == EBADF) return exit_code;
  std::fprintf(stderr, "krait: cannot write standard output%s%s\n", errno != 0 ? ": " : "", errno != 0 ? std::strerror(errno) : "");
  return 2;
}

int main(int argc, char** argv) {
  if (argc > 0 && (krait::cli::isPythonProgram(argv[0]) || beginsWithPythonOption(argc, argv))) return krait::cli::runPython(argc, argv);
  if (argc < 2) {
    std::fputs(krait::cli::overview().c_str(), stderr);
    return 2;
  }
  return withOutputWritten(krait::cli::runCommand(argv[1], krait::cli::Arguments(argv + 2, argv + argc)));
}
