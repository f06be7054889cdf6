// UP008: super with its implicit arguments. ref: pyupgrade
#include <algorithm>

#include "analyzer/lint/expressions.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

// The class around a method, or around functions inside it.
static NodeId enclosingClass(const Ast& ast, NodeId node) {
  while (node.valid() && !ast.is(node, NodeKind::kClassDef)) node = ast.parent(node);
  return node;
}

// Is the expression the class's name, with the names of the classes around it before: `Outer.Inner`?
static bool namesClass(const Ast& ast, NodeId expr, NodeId cls) {
  NameId name = syntax::nameOf(ast, ast.as<syntax::ClassDef>(cls).name());
  auto attribute = ast.tryAs<syntax::Attribute>(expr);
  NodeId outer = enclosingClass(ast, ast.parent(cls));
  if (!attribute) {
    return ast.is(expr, NodeKind::kName) && (syntax::nameText(ast, expr) == "__class__" || (syntax::nameOf(ast, expr) == name && !outer.valid()));
  }
  if (syntax::nameOf(ast, attribute->attr()) != name) return false;
  return outer.valid() && namesClass(ast, attribute->value(), outer);
}

void checkSuperArguments(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto call = ast.as<syntax::Call>(node);
  if (!isBuiltin(context, call.func(), "super") || call.args().size() != 2) return;
  if (!ast.is(call.args()[1], NodeKind::kName)) return;
  NodeId function = enclosingFunction(ast, node);
  if (!function.valid()) return;
  // A comprehension is a function of its own.
  for (NodeId at = ast.parent(node); at != function; at = ast.parent(at)) {
    NodeKind kind = ast.kind(at);
    if (kind == NodeKind::kListComp || kind == NodeKind::kSetComp || kind == NodeKind::kDictComp || kind == NodeKind::kGeneratorExp) return;
  }
  NodeId cls = enclosingClass(ast, function);
  if (!cls.valid()) return;
  NodeList params = ast.as<syntax::Parameters>(ast.is(function, NodeKind::kLambda) ? ast.as<syntax::Lambda>(function).params()
                                                                           : ast.as<syntax::FunctionDef>(function).params())
                        .params();
  auto own = std::find_if(params.begin(), params.end(), [&](NodeId param) {
    return ast.as<syntax::Parameter>(param).parameterKind() == syntax::ParameterKind::kPositionalOrKeyword;
  });
  if (own == params.end()) return;
  NameId first = syntax::nameOf(ast, ast.as<syntax::Parameter>(*own).name());
  if (!namesClass(ast, call.args()[0], cls)) return;
  if (first != syntax::nameOf(ast, call.args()[1])) return;
  TextRange arguments{parenthesizedRange(ast, call.func()).end, ast.range(node).end};
  context.sink.begin("UP008"_rule, arguments).fix("Remove `super()` parameters", {{arguments, "()"}}, FixSafety::kUnsafe);
}

}  // namespace krait::lint
