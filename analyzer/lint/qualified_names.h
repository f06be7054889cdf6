// What a name or attribute chain refers to across modules, as dotted text: `Path` after `from pathlib import Path as P`
// is "pathlib.Path" wherever it is written P; a builtin that nothing hides is "builtins.print". Followed are imports of
// the file itself; values are not.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "analyzer/lint/rule.h"

namespace krait::lint {

// Empty when the expression is no chain of attributes on an imported name or builtin.
std::string qualifiedName(const LintContext& context, NodeId expr);
// Is it one of these names?
bool isOneOf(std::string_view name, std::initializer_list<std::string_view> names);
// Is the expression the builtin of this name, with nothing in the file that hides it?
bool isBuiltin(const LintContext& context, NodeId expr, std::string_view name);
// Does the expression ask for `sys.version_info` or `sys.platform`?
bool asksPlatform(const LintContext& context, NodeId expr);

}  // namespace krait::lint
