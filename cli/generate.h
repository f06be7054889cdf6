// `krait --generate bash|zsh|fish|man`: shell completions and the manual page from the command specifications. The
// build writes them to share/; they are not meant for people to call.
#pragma once

#include "cli/commands.h"

namespace krait::cli {

int runGenerate(const Arguments& arguments);

}  // namespace krait::cli
