// `else` after a branch that always leaves, for the four rules that differ in how it leaves.
#pragma once

#include <optional>

#include "analyzer/lint/rule.h"

namespace krait::lint {

// Reports the `elif` or `else` of an If whose body ends in a statement of the kind `jump`.
void checkSuperfluousElse(LintContext& context, NodeId node, NodeKind jump, Rule rule);
enum class ElseComment : uint8_t { kKept, kDropped };
// Takes the `else` at `begin` away and moves its body to the indentation of the statement that begins at `statement`;
// a comment behind `else:` comes before it or goes.
std::optional<FixEdit> withoutElse(const LintContext& context, uint32_t begin, NodeList body, uint32_t statement, ElseComment keeps);

}  // namespace krait::lint
