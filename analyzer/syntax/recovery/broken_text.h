// What is wrong in a text that Python rejects: all of it, in a linter's words, where `findSyntaxError` says CPython's first error.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "analyzer/syntax/recovery/recovery_lexer.h"

namespace krait::syntax::recovery {

struct BrokenText {
  std::vector<Problem> problems;  // in the order of their places, but for those that are known only behind others
  std::vector<Token> tokens;      // comments and line ends included; ends in kEndMarker
};

// What Python 3.`minor` does not have yet, or no longer, is wrong, too. Recurses over the text: needs a deep stack. `text` is UTF-8
// without a BOM. Nothing: it nests too deep.
std::optional<BrokenText> readBrokenText(std::string_view text, uint32_t minor);

}  // namespace krait::syntax::recovery
