// krait-checker: `krait check` without the other commands, so that work on the checker builds and links the checker only.
#include <cstdio>
#include <string_view>

#include "cli/commands.h"

int main(int argc, char** argv) {
  if (argc < 2 || std::string_view(argv[1]) != "check") {
    std::fputs("usage: krait check [options] …\n", stderr);
    return 2;
  }
  return krait::cli::runCheck(krait::cli::Arguments(argv + 2, argv + argc));
}
