// krait-lint: `krait lint` and `krait explain` without the other commands, so that work on the linter builds and links
// the linter only.
#include <cstdio>
#include <string_view>

#include "cli/commands.h"

int main(int argc, char** argv) {
  std::string_view command = argc > 1 ? argv[1] : "";
  if (command != "lint" && command != "explain") {
    std::fputs("usage: krait lint|explain [options] …\n", stderr);
    return 2;
  }
  krait::cli::Arguments arguments(argv + 2, argv + argc);
  return command == "lint" ? krait::cli::runLint(arguments) : krait::cli::runExplain(arguments);
}
