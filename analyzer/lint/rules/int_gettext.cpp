// INT001, INT002, INT003: text that is put together before gettext can translate it. ref: flake8-gettext
#include "analyzer/lint/calls.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

static void report(LintContext& context, NodeId text, bool is_plural) {
  const Ast& ast = context.ast;
  if (ast.is(text, NodeKind::kJoinedStr)) context.sink.begin(is_plural ? "INT001Plural"_rule : "INT001"_rule, ast.range(text));
  if (auto format = ast.tryAs<syntax::Call>(text)) {
    auto method = ast.tryAs<syntax::Attribute>(format->func());
    bool is_format = method && syntax::nameText(ast, method->attr()) == "format";
    if (is_format) context.sink.begin(is_plural ? "INT002Plural"_rule : "INT002"_rule, ast.range(text));
  }
  auto percent = ast.tryAs<syntax::BinOp>(text);
  if (percent && percent->op() == syntax::BinaryOp::kMod && isStr(ast, percent->left())) {
    context.sink.begin(is_plural ? "INT003Plural"_rule : "INT003"_rule, ast.range(text));
  }
}

void checkGettext(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto call = ast.as<syntax::Call>(node);
  if (call.args().empty() || ast.is(call.args()[0], NodeKind::kKeyword)) return;
  if (!isGettextCall(context, node)) return;
  report(context, call.args()[0], false);
  if (!context.options.preview || call.args().size() < 2 || ast.is(call.args()[1], NodeKind::kKeyword)) return;
  if (lastName(ast, call.func()) == "ngettext" || calleeName(context, node) == "gettext.ngettext") report(context, call.args()[1], true);
}

}  // namespace krait::lint
