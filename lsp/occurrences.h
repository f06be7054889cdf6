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

enum class SearchArea : uint8_t { kDocument, kWorkspace };

// In the order of files and texts. Names that cannot be told apart without types (attributes of unknown objects) are
// left out.
std::vector<Occurrence> occurrencesOf(Workspace& workspace, SourceModule& module, NodeId name, SearchArea area);

}  // namespace krait::lsp
