// What the phases of findCompileError share. A check returns false when it recorded an error; its callers return at
// once, so that the first error in CPython's order is the one that stays.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analyzer/base/interner.h"
#include "analyzer/syntax/ast.h"
#include "analyzer/syntax/tokens/syntax_error.h"

namespace krait::semantic {

struct CompileCheck {
  const syntax::Ast& ast;
  Interner& names;
  std::optional<syntax::SyntaxError> error;
  bool awaits_at_top = false;  // the text is a notebook: its top level runs in an event loop
  std::vector<syntax::SyntaxError>* all = nullptr;  // where every error goes; then no check returns false
  std::optional<uint32_t> last_future_import;  // where the last accepted `from __future__` import begins
};

// Records an error over a range of the text, unless the tree has an error node there. False where the first one counts.
bool failAt(CompileCheck& check, TextRange range, std::string message);
inline bool failAt(CompileCheck& check, syntax::NodeId node, std::string message) {
  return failAt(check, check.ast.range(node), std::move(message));
}

// The 1-based line of an offset.
int32_t lineAt(const CompileCheck& check, uint32_t offset);

inline constexpr const char* kLateFuture = "from __future__ imports must occur at the beginning of the file";

bool checkFuture(CompileCheck& check);
bool checkSymbols(CompileCheck& check);
bool checkCode(CompileCheck& check);

}  // namespace krait::semantic
