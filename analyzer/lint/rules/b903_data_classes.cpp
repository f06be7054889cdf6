// B903: a class that only keeps its arguments. ref: flake8-bugbear B903
#include <algorithm>

#include "analyzer/lint/assignments.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

// `self.x = name`, of a name that means something
static bool isPlainAttribute(const LintContext& context, NodeId statement) {
  const Ast& ast = context.ast;
  SoleAssignment assignment = soleAssignment(ast, statement);
  if (!assignment.value.valid() || !ast.is(assignment.target, NodeKind::kAttribute)) return false;
  if (!ast.is(assignment.value, NodeKind::kName)) return false;
  SymbolId owner = context.model.ownerAt(assignment.value);
  return (owner.valid() && !context.model.definitions(owner).empty()) || context.builtins.has(syntax::nameOf(ast, assignment.value));
}

static bool isPlainInit(const LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto function = ast.as<syntax::FunctionDef>(node);
  if (syntax::nameText(ast, function.name()) != "__init__") return false;
  NodeList params = ast.as<syntax::Parameters>(function.params()).params();
  for (size_t i = 0; i < params.size(); ++i) {
    auto param = ast.as<syntax::Parameter>(params[i]);
    using Kind = syntax::ParameterKind;
    if (param.parameterKind() == Kind::kVarPositional || param.parameterKind() == Kind::kVarKeyword) return false;
    if (i > 0 && !param.annotation().valid()) return false;
    // Dataclasses have fields for keywords only since 3.10.
    if (param.parameterKind() == Kind::kKeywordOnly && context.options.target_minor < 10) return false;
  }
  for (NodeId statement : function.body()) {
    if (!isPlainAttribute(context, statement)) return false;
  }
  return true;
}

void checkDataClasses(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto cls = ast.as<syntax::ClassDef>(node);
  if (context.is_stub || cls.decorators().size() != 0 || cls.args().size() != 0) return;
  bool has_init = false;
  for (NodeId statement : cls.body()) {
    NodeKind kind = ast.kind(statement);
    if (kind == NodeKind::kAssign || kind == NodeKind::kAnnAssign || kind == NodeKind::kExprStmt) continue;
    // Private methods do not stand in the way.
    auto method = ast.tryAs<syntax::FunctionDef>(statement);
    std::string_view name = method ? syntax::nameText(ast, method->name()) : std::string_view();
    if (name.starts_with("_") && !isDunder(name)) continue;
    if (has_init || kind != NodeKind::kFunctionDef || !isPlainInit(context, statement)) return;
    has_init = true;
  }
  if (has_init) context.sink.begin("B903"_rule, ast.range(node));
}

}  // namespace krait::lint
