// StarNames: which names `from m import *` brings, found by reading m (and what m itself imports by star). Modules are
// read once each; safe to use from many threads.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/semantic/imports/import_resolver.h"
#include "analyzer/semantic/semantic_model.h"
#include "analyzer/semantic/undefined_names.h"

namespace krait::semantic {

class StarNames {
 public:
  StarNames(ImportResolver& resolver, Interner& names);
  ~StarNames();
  StarNames(const StarNames&) = delete;
  StarNames& operator=(const StarNames&) = delete;

  // Adds the names that a star import of the module brings. False when the module cannot be read, so that there may be
  // more of them.
  bool addNamesOf(std::string_view module, NameSet& to);
  // The names that all star imports of a file bring, and the submodules that a package's own imports bind; null when
  // one of them cannot be followed or the file writes to its globals().
  std::unique_ptr<NameSet> namesOf(const SemanticModel& model, std::string_view module, bool is_package);
  // The builtins of the target (typeshed's, or the test library's builtins.pyi).
  const NameSet& builtins();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace krait::semantic
