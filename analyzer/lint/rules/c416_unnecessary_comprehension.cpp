// C416: a comprehension that copies its iterable. ref: flake8-comprehensions
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/rewrites.h"
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

static void report(LintContext& context, NodeId node, NodeId loop, std::string_view name) {
  const Ast& ast = context.ast;
  auto finding = context.sink.begin("C416"_rule, ast.range(node), {name, name});
  if (!isBuiltinAvailable(context, node, name)) return;
  TextRange iterable = parenthesizedRange(ast, ast.as<syntax::Comprehension>(loop).iter());
  std::string text = std::string(name) + "(" + std::string(ast.text(iterable)) + ")";
  finding.fix("Rewrite using `" + std::string(name) + "()`", {{ast.range(node), text}}, FixSafety::kUnsafe);
}

void checkUnnecessaryComprehension(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  if (auto list = ast.tryAs<syntax::ListComp>(node)) {
    if (isCopy(ast, list->elt(), list->generators())) report(context, node, list->generators()[0], "list");
    return;
  }
  if (auto set = ast.tryAs<syntax::SetComp>(node)) {
    if (isCopy(ast, set->elt(), set->generators())) report(context, node, set->generators()[0], "set");
    return;
  }
  auto dict = ast.as<syntax::DictComp>(node);
  if (dict.generators().size() != 1) return;
  auto part = ast.as<syntax::Comprehension>(dict.generators()[0]);
  auto pair = ast.tryAs<syntax::Tuple>(part.target());
  if (!pair || pair->elts().size() != 2 || !part.ifs().empty() || part.isAsync()) return;
  if (!isSame(ast, dict.key(), pair->elts()[0]) || !isSame(ast, dict.value(), pair->elts()[1])) return;
  report(context, node, dict.generators()[0], "dict");
}

}  // namespace krait::lint
