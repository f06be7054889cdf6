// B020: a loop variable named like its iterable. ref: flake8-bugbear B020
#include "analyzer/lint/rule.h"

namespace krait::lint {

static bool readsName(const Ast& ast, NodeId node, NameId name) {
  switch (ast.kind(node)) {
    case NodeKind::kName: return syntax::nameOf(ast, node) == name;
    case NodeKind::kLambda: return false;
    case NodeKind::kListComp:
    case NodeKind::kSetComp:
    case NodeKind::kDictComp:
    case NodeKind::kGeneratorExp: {
      bool is_dict = ast.is(node, NodeKind::kDictComp);
      bool found = false;
      for (NodeId part : ast.list(node, is_dict ? 2 : 1)) found |= readsName(ast, ast.as<syntax::Comprehension>(part).iter(), name);
      return found;
    }
    default: break;
  }
  bool found = false;
  syntax::forEachChild(ast, node, [&](NodeId child) { found = found || readsName(ast, child, name); });
  return found;
}

static void checkTarget(LintContext& context, NodeId target, NodeId iter) {
  const Ast& ast = context.ast;
  if (!ast.is(target, NodeKind::kName)) {
    syntax::forEachChild(ast, target, [&](NodeId part) { checkTarget(context, part, iter); });
  }
  if (!ast.is(target, NodeKind::kName) || !readsName(ast, iter, syntax::nameOf(ast, target))) return;
  context.sink.begin("B020"_rule, ast.range(target), {syntax::nameText(ast, target)});
}

void checkLoopOverridesIterable(LintContext& context, NodeId node) {
  auto loop = context.ast.as<syntax::For>(node);
  checkTarget(context, loop.target(), loop.iter());
}

}  // namespace krait::lint
