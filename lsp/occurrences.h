// All places that mean the same thing as the name at a place: for highlights, references and renaming.
#pragma once

#include <vector>

#include "lsp/locate.h"

namespace krait::lsp {

struct Occurrence {
  SourceModule* module = nullptr;
  TextRange range;
  bool is_write = false;
};

// kFamily: the workspace, for renaming: with the methods that override or are overridden, and fields of docstrings.
enum class SearchArea : uint8_t { kDocument, kWorkspace, kFamily };

// In the order of files and texts. Attributes are told apart by the checker's types where names do not tell; those of
// objects of unknown type are left out. `package`: what the name means when only a part of it (`a` in `from a.b import c`)
// is asked for; then `name` may be none. `shown`: the document that is searched, where the name stands in another one (a
// name in a string, which leads there).
std::vector<Occurrence> occurrencesOf(Workspace& workspace, SourceModule& module, NodeId name, SearchArea area, SourceModule* package = nullptr,
                                      SourceModule* shown = nullptr);

// The same of a field whose name stands in a string (Target::part). `shown`: the document that is searched.
std::vector<Occurrence> fieldOccurrences(Workspace& workspace, const Target& field, SearchArea area, SourceModule& shown);

// The names in string annotations and type comments that mean a symbol of the module.
void addQuotedOf(SourceModule& module, semantic::SymbolId owner, std::vector<Occurrence>* out);

// The places of a symbol that an import binds: definitions, references, names in strings, `__all__`.
std::vector<Occurrence> symbolOccurrences(SourceModule& module, semantic::SymbolId owner);

// Is the name what an import calls a thing here, and not the thing's own name?
bool isImportAlias(SourceModule& module, NodeId name);
// The places of that name: in this file, and in others that import it from here.
std::vector<Occurrence> aliasOccurrences(Workspace& workspace, SourceModule& module, NodeId name);

}  // namespace krait::lsp
