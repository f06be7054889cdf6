// The same program in words that tree-sitter's grammar understands, byte for byte as long: for texts that Python accepts
// and tree-sitter does not. Line ends, comments and backslashes inside brackets become blanks (its scanner takes some of
// them for indentation), type parameter defaults (PEP 696) are blanked out and listed, and so are bracketed operands of a
// star, which become names.
#pragma once

#include <string>

#include "analyzer/syntax/parser.h"

namespace krait::syntax {

struct PlainText {
  std::string text;
  BlankedParts blanked;
};

// `text` must be free of lexical errors; after one, the rest stays as it is.
PlainText plainText(std::string_view text);

}  // namespace krait::syntax
