// Functions whose boolean parameters others fix the places of: operator methods, overrides, setters.
#pragma once

#include "analyzer/lint/rule.h"

namespace krait::lint {

// May the FunctionDef have boolean parameters by position?
bool mayTakeBooleans(const LintContext& context, NodeId function);

}  // namespace krait::lint
