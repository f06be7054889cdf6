// Names of builtins that a file should not give to its own things.
#pragma once

#include "analyzer/lint/rule.h"

namespace krait::lint {

// Is it a name of the builtins module that every module has for itself, too (`__doc__`)?
bool isModuleDunder(std::string_view name);
// Is it the name of a builtin: a function, class or exception, or a dunder of their module?
bool isShadowedBuiltin(const LintContext& context, NameId name);

}  // namespace krait::lint
