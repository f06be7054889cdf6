// The dotted names of modules in import statements, part by part: `from a.b import c` speaks of a and of a.b.
#pragma once

#include <string>
#include <vector>

#include "lsp/workspace.h"

namespace krait::lsp {

struct ModulePart {
  TextRange range;
  std::string module;  // its absolute name
};

// The parts of a name (an Identifier) that an import statement looks up as a module, first to last; empty: it is no such name.
std::vector<ModulePart> modulePartsOf(SourceModule& module, syntax::NodeId name);

// The module that the part at `offset` means, when it is not the last one: a package around the module. Null: it is no
// such place, or there is no such module.
SourceModule* packageAt(Workspace& workspace, SourceModule& module, syntax::NodeId name, uint32_t offset);

}  // namespace krait::lsp
