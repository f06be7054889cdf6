// Types written as strings, so that nothing evaluates them.
#pragma once

#include <string>

#include "analyzer/lint/rule.h"

namespace krait::lint {

// The type as one line in quotes; strings that name types in it lose theirs, others get the other quotes.
std::string quotedType(const LintContext& context, NodeId type);
// The whole type that a name is a part of where it is quoted: `a.b[c] | None` for its `a`.
NodeId wholeType(const Ast& ast, NodeId part);

}  // namespace krait::lint
