// Writing a string's value as a literal.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analyzer/lint/rule.h"

namespace krait::lint {

// A piece of text that was written as one: a literal, or the text of a format string up to the next field.
struct TextPiece {
  TextRange range;
  std::string value;
};

// The pieces of a string Constant. Most have one; beside a format string, literals that follow each other are one Constant. A
// format specification and what stands in a template have none.
std::vector<TextPiece> textPieces(const LintContext& context, NodeId constant);
// What stands between the quotes of a format string and of the literals beside it, as it is written.
std::string joinedSource(const LintContext& context, NodeId joined);

// The value as a literal with the prefix letters given, in the quotes given unless the value holds them and not the
// others. Characters that cannot be shown are escaped; with `r` among the letters nothing is.
std::string quotedText(std::string_view value, std::string_view prefix = "", char quote = '"');
// The same of a bytes literal: what is not printable ASCII is escaped.
std::string quotedBytes(std::string_view value, std::string_view prefix = "b", char quote = '"');
// The value between double quotes for a message: quotes, backslashes and what cannot be shown are escaped, the latter as `\u{7f}`.
std::string shownText(std::string_view value);

}  // namespace krait::lint
