// Which codes' fixes may be applied: `fixable` and `unfixable` of the configuration and the command line.
#pragma once

#include "analyzer/config/lint_options.h"

namespace krait::config {

// The more specific of the entries that match decides.
bool isLintCodeFixable(const LintOptions& options, Code code);
// "pattern:CODE" pairs, separated by commas, added to the configuration's; false when a pair has no colon.
bool addPerFileIgnores(LintOptions& options, std::string_view pairs);

}  // namespace krait::config
