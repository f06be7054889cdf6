// The same program in words that tree-sitter's grammar understands, byte for byte as long: for texts that Python accepts
// and tree-sitter does not. Line ends, comments and backslashes inside brackets become blanks (its scanner takes some of
// them for indentation), type parameter defaults (PEP 696) are blanked out and listed, and so are bracketed and literal operands of a
// star and annotations with a subscript that goes on (`a[b][c]`), which become names. Indentation with a line joining backslash in it is written without.
#pragma once

#include <string>

#include "analyzer/syntax/parser.h"

namespace krait::syntax {

struct PlainText {
  std::string text;
  BlankedParts blanked;
  bool has_names_for_types = false;  // names stand for annotations
};

// Does a line of nothing but white space end in a line joining backslash? tree-sitter takes the statement behind it for
// one of another depth.
bool joinsIndents(std::string_view text);

// `text` must be free of lexical errors; after one, the rest stays as it is.
PlainText plainText(std::string_view text);

}  // namespace krait::syntax
