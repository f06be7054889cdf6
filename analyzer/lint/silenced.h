// Which findings a `# noqa` comment silences, for rules whose fix of one finding must leave alone what belongs to another.
#pragma once

#include <utility>
#include <vector>

#include "analyzer/lint/rule.h"

namespace krait::lint {

// The lines (0-based, first and last) that a string in triple quotes or a backslash at a line's end joins.
std::vector<std::pair<uint32_t, uint32_t>> joinedLines(const SourceFile& file);

// Whether a comment on the line of `range`, or on the first of `origin`, silences what the rule says there.
bool isSilenced(const LintContext& context, Rule rule, TextRange range, TextRange origin);

}  // namespace krait::lint
