// RUF029, RUF047, RUF050, RUF072: `async` without waiting, clauses and statements that do nothing.
#include <string>

#include "analyzer/lint/annotations.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/reindent.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/shared_tokens.h"
#include "analyzer/lint/statement_edits.h"

namespace krait::lint {

// Does the function itself wait: `await`, `async for`, `async with`, an asynchronous comprehension?
static bool waits(const Ast& ast, NodeId node, bool is_own) {
  NodeKind kind = ast.kind(node);
  if (kind == NodeKind::kAwait) return true;
  if (kind == NodeKind::kFor && ast.as<syntax::For>(node).isAsync()) return true;
  if (kind == NodeKind::kWith && ast.as<syntax::With>(node).isAsync()) return true;
  if (kind == NodeKind::kComprehension && ast.as<syntax::Comprehension>(node).isAsync()) return true;
  if (kind == NodeKind::kLambda || kind == NodeKind::kClassDef) return false;
  bool is_found = false;
  if (kind == NodeKind::kFunctionDef && !is_own) {
    // What stands around a nested function runs here; its body does not.
    auto function = ast.as<syntax::FunctionDef>(node);
    for (NodeId decorator : function.decorators()) is_found = is_found || waits(ast, decorator, false);
    return is_found || waits(ast, function.params(), false);
  }
  syntax::forEachChild(ast, node, [&](NodeId child) { is_found = is_found || waits(ast, child, false); });
  return is_found;
}

void checkUnusedAsync(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto function = ast.as<syntax::FunctionDef>(node);
  if (!function.isAsync() || isEmptyBody(context, function.body())) return;
  // A method may be one of several that share a signature.
  if (hasTypingDecorator(context, node, "overload") || classOfMethod(ast, node).valid()) return;
  // The decorator asks for an asynchronous generator.
  for (NodeId decorator : function.decorators()) {
    if (qualifiedName(context, decorator) == "contextlib.asynccontextmanager") return;
  }
  for (NodeId statement : function.body()) {
    if (waits(ast, statement, false)) return;
  }
  context.sink.begin("RUF029"_rule, ast.range(function.name()), {syntax::nameText(ast, function.name())});
}

static bool isPlaceholder(const Ast& ast, NodeId statement) {
  if (ast.is(statement, NodeKind::kPass)) return true;
  auto expr = ast.tryAs<syntax::ExprStmt>(statement);
  return expr && isEllipsis(ast, expr->value());
}

// Is there a comment between the places, or in the lines after `end` that belong to the block by their indentation?
static bool hasCommentIn(LintContext& context, uint32_t begin, uint32_t end) {
  const Ast& ast = context.ast;
  uint32_t line_end = end;
  std::string_view text = ast.text();
  while (line_end < text.size() && text[line_end] != '\n' && text[line_end] != '\r') ++line_end;
  return hasComment(ast, {begin, line_end});
}

// The place of the keyword before the block.
static const Token* keywordBefore(LintContext& context, NodeId first, TokenKind keyword) {
  ptrdiff_t at = context.tokens.lastBefore(context.ast.range(first).begin);
  const std::vector<Token>& tokens = context.tokens.all();
  while (at >= 0 && tokens[static_cast<size_t>(at)].kind != keyword) --at;
  return at < 0 ? nullptr : &tokens[static_cast<size_t>(at)];
}

static NodeList elseOf(const Ast& ast, NodeId node) {
  switch (ast.kind(node)) {
    case NodeKind::kIf: return ast.as<syntax::If>(node).orelse();
    case NodeKind::kFor: return ast.as<syntax::For>(node).orelse();
    case NodeKind::kWhile: return ast.as<syntax::While>(node).orelse();
    default: return ast.as<syntax::Try>(node).orelse();
  }
}

// Does a comment come before anything else behind `end`?
static bool isFollowedByComment(LintContext& context, uint32_t end) {
  const std::vector<Token>& tokens = context.tokens.all();
  size_t i = context.tokens.firstAt(end);
  while (i < tokens.size() && (tokens[i].kind == TokenKind::kNewline || tokens[i].kind == TokenKind::kNl)) ++i;
  return i < tokens.size() && tokens[i].kind == TokenKind::kComment;
}

// Are the lines below `end` that are indented deeper than `begin` comments?
static bool isFollowedByOwnComment(LintContext& context, uint32_t begin, uint32_t end) {
  size_t indent = indentationAt(context, begin).size();
  const std::vector<Token>& tokens = context.tokens.all();
  for (size_t i = context.tokens.firstAt(end); i < tokens.size(); ++i) {
    if (tokens[i].kind == TokenKind::kComment) {
      if (tokens[i].begin - lineBegin(context, tokens[i].begin) > indent) return true;
    } else if (tokens[i].kind != TokenKind::kNewline && tokens[i].kind != TokenKind::kNl) {
      return false;
    }
  }
  return false;
}

void checkNeedlessElse(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  NodeList orelse = elseOf(ast, node);
  if (orelse.size() != 1 || !isPlaceholder(ast, orelse[0])) return;
  const Token* keyword = keywordBefore(context, orelse[0], TokenKind::kKwElse);
  if (keyword == nullptr) return;
  uint32_t begin = keyword->begin, end = ast.range(orelse[0]).end;
  if (hasCommentIn(context, begin, end) || isFollowedByOwnComment(context, begin, end)) return;
  uint32_t line = lineBegin(context, begin);
  // A clause of one line has no indentation of its own: what comments stand below it may be about it.
  if (line == lineBegin(context, end) && isFollowedByComment(context, end)) return;
  context.sink.begin("RUF047"_rule, {begin, end}).fix("Remove the `else` clause", {{{line, nextLineBegin(context, end)}, ""}});
}

static bool isOnlyPlaceholders(const Ast& ast, NodeList body) {
  for (NodeId statement : body) {
    if (!isPlaceholder(ast, statement)) return false;
  }
  return !body.empty();
}

// Evaluating it can do nothing: names, attributes, constants and comparisons of these.
static bool isIdle(const LintContext& context, NodeId test) {
  return !anyOver(context.ast, test, [&](NodeId at) {
    NodeKind kind = context.ast.kind(at);
    return kind == NodeKind::kNamedExpr || hasEffect(context, at);
  });
}

void checkEmptyIf(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto branch = ast.as<syntax::If>(node);
  if (branch.isElif() || !branch.orelse().empty() || !isOnlyPlaceholders(ast, branch.body())) return;
  std::string_view test = ast.text(branch.test());
  if (test == "TYPE_CHECKING" || test.ends_with(".TYPE_CHECKING")) return;
  TextRange range = ast.range(node);
  if (hasCommentIn(context, range.begin, range.end) || isFollowedByOwnComment(context, range.begin, range.end)) return;
  FixEdit edit = isIdle(context, branch.test()) ? deleteStatement(context, node) : FixEdit{range, std::string(test)};
  if (ast.is(branch.test(), NodeKind::kNamedExpr) && edit.range.begin == range.begin && !edit.replacement.empty() && edit.replacement != "pass") {
    edit.replacement = "(" + edit.replacement + ")";
  }
  context.sink.begin("RUF050"_rule, range).fix("Remove the `if` statement", {std::move(edit)});
}

void checkEmptyFinally(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto attempt = ast.as<syntax::Try>(node);
  if (!isOnlyPlaceholders(ast, attempt.finalbody())) return;
  const Token* keyword = keywordBefore(context, attempt.finalbody()[0], TokenKind::kKwFinally);
  if (keyword == nullptr) return;
  uint32_t begin = keyword->begin, end = ast.range(attempt.finalbody().back()).end;
  auto finding = context.sink.begin("RUF072"_rule, {begin, end});
  if (hasCommentIn(context, begin, end) || isFollowedByOwnComment(context, begin, end)) return;
  uint32_t clause = lineBegin(context, begin), after = nextLineBegin(context, end);
  if (!attempt.handlers().empty()) {
    finding.fix("Remove the `finally` clause", {{{clause, after}, ""}});
    return;
  }
  // Without handlers the body stands by itself. Comments between it and the clause have no place then.
  TextRange body{syntax::fullRange(ast, attempt.body()[0]).begin, ast.range(attempt.body().back()).end};
  bool is_own_line = lineBegin(context, body.begin) != lineBegin(context, ast.range(node).begin);
  if (hasCommentIn(context, ast.range(node).begin, ast.range(attempt.body()[0]).begin) || hasComment(ast, {nextLineBegin(context, body.end), begin})) return;
  if (!is_own_line) {
    finding.fix("Remove the `finally` clause", {{{ast.range(node).begin, body.begin}, ""}, {{clause, after}, ""}});
    return;
  }
  TextRange lines{lineBegin(context, body.begin), nextLineBegin(context, body.end)};
  std::string text = reindented(context, lines, indentationAt(context, body.begin), indentationAt(context, ast.range(node).begin));
  finding.fix("Remove the `finally` clause", {{{lineBegin(context, ast.range(node).begin), after}, std::move(text)}});
}

}  // namespace krait::lint
