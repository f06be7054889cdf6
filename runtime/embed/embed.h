// The runtime as the command line sees it: start it, run a script or a text, get the process's exit code.
#pragma once

#include <string>
#include <vector>

namespace krait::embed {

struct RunRequest {
  enum class Kind { kFile, kCommand, kModule, kInput } kind = Kind::kFile;  // kInput: the standard input
  std::string target;               // path, program text or module name
  std::vector<std::string> arguments;  // sys.argv after its first item
  std::string program = "krait";     // argv[0], for messages
};

// Runs the program to its end and flushes the streams. The exit code is the one that Python would give. What the command
// line and the environment say otherwise is in modules::python_config, complete but for the paths of the installation.
int runProgram(const RunRequest& request);
// Compiles the library modules that every start needs into an image (modules/importing/frozen.h); an exit code.
int writeFrozen(const std::string& library, const std::string& file);

}  // namespace krait::embed
