// C416: a comprehension that copies its iterable. ref: flake8-comprehensions
#include "analyzer/lint/rule.h"

namespace krait::lint {

static bool isSame(const Ast& ast, NodeId a, NodeId b) {
  return ast.is(a, NodeKind::kName) && ast.is(b, NodeKind::kName) && syntax::nameOf(ast, a) == syntax::nameOf(ast, b);
}

static bool isCopy(const Ast& ast, NodeId elt, NodeList generators) {
  if (generators.size() != 1) return false;
  auto part = ast.as<syntax::Comprehension>(generators[0]);
  return part.ifs().empty() && !part.isAsync() && isSame(ast, elt, part.target());
}

void checkUnnecessaryComprehension(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  if (auto list = ast.tryAs<syntax::ListComp>(node)) {
    if (isCopy(ast, list->elt(), list->generators())) context.sink.begin(Rule::kC416, ast.range(node), {"list", "list"});
    return;
  }
  if (auto set = ast.tryAs<syntax::SetComp>(node)) {
    if (isCopy(ast, set->elt(), set->generators())) context.sink.begin(Rule::kC416, ast.range(node), {"set", "set"});
    return;
  }
  auto dict = ast.as<syntax::DictComp>(node);
  if (dict.generators().size() != 1) return;
  auto part = ast.as<syntax::Comprehension>(dict.generators()[0]);
  auto pair = ast.tryAs<syntax::Tuple>(part.target());
  if (!pair || pair->elts().size() != 2 || !part.ifs().empty() || part.isAsync()) return;
  if (!isSame(ast, dict.key(), pair->elts()[0]) || !isSame(ast, dict.value(), pair->elts()[1])) return;
  context.sink.begin(Rule::kC416, ast.range(node), {"dict", "dict"});
}

}  // namespace krait::lint
