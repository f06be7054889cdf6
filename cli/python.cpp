#include "cli/python.h"

#include <cstdio>

#include "analyzer/config/installation.h"
#include "runtime/embed/embed.h"

namespace krait::cli {

bool isPythonName(std::string_view program) {
  size_t slash = program.rfind('/');
  std::string_view name = slash == std::string_view::npos ? program : program.substr(slash + 1);
  return name.starts_with("krait-python") || name.starts_with("python");
}

// Options of CPython's that ask for what is so anyway: no bytecode files, no user site, no environment variables.
static bool isWithoutEffect(std::string_view option) {
  for (std::string_view known : {"-B", "-E", "-I", "-s", "-S", "-q", "-P"}) {
    if (option == known) return true;
  }
  return false;
}

static int usageError(const char* format, const char* detail) {
  std::fprintf(stderr, "krait-python: ");
  std::fprintf(stderr, format, detail);
  std::fprintf(stderr, "\nusage: krait-python [-c PROGRAM | -m MODULE | SCRIPT] [ARGUMENTS...]\n");
  return 2;
}

int runPython(int argc, char** argv) {
  embed::RunRequest request;
  request.library = config::stdlibFolder();
  int at = 1;
  while (at < argc && isWithoutEffect(argv[at])) ++at;
  if (at >= argc) return usageError("%s", "a script is missing; there is no interactive mode yet");
  std::string_view first = argv[at];
  if (first == "-V" || first == "--version") {
    std::printf("Python 3.14 (krait %s)\n", KRAIT_VERSION);
    return 0;
  }
  bool is_text = first == "-c" || first == "-m";
  if (!is_text && first.size() > 1 && first[0] == '-') return usageError("unsupported option: %s", argv[at]);
  if (is_text) {
    request.kind = first == "-c" ? embed::RunRequest::Kind::kCommand : embed::RunRequest::Kind::kModule;
    if (++at >= argc) return usageError("argument expected for the %s option", std::string(first).c_str());
  }
  request.target = argv[at];
  request.arguments.assign(argv + at + 1, argv + argc);
  return embed::runProgram(request);
}

}  // namespace krait::cli
