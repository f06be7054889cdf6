// B905: zip without strict. ref: flake8-bugbear B905
#include "analyzer/lint/statement_edits.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

// itertools' endless iterators: the shortest argument is what is meant.
static bool isEndless(const LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto call = ast.tryAs<syntax::Call>(node);
  if (!call) return false;
  std::string name = qualifiedName(context, call->func());
  if (name == "itertools.cycle" || name == "itertools.count") return true;
  if (name != "itertools.repeat") return false;
  NodeId times = argumentOf(ast, node, "times", 1);
  // With the value under its name nothing is sure.
  return (!times.valid() || isNone(ast, times)) && positionalCount(ast, node) > 0;
}

void checkZipStrict(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  if (context.options.target_minor < 10) return;
  auto call = ast.as<syntax::Call>(node);
  if (!isBuiltin(context, call.func(), "zip") || keywordOf(ast, node, "strict").valid()) return;
  bool has_starred = false;
  for (NodeId arg : call.args()) {
    if (isEndless(context, arg)) return;
    has_starred |= ast.is(arg, NodeKind::kStarred);
  }
  if (positionalCount(ast, node) < 2 && !has_starred) return;
  context.sink.begin("B905"_rule, ast.range(node))
      .fix("Add explicit value for parameter `strict=`", {addArgument(context, node, "strict=False")}, FixSafety::kUnsafe);
}

}  // namespace krait::lint
