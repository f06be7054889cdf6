// Moving statements to another indentation. Takes a range of whole lines of the file; gives their text, as it is
// written, with the one indentation taken away and the other put before. Lines inside strings stay as they are.
#pragma once

#include <string>

#include "analyzer/lint/rule.h"

namespace krait::lint {

// What a backslash joins to the line before may stay where it is.
enum class JoinedLines : uint8_t { kMove, kStay };
std::string reindented(const LintContext& context, TextRange lines, std::string_view from, std::string_view to,
                       JoinedLines joined = JoinedLines::kMove);
// Is every line at most as wide as `line-length` allows?
bool fitsLines(const LintContext& context, std::string_view text);
// The text in one line: line breaks, joining backslashes and the blanks around them as one blank.
std::string inOneLine(std::string_view text);
// The conditions joined by `and`, each in parentheses where it needs them; the second one's further lines are moved from the one
// indentation to the other.
std::string joinedByAnd(const LintContext& context, NodeId first, NodeId second, std::string_view from, std::string_view to);

}  // namespace krait::lint
