// Names of builtins that a file should not give to its own things.
#pragma once

#include "analyzer/lint/rule.h"

namespace krait::lint {

// Is it the name of a builtin function, class or exception (not a module attribute such as `__doc__`)?
bool isShadowedBuiltin(const LintContext& context, NameId name);

}  // namespace krait::lint
