// krait-lint: `krait lint` without the other commands, so that work on the linter builds and links the linter only.
#include <cstdio>
#include <string_view>

#include "cli/commands.h"

int main(int argc, char** argv) {
  if (argc < 2 || std::string_view(argv[1]) != "lint") {
    std::fputs("usage: krait lint [options] …\n", stderr);
    return 2;
  }
  return krait::cli::runLint(krait::cli::Arguments(argv + 2, argv + argc));
}
