// F403: `from module import *`. ref: pyflakes ImportStarUsed
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkStarImport(LintContext& context, NodeId node) {
  syntax::ImportFrom from = context.ast.as<syntax::ImportFrom>(node);
  if (from.names().size() != 1) return;
  syntax::Alias alias = context.ast.as<syntax::Alias>(from.names()[0]);
  if (syntax::nameText(context.ast, alias.name()) != "*") return;
  std::string module(from.level(), '.');
  if (from.module().valid()) module += std::string(syntax::nameText(context.ast, from.module()));
  context.sink.begin("F403"_rule, from.range(), {module});
}

}  // namespace krait::lint
