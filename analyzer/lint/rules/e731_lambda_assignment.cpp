// E731: a lambda bound to a name. ref: pycodestyle comparison_type, PEP 8
#include "analyzer/lint/statement_edits.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkLambdaAssignments(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  NodeId target, value;
  if (auto assign = ast.tryAs<syntax::Assign>(node)) {
    if (assign->targets().size() != 1) return;
    target = assign->targets()[0];
    value = assign->value();
  } else {
    auto annotated = ast.as<syntax::AnnAssign>(node);
    target = annotated.target();
    value = annotated.value();
    // The annotation of a class attribute may be what makes it a field.
    if (ast.is(ast.parent(node), NodeKind::kClassDef)) return;
  }
  if (!ast.is(target, NodeKind::kName) || !ast.is(value, NodeKind::kLambda)) return;
  auto finding = context.sink.begin(Rule::kE731, ast.range(node));
  // A definition needs a line of its own.
  uint32_t begin = ast.range(node).begin;
  std::string indent(indentationAt(context, begin));
  bool is_alone = begin - lineBegin(context, begin) == indent.size() && !ast.hasFlag(value, syntax::kParenthesized);
  if (!is_alone || ast.is(node, NodeKind::kAnnAssign)) return;
  auto lambda = ast.as<syntax::Lambda>(value);
  std::string name(syntax::nameText(ast, target));
  std::string end(lineEndText(context));
  TextRange params = ast.range(lambda.params());
  NodeList list = ast.as<syntax::Parameters>(lambda.params()).params();
  std::string shown = list.empty() ? "" : std::string(ast.text({params.begin, params.end}));
  std::string text = "def " + name + "(" + shown + "):" + end + indent + "    return " + std::string(ast.text(lambda.body()));
  finding.fix("Rewrite `" + name + "` as a `def`", {{ast.range(node), text}}, FixSafety::kUnsafe);
}

}  // namespace krait::lint
