// F541: an f-string without a replacement field. ref: pyflakes FStringMissingPlaceholders
#include "analyzer/lint/rule.h"

namespace krait::lint {

static bool isPrefixLetter(char c) { return c == 'f' || c == 'F' || c == 'r' || c == 'R' || c == 'b' || c == 'B' || c == 'u' || c == 'U'; }

namespace {
struct Literal {
  uint32_t prefix;  // offsets in the text of the concatenation
  uint32_t quote;
  uint32_t end;
  bool is_format = false;
  bool is_raw = false;
};
}  // namespace

// The literal that begins at `at`. The text was parsed before, so that quotes are known to close.
static Literal readLiteral(std::string_view text, uint32_t at) {
  Literal literal{.prefix = at, .quote = at, .end = at};
  while (literal.quote < text.size() && isPrefixLetter(text[literal.quote])) {
    literal.is_format |= (text[literal.quote] | 32) == 'f';
    literal.is_raw |= (text[literal.quote] | 32) == 'r';
    ++literal.quote;
  }
  char quote = literal.quote < text.size() ? text[literal.quote] : '"';
  bool is_triple = text.substr(literal.quote, 3) == std::string(3, quote);
  uint32_t width = is_triple ? 3 : 1;
  uint32_t i = literal.quote + width;
  while (i < text.size() && text.substr(i, width) != std::string(width, quote)) i += text[i] == '\\' ? 2 : 1;
  literal.end = std::min(i + width, static_cast<uint32_t>(text.size()));
  return literal;
}

static std::string withoutDoubledBraces(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    out += text[i];
    if ((text[i] == '{' || text[i] == '}') && i + 1 < text.size() && text[i + 1] == text[i]) ++i;
  }
  return out;
}

static void reportLiteral(LintContext& context, std::string_view text, uint32_t base, const Literal& literal) {
  std::string replacement;
  for (uint32_t i = literal.prefix; i < literal.quote; ++i) {
    if ((text[i] | 32) != 'f') replacement += text[i];
  }
  replacement += withoutDoubledBraces(text.substr(literal.quote, literal.end - literal.quote));
  // Beside a quote of the same kind it would read as another string.
  char before = literal.prefix + base > 0 ? context.ast.text()[base + literal.prefix - 1] : ' ';
  if (replacement.starts_with(before)) replacement.insert(0, 1, ' ');
  TextRange range{base + literal.prefix, base + literal.end};
  context.sink.begin("F541"_rule, range).fix("Remove extraneous `f` prefix", {{.range = range, .replacement = replacement}});
}

void checkEmptyFString(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  // What stands behind the colon of a field is not a literal of its own.
  auto field = ast.tryAs<syntax::FormattedValue>(ast.parent(node));
  auto interpolation = ast.tryAs<syntax::Interpolation>(ast.parent(node));
  if ((field && field->formatSpec() == node) || (interpolation && interpolation->formatSpec() == node)) return;
  for (NodeId value : ast.as<syntax::JoinedStr>(node).values()) {
    if (ast.is(value, NodeKind::kFormattedValue)) return;
  }
  std::string_view text = ast.text(node);
  uint32_t base = ast.range(node).begin;
  for (uint32_t at = 0; at < text.size();) {
    char c = text[at];
    if (c == '#') {
      while (at < text.size() && text[at] != '\n') ++at;
    } else if (isPrefixLetter(c) || c == '"' || c == '\'') {
      Literal literal = readLiteral(text, at);
      if (literal.is_format) reportLiteral(context, text, base, literal);
      at = std::max(literal.end, at + 1);
    } else {
      ++at;
    }
  }
}

}  // namespace krait::lint
