// TRY400: logging.error in a handler. ref: tryceratops
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkErrorLogging(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto method = ast.tryAs<syntax::Attribute>(ast.as<syntax::Call>(node).func());
  if (!method || syntax::nameText(ast, method->attr()) != "error") return;
  std::string qualified = qualifiedName(context, method->value());
  std::string_view last = ast.is(method->value(), NodeKind::kAttribute)
                              ? syntax::nameText(ast, ast.as<syntax::Attribute>(method->value()).attr())
                              : syntax::nameText(ast, method->value());
  bool is_logger = qualified == "logging" || (qualified.empty() && (last.starts_with("log") || last.ends_with("logger") ||
                                                                    last.ends_with("logging") || last.starts_with("LOG")));
  NodeId info = keywordOf(ast, node, "exc_info");
  auto info_call = ast.tryAs<syntax::Call>(info);
  bool has_traceback = isConstant(ast, info, syntax::ConstantKind::kTrue) ||
                       (info_call && qualifiedName(context, info_call->func()) == "sys.exc_info");
  if (!is_logger || has_traceback) return;
  for (NodeId parent = ast.parent(node); parent.valid(); parent = ast.parent(parent)) {
    NodeKind kind = ast.kind(parent);
    if (kind == NodeKind::kFunctionDef || kind == NodeKind::kClassDef) return;
    if (kind != NodeKind::kExceptHandler) continue;
    context.sink.begin(Rule::kTRY400, ast.range(node));
    return;
  }
}

}  // namespace krait::lint
