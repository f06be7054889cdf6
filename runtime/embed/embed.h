// The runtime as the command line sees it: start it, run a script or a text, get the process's exit code.
#pragma once

#include <string>
#include <vector>

namespace krait::embed {

struct RunRequest {
  enum class Kind { kFile, kCommand, kModule } kind = Kind::kFile;
  std::string target;               // path, program text or module name
  std::vector<std::string> arguments;  // sys.argv after its first item
  std::string library;              // folder of the Python library; empty: none
};

// Runs the program to its end and flushes the streams. The exit code is the one that Python would give.
int runProgram(const RunRequest& request);

}  // namespace krait::embed
