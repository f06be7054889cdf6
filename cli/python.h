// krait-python: the runtime under CPython's command line. Reads it by hand, as start-up time counts.
#pragma once

#include <string_view>

namespace krait::cli {

// Whether the binary was called under the runtime's name: krait-python, python, python3….
bool isPythonName(std::string_view program);

// `krait-python [-c PROGRAM | -m MODULE | SCRIPT] [ARGUMENTS…]`. The exit code is the program's, 2 for wrong usage.
int runPython(int argc, char** argv);

}  // namespace krait::cli
