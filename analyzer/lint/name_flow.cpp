#include "analyzer/lint/name_flow.h"

#include <algorithm>

#include "analyzer/lint/annotations.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/name_flow_state.h"
#include "analyzer/lint/qualified_names.h"

namespace krait::lint {

static bool isUnbound(BindKind kind) {
  return kind == BindKind::kAnnotation || kind == BindKind::kDeletion || kind == BindKind::kUnboundException;
}

uint32_t FlowState::latestIn(ScopeId in, NameId name) const {
  SymbolId symbol = c.model.find(in, name);
  return symbol.valid() ? flow.latest[symbol.value] : kNoBinding;
}

void FlowState::refer(uint32_t binding, NodeId node, ScopeId from) {
  uint32_t id = static_cast<uint32_t>(flow.references.size());
  uint8_t typing = (is_typing_block ? kTypingBlock : 0) | (is_typing_annotation ? kTypingAnnotation : 0) | (is_string ? kTypingString : 0) |
                   (is_type_param ? kTypingLazy : 0);
  flow.references.push_back({node, from, flow.bindings[binding].references, typing});
  flow.bindings[binding].references = id;
}

// `import numpy as np` and `import numpy.linalg`: a use of `np` uses the submodule too.
void FlowState::referSubmodule(uint32_t binding, NodeId node, ScopeId in) {
  const FlowBinding& import = flow.bindings[binding];
  if (import.kind != BindKind::kImport) return;
  auto alias = c.ast.tryAs<syntax::Alias>(c.ast.parent(import.node));
  if (!alias || !alias->asname().valid()) return;
  std::string_view module = syntax::nameText(c.ast, alias->name());
  std::string_view last = module.substr(module.rfind('.') + 1);
  if (last == syntax::nameText(c.ast, alias->asname()) || last != module) return;
  NameId name = syntax::nameOf(c.ast, alias->name());
  uint32_t submodule = latestIn(in, name);
  if (submodule != kNoBinding && flow.bindings[submodule].kind == BindKind::kSubmoduleImport) refer(submodule, node, scope);
}

namespace {
struct LaterBuiltin {
  std::string_view name;
  uint32_t minor;
};
}  // namespace

static constexpr LaterBuiltin kLaterBuiltins[] = {{"EncodingWarning", 10}, {"aiter", 10}, {"anext", 10}, {"BaseExceptionGroup", 11},
                                                  {"ExceptionGroup", 11}, {"PythonFinalizationError", 13}};

uint32_t laterBuiltinMinor(std::string_view name) {
  for (const LaterBuiltin& later : kLaterBuiltins) {
    if (later.name == name) return later.minor;
  }
  return 0;
}

// What a module has without binding it, as the target version has it.
static bool isBuiltinName(const LintContext& context, NameId name) {
  std::string_view text = context.ast.name(name);
  if (text == "__warningregistry__") return true;
  for (const std::string& configured : context.options.builtins) {
    if (configured == text) return true;
  }
  // What checkers alone know, and what modules have only when they run.
  bool is_unknown = isOneOf(text, {"__dict__", "__annotate__", "reveal_type", "reveal_locals", "ellipsis", "function", "_IncompleteInputError"});
  if (!context.builtins.has(name) || is_unknown) return false;
  if (text == "__path__") return context.is_init;
  return context.options.target_minor >= laterBuiltinMinor(text);
}

uint32_t FlowState::builtinBinding(NameId name) {
  auto [found, is_new] = builtins.try_emplace(name.value, static_cast<uint32_t>(flow.bindings.size()));
  if (is_new) flow.bindings.push_back({.kind = BindKind::kBuiltin, .scope = SemanticModel::kModuleScope});
  return found->second;
}

bool FlowState::use(uint32_t id, NodeId node, ScopeId in) {
  refer(id, node, scope);
  referSubmodule(id, node, in);
  flow.resolved[node.value] = id;
  FlowBinding& binding = flow.bindings[id];
  switch (binding.kind) {
    case BindKind::kDeletion: noteUndefined(node); return true;
    case BindKind::kConditionalDeletion:
      if (binding.target != kNoBinding) refer(binding.target, node, scope);
      return true;
    case BindKind::kUnboundException:
      if (binding.target == kNoBinding) {
        noteUndefined(node);
      } else {
        refer(binding.target, node, scope);
        referSubmodule(binding.target, node, in);
      }
      return true;
    case BindKind::kGlobal:
    case BindKind::kNonlocal:
      if (binding.target != kNoBinding) {
        flow.resolved[node.value] = binding.target;
        refer(binding.target, node, scope);
        referSubmodule(binding.target, node, in);
      }
      return true;
    default: return true;
  }
}

void FlowState::noteUndefined(NodeId node) {
  if (name_error_depth == 0) flow.undefined.push_back(node);
}

void FlowState::load(NodeId node) {
  NameId own = c.model.symbolAt(node).valid() ? c.model[c.model.symbolAt(node)].name : syntax::nameOf(c.ast, node);
  NameId plain = syntax::nameOf(c.ast, node);
  if (is_string || (is_future && is_typing_annotation)) {
    uint32_t global = latestIn(SemanticModel::kModuleScope, plain);
    if (global != kNoBinding && !isUnbound(flow.bindings[global].kind)) {
      refer(global, node, SemanticModel::kModuleScope);
      flow.resolved[node.value] = global;
      referSubmodule(global, node, SemanticModel::kModuleScope);
      return;
    }
  }
  bool seen_function = false, is_class_visible = true, is_first = true, is_starred = false;
  for (ScopeId at = scope; at.valid(); at = c.model[at].parent) {
    const Scope& around = c.model[at];
    bool is_passed = around.kind == ScopeKind::kAnnotations || around.kind == ScopeKind::kTypeVariable || around.kind == ScopeKind::kTypeAlias;
    if (is_passed) continue;
    if (around.kind == ScopeKind::kClass) {
      if (seen_function && c.ast.name(plain) == "__class__") return;
      if (!is_class_visible) continue;
    }
    is_class_visible = around.kind == ScopeKind::kTypeParameters && is_first;
    uint32_t id = latestIn(at, own);
    if (id == kNoBinding && own != plain) id = latestIn(at, plain);
    if (id != kNoBinding) {
      BindKind kind = flow.bindings[id].kind;
      bool is_unresolved = kind == BindKind::kAnnotation && !c.is_stub;
      // A `del` that may not run, of a name that its scope never bound: the name is an outer one.
      bool is_passed_by = kind == BindKind::kConditionalDeletion && flow.bindings[id].target == kNoBinding;
      if (!is_unresolved && !is_passed_by) {
        use(id, node, at);
        return;
      }
      refer(id, node, scope);
      if (is_passed_by) {
        is_first = false;
        continue;
      }
      // A function's own name without a value hides those around it.
      if (around.kind == ScopeKind::kFunction) return noteUndefined(node);
      is_first = false;
      continue;
    }
    if (is_first && around.kind == ScopeKind::kClass && isOneOf(c.ast.name(plain), {"__module__", "__qualname__"})) return;
    seen_function |= around.kind == ScopeKind::kFunction;
    is_starred = is_starred || has_star[at.value];
    is_first = false;
  }
  if (isBuiltinName(c, plain)) {
    uint32_t builtin = builtinBinding(plain);
    flow.resolved[node.value] = builtin;
    refer(builtin, node, scope);
  } else if (is_starred) {
    flow.starred.push_back(node);
  } else {
    noteUndefined(node);
  }
}

uint32_t FlowState::bind(NodeId node, NodeId statement, BindKind kind, bool is_unpacked) {
  ScopeId in = scope;
  if (kind == BindKind::kNamedExpr) {
    while (semantic::isComprehension(c.model[in].kind) && c.model[in].parent.valid()) in = c.model[in].parent;
  }
  SymbolId symbol = c.model.symbolAt(node);
  NameId name = symbol.valid() ? c.model[symbol].name : syntax::nameOf(c.ast, node);
  if (!symbol.valid() || c.model[symbol].scope != in) symbol = c.model.find(in, name);
  if (!symbol.valid()) return kNoBinding;
  FlowBinding binding{.kind = kind, .is_unpacked = is_unpacked, .is_typing = isTyping(), .node = node, .statement = statement, .scope = in,
                      .symbol = symbol, .branch = statement_branch};
  uint32_t old = flow.latest[symbol.value];
  if (old != kNoBinding) {
    const FlowBinding& before = flow.bindings[old];
    // A declaration after a value leaves the value.
    if (kind == BindKind::kAnnotation) return kNoBinding;
    binding.shadowed = old;
    if (before.kind != BindKind::kDeletion && before.kind != BindKind::kUnboundException) {
      binding.references = before.references;
      binding.is_global = before.is_global;
      binding.is_nonlocal = before.is_nonlocal;
    }
  } else if (c.model[in].kind != ScopeKind::kClass) {
    for (ScopeId at = c.model[in].parent; at.valid(); at = c.model[at].parent) {
      ScopeKind around = c.model[at].kind;
      if (around != ScopeKind::kFunction && around != ScopeKind::kModule) continue;
      uint32_t hidden = latestIn(at, name);
      if (hidden == kNoBinding) continue;
      binding.outer = hidden;
      break;
    }
    if (binding.outer == kNoBinding && in != SemanticModel::kModuleScope && isBuiltinName(c, name)) binding.outer = builtinBinding(name);
  }
  flow.latest[symbol.value] = static_cast<uint32_t>(flow.bindings.size());
  flow.bindings.push_back(binding);
  return flow.latest[symbol.value];
}

// Is the name one of several targets? `(a, b) = (1, 2)` says two assignments.
static bool isUnpacking(const Ast& ast, NodeId statement, NodeId node) {
  auto isDisplay = [&](NodeId target) { return ast.is(target, NodeKind::kTuple) || ast.is(target, NodeKind::kList) || ast.is(target, NodeKind::kSet); };
  NodeId top = node;
  while (ast.parent(top) != statement && !ast.is(ast.parent(top), NodeKind::kWithItem) && ast.parent(top).valid()) top = ast.parent(top);
  bool is_inside = top != node && isDisplay(top);
  if (ast.is(statement, NodeKind::kWith)) return top != node && ast.is(top, NodeKind::kTuple);
  auto assign = ast.tryAs<syntax::Assign>(statement);
  if (!assign || !is_inside) return false;
  if (top == assign->value()) return false;
  bool are_displays = std::all_of(assign->targets().begin(), assign->targets().end(), isDisplay);
  return !(isDisplay(assign->value()) && are_displays);
}

static bool assignsAll(const Ast& ast, NodeId statement) {
  NodeId target;
  if (auto assign = ast.tryAs<syntax::Assign>(statement)) target = assign->targets()[0];
  if (auto assign = ast.tryAs<syntax::AugAssign>(statement)) target = assign->target();
  if (auto assign = ast.tryAs<syntax::AnnAssign>(statement)) target = assign->target();
  return target.valid() && syntax::nameText(ast, target) == "__all__";
}

void FlowState::store(NodeId node) {
  const Ast& ast = c.ast;
  bool is_unpacked = isUnpacking(ast, statement, node);
  auto annotated = ast.tryAs<syntax::AnnAssign>(statement);
  auto named = ast.tryAs<syntax::NamedExpr>(ast.parent(node));
  bool is_named = named && named->target() == node;
  if (annotated && !annotated->value().valid() && annotated->target() == node && !c.is_stub) {
    bind(node, statement, BindKind::kAnnotation, is_unpacked);
  } else if (ast.is(statement, NodeKind::kFor) && !is_named) {
    bind(node, statement, BindKind::kLoopVar, is_unpacked);
  } else if (ast.is(statement, NodeKind::kWith)) {
    bind(node, statement, BindKind::kWithItem, is_unpacked);
  } else if (scope == SemanticModel::kModuleScope && assignsAll(ast, statement)) {
    bind(node, statement, BindKind::kExport, is_unpacked);
  } else {
    bind(node, statement, is_named ? BindKind::kNamedExpr : BindKind::kAssignment, is_unpacked);
  }
}

static bool isAmong(syntax::NodeList list, NodeId node) { return std::find(list.begin(), list.end(), node) != list.end(); }

// Whether a `del` may be passed by: below an `if`, a `while`, a `match` or an `else`, whatever function that is in, or in a handler of
// its own function or class.
static bool mayNotRun(const Ast& ast, NodeId statement) {
  bool is_own = true;
  for (NodeId inner = statement, at = ast.parent(inner); at.valid(); inner = at, at = ast.parent(at)) {
    switch (ast.kind(at)) {
      case NodeKind::kIf:
      case NodeKind::kWhile:
      case NodeKind::kMatch: return true;
      case NodeKind::kFor:
        if (isAmong(ast.as<syntax::For>(at).orelse(), inner)) return true;
        break;
      case NodeKind::kTry:
        if (isAmong(ast.as<syntax::Try>(at).orelse(), inner)) return true;
        break;
      case NodeKind::kExceptHandler:
        if (is_own) return true;
        break;
      case NodeKind::kFunctionDef:
      case NodeKind::kClassDef: is_own = false; break;
      default: break;
    }
  }
  return false;
}

void FlowState::remove(NodeId node) {
  NameId name = syntax::nameOf(c.ast, node);
  uint32_t id = latestIn(scope, c.model.symbolAt(node).valid() ? c.model[c.model.symbolAt(node)].name : name);
  bool is_unbound = true;
  if (id != kNoBinding) {
    refer(id, node, scope);
    is_unbound = isUnbound(flow.bindings[id].kind);
  }
  if (is_unbound && !(id == kNoBinding && scope == SemanticModel::kModuleScope && c.builtins.has(name))) noteUndefined(node);
  uint32_t made = bind(node, statement, mayNotRun(c.ast, statement) ? BindKind::kConditionalDeletion : BindKind::kDeletion, false);
  if (made != kNoBinding) flow.bindings[made].target = id;
}

bool isAssignedExport(const Ast& ast, NodeId entry) {
  NodeKind kind = ast.kind(statementOf(ast, entry));
  return kind == NodeKind::kAssign || kind == NodeKind::kAugAssign || kind == NodeKind::kAnnAssign;
}

std::vector<semantic::AllEntry> assignedExports(const LintContext& context) {
  std::vector<semantic::AllEntry> out;
  for (const auto* entries : {&context.exports.replaced_all, &context.exports.all}) {
    for (const semantic::AllEntry& entry : *entries) {
      if (!entry.is_removal && isAssignedExport(context.ast, entry.node)) out.push_back(entry);
    }
  }
  return out;
}

static void useExports(FlowState& s) {
  for (const semantic::AllEntry& entry : assignedExports(s.c)) {
    uint32_t id = s.latestIn(SemanticModel::kModuleScope, entry.name);
    if (id != kNoBinding) s.refer(id, entry.node, SemanticModel::kModuleScope);
  }
}

NameFlow followNames(const LintContext& context) {
  FlowState s(context);
  s.flow.resolved.assign(context.ast.nodeCount(), kNoBinding);
  s.flow.latest.assign(context.model.symbols().size(), kNoBinding);
  s.flow.uses_locals.assign(context.model.scopes().size(), false);
  s.has_star.assign(context.model.scopes().size(), false);
  s.visitBody(syntax::bodyOf(context.ast, context.ast.root()));
  s.visitDeferred();
  useExports(s);
  return std::move(s.flow);
}

}  // namespace krait::lint
