// Edits that many fixes need: taking out a statement or an argument with its separators, and making a name known.
#pragma once

#include <optional>
#include <string>

#include "analyzer/diagnostics/diagnostic.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

// Takes out the statement: its lines when nothing else is on them, the text up to the next statement of the line, or
// `pass` in its place when its block holds nothing else.
FixEdit deleteStatement(const LintContext& context, NodeId statement);
// Takes out an argument (positional or Keyword) of a call with one of the commas beside it. The only argument leaves
// the empty parentheses.
FixEdit removeArgument(const LintContext& context, NodeId call, NodeId argument);

// Adds an argument by keyword: after the last positional one, before the first keyword.
FixEdit addArgument(const LintContext& context, NodeId call, std::string_view argument);

// The first byte at or after `at` that is no white space, line join or comment.
uint32_t skipTrivia(std::string_view text, uint32_t at);
// The start of the line that holds the offset, and the start of the next one.
uint32_t lineBegin(const LintContext& context, uint32_t offset);
uint32_t nextLineBegin(const LintContext& context, uint32_t offset);
// The white space at the start of the line that holds the offset.
std::string_view indentationAt(const LintContext& context, uint32_t offset);
// Does something stand before the statement in its line, or joins a backslash the line to the one before?
bool isPrecededInLine(const LintContext& context, NodeId statement);
// Does anything but a comment stand beside the statement in its lines?
bool sharesLine(const LintContext& context, NodeId statement);
std::string_view lineEndText(const LintContext& context);  // "\n" or what the file has

}  // namespace krait::lint
