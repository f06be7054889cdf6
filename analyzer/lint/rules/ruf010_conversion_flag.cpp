// RUF010: `f"{repr(x)}"` where `f"{x!r}"` says the same.
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/statement_edits.h"

namespace krait::lint {

void checkConversionFlag(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto field = ast.as<syntax::FormattedValue>(node);
  if (field.conversion() != 0xffffffffu) return;
  // A field inside of a format specification has no flag, as ruff has it.
  if (ast.is(ast.parent(node), NodeKind::kJoinedStr) && ast.is(ast.parent(ast.parent(node)), NodeKind::kFormattedValue)) {
    if (ast.as<syntax::FormattedValue>(ast.parent(ast.parent(node))).formatSpec() == ast.parent(node)) return;
  }
  auto call = ast.tryAs<syntax::Call>(field.value());
  if (!call || call->args().size() != 1 || ast.is(call->args()[0], NodeKind::kStarred)) return;
  char flag = 0;
  for (std::string_view name : {"str", "repr", "ascii"}) {
    if (isBuiltin(context, call->func(), name)) flag = name[0];
  }
  if (flag == 0) return;
  NodeId arg = call->args()[0];
  if (auto keyword = ast.tryAs<syntax::Keyword>(arg)) {
    // Only `str` can be given its argument by name.
    if (flag != 's' || syntax::nameText(ast, keyword->arg()) != "object") return;
    arg = keyword->value();
  }
  bool is_bare_generator = ast.is(arg, NodeKind::kGeneratorExp) && parenthesizedRange(ast, arg).end == ast.range(call->id).end;
  std::string text(is_bare_generator ? ast.text(arg) : ast.text(parenthesizedRange(ast, arg)));
  bool needs_parentheses = ast.is(arg, NodeKind::kLambda) || ast.is(arg, NodeKind::kNamedExpr) || ast.is(arg, NodeKind::kYield) ||
                           (ast.is(arg, NodeKind::kGeneratorExp) && !text.starts_with('('));
  if (needs_parentheses) text = "(" + text + ")";
  bool needs_space = text.starts_with("{") && ast.text()[parenthesizedRange(ast, field.value()).begin - 1] == '{';
  TextRange range = parenthesizedRange(ast, field.value());
  // Blanks and comments behind the call stand before the flag then.
  uint32_t end = skipTrivia(ast.text(), range.end);
  text += ast.text({range.end, end});
  range.end = end;
  context.sink.begin("RUF010"_rule, ast.range(field.value())).fix("Replace with conversion flag", {{range, (needs_space ? " " : "") + text + "!" + flag}});
}

}  // namespace krait::lint
