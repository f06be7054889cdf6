// F701, F702, F704, F706: break, continue, yield and return at places where they do not work. ref: pyflakes
#include <algorithm>

#include "analyzer/lint/nodes.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

// Is the statement in the body of a loop of its own function or class?
static bool isInLoop(const Ast& ast, NodeId statement) {
  for (NodeId child = statement, parent = ast.parent(statement); parent.valid(); child = parent, parent = ast.parent(parent)) {
    NodeKind kind = ast.kind(parent);
    if (kind == NodeKind::kFunctionDef || kind == NodeKind::kClassDef || kind == NodeKind::kModule) return false;
    NodeList orelse;
    if (kind == NodeKind::kFor) {
      orelse = ast.as<syntax::For>(parent).orelse();
    } else if (kind == NodeKind::kWhile) {
      orelse = ast.as<syntax::While>(parent).orelse();
    } else {
      continue;
    }
    bool is_else = false;
    for (NodeId other : orelse) is_else |= other == child;
    if (!is_else) return true;
  }
  return false;
}

void checkLoopJumps(LintContext& context, NodeId node) {
  if (isInLoop(context.ast, node)) return;
  context.sink.begin(context.ast.is(node, NodeKind::kBreak) ? "F701"_rule : "F702"_rule, context.ast.range(node));
}

void checkReturnPlace(LintContext& context, NodeId node) {
  if (!context.ast.is(enclosingFunction(context.ast, node), NodeKind::kFunctionDef)) context.sink.begin("F706"_rule, context.ast.range(node));
}

// May an `await` stand here: in a function, nearer than any class, in a generator expression, or in a notebook's cell?
static bool mayAwait(const LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  for (NodeId child = node, at = ast.parent(node); at.valid(); child = at, at = ast.parent(at)) {
    if (auto function = ast.tryAs<syntax::FunctionDef>(at)) {
      bool is_in_body = std::find(function->body().begin(), function->body().end(), child) != function->body().end();
      if (is_in_body) return true;
    }
    if (ast.is(at, NodeKind::kLambda) || ast.is(at, NodeKind::kGeneratorExp)) return true;
    if (auto cls = ast.tryAs<syntax::ClassDef>(at)) {
      bool is_in_class = std::find(cls->body().begin(), cls->body().end(), child) != cls->body().end();
      if (is_in_class) return false;
    }
  }
  return !context.file.cells.empty();
}

void checkYieldPlace(LintContext& context, NodeId node) {
  bool is_await = context.ast.is(node, NodeKind::kAwait);
  if (is_await ? mayAwait(context, node) : enclosingFunction(context.ast, node).valid()) return;
  NodeKind kind = context.ast.kind(node);
  std::string_view name = kind == NodeKind::kYield ? "yield" : kind == NodeKind::kYieldFrom ? "yield from" : "await";
  context.sink.begin("F704"_rule, context.ast.range(node), {name});
}

}  // namespace krait::lint
