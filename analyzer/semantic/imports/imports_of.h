// Which modules a file imports: the input of module graphs and of import diagnostics.
#pragma once

#include <string>
#include <vector>

#include "analyzer/syntax/ast.h"

namespace krait::semantic {

struct ImportedModule {
  std::string name;       // absolute; empty when the dots of a relative import lead out of the package
  syntax::NodeId node;    // the Alias (import a.b) or the ImportFrom
  syntax::NodeId alias;   // the Alias that names a possible submodule (`from a import b`: a.b), or none
  bool is_top_level = false;  // not inside a function: the module's own execution needs it
  bool may_be_absent = false;  // a submodule guess of `from a import b`: b may be an attribute of a
  bool in_try = false;    // inside a try with handlers
};

// The imports of a file in source order; `module` is its own dotted name. Statements for which `is_skipped` is not
// empty and true (by NodeId) are left out with all they hold: unreachable code is not imported.
std::vector<ImportedModule> importsOf(const syntax::Ast& ast, std::string_view module, bool is_package,
                                      const std::vector<bool>& is_skipped = {});

}  // namespace krait::semantic
