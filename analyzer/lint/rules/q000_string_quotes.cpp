// Q000, Q001, Q002: strings in the quotes that are not preferred. ref: flake8-quotes
#include <algorithm>

#include "analyzer/lint/docstrings.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/shared_tokens.h"
#include "analyzer/syntax/string_literal.h"

namespace krait::lint {

namespace {
struct Literal {
  TextRange range;
  std::string_view prefix, body;
  char quote = '"';
  bool is_triple = false;
};
struct Preferences {
  char inline_quote, multiline_quote, docstring_quote;
};
}  // namespace

static Literal readLiteral(std::string_view text, TextRange range) {
  std::string_view whole = text.substr(range.begin, range.size());
  syntax::StringPrefix prefix = syntax::parseStringPrefix(whole);
  uint32_t head = prefix.prefix_size + prefix.quote_size;
  return {.range = range,
          .prefix = whole.substr(0, prefix.prefix_size),
          .body = whole.substr(head, whole.size() - head - prefix.quote_size),
          .quote = whole[prefix.prefix_size],
          .is_triple = prefix.is_triple};
}

static std::string inQuotes(const Literal& literal, char quote) {
  std::string marks(literal.is_triple ? 3 : 1, quote);
  return std::string(literal.prefix) + marks + std::string(literal.body) + marks;
}

static const char* nameOf(char quote) { return quote == '"' ? "double" : "single"; }
static const char* titleOf(char quote) { return quote == '"' ? "Double" : "Single"; }

// Would the empty string's quotes join a quote beside it?
static bool touchesQuote(std::string_view text, const Literal& literal) {
  if (!literal.body.empty() || literal.is_triple) return false;
  char before = literal.range.begin > 0 ? text[literal.range.begin - 1] : ' ';
  char after = literal.range.end < text.size() ? text[literal.range.end] : ' ';
  return before == '"' || before == '\'' || after == '"' || after == '\'';
}

static void checkDocstring(LintContext& context, const Literal& literal, char good) {
  if (literal.quote == good) return;
  // The other quotes inside are a reason for these.
  if (literal.body.find(good) != std::string_view::npos || touchesQuote(context.ast.text(), literal)) return;
  auto finding = context.sink.begin("Q002"_rule, literal.range, {titleOf(literal.quote), nameOf(good)});
  std::string title = std::string("Replace ") + nameOf(literal.quote) + " quotes docstring with " + nameOf(good) + " quotes";
  finding.fix(title, {{literal.range, inQuotes(literal, good)}});
}

static void checkString(LintContext& context, const Literal& literal, const Preferences& preferences, bool is_relaxed) {
  if (literal.is_triple) {
    char good = preferences.multiline_quote;
    std::string marks(3, good);
    bool is_good = literal.quote == good || literal.body.find(marks) != std::string_view::npos || literal.body.ends_with(good);
    if (is_good) return;
    std::string title = std::string("Replace ") + nameOf(literal.quote) + " multiline quotes with " + nameOf(good) + " quotes";
    context.sink.begin("Q001"_rule, literal.range, {titleOf(literal.quote), nameOf(good)}).fix(title, {{literal.range, inQuotes(literal, good)}});
    return;
  }
  char good = preferences.inline_quote;
  if (literal.quote == good || is_relaxed) return;
  if (touchesQuote(context.ast.text(), literal)) return;
  std::string title = std::string("Replace ") + nameOf(literal.quote) + " quotes with " + nameOf(good) + " quotes";
  context.sink.begin("Q000"_rule, literal.range, {titleOf(literal.quote), nameOf(good)}).fix(title, {{literal.range, inQuotes(literal, good)}});
}

// One string or several in a row, which share whether quotes inside excuse the others.
static void checkSequence(LintContext& context, const std::vector<TextRange>& ranges, const Preferences& preferences, bool is_docstring) {
  std::string_view text = context.ast.text();
  if (is_docstring) {
    for (TextRange range : ranges) checkDocstring(context, readLiteral(text, range), preferences.docstring_quote);
    return;
  }
  bool is_relaxed = false;
  for (TextRange range : ranges) {
    Literal literal = readLiteral(text, range);
    is_relaxed |= !literal.is_triple && literal.quote != preferences.inline_quote &&
                  literal.body.find(preferences.inline_quote) != std::string_view::npos;
  }
  for (TextRange range : ranges) checkString(context, readLiteral(text, range), preferences, is_relaxed);
}

static char quoteOption(const LintContext& context, std::string_view key) {
  return context.options.text(key, "double") == "single" ? '\'' : '"';
}

// Where strings begin that are all of an annotation which nothing evaluates: those are types, not texts.
static std::vector<uint32_t> deferredTypeStarts(const LintContext& context) {
  const Ast& ast = context.ast;
  std::vector<uint32_t> out;
  auto add = [&](NodeId annotation) {
    if (annotation.valid() && syntax::stringValue(ast, annotation)) out.push_back(ast.range(annotation).begin);
  };
  for (uint32_t i = 0; i < ast.nodeCount() && context.model.hasFutureAnnotations(); ++i) {
    NodeId node(i);
    if (auto assign = ast.tryAs<syntax::AnnAssign>(node)) add(assign->annotation());
    if (auto parameter = ast.tryAs<syntax::Parameter>(node)) add(parameter->annotation());
    if (auto function = ast.tryAs<syntax::FunctionDef>(node)) add(function->returns());
  }
  std::sort(out.begin(), out.end());
  return out;
}

void checkStringQuotes(LintContext& context) {
  Preferences preferences{quoteOption(context, "flake8-quotes.inline-quotes"), quoteOption(context, "flake8-quotes.multiline-quotes"),
                          quoteOption(context, "flake8-quotes.docstring-quotes")};
  std::vector<uint32_t> docstrings = docstringStarts(context.ast), types = deferredTypeStarts(context);
  const std::vector<Token>& tokens = context.tokens.all();
  std::vector<TextRange> ranges;
  uint32_t depth = 0, format_start = 0;
  for (const Token& token : tokens) {
    if (token.kind == TokenKind::kFStringStart || token.kind == TokenKind::kTStringStart) {
      if (depth++ == 0) format_start = token.begin;
    } else if (token.kind == TokenKind::kFStringEnd || token.kind == TokenKind::kTStringEnd) {
      if (--depth == 0) ranges.push_back({format_start, token.end});
    } else if (depth == 0 && token.kind == TokenKind::kString) {
      ranges.push_back(token.range());
    } else if (depth == 0 && !isTrivia(token.kind) && !ranges.empty()) {
      bool is_docstring = std::binary_search(docstrings.begin(), docstrings.end(), ranges[0].begin);
      bool is_type = std::binary_search(types.begin(), types.end(), ranges[0].begin);
      if (!is_type) checkSequence(context, ranges, preferences, is_docstring);
      ranges.clear();
    }
  }
}

}  // namespace krait::lint
