// B033: a set literal with equal elements. ref: flake8-bugbear B033
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkDuplicateSetValues(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  NodeList elements = ast.as<syntax::Set>(node).elts();
  for (size_t i = 0; i < elements.size(); ++i) {
    if (!ast.is(elements[i], NodeKind::kConstant)) continue;
    for (size_t j = 0; j < i; ++j) {
      if (!ast.is(elements[j], NodeKind::kConstant) || ast.text(elements[i]) != ast.text(elements[j])) continue;
      context.sink.begin(Rule::kB033, ast.range(elements[i]), {ast.text(elements[i])});
      break;
    }
  }
}

}  // namespace krait::lint
