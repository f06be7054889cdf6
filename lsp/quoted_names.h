// Names in strings that are annotations (`x: "Widget"`, `-> "list[Widget]"`, `cast("Widget", y)`, PEP 484) and in type
// comments: no Name node stands for them, but they mean what a name there would mean.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lsp/locate.h"

namespace krait::lsp {

struct QuotedName {
  TextRange range;  // of the word in the file's text
  std::string word;
};

// Names of one string; none where the constant is no annotation or has escapes in it. What stands behind a dot is left out.
std::vector<QuotedName> quotedNamesOf(const syntax::Ast& ast, NodeId constant);
// The one that a place lies in.
std::optional<QuotedName> quotedNameAt(const syntax::Ast& ast, uint32_t offset);

}  // namespace krait::lsp
