#include "analyzer/lint/statement_edits.h"
#include "analyzer/lint/reindent.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/superfluous_else.h"

namespace krait::lint {

std::optional<FixEdit> withoutElse(const LintContext& context, uint32_t begin, NodeList body, uint32_t statement, ElseComment keeps) {
  const Ast& ast = context.ast;
  uint32_t first = syntax::fullRange(ast, body[0]).begin, end = ast.range(body.back()).end;
  uint32_t next = nextLineBegin(context, begin);
  if (first < next) return FixEdit{{begin, first}, ""};
  std::string text;
  for (const syntax::Comment& comment : ast.comments()) {
    bool is_kept = keeps == ElseComment::kKept && comment.begin > begin && comment.begin < next;
    if (is_kept) text = std::string(indentationAt(context, statement)) + std::string(ast.text({comment.begin, comment.end})) + std::string(lineEndText(context));
  }
  text += reindented(context, {next, end}, indentationAt(context, first), indentationAt(context, statement));
  return FixEdit{{lineBegin(context, begin), end}, text};
}

// The kind of the first statement that leaves the block; kPass when none does.
static NodeKind firstJump(const Ast& ast, NodeList body) {
  for (NodeId statement : body) {
    NodeKind kind = ast.kind(statement);
    if (kind == NodeKind::kReturn || kind == NodeKind::kRaise || kind == NodeKind::kBreak || kind == NodeKind::kContinue) return kind;
  }
  return NodeKind::kPass;
}

void checkSuperfluousElse(LintContext& context, NodeId node, NodeKind jump, Rule rule) {
  const Ast& ast = context.ast;
  auto statement = ast.as<syntax::If>(node);
  // A chain is judged at its first `if`: only there is it certain that all branches before leave.
  if (statement.orelse().empty() || statement.isElif()) return;
  if (firstJump(ast, statement.body()) != jump) return;
  // What a generator yields first is not judged.
  ScopeId scope = context.model.enclosingFrame(context.model.enclosingScope(node));
  if (context.model[scope].kind != ScopeKind::kFunction || context.model[scope].has(semantic::kGeneratorCode)) return;
  NodeId first = statement.orelse()[0];
  auto elif = ast.tryAs<syntax::If>(first);
  if (elif && elif->isElif()) {
    uint32_t begin = ast.range(first).begin;
    context.sink.begin(rule, {begin, begin + 4}, {"elif"})
        .fix("Remove unnecessary `elif`", {{{begin, begin + 2}, ""}}, FixSafety::kUnsafe);
    return;
  }
  size_t at = ast.text().rfind("else", ast.range(first).begin);
  // Comments between `else:` and the first statement may hold the word: the keyword is the first on its line.
  while (at != std::string_view::npos && at > ast.range(statement.body().back()).end) {
    size_t line = ast.text().rfind('\n', at);
    std::string_view before = ast.text().substr(line + 1, at - line - 1);
    if (before.find_first_not_of(" \t") == std::string_view::npos) break;
    at = ast.text().rfind("else", at - 1);
  }
  uint32_t begin = static_cast<uint32_t>(at);
  auto finding = context.sink.begin(rule, {begin, begin + 4}, {"else"});
  if (auto edit = withoutElse(context, begin, statement.orelse(), ast.range(node).begin, ElseComment::kKept)) {
    finding.fix("Remove unnecessary `else`", {*edit}, FixSafety::kUnsafe);
  }
}

}  // namespace krait::lint
