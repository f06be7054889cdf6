// What a workspace's texts must say when modules get other names: imports, absolute and relative, the names that imports
// bind and their uses, names in strings and type comments.
#pragma once

#include <string>
#include <vector>

#include "lsp/server.h"

namespace krait::lsp {

struct ModuleMove {
  std::string from, to;  // dotted names, of a module or of a package with all that is in it
  std::string old_path, new_path;
};

// The edits of all files of the workspace. A relative import stays relative where the new places allow it; a name that an
// import binds is renamed with its module unless it means something else, too, or other files import it from there.
std::vector<Edit> editsOfMoves(Workspace& workspace, const std::vector<ModuleMove>& moves);

}  // namespace krait::lsp
