// N802: a function name with capitals. ref: pep8-naming
#include "analyzer/lint/name_settings.h"
#include "analyzer/lint/annotations.h"
#include "analyzer/lint/class_bases.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkFunctionNames(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  NodeId name = ast.as<syntax::FunctionDef>(node).name();
  std::string_view text = syntax::nameText(ast, name);
  if (isLowerName(text)) return;
  if (hasTypingDecorator(context, node, "override") || hasTypingDecorator(context, node, "overload")) return;
  if (isIgnoredName(context, text)) return;
  NodeId cls = classOfMethod(ast, node);
  if (cls.valid() && text.starts_with("visit_") && hasBase(context, cls, {"ast.NodeVisitor", "ast.NodeTransformer"})) return;
  bool is_handler = cls.valid() && text.starts_with("do_");
  if (is_handler && hasBase(context, cls, {"http.server.BaseHTTPRequestHandler", "http.server.CGIHTTPRequestHandler", "http.server.SimpleHTTPRequestHandler"})) return;
  context.sink.begin("N802"_rule, ast.range(name), {text});
}

}  // namespace krait::lint
