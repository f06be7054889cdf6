// Names that nothing defines: not this file, not the builtins, not what Python puts into every module or class. Only
// names that are bound nowhere are reported; whether a binding ran before its use is a question for use_def.h.
#pragma once

#include <vector>

#include "analyzer/semantic/semantic_model.h"

namespace krait::semantic {

// A set of names, built once and asked often.
class NameSet {
 public:
  void add(NameId name);
  bool has(NameId name) const;
  // Sorts; call after the last add and before the first has.
  void freeze();

 private:
  std::vector<NameId> names_;
};

// The names that a module of builtins binds at its top level, and the implicit module variables (`__name__`, …).
// `is_skipped` (by NodeId, may be empty): statements that do not count for the target.
NameSet builtinNames(const SemanticModel& builtins, Interner& names, const std::vector<bool>& is_skipped = {});

enum class NameErrorHandlers : uint8_t { kIgnored, kRespected };

struct UndefinedNameOptions {
  // Names that star imports bring, beyond the builtins; null: not all names of the file can be known, and nothing is
  // reported.
  const NameSet* star_names = nullptr;
  // kRespected: a use inside `try: … except NameError` is a question, not a mistake.
  NameErrorHandlers handlers = NameErrorHandlers::kIgnored;
  const std::vector<bool>* is_skipped = nullptr;  // statements, by NodeId, whose uses do not count
};

// The Name nodes, in the order of the text.
std::vector<NodeId> findUndefinedNames(const SemanticModel& model, const NameSet& builtins,
                                       const UndefinedNameOptions& options);

}  // namespace krait::semantic
