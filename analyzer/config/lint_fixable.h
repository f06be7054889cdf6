// Which codes' fixes may be applied: `fixable` and `unfixable` of the configuration and the command line.
#pragma once

#include "analyzer/config/lint_options.h"

namespace krait::config {

// How specifically an entry names the code: 0 not at all, 1 by ALL, else 1 + the length of the prefix.
size_t codeSpecificity(const std::vector<std::string>& entries, std::string_view code);

// The more specific of the entries that match decides.
bool isLintCodeFixable(const LintOptions& options, Code code);
// "pattern:CODE" pairs, separated by commas, added to the configuration's; false when a pair has no colon.
bool addPerFileIgnores(LintOptions& options, std::string_view pairs);

}  // namespace krait::config
