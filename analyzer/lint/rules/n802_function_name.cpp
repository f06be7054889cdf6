// N802: a function name with capitals. ref: pep8-naming
#include "analyzer/lint/name_settings.h"
#include "analyzer/lint/annotations.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkFunctionNames(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  NodeId name = ast.as<syntax::FunctionDef>(node).name();
  std::string_view text = syntax::nameText(ast, name);
  bool is_lower = true;
  for (char c : text) is_lower &= !(c >= 'A' && c <= 'Z');
  if (is_lower) return;
  if (hasTypingDecorator(context, node, "override") || hasTypingDecorator(context, node, "overload")) return;
  if (isIgnoredName(context, text)) return;
  if (text.starts_with("visit_") && classOfMethod(ast, node).valid()) {
    for (NodeId base : ast.as<syntax::ClassDef>(classOfMethod(ast, node)).args()) {
      std::string qualified = qualifiedName(context, base);
      if (qualified == "ast.NodeVisitor" || qualified == "ast.NodeTransformer") return;
    }
  }
  context.sink.begin("N802"_rule, ast.range(name), {text});
}

}  // namespace krait::lint
