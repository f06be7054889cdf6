// N803: a parameter name with capitals. ref: pep8-naming
#include "analyzer/lint/name_settings.h"
#include "analyzer/lint/annotations.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkArgumentNames(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  NodeId name = ast.as<syntax::Parameter>(node).name();
  std::string_view text = syntax::nameText(ast, name);
  bool is_lower = isLowerName(text);
  NodeId function = ast.parent(ast.parent(node));
  if (is_lower || (ast.is(function, NodeKind::kFunctionDef) && hasTypingDecorator(context, function, "override"))) return;
  if (isIgnoredName(context, text)) return;
  TextRange range = ast.range(node);
  while (range.begin > 0 && ast.text()[range.begin - 1] == '*') --range.begin;
  context.sink.begin("N803"_rule, range, {text});
}

}  // namespace krait::lint
