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

static bool holds(NodeList list, NodeId node) { return std::find(list.begin(), list.end(), node) != list.end(); }

// May an `await` stand here: in a function, nearer than any class, in a generator expression, or in a notebook's cell?
static bool mayAwait(const LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  for (NodeId child = node, at = ast.parent(node); at.valid(); child = at, at = ast.parent(at)) {
    if (auto function = ast.tryAs<syntax::FunctionDef>(at)) {
      if (holds(function->body(), child)) return true;
    }
    if (ast.is(at, NodeKind::kLambda) || ast.is(at, NodeKind::kGeneratorExp)) return true;
    if (auto cls = ast.tryAs<syntax::ClassDef>(at)) {
      if (holds(cls->body(), child)) return false;
    }
  }
  return !context.file.cells.empty();
}

static bool isComprehension(NodeKind kind) {
  return kind == NodeKind::kListComp || kind == NodeKind::kSetComp || kind == NodeKind::kDictComp || kind == NodeKind::kGeneratorExp;
}

// May a `yield` stand here: in the body of a function or lambda, nearer than a class's body? Headers belong to what is around them.
static bool mayYield(const Ast& ast, NodeId node) {
  bool is_first_iterable = false;  // which the scope around the comprehension evaluates
  for (NodeId child = node, at = ast.parent(node); at.valid(); child = at, at = ast.parent(at)) {
    if (auto function = ast.tryAs<syntax::FunctionDef>(at); function && holds(function->body(), child)) return true;
    if (auto lambda = ast.tryAs<syntax::Lambda>(at); lambda && lambda->body() == child) return true;
    if (auto cls = ast.tryAs<syntax::ClassDef>(at); cls && holds(cls->body(), child)) return false;
    if (isComprehension(ast.kind(at)) && !is_first_iterable) return false;
    auto generator = ast.tryAs<syntax::Comprehension>(at);
    is_first_iterable = generator && generator->iter() == child && ast.list(ast.parent(at), ast.is(ast.parent(at), NodeKind::kDictComp) ? 2 : 1)[0] == at;
  }
  return false;
}

void checkYieldPlace(LintContext& context, NodeId node) {
  bool is_await = context.ast.is(node, NodeKind::kAwait);
  if (is_await ? mayAwait(context, node) : mayYield(context.ast, node)) return;
  NodeKind kind = context.ast.kind(node);
  std::string_view name = kind == NodeKind::kYield ? "yield" : kind == NodeKind::kYieldFrom ? "yield from" : "await";
  context.sink.begin("F704"_rule, context.ast.range(node), {name});
}

}  // namespace krait::lint
