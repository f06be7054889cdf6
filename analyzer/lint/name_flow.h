// The names of one file followed in the order in which a reader meets them: each binding with the one that it hides,
// each use with the binding that it means at that moment, and the names that mean nothing. Statements run in the order
// of the text, class bodies where they stand; bodies of functions and lambdas after the module, and deferred
// annotations after those. ref: pyflakes' checker.
//
//   const NameFlow& flow = context.tokens.nameFlow(context);
//   for (uint32_t id : flow.latest) ...   // by SymbolId: what the name means at the end, or kNoBinding
//
// What always holds: `shadowed` and `outer` are older bindings; references of a binding include those that earlier
// bindings of the name in the same scope had when it was made.
#pragma once

#include <vector>

#include "analyzer/lint/rule.h"

namespace krait::lint {

enum class BindKind : uint8_t {
  kAnnotation,  // `x: int`, which binds nothing
  kParameter,
  kNamedExpr,
  kAssignment,
  kTypeParam,
  kLoopVar,
  kWithItem,
  kGlobal,
  kNonlocal,
  kClass,
  kFunction,
  kExport,  // `__all__`
  kFutureImport,
  kImport,
  kFromImport,
  kSubmoduleImport,
  kDeletion,
  kConditionalDeletion,
  kException,
  kUnboundException,  // the name after its handler
  kBuiltin,
};

inline constexpr uint32_t kNoBinding = UINT32_MAX;

// Why a use is one for type checkers only.
enum TypingUse : uint8_t {
  kTypingBlock = 1,       // under `if TYPE_CHECKING:`
  kTypingAnnotation = 2,  // in an annotation that nothing evaluates
  kTypingString = 4,
  kTypingLazy = 8,  // in a bound, a default or an alias's value
};

struct FlowReference {
  NodeId node;     // a Name, or the constant in `__all__`
  ScopeId scope;   // where the use stands
  uint32_t next;   // an older one, or kNoBinding
  uint8_t typing;  // TypingUse; 0: when the program runs
};

struct FlowBinding {
  BindKind kind;
  bool is_unpacked = false;  // one of several targets
  bool is_global = false;
  bool is_nonlocal = false;
  bool is_typing = false;  // made for type checkers only
  NodeId node;             // Name, Identifier, or the Alias's name
  NodeId statement;        // that makes it; none for parameters
  ScopeId scope;
  SymbolId symbol;                 // of (scope, name)
  uint32_t branch = 0;             // equal for statements that run together
  uint32_t shadowed = kNoBinding;  // the older binding in the same scope
  uint32_t outer = kNoBinding;     // the binding of the name around the scope (no class), when none was in it
  uint32_t target = kNoBinding;    // global, nonlocal: the binding meant; after a handler: the one before it
  uint32_t references = kNoBinding;
  bool isUsed() const { return references != kNoBinding; }
};

struct NameFlow {
  std::vector<FlowBinding> bindings;
  std::vector<FlowReference> references;
  std::vector<uint32_t> resolved;  // by NodeId: what a Name that is read means where it stands, or kNoBinding
  std::vector<uint32_t> latest;   // by SymbolId
  std::vector<NodeId> undefined;  // Names without a meaning, in the order of the walk
  std::vector<NodeId> starred;    // those that a star import met before may have brought
  std::vector<uint32_t> unused_exceptions;  // bindings of handlers that do not use them
  std::vector<uint32_t> branches = {0};      // by branch: the one around it; the first one is its own
  // Has what stands in `before` run when `after` runs: is it the same branch, or around it?
  bool runsBefore(uint32_t before, uint32_t after) const {
    while (after > before) after = branches[after];
    return after == before;
  }
  // The binding that the Name, Identifier or Alias's name makes, or kNoBinding.
  uint32_t madeBy(NodeId node) const {
    for (uint32_t id = 0; id < bindings.size(); ++id) {
      if (bindings[id].node == node) return id;
    }
    return kNoBinding;
  }
  std::vector<bool> uses_locals;  // by ScopeId: functions that call locals()
};

inline bool isImportKind(BindKind kind) {
  return kind == BindKind::kImport || kind == BindKind::kFromImport || kind == BindKind::kSubmoduleImport;
}

// Does the entry of `__all__` stand in an assignment, not in a call?
bool isAssignedExport(const Ast& ast, NodeId entry);
// The entries that assignments to `__all__` list, replaced ones included.
std::vector<semantic::AllEntry> assignedExports(const LintContext& context);

// The minor version of Python 3 that has had the builtin first, where that matters; 0: any.
uint32_t laterBuiltinMinor(std::string_view name);

// SharedTokens keeps the result: rules ask there.
NameFlow followNames(const LintContext& context);

}  // namespace krait::lint
