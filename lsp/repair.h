// Repair: while somebody types, the text is broken at the cursor. Tries the few endings that make it right there, so that
// the checker can be asked about what stands before. What stands before the cursor stays as it is.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lsp/workspace.h"

namespace krait::lsp {

// What is open at the place: brackets and quotes, as the text that would close them, innermost first. `in_comment`: the
// place is in a comment.
struct OpenEnds {
  std::string closers;
  std::vector<uint32_t> parentheses;  // places of the "(" among them, innermost first
  std::vector<uint32_t> opens;        // places of all of them
  bool in_comment = false;
  bool in_string = false;            // in the text of a string, not in an f-string's braces
  uint32_t string_begin = 0;         // of that string's quote
};
OpenEnds openEndsAt(std::string_view text, uint32_t offset);

// The text with `word` put in at the cursor and what is open closed; null: nothing helped.
std::shared_ptr<const program::ParsedText> repairedAt(SourceModule& module, uint32_t cursor, std::string_view word);

}  // namespace krait::lsp
