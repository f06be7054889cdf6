// The reports of `krait lint` that are not findings of rules: --metrics and --project.
#pragma once

#include "cli/commands.h"

namespace krait::cli {

// Do the arguments ask for one of the reports?
bool asksForLintReport(const Arguments& arguments);
// Runs it; the exit code: 0 nothing to report, 1 unused code, 2 usage and files that cannot be read.
int runLintReport(const Arguments& arguments);

}  // namespace krait::cli
