// What stands where it may not: `yield`, `await`, `return`, `break`, `async for` and the like outside of the function, loop
// or coroutine that they need. CPython's compiler says so in its own words (compile_errors/); mypy, which never compiles,
// says it in these. ref: mypy semanal.SemanticAnalyzer
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "analyzer/diagnostics/diagnostic.h"
#include "analyzer/syntax/ast.h"

namespace krait::semantic {

struct Misplaced {
  TextRange range;
  std::string message;
  Code code = Code::kNone;
  bool is_blocker = false;  // the file is not checked any further
};

struct PlacementOptions {
  bool checks_unannotated = false;              // --check-untyped-defs
  uint32_t parents = UINT32_MAX;                // how many packages the module is in, with itself if it is one
  const std::vector<bool>* is_skipped = nullptr;  // statements, by NodeId, that are not for this target; may be null
};

// In the order of the text.
std::vector<Misplaced> findMisplaced(const syntax::Ast& ast, const PlacementOptions& options);

}  // namespace krait::semantic
