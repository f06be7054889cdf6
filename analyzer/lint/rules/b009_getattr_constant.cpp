// B009: getattr with a constant name. ref: flake8-bugbear B009
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/rule.h"
#include "analyzer/syntax/tokens/token.h"

namespace krait::lint {

static bool isPlainName(std::string_view text) {
  if (text.empty() || (text[0] >= '0' && text[0] <= '9')) return false;
  for (char c : text) {
    bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || (c & 0x80);
    if (!is_letter) return false;
  }
  return !(text.starts_with("__") && !text.ends_with("__"));
}

void checkConstantGetattr(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  NodeId call_node = node;
  auto call = ast.tryAs<syntax::Call>(call_node);
  if (!call || !isBuiltin(context, call->func(), "getattr") || call->args().size() != 2 || hasStarredArgument(ast, call_node)) return;
  auto name = syntax::stringValue(ast, call->args()[1]);
  if (!name || !isPlainName(*name) || syntax::wordKind(*name) != syntax::TokenKind::kName) return;
  NodeId object = call->args()[0];
  bool is_plain = ast.is(object, NodeKind::kName) || ast.is(object, NodeKind::kAttribute) || ast.is(object, NodeKind::kSubscript) ||
                  ast.is(object, NodeKind::kCall);
  std::string text(ast.text(object));
  if (!is_plain || isMultiline(context, ast.range(object))) text = "(" + text + ")";
  context.sink.begin("B009"_rule, ast.range(call_node))
      .fix("Replace `getattr` with attribute access", {{ast.range(call_node), padded(ast, ast.range(call_node), text + "." + std::string(*name))}});
}

}  // namespace krait::lint
