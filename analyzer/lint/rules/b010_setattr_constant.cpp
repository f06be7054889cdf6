// B010: setattr with a constant name. ref: flake8-bugbear B010
#include "analyzer/lint/generated_code.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
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

void checkConstantSetattr(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  NodeId call_node = ast.as<syntax::ExprStmt>(node).value();
  auto call = ast.tryAs<syntax::Call>(call_node);
  if (!call || !isBuiltin(context, call->func(), "setattr") || call->args().size() != 3) return;
  if (ast.is(call->args()[0], NodeKind::kStarred) || ast.is(call->args()[1], NodeKind::kStarred) || ast.is(call->args()[2], NodeKind::kKeyword)) return;
  auto name = syntax::stringValue(ast, call->args()[1]);
  if (!name || !isPlainName(*name) || syntax::wordKind(*name) != syntax::TokenKind::kName) return;
  if (*name == "__debug__") return;
  NodeId object = call->args()[0];
  bool is_number = isConstant(ast, object, syntax::ConstantKind::kInt);
  std::string text = generatedOperand(ast, object, Operand::kAtom);
  if (is_number) text = "(" + text + ")";
  std::string value = ast.is(call->args()[2], NodeKind::kNamedExpr) ? generatedOperand(ast, call->args()[2], Operand::kArgument)
                                                                   : generatedCode(ast, call->args()[2]);
  text += "." + std::string(*name) + " = " + value;
  context.sink.begin("B010"_rule, ast.range(call_node)).fix("Replace `setattr` with assignment", {{ast.range(node), text}});
}

}  // namespace krait::lint
