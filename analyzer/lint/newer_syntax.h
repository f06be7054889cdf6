// Syntax that the Python which the settings name does not have yet, as findings of the linter.
#pragma once

#include "analyzer/lint/rule.h"

namespace krait::lint {

// Reports what Python 3.`target_minor` cannot read; nothing unless the settings name that version. ref: "What's New" of
// each version, ruff's messages
void reportNewerSyntax(LintContext& context);

}  // namespace krait::lint
