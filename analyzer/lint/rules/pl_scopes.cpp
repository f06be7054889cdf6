// PLE0115, PLE0117, PLE0118, PLW0602, PLW0604, PLE0604, PLE0605: what names are declared as. ref: pylint
#include <algorithm>
#include <string>

#include "analyzer/lint/expressions.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

// Reports the name in the `global` statement of the scope.
static void reportGlobalToo(LintContext& context, ScopeId scope, NameId name) {
  const Ast& ast = context.ast;
  for (uint32_t i = 0; i < ast.nodeCount(); ++i) {
    auto statement = ast.tryAs<syntax::Global>(NodeId(i));
    if (!statement || context.model.enclosingScope(statement->id) != scope) continue;
    for (NodeId each : statement->names()) {
      if (syntax::nameOf(ast, each) == name) context.sink.begin("PLE0115"_rule, ast.range(each), {ast.name(name)});
    }
  }
}

void checkNonlocals(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  const SemanticModel& model = context.model;
  if (model.enclosingScope(node) == SemanticModel::kModuleScope) return;
  for (NodeId name : ast.as<syntax::Nonlocal>(node).names()) {
    SymbolId symbol = model.symbolAt(name);
    std::string_view text = syntax::nameText(ast, name);
    if (symbol.valid() && (model[symbol].flags & semantic::kDefGlobal) != 0) {
      reportGlobalToo(context, model.enclosingScope(node), syntax::nameOf(ast, name));
    }
    if (symbol.valid() && (model[symbol].flags & semantic::kDefParam) != 0) continue;
    bool is_bound = false;
    for (ScopeId scope = model[model.enclosingScope(name)].parent; scope.valid(); scope = model[scope].parent) {
      if (scope == SemanticModel::kModuleScope || model[scope].kind == ScopeKind::kClass) continue;
      SymbolId outer = model.find(scope, syntax::nameOf(ast, name));
      is_bound = is_bound || (outer.valid() && (model[outer].flags & semantic::kBoundMask) != 0);
    }
    if (!is_bound && text != "__class__") context.sink.begin("PLE0117"_rule, ast.range(name), {text});
  }
}

// Does another name of the statement, or another `global` of the scope behind it, say the same? The last one is judged.
static bool isDeclaredLater(const LintContext& context, NodeId statement, NodeId name) {
  const Ast& ast = context.ast;
  ScopeId scope = context.model.enclosingScope(statement);
  for (uint32_t i = 0; i < ast.nodeCount(); ++i) {
    auto other = ast.tryAs<syntax::Global>(NodeId(i));
    if (!other || context.model.enclosingScope(other->id) != scope) continue;
    for (NodeId each : other->names()) {
      if (syntax::nameOf(ast, each) == syntax::nameOf(ast, name) && ast.range(each).begin > ast.range(name).begin) return true;
    }
  }
  return false;
}

// The scope that an assignment binds its name in: that of `:=` in a comprehension is the one around it.
static ScopeId bindingScope(const SemanticModel& model, NodeId node) {
  ScopeId scope = model.enclosingScope(node);
  while (isComprehension(model[scope].kind)) scope = model[scope].parent;
  return scope;
}

