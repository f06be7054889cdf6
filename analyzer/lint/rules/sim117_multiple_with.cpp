// SIM117: a with that holds only a with. ref: flake8-simplify
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/statement_edits.h"
#include "analyzer/lint/reindent.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

// A timeout or task scope stands alone on purpose.
static bool isScope(const LintContext& context, NodeList items) {
  if (items.size() != 1) return false;
  auto call = context.ast.tryAs<syntax::Call>(context.ast.as<syntax::WithItem>(items[0]).contextExpr());
  return call && isOneOf(qualifiedName(context, call->func()),
                         {"asyncio.timeout", "asyncio.timeout_at", "anyio.CancelScope", "anyio.fail_after", "anyio.move_on_after", "trio.CancelScope",
                          "trio.fail_after", "trio.fail_at", "trio.move_on_after", "trio.move_on_at"});
}

void checkMultipleWith(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto outer = ast.as<syntax::With>(node);
  auto parent = ast.tryAs<syntax::With>(ast.parent(node));
  if (parent && parent->body().size() == 1 && parent->isAsync() == outer.isAsync()) return;
  if (outer.body().size() != 1) return;
  auto inner = ast.tryAs<syntax::With>(outer.body()[0]);
  if (!inner || inner->isAsync() != outer.isAsync() || isScope(context, outer.items())) return;
  NodeId last = inner->items().back();
  auto finding = context.sink.begin("SIM117"_rule, {ast.range(node).begin, ast.range(last).end + 1});
  TextRange range = ast.range(node), body = ast.range(outer.body()[0]);
  uint32_t first = syntax::fullRange(ast, inner->body()[0]).begin;
  uint32_t body_line = nextLineBegin(context, ast.range(last).end);
  bool is_inline = first < body_line;
  bool is_plain = lineBegin(context, body.begin) != lineBegin(context, range.begin) &&
                  !hasComment(ast, {range.begin, is_inline ? first : body_line});
  uint32_t outer_end = ast.range(outer.items().back()).end, inner_begin = ast.range(inner->items()[0]).begin;
  uint32_t outer_begin = ast.range(outer.items()[0]).begin, inner_end = ast.range(last).end;
  std::string_view word = ast.text({range.begin, outer_begin}), inner_word = ast.text({body.begin, inner_begin});
  // Items in parentheses have a layout of their own.
  is_plain = is_plain && word.find('(') == std::string_view::npos && inner_word.find('(') == std::string_view::npos;
  if (!is_plain) return;
  std::string outer_indent(indentationAt(context, range.begin)), inner_indent(indentationAt(context, body.begin));
  std::string text = outer_indent + std::string(ast.text({range.begin, outer_end})) + ", " + std::string(ast.text({inner_begin, inner_end})) +
                     (is_inline ? std::string(ast.text({inner_end, body.end}))
                                : std::string(ast.text({inner_end, body_line})) + reindented(context, {body_line, body.end}, inner_indent, outer_indent));
  // ruff counts the first line's indentation twice.
  if (fitsLines(context, outer_indent + text)) {
    finding.fix("Combine `with` statements", {{{lineBegin(context, range.begin), body.end}, text}}, FixSafety::kUnsafe);
  }
}

}  // namespace krait::lint
