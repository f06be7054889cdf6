// INT001, INT002, INT003: text that is put together before gettext can translate it. ref: flake8-gettext
#include "analyzer/lint/calls.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkGettext(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto call = ast.as<syntax::Call>(node);
  if (call.args().empty() || ast.is(call.args()[0], NodeKind::kKeyword)) return;
  if (!isGettextCall(context, node)) return;
  NodeId text = call.args()[0];
  if (ast.is(text, NodeKind::kJoinedStr)) context.sink.begin("INT001"_rule, ast.range(text));
  if (auto format = ast.tryAs<syntax::Call>(text)) {
    auto method = ast.tryAs<syntax::Attribute>(format->func());
    if (method && syntax::nameText(ast, method->attr()) == "format") context.sink.begin("INT002"_rule, ast.range(text));
  }
  auto percent = ast.tryAs<syntax::BinOp>(text);
  if (percent && percent->op() == syntax::BinaryOp::kMod && isStr(ast, percent->left())) {
    context.sink.begin("INT003"_rule, ast.range(text));
  }
}

}  // namespace krait::lint
