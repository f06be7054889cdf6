// RET504, RUF070: a value that gets a name only to be returned or yielded. ref: flake8-return
#include <algorithm>

#include "analyzer/lint/expressions.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/statement_edits.h"

namespace krait::lint {

// May the body of the `with` end early without leaving the function?
static bool maySuppress(const LintContext& context, syntax::With with) {
  for (NodeId item : with.items()) {
    auto call = context.ast.tryAs<syntax::Call>(context.ast.as<syntax::WithItem>(item).contextExpr());
    if (call && isOneOf(qualifiedName(context, call->func()), {"contextlib.suppress", "contextlib.ExitStack", "contextlib.AsyncExitStack"})) return true;
  }
  return false;
}

// The assignment that runs right before the statement, the last one of a `with` included; none for others.
static NodeId assignBefore(const LintContext& context, NodeId statement) {
  const Ast& ast = context.ast;
  NodeList block = blockOf(ast, statement);
  for (size_t i = 1; i < block.size(); ++i) {
    if (block[i] != statement) continue;
    NodeId before = block[i - 1];
    auto with = ast.tryAs<syntax::With>(before);
    if (with && !maySuppress(context, *with)) before = with->body().back();
    return ast.is(before, NodeKind::kAssign) ? before : NodeId::none();
  }
  return NodeId::none();
}

// Is the variable read or deleted there?
static bool needs(const LintContext& context, NodeId node, SymbolId variable) {
  const Ast& ast = context.ast;
  return anyOver(ast, node, [&](NodeId at) {
    if (!ast.is(at, NodeKind::kName) || context.model.ownerAt(at) != variable) return false;
    return ast.as<syntax::Name>(at).context() != syntax::ExprContext::kStore || ast.is(ast.parent(at), NodeKind::kAugAssign);
  });
}

// Does a `finally` that still runs after the statement need the variable?
static bool isNeededByFinally(const LintContext& context, NodeId statement, SymbolId variable) {
  const Ast& ast = context.ast;
  NodeId child = statement;
  for (NodeId at = ast.parent(child); at.valid() && !ast.is(at, NodeKind::kFunctionDef); child = at, at = ast.parent(at)) {
    auto protected_by = ast.tryAs<syntax::Try>(at);
    if (!protected_by) continue;
    NodeList final_body = protected_by->finalbody();
    if (std::find(final_body.begin(), final_body.end(), child) != final_body.end()) continue;
    for (NodeId final_statement : final_body) {
      if (needs(context, final_statement, variable)) return true;
    }
  }
  return false;
}

// Is the variable the function's own, and used by no function inside it?
static bool isLocalOnly(const LintContext& context, NodeId name) {
  const SemanticModel& model = context.model;
  SymbolId symbol = model.symbolAt(name);
  if (!symbol.valid() || model.resolve(symbol) != symbol) return false;
  ScopeId scope = model[symbol].scope;
  if (!isFunctionLike(model[scope].kind)) return false;
  for (const Reference& reference : model.references(symbol)) {
    if (model[reference.symbol].scope != scope) return false;
  }
  for (const Definition& definition : model.definitions(symbol)) {
    if (definition.kind == DefinitionKind::kAnnotation) return false;
  }
  return true;
}

// The assignment just before the statement, if it is to this name alone.
static NodeId assignOfNameBefore(const LintContext& context, NodeId statement, NodeId name) {
  const Ast& ast = context.ast;
  NodeId before = assignBefore(context, statement);
  if (!before.valid()) return NodeId::none();
  NodeList targets = ast.as<syntax::Assign>(before).targets();
  bool is_it = targets.size() == 1 && ast.is(targets[0], NodeKind::kName) && syntax::nameOf(ast, targets[0]) == syntax::nameOf(ast, name);
  return is_it ? before : NodeId::none();
}

void checkAssignBeforeReturn(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  NodeId value = ast.as<syntax::Return>(node).value();
  if (!ast.is(value, NodeKind::kName)) return;
  NodeId before = assignOfNameBefore(context, node, value);
  if (!before.valid()) return;
  auto assign = ast.as<syntax::Assign>(before);
  if (!isLocalOnly(context, value) || isNeededByFinally(context, node, context.model.ownerAt(value)) || isGenerator(ast, enclosingFunction(ast, node))) return;
  uint32_t begin = ast.range(before).begin;
  uint32_t equals = static_cast<uint32_t>(ast.text().find('=', ast.range(assign.targets()[0]).end)) + 1;
  char next = ast.text()[equals];
  std::string keyword = next == ' ' || next == '\t' || next == '\\' ? "return" : "return ";
  context.sink.begin("RET504"_rule, ast.range(value), {syntax::nameText(ast, value)})
      .fix("Remove unnecessary assignment", {{{begin, equals}, keyword}, deleteStatement(context, node)}, FixSafety::kUnsafe);
}

void checkAssignBeforeYield(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  NodeId yield = ast.as<syntax::ExprStmt>(node).value();
  bool is_from = ast.is(yield, NodeKind::kYieldFrom);
  if (!is_from && !ast.is(yield, NodeKind::kYield)) return;
  NodeId value = ast.child(yield, 0);
  if (!ast.is(value, NodeKind::kName)) return;
  NodeId before = assignOfNameBefore(context, node, value);
  if (!before.valid()) return;
  auto assign = ast.as<syntax::Assign>(before);
  if (!isLocalOnly(context, value) || isNeededByFinally(context, node, context.model.ownerAt(value))) return;
  // The name goes on after the statement, so it must have no other use and no other value.
  SymbolId owner = context.model.ownerAt(value);
  if (context.model.references(owner).size() != 1 || context.model.definitions(owner).size() != 1) return;
  uint32_t begin = ast.range(before).begin;
  uint32_t equals = static_cast<uint32_t>(ast.text().find('=', ast.range(assign.targets()[0]).end)) + 1;
  char next = ast.text()[equals];
  bool has_space = next == ' ' || next == '\t' || next == '\\';
  std::string keyword = std::string(is_from ? "yield from" : "yield") + (has_space ? "" : " ");
  std::vector<FixEdit> edits = {{{begin, equals}, keyword}, deleteStatement(context, node)};
  bool is_loose = ast.is(assign.value(), NodeKind::kYield) || ast.is(assign.value(), NodeKind::kYieldFrom);
  bool is_tuple = is_from && ast.is(assign.value(), NodeKind::kTuple) && !ast.hasFlag(assign.value(), syntax::kParenthesized);
  if ((is_loose && parenthesizedRange(ast, assign.value()).begin == ast.range(assign.value()).begin) || (is_tuple && ast.text(assign.value())[0] != '(')) {
    TextRange range = ast.range(assign.value());
    edits = {{{begin, equals}, keyword}, {{range.begin, range.begin}, "("}, {{range.end, range.end}, ")"}, deleteStatement(context, node)};
  }
  context.sink.begin(is_from ? "RUF070From"_rule : "RUF070"_rule, ast.range(value), {syntax::nameText(ast, value)})
      .fix("Remove unnecessary assignment", std::move(edits), FixSafety::kUnsafe);
}

}  // namespace krait::lint
