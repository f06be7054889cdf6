// B020: a loop variable named like its iterable. ref: flake8-bugbear B020
#include <vector>

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

// The names in a target, each where it stands last.
static void collectNames(const Ast& ast, NodeId target, std::vector<NodeId>& out) {
  if (!ast.is(target, NodeKind::kName)) {
    syntax::forEachChild(ast, target, [&](NodeId part) { collectNames(ast, part, out); });
    return;
  }
  std::erase_if(out, [&](NodeId other) { return syntax::nameOf(ast, other) == syntax::nameOf(ast, target); });
  out.push_back(target);
}

void checkLoopOverridesIterable(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto loop = ast.as<syntax::For>(node);
  std::vector<NodeId> names;
  collectNames(ast, loop.target(), names);
  for (NodeId name : names) {
    if (readsName(ast, loop.iter(), syntax::nameOf(ast, name))) context.sink.begin("B020"_rule, ast.range(name), {syntax::nameText(ast, name)});
  }
}

}  // namespace krait::lint
