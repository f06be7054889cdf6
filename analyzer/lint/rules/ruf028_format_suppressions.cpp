// RUF028: `# fmt: off`, `# fmt: on` and `# fmt: skip` where the formatter does not see them. ref: ruff
#include "analyzer/lint/rule.h"
#include "analyzer/lint/shared_tokens.h"
#include "analyzer/lint/statement_edits.h"

namespace krait::lint {

enum class FormatComment : uint8_t { kNone, kOff, kOn, kSkip };

static FormatComment kindOf(std::string_view comment) {
  comment.remove_prefix(1);
  size_t begin = comment.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return FormatComment::kNone;
  comment = comment.substr(begin, comment.find_last_not_of(" \t\r") + 1 - begin);
  if (comment.starts_with("yapf:")) {
    comment.remove_prefix(5);
    size_t word = comment.find_first_not_of(" \t");
    comment = word == std::string_view::npos ? "" : comment.substr(word);
    return comment == "disable" ? FormatComment::kOff : comment == "enable" ? FormatComment::kOn : FormatComment::kNone;
  }
  if (!comment.starts_with("fmt:")) return FormatComment::kNone;
  comment.remove_prefix(4);
  size_t word = comment.find_first_not_of(" \t");
  comment = word == std::string_view::npos ? "" : comment.substr(word);
  if (comment == "off") return FormatComment::kOff;
  if (comment == "on") return FormatComment::kOn;
  return comment == "skip" ? FormatComment::kSkip : FormatComment::kNone;
}

// The innermost node of statements, handlers and cases around the offset.
static NodeId holderOf(const Ast& ast, uint32_t offset) {
  NodeId node = ast.root();
  while (true) {
    NodeId inside;
    syntax::forEachChild(ast, node, [&](NodeId child) {
      TextRange range = syntax::isStatement(ast, child) ? syntax::fullRange(ast, child) : ast.range(child);
      if (range.begin <= offset && offset < range.end) inside = child;
    });
    if (!inside.valid()) return node;
    node = inside;
  }
}

static bool mayHoldComments(const Ast& ast, NodeId node) {
  NodeKind kind = ast.kind(node);
  return syntax::isStatement(ast, node) || kind == NodeKind::kModule || kind == NodeKind::kMatchCase || kind == NodeKind::kExceptHandler || kind == NodeKind::kWithItem;
}

static std::string_view problemOf(LintContext& context, const Token& comment, FormatComment kind) {
  const Ast& ast = context.ast;
  std::string_view text = ast.text();
  uint32_t line = lineBegin(context, comment.begin);
  bool is_own_line = text.substr(line, comment.begin - line).find_first_not_of(" \t\f") == std::string_view::npos;
  NodeId holder = holderOf(ast, comment.begin);
  // Parentheses around an expression of a statement are the statement's own; those of a definition hold its parameters or bases.
  bool is_in_list = comment.depth > 0 && (ast.is(holder, NodeKind::kFunctionDef) || ast.is(holder, NodeKind::kClassDef) || ast.is(holder, NodeKind::kModule));
  if (is_in_list || !mayHoldComments(ast, holder)) return "cannot be in an expression, pattern, argument list, or other non-statement";
  if (kind == FormatComment::kSkip) return is_own_line ? "cannot be on its own line" : "";
  if (!is_own_line) {
    return kind == FormatComment::kOn ? "cannot be at the end of a line" : "";
  }
  size_t at = context.tokens.firstAt(comment.end);
  const std::vector<Token>& tokens = context.tokens.all();
  while (at + 1 < tokens.size() && (isTrivia(tokens[at].kind) || tokens[at].begin == tokens[at].end)) ++at;
  const Token& next = tokens[at];
  bool is_decorated = ast.is(holder, NodeKind::kFunctionDef) || ast.is(holder, NodeKind::kClassDef);
  if (is_decorated && comment.begin < ast.range(holder).begin) return "cannot be after a decorator";
  bool is_alternate = next.kind == TokenKind::kKwElse || next.kind == TokenKind::kKwElif ||
                      next.kind == TokenKind::kKwExcept || next.kind == TokenKind::kKwFinally;
  uint32_t next_column = next.begin - lineBegin(context, next.begin);
  if (is_alternate && kind == FormatComment::kOff && next_column == comment.begin - line) {
    return "cannot be directly above an alternate body";
  }
  return "";
}

void checkFormatSuppressions(LintContext& context) {
  std::string_view text = context.ast.text();
  bool is_any = false;
  for (const syntax::Comment& comment : context.ast.comments()) {
    is_any |= kindOf(text.substr(comment.begin, comment.end - comment.begin)) != FormatComment::kNone;
  }
  if (!is_any) return;
  for (const Token& token : context.tokens.all()) {
    if (token.kind != TokenKind::kComment) continue;
    FormatComment kind = kindOf(text.substr(token.begin, token.end - token.begin));
    if (kind == FormatComment::kNone) continue;
    std::string_view problem = problemOf(context, token, kind);
    if (problem.empty()) continue;
    uint32_t begin = token.begin;
    uint32_t line = lineBegin(context, begin);
    while (begin > line && (text[begin - 1] == ' ' || text[begin - 1] == '\t')) --begin;
    uint32_t end = begin == line ? nextLineBegin(context, token.end) : token.end;
    context.sink.begin("RUF028"_rule, token.range(), {problem}).fix("Remove this comment", {{{begin, end}, ""}});
  }
}

}  // namespace krait::lint
