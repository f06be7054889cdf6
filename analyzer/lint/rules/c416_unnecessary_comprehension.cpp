// C416: a comprehension that copies its iterable. ref: flake8-comprehensions
#include "analyzer/lint/bindings.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

static bool isSame(const Ast& ast, NodeId a, NodeId b) {
  return ast.is(a, NodeKind::kName) && ast.is(b, NodeKind::kName) && syntax::nameOf(ast, a) == syntax::nameOf(ast, b);
}

// Is the iterable the items of what is known as a dict, and the element the pair that the loop takes apart?
static bool isItem(const LintContext& context, NodeId elt, syntax::Comprehension part) {
  const Ast& ast = context.ast;
  auto made = ast.tryAs<syntax::Tuple>(elt), taken = ast.tryAs<syntax::Tuple>(part.target());
  auto call = ast.tryAs<syntax::Call>(part.iter());
  auto method = call && call->args().empty() ? ast.tryAs<syntax::Attribute>(call->func()) : std::nullopt;
  if (!made || !taken || !method || syntax::nameText(ast, method->attr()) != "items" || made->elts().size() != 2 || taken->elts().size() != 2) return false;
  return isSame(ast, made->elts()[0], taken->elts()[0]) && isSame(ast, made->elts()[1], taken->elts()[1]) &&
         ast.is(method->value(), NodeKind::kName) && isLastKnownAs(context, method->value(), Container::kDict);
}

static bool isCopy(const LintContext& context, NodeId elt, NodeList generators) {
  if (generators.size() != 1) return false;
  auto part = context.ast.as<syntax::Comprehension>(generators[0]);
  return part.ifs().empty() && !part.isAsync() && (isSame(context.ast, elt, part.target()) || isItem(context, elt, part));
}

static void report(LintContext& context, NodeId node, NodeId loop, std::string_view name) {
  const Ast& ast = context.ast;
  if (!isBuiltinAvailable(context, node, name)) return;
  auto finding = context.sink.begin("C416"_rule, ast.range(node), {name, name});
  TextRange iterable = parenthesizedRange(ast, ast.as<syntax::Comprehension>(loop).iter());
  std::string text = std::string(name) + "(" + std::string(ast.text(iterable)) + ")";
  finding.fix("Rewrite using `" + std::string(name) + "()`", {{ast.range(node), text}}, FixSafety::kUnsafe);
}

void checkUnnecessaryComprehension(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  if (auto list = ast.tryAs<syntax::ListComp>(node)) {
    if (isCopy(context, list->elt(), list->generators())) report(context, node, list->generators()[0], "list");
    return;
  }
  if (auto set = ast.tryAs<syntax::SetComp>(node)) {
    if (isCopy(context, set->elt(), set->generators())) report(context, node, set->generators()[0], "set");
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
