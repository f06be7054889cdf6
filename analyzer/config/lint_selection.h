// Which codes the linter reports and fixes: selectors of one configuration, of those that it extends, and of the command line,
// each on top of what was selected before. Within one of them the selector that names a code more closely decides.
// ref: ruff's documentation of `select`, `ignore` and their kin
#pragma once

#include "analyzer/config/lint_options.h"

namespace krait::config {

// Selectors that are read from now on come on top of those read before.
void beginSelection(LintOptions& options);

// Whether ALL, a code or the beginning of one, or the name of a rule: a selector that names some rule, or one that is gone.
bool isKnownLintSelector(std::string_view selector);
// Whether the code is of a rule that ruff had once: nothing can select it, to ignore it does nothing.
bool isRemovedLintCode(std::string_view selector);

// Puts codes in place of rules' names among the selectors. The first name that stands there without the preview, where only codes
// may; empty: none.
std::string resolveRuleNames(LintOptions& options);

// The selectors that name nothing but codes of the preview, while the preview is off.
std::vector<std::string> findIdleSelectors(const LintOptions& options);

// How specifically an entry names the code: 0 not at all, 1 by ALL, else 1 + the length of the prefix.
size_t codeSpecificity(const std::vector<std::string>& entries, std::string_view code);

// Whether the code's fixes may be applied.
bool isLintCodeFixable(const LintOptions& options, Code code);

}  // namespace krait::config
