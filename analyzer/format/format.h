// The formatter's front door: a text in Black's stable style (23.1: the style of later years only where the syntax is
// later). The stages: tokens to a ConcreteTree, its logical lines, the empty lines between them, each line split.
//
//   FormatOutcome outcome = formatText(text, options);
//
// What always holds: without an error the result means what the text means (their Asts are equal, blanks in docstrings
// aside), and formatting the result changes nothing. Callers run it on a deep stack (base/task_pool.h).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/text.h"
#include "analyzer/format/options.h"
#include "analyzer/syntax/tokens/syntax_error.h"

namespace krait::format {

struct FormatOutcome {
  std::string text;  // the result; empty when there is an error or a failure
  bool is_changed = false;
  std::optional<syntax::SyntaxError> error;  // the text is not Python
  std::string failure;                       // our fault, or too much nesting: why the text is left alone
};

// `text`: UTF-8 without a byte order mark. Line ends are those of its first line.
FormatOutcome formatText(std::string_view text, const FormatOptions& options);

// Lines of a text, from 1, both ends included.
struct LineRange {
  uint32_t first;
  uint32_t last;
};
// Formats the statements' lines that touch the ranges, and leaves the others as they are.
FormatOutcome formatLines(std::string_view text, const std::vector<LineRange>& ranges, const FormatOptions& options);

}  // namespace krait::format
