// What names mean at one place of the file, by the order of its text: for rules that ask about names that no node reads.
#pragma once

#include <string_view>

#include "analyzer/lint/rule.h"

namespace krait::lint {

// Does something of this file bind the name where the node stands, by the time it is evaluated? Module and class bodies
// run in the order of the text; bodies of functions later than what is around them.
bool isBoundAt(const LintContext& context, NodeId at, std::string_view name);

}  // namespace krait::lint
