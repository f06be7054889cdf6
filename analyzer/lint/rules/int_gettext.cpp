// INT001, INT002, INT003: text that is put together before gettext can translate it. ref: flake8-gettext
#include "analyzer/lint/name_settings.h"
#include "analyzer/lint/calls.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkGettext(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto call = ast.as<syntax::Call>(node);
  if (call.args().empty() || ast.is(call.args()[0], NodeKind::kKeyword)) return;
  std::string_view name = ast.is(call.func(), NodeKind::kName) ? syntax::nameText(ast, call.func()) : std::string_view();
  bool has_own = context.options.list("flake8-gettext.function-names") != nullptr;
  bool is_gettext = has_own ? isListed(context, "flake8-gettext.function-names", name) : isOneOf(name, {"_", "gettext", "ngettext"});
  is_gettext = !name.empty() && (is_gettext || isListed(context, "flake8-gettext.extend-function-names", name));
  if (!is_gettext) is_gettext = isOneOf(calleeName(context, node), {"gettext.gettext", "gettext.ngettext"});
  if (!is_gettext) return;
  NodeId text = call.args()[0];
  if (ast.is(text, NodeKind::kJoinedStr)) context.sink.begin(Rule::kINT001, ast.range(text));
  if (auto format = ast.tryAs<syntax::Call>(text)) {
    auto method = ast.tryAs<syntax::Attribute>(format->func());
    if (method && syntax::nameText(ast, method->attr()) == "format") context.sink.begin(Rule::kINT002, ast.range(text));
  }
  auto percent = ast.tryAs<syntax::BinOp>(text);
  if (percent && percent->op() == syntax::BinaryOp::kMod && isStr(ast, percent->left())) {
    context.sink.begin(Rule::kINT003, ast.range(text));
  }
}

}  // namespace krait::lint
