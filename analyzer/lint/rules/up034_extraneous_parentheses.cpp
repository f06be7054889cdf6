// UP034: parentheses inside the parentheses of a call: `print((x))`. ref: pyupgrade
#include <optional>

#include "analyzer/lint/rule.h"
#include "analyzer/lint/shared_tokens.h"

namespace krait::lint {

// The inner pair that opens at the position after a parenthesis and fills the outer one; no tuple. The position moves behind what
// was looked at: in an inner pair that does not fill the outer one none is looked for.
static std::optional<TextRange> innerPair(const std::vector<Token>& tokens, size_t& at) {
  while (at < tokens.size() && isTrivia(tokens[at].kind)) ++at;
  if (at >= tokens.size() || tokens[at].kind != TokenKind::kLeftParen) return std::nullopt;
  size_t open = at;
  bool is_empty = true;
  uint32_t depth = tokens[open].depth;
  for (++at; at < tokens.size(); ++at) {
    TokenKind kind = tokens[at].kind;
    if (isTrivia(kind)) continue;
    if (isClosing(kind) && tokens[at].depth < depth) break;
    bool is_outer = tokens[at].depth == depth;
    if (is_outer && (kind == TokenKind::kComma || kind == TokenKind::kKwYield)) return std::nullopt;
    is_empty = false;
  }
  if (is_empty || at >= tokens.size()) return std::nullopt;
  TextRange pair{tokens[open].begin, tokens[at].end};
  for (++at; at < tokens.size() && isTrivia(tokens[at].kind);) ++at;
  if (at >= tokens.size() || tokens[at].kind != TokenKind::kRightParen) return std::nullopt;
  return pair;
}

void checkExtraneousParentheses(LintContext& context) {
  const std::vector<Token>& tokens = context.tokens.all();
  for (size_t i = 0; i + 1 < tokens.size();) {
    if (tokens[i++].kind != TokenKind::kLeftParen) continue;
    size_t at = i, next = i;
    while (next < tokens.size() && isTrivia(tokens[next].kind)) ++next;
    std::optional<TextRange> pair = innerPair(tokens, at);
    // Where no pair opens there, the next token may be the outer one.
    if (at < tokens.size() && tokens[next].kind == TokenKind::kLeftParen) i = at;
    if (!pair) continue;
    auto finding = context.sink.begin("UP034"_rule, *pair);
    finding.fix("Remove extraneous parentheses", {{{pair->begin, pair->begin + 1}, ""}, {{pair->end - 1, pair->end}, ""}});
  }
}

}  // namespace krait::lint
