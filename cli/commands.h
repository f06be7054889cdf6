// The commands of the binary, generated from commands.def. A command takes the arguments after its name and gives the
// process's exit code: 0 nothing found, 1 findings, 2 usage or configuration.
#pragma once

#include <string>
#include <vector>

#include "cli/arguments.h"

namespace krait::cli {

using Arguments = std::vector<std::string>;

#define COMMAND(name, Name, summary) \
  CommandSpec name##Spec();          \
  int run##Name(const Arguments& arguments);
#include "cli/commands.def"

// All command specifications, for completions and the manual page.
std::vector<CommandSpec> allCommands();

}  // namespace krait::cli
