// The runtime without the checker, the linter and the rest: links in seconds, for work on the interpreter's speed.
// `krait-python` as in the one binary, and `--generate frozen LIBRARY FILE`.
#include <string_view>

#include "cli/python.h"
#include "runtime/embed/embed.h"

int main(int argc, char** argv) {
  if (argc == 5 && std::string_view(argv[1]) == "--generate") return krait::embed::writeFrozen(argv[3], argv[4]);
  return krait::cli::runPython(argc, argv);
}
