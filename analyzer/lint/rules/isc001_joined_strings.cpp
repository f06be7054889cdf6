// ISC001, ISC002, ISC003: string literals that are joined by standing side by side, or by a `+`.
// ref: flake8-implicit-str-concat
#include <optional>
#include <string>

#include "analyzer/lint/expressions.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/shared_tokens.h"
#include "analyzer/syntax/string_literal.h"

namespace krait::lint {

static bool isOctal(char c) { return c >= '0' && c <= '7'; }

// The body with its last octal escape filled up to three digits, so that a digit behind it stays a digit.
static std::string closedEscape(std::string_view body, char next) {
  size_t digits = 0;
  while (digits < 3 && digits < body.size() && isOctal(body[body.size() - 1 - digits])) ++digits;
  size_t slashes = 0;
  while (digits + slashes < body.size() && body[body.size() - 1 - digits - slashes] == '\\') ++slashes;
  std::string out(body);
  if (isOctal(next) && digits > 0 && digits < 3 && slashes % 2 == 1) out.insert(out.size() - digits, 3 - digits, '0');
  return out;
}

// The two literals as one; none where their prefixes or quotes differ.
static std::optional<std::string> joined(std::string_view first, std::string_view second) {
  syntax::StringPrefix prefix = syntax::parseStringPrefix(first), other = syntax::parseStringPrefix(second);
  uint32_t head = prefix.prefix_size + prefix.quote_size;
  if (head != other.prefix_size + other.quote_size || first.substr(0, head) != second.substr(0, head)) return std::nullopt;
  std::string_view body = first.substr(0, first.size() - prefix.quote_size), rest = second.substr(head);
  return (prefix.is_raw ? std::string(body) : closedEscape(body, rest.empty() ? ' ' : rest[0])) + std::string(rest);
}

static void reportPair(LintContext& context, TextRange first, TextRange second) {
  const Ast& ast = context.ast;
  TextRange range{first.begin, second.end};
  if (ast.text({first.end, second.begin}).find('\n') != std::string_view::npos) {
    context.sink.begin("ISC002"_rule, range);
    return;
  }
  auto finding = context.sink.begin("ISC001"_rule, range);
  auto text = joined(ast.text(first), ast.text(second));
  if (text) finding.fix("Combine string literals", {{range, *text}});
}

void checkJoinedStrings(LintContext& context) {
  bool allows_lines = context.options.flag("flake8-implicit-str-concat.allow-multiline", true);
  struct Level {
    std::optional<TextRange> last;
    uint32_t begin = 0;
  };
  std::vector<Level> levels(1);
  auto add = [&](TextRange range) {
    if (levels.back().last) reportPair(context, *levels.back().last, range);
    levels.back().last = range;
  };
  for (const Token& token : context.tokens.all()) {
    if (token.kind == TokenKind::kFStringStart || token.kind == TokenKind::kTStringStart) {
      levels.push_back({std::nullopt, token.begin});
    } else if (token.kind == TokenKind::kFStringEnd || token.kind == TokenKind::kTStringEnd) {
      if (levels.size() == 1) continue;  // of a text that Python rejects
      uint32_t begin = levels.back().begin;
      levels.pop_back();
      add({begin, token.end});
    } else if (token.kind == TokenKind::kString) {
      add(token.range());
    } else if (token.kind != TokenKind::kComment && (token.kind != TokenKind::kNl || allows_lines)) {
      levels.back().last.reset();
    }
  }
}

enum class TextKind : uint8_t { kNone, kStr, kBytes };

static TextKind textKind(const Ast& ast, NodeId expr) {
  if (isStr(ast, expr) || ast.is(expr, NodeKind::kJoinedStr)) return TextKind::kStr;
  return isConstant(ast, expr, syntax::ConstantKind::kBytes) ? TextKind::kBytes : TextKind::kNone;
}

void checkAddedStrings(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto sum = ast.as<syntax::BinOp>(node);
  TextKind kind = textKind(ast, sum.left());
  if (sum.op() != syntax::BinaryOp::kAdd || kind == TextKind::kNone || kind != textKind(ast, sum.right())) return;
  TextRange left = ast.range(sum.left()), right = ast.range(sum.right());
  std::string between(ast.text({left.end, right.begin}));
  if (between.find('\n') == std::string::npos || !context.options.flag("flake8-implicit-str-concat.allow-multiline", true)) return;
  auto finding = context.sink.begin("ISC003"_rule, ast.range(node));
  bool is_parenthesized = ast.hasFlag(sum.left(), syntax::kParenthesized) || ast.hasFlag(sum.right(), syntax::kParenthesized);
  size_t plus = between.find('+');
  if (is_parenthesized || plus == std::string::npos) return;
  std::string before = between.substr(0, plus), after = between.substr(plus + 1);
  if (before.find('\n') == std::string::npos) before.erase(before.find_last_not_of(" \t") + 1);
  finding.fix("Remove redundant '+' operator to implicitly concatenate", {{{left.end, right.begin}, before + after}});
}

}  // namespace krait::lint
