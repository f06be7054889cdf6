// What other modules can see of a module: `__all__`, star imports, and for each module-level name whether it is public,
// private or an import that a stub does not pass on (typing specification, "Distributing type information", import
// conventions: `import x as x`, `from m import y as y`, `from m import *`, `__all__`).
#pragma once

#include <string>
#include <vector>

#include "analyzer/semantic/semantic_model.h"

namespace krait::semantic {

enum class FileKind : uint8_t { kSource, kStub };

// One name put into or taken out of `__all__`, in order.
struct AllEntry {
  NameId name;
  NodeId node;  // the str constant
  bool is_removal = false;
};

struct StarImport {
  NodeId node;        // the ImportFrom
  NameId module;      // as written, dotted; none for `from . import *`
  uint32_t level = 0;
};

enum class Visibility : uint8_t {
  kPublic,       // `from m import *` takes it when there is no __all__
  kUnderscored,  // importable by name, not by star
  kImported,     // a stub's import that it does not re-export: not there for other modules
};

// A module's `__all__`, as it is written.
struct DeclaredAll {
  bool has_all = false;
  // False when something was done to __all__ that could not be followed.
  bool is_all_known = true;
  std::vector<AllEntry> all;
  std::vector<AllEntry> replaced_all;       // those of earlier assignments to __all__
  std::vector<std::string> all_of_modules;  // `__all__ += m.__all__`: "m"

  // Is the name in __all__ after all entries?
  bool isInAll(NameId name) const;
};

struct ModuleExports : DeclaredAll {
  std::vector<StarImport> star_imports;
  std::vector<Visibility> visibility;  // by position in model.symbolsOf(kModuleScope)
};

// `reachable` statements only: those for which is_skipped (by NodeId, may be empty) is false.
DeclaredAll declaredAll(const syntax::Ast& ast, Interner& names, const std::vector<bool>& is_skipped = {});

// `reachable` statements only: those for which is_skipped (by NodeId, may be empty) is false.
ModuleExports exportsOf(const SemanticModel& model, Interner& names, FileKind kind,
                        const std::vector<bool>& is_skipped = {});

// One line per name, for `krait dump exports`.
std::string dumpExports(const SemanticModel& model, const ModuleExports& exports);

}  // namespace krait::semantic
