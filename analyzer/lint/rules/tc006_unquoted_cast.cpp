// TC006: the type given to `typing.cast` without quotes. ref: flake8-type-checking
#include <algorithm>
#include <string>
#include <vector>

#include "analyzer/lint/calls.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/reindent.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/shared_tokens.h"

namespace krait::lint {

// The source of the type in one line, without comments and without the quotes of types inside.
static std::string plainType(LintContext& context, TextRange range) {
  std::string out;
  uint32_t last = range.begin;
  std::vector<bool> is_literal;  // for each open bracket: the values of a `Literal`, which keep their quotes
  std::string_view name;
  for (size_t i = context.tokens.firstAt(range.begin); i < context.tokens.all().size(); ++i) {
    const Token& token = context.tokens.all()[i];
    if (token.begin >= range.end) break;
    if (isTrivia(token.kind)) continue;
    bool has_gap = token.begin > last && !out.empty() && out.back() != '[' && out.back() != '(';
    if (has_gap && token.kind != TokenKind::kRightBracket && token.kind != TokenKind::kRightParen) out += ' ';
    std::string_view text = context.ast.text(token.range());
    if (isOpening(token.kind)) is_literal.push_back(token.kind == TokenKind::kLeftBracket && name == "Literal");
    if (isClosing(token.kind) && !is_literal.empty()) is_literal.pop_back();
    bool is_type = token.kind == TokenKind::kString && std::find(is_literal.begin(), is_literal.end(), true) == is_literal.end();
    bool is_short = text.size() > 2 && (text[0] == '"' || text[0] == '\'') && text[1] != text[0];
    out += is_type && is_short ? text.substr(1, text.size() - 2) : text;
    name = token.kind == TokenKind::kName ? text : std::string_view();
    last = token.end;
  }
  return out;
}

static std::string quoted(const std::string& text) {
  char quote = text.find('"') != std::string::npos && text.find('\'') == std::string::npos ? '\'' : '"';
  std::string out(1, quote);
  for (char c : text) {
    if (c == quote) out += '\\';
    out += c;
  }
  return out + quote;
}

void checkCastType(LintContext& context, NodeId node) {
  if (!isOneOf(calleeName(context, node), {"typing.cast", "typing_extensions.cast"})) return;
  const Ast& ast = context.ast;
  NodeId type = keywordOf(ast, node, "typ");
  NodeList args = ast.as<syntax::Call>(node).args();
  if (!type.valid() && !args.empty() && !ast.is(args[0], NodeKind::kKeyword)) type = args[0];
  if (!type.valid() || isStr(ast, type)) return;
  TextRange range = ast.range(type);
  context.sink.begin("TC006"_rule, range)
      .fix("Add quotes", {{range, quoted(plainType(context, range))}}, hasComment(ast, range) ? FixSafety::kUnsafe : FixSafety::kSafe);
}

}  // namespace krait::lint
