// SIM117: a with that holds only a with. ref: flake8-simplify
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/statement_edits.h"
#include "analyzer/lint/reindent.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/shared_tokens.h"

namespace krait::lint {

// A timeout or task scope stands alone on purpose.
static bool isScope(const LintContext& context, NodeList items) {
  if (items.size() != 1) return false;
  auto call = context.ast.tryAs<syntax::Call>(context.ast.as<syntax::WithItem>(items[0]).contextExpr());
  return call && isOneOf(qualifiedName(context, call->func()),
                         {"asyncio.timeout", "asyncio.timeout_at", "anyio.CancelScope", "anyio.fail_after", "anyio.move_on_after",
                          "trio.fail_after", "trio.fail_at", "trio.move_on_after", "trio.move_on_at"});
}

namespace {
// The items of a statement as they are written, and the parentheses around all of them.
struct Header {
  std::string_view before, items, after;  // `(` with the blanks behind it and `)` with those before it, where there are some
  uint32_t colon = 0;
};
}  // namespace

static Header headerOf(LintContext& context, syntax::With with) {
  const Ast& ast = context.ast;
  const std::vector<Token>& tokens = context.tokens.all();
  // Behind `with`, which `async` may precede.
  uint32_t word_end = static_cast<uint32_t>(ast.text().find("with", ast.range(with.id).begin)) + 4;
  const Token& open = context.tokens.nextCode(word_end);
  auto last = ast.as<syntax::WithItem>(with.items().back());
  size_t at = context.tokens.firstAt(ast.range(last.optionalVars().valid() ? last.optionalVars() : last.contextExpr()).end);
  const Token* close = nullptr;
  for (; tokens[at].kind != TokenKind::kColon; ++at) {
    if (tokens[at].kind == TokenKind::kRightParen) close = &tokens[at];
  }
  Header header{.colon = tokens[at].begin};
  header.items = ast.text({open.begin, tokens[static_cast<size_t>(context.tokens.lastBefore(header.colon))].end});
  if (open.kind != TokenKind::kLeftParen || close == nullptr || header.items.back() != ')') return header;
  // Do the first and the last parenthesis belong together?
  size_t depth = 0;
  for (size_t i = context.tokens.firstAt(open.begin); &tokens[i] != close; ++i) {
    if (isOpening(tokens[i].kind)) ++depth;
    if (isClosing(tokens[i].kind) && --depth == 0) return header;
  }
  // Some forms take parentheses as items.
  auto only = ast.as<syntax::WithItem>(with.items()[0]);
  NodeKind kind = ast.kind(only.contextExpr());
  bool is_own = with.items().size() == 1 && !only.optionalVars().valid() &&
                (kind == NodeKind::kYield || kind == NodeKind::kYieldFrom || kind == NodeKind::kNamedExpr || ast.range(only.contextExpr()).begin == open.begin);
  if (is_own) return header;
  std::string_view inside = header.items.substr(1, header.items.size() - 2);
  size_t begin = inside.find_first_not_of(" \t\f\r\n"), end = inside.find_last_not_of(" \t\f\r\n") + 1;
  header.before = header.items.substr(0, begin + 1);
  header.after = header.items.substr(end + 1);
  header.items = inside.substr(begin, end - begin);
  return header;
}

// The lines of the text with the other indentation.
static std::string shifted(std::string_view text, std::string_view from, std::string_view to) {
  std::string out;
  for (size_t at = 0; at < text.size();) {
    size_t next = std::min(text.find('\n', at), text.size() - 1) + 1;
    out += text.substr(at, next - at);
    at = next;
    bool is_inside = text[at - 1] == '\n' && text.substr(at).starts_with(from);
    if (is_inside) out += to, at += from.size();
  }
  return out;
}

void checkMultipleWith(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto outer = ast.as<syntax::With>(node);
  auto parent = ast.tryAs<syntax::With>(ast.parent(node));
  if (parent && parent->body().size() == 1 && parent->isAsync() == outer.isAsync()) return;
  if (outer.body().size() != 1) return;
  auto inner = ast.tryAs<syntax::With>(outer.body()[0]);
  if (!inner || inner->isAsync() != outer.isAsync() || isScope(context, outer.items()) || isScope(context, inner->items())) return;
  Header head = headerOf(context, outer), inner_head = headerOf(context, *inner);
  auto finding = context.sink.begin("SIM117"_rule, {ast.range(node).begin, inner_head.colon + 1});
  TextRange range = ast.range(node), body = ast.range(outer.body()[0]);
  uint32_t first = syntax::fullRange(ast, inner->body()[0]).begin;
  uint32_t body_line = nextLineBegin(context, inner_head.colon);
  bool is_inline = first < body_line;
  bool is_plain = lineBegin(context, body.begin) != lineBegin(context, range.begin) &&
                  !hasComment(ast, {range.begin, inner_head.colon});
  if (!is_plain) return;
  std::string outer_indent(indentationAt(context, range.begin)), inner_indent(indentationAt(context, body.begin));
  // The parentheses of the outer statement, else those of the inner one, take all items.
  bool is_inner = head.before.empty();
  auto dedented = [&](std::string_view part) { return shifted(part, inner_indent, outer_indent); };
  std::string before = is_inner ? dedented(inner_head.before) : std::string(head.before);
  std::string after = is_inner ? dedented(inner_head.after) : std::string(head.after);
  uint32_t items_begin = static_cast<uint32_t>((is_inner ? head.items : head.before).data() - ast.text().data());
  std::string text = outer_indent + std::string(ast.text({range.begin, items_begin})) + before + std::string(head.items) +
                     (head.items.ends_with(',') ? "" : ", ") + dedented(inner_head.items) + after +
                     (is_inline ? std::string(ast.text({inner_head.colon, body.end}))
                                : std::string(ast.text({inner_head.colon, body_line})) + reindented(context, {body_line, body.end}, inner_indent, outer_indent, JoinedLines::kStay));
  // ruff counts the first line's indentation twice.
  if (fitsLines(context, outer_indent + text)) {
    finding.fix("Combine `with` statements", {{{lineBegin(context, range.begin), body.end}, text}}, FixSafety::kUnsafe);
  }
}

}  // namespace krait::lint
