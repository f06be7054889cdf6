// F621, F622: starred targets that Python rejects. ref: pyflakes, language reference 7.2
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkStarredTargets(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  bool is_list = ast.is(node, NodeKind::kList);
  auto place = is_list ? ast.as<syntax::List>(node).context() : ast.as<syntax::Tuple>(node).context();
  if (place != syntax::ExprContext::kStore) return;
  NodeList elts = is_list ? ast.as<syntax::List>(node).elts() : ast.as<syntax::Tuple>(node).elts();
  size_t star = elts.size();
  for (size_t i = 0; i < elts.size(); ++i) {
    if (!ast.is(elts[i], NodeKind::kStarred)) continue;
    if (star != elts.size()) {
      context.sink.begin("F622"_rule, ast.range(node));
      return;
    }
    star = i;
  }
  if (star == elts.size()) return;
  if (star >= 1u << 8 || elts.size() - star > 1u << 24) context.sink.begin("F621"_rule, ast.range(node));
}

}  // namespace krait::lint
