// krait-python: the runtime under CPython's command line. Reads it by hand, as start-up time counts.
#pragma once

#include <string>
#include <string_view>

namespace krait::cli {

// Whether the binary was called under the runtime's name: krait-python, python, python3….
bool isPythonName(std::string_view program);
// Whether the program that was started so is krait-python: by its name, or as a link to it under another one.
bool isPythonProgram(const std::string& argv0);

// `krait-python [-c PROGRAM | -m MODULE | SCRIPT] [ARGUMENTS…]`. The exit code is the program's, 2 for wrong usage.
int runPython(int argc, char** argv);

// Reads the PYTHON… variables into modules::python_config.
void readPythonEnvironment();
// Fills in where the installation and the program are (modules::python_config), for a program started as `argv0`.
void findPythonPaths(const std::string& argv0);

}  // namespace krait::cli