void checkGlobals(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  const SemanticModel& model = context.model;
  ScopeId scope = model.enclosingScope(node);
  if (scope == SemanticModel::kModuleScope) {
    context.sink.begin("PLW0604"_rule, ast.range(node));
  }
  for (NodeId name : ast.as<syntax::Global>(node).names()) {
    SymbolId symbol = model.symbolAt(name);
    if (!symbol.valid()) continue;
    std::string_view text = syntax::nameText(ast, name);
    bool is_assigned = false;
    std::vector<NodeId> early;
    for (const Definition& definition : model.definitions(model.resolve(symbol))) {
      if (definition.symbol != symbol && (definition.kind != DefinitionKind::kNamedExpr || bindingScope(model, definition.node) != scope)) continue;
      is_assigned = true;
      if (definition.symbol != symbol) continue;
      if (ast.is(definition.node, NodeKind::kName)) early.push_back(definition.node);
    }
    for (const Reference& reference : model.references(model.resolve(symbol))) {
      if (reference.symbol == symbol) early.push_back(reference.node);
    }
    std::erase_if(early, [&](NodeId use) { return ast.range(use).begin >= ast.range(node).begin; });
    std::sort(early.begin(), early.end(), [&](NodeId a, NodeId b) { return ast.range(a).begin < ast.range(b).begin; });
    early.erase(std::unique(early.begin(), early.end()), early.end());
    for (NodeId use : early) {
      std::string line = std::to_string(context.file.lines.lineOf(ast.range(node).begin) + 1);
      context.sink.begin("PLE0118"_rule, ast.range(use), {text, line});
    }
    if (scope == SemanticModel::kModuleScope) continue;
    if (!is_assigned && !isDeclaredLater(context, node, name)) context.sink.begin("PLW0602"_rule, ast.range(name), {text});
  }
}

// What an expression gives for `__all__`.
static void checkAllValue(LintContext& context, NodeId target, NodeId value) {
  const Ast& ast = context.ast;
  bool is_converted = false;
  while (true) {
    if (auto sum = ast.tryAs<syntax::BinOp>(value); sum) {
      checkAllValue(context, target, sum->left());
      value = sum->right();
      continue;
    }
    if (auto call = ast.tryAs<syntax::Call>(value)) {
      std::string_view name = syntax::nameText(ast, call->func());
      if (!isOneOf(name, {"list", "tuple"}) || call->args().size() > 1) break;
      if (call->args().empty()) return;
      value = call->args()[0];
      is_converted = true;
      if (ast.is(value, NodeKind::kName) || ast.is(value, NodeKind::kKeyword)) return;
      continue;
    }
    break;
  }
  if (ast.is(value, NodeKind::kList) || ast.is(value, NodeKind::kTuple)) {
    for (NodeId element : ast.list(value, 0)) {
      if (isStr(ast, element)) continue;
      context.sink.begin("PLE0604"_rule, ast.range(target));
      return;
    }
    return;
  }
  bool is_open = ast.is(value, NodeKind::kAttribute) || ast.is(value, NodeKind::kListComp) || (is_converted && ast.is(value, NodeKind::kSubscript));
  if (ast.is(value, NodeKind::kAttribute)) is_open = lastName(ast, value) == "__all__";
  is_open |= syntax::nameText(ast, value) == "__all__";
  if (!is_open) context.sink.begin("PLE0605"_rule, ast.range(target));
}

void checkAllBindings(LintContext& context) {
  const Ast& ast = context.ast;
  for (uint32_t i = 0; i < ast.nodeCount(); ++i) {
    NodeId statement(i);
    NodeKind kind = ast.kind(statement);
    bool is_assignment = kind == NodeKind::kAssign || kind == NodeKind::kAugAssign || kind == NodeKind::kAnnAssign;
    if (!is_assignment || context.model.enclosingScope(statement) != SemanticModel::kModuleScope) continue;
    if (auto assign = ast.tryAs<syntax::Assign>(statement)) {
      for (NodeId target : assign->targets()) {
        if (syntax::nameText(ast, target) == "__all__") checkAllValue(context, target, assign->value());
      }
    } else if (auto augmented = ast.tryAs<syntax::AugAssign>(statement)) {
      if (syntax::nameText(ast, augmented->target()) == "__all__") checkAllValue(context, augmented->target(), augmented->value());
    } else if (auto annotated = ast.tryAs<syntax::AnnAssign>(statement)) {
      bool is_all = syntax::nameText(ast, annotated->target()) == "__all__";
      if (is_all && annotated->value().valid()) checkAllValue(context, annotated->target(), annotated->value());
    }
  }
}

}  // namespace krait::lint
