// Names in strings that are annotations (`x: "Widget"`, `-> "list[Widget]"`, `cast("Widget", y)`, PEP 484) and in type
// comments: no Name node stands for them, but they mean what a name there would mean.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lsp/locate.h"

namespace krait::lsp {

struct QuotedName {
  TextRange range;    // of the word in the file's text
  std::string word;
  std::string owner;  // what stands before the word and its dot: "a.b" for c of "a.b.c"
};

// Names of one string; none where the constant is no annotation or has escapes in it.
std::vector<QuotedName> quotedNamesOf(const syntax::Ast& ast, NodeId constant);
// Names of all type comments of a text.
std::vector<QuotedName> commentNamesOf(const syntax::Ast& ast);
// The one that a place lies in.
std::optional<QuotedName> quotedNameAt(const syntax::Ast& ast, uint32_t offset);

// What it means there, imports followed.
std::vector<Target> quotedTargets(Workspace& workspace, SourceModule& module, const QuotedName& name);
// The symbol of the module that it means, as it is bound there; none for a member of something or a builtin.
semantic::SymbolId quotedSymbol(SourceModule& module, const QuotedName& name);

}  // namespace krait::lsp
