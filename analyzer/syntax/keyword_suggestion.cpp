#include "analyzer/syntax/keyword_suggestion.h"

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "analyzer/syntax/syntax_errors.h"
#include "analyzer/syntax/tokens/tokenizer.h"

namespace krait::syntax {

namespace {

constexpr size_t kMaxSnippet = 1024;
constexpr int kMaxWords = 10;
constexpr size_t kMaxMatches = 3;
constexpr double kMinRatio = 0.5;

// The lines from the statement to which the error's line may belong (an `elif` needs its `if`) to the error's line.
struct Snippet {
  uint32_t begin = 0;
  std::string text;
};

uint32_t indentOf(std::string_view text, uint32_t line_start) {
  size_t first = text.find_first_not_of(" \t", line_start);
  return static_cast<uint32_t>(std::min(first, text.size())) - line_start;
}

// Takes the common indentation away by blanking it out of the first column: a statement may begin there.
Snippet snippetOf(std::string_view text, const TokenList& list, const SyntaxError& error) {
  uint32_t error_start = linePlaceOf(text, error.range.begin).start;
  uint32_t indent = indentOf(text, error_start);
  uint32_t begin = error_start;
  bool is_line_start = true;
  for (const Token& token : list.tokens) {
    if (token.begin >= error_start) break;
    bool has_text = token.kind != TokenKind::kIndent && token.kind != TokenKind::kDedent;
    if (is_line_start && has_text) {
      uint32_t line_start = token.begin;
      while (line_start > 0 && text[line_start - 1] != '\n' && text[line_start - 1] != '\r') --line_start;
      if (indentOf(text, line_start) <= indent) begin = line_start;
    }
    if (has_text) is_line_start = token.kind == TokenKind::kNewline;
  }
  uint32_t end = lineEndOf(text, error.range.begin);
  Snippet snippet{begin, std::string(text.substr(begin, end - begin))};
  return snippet;
}

std::string dedented(const std::string& snippet) {
  size_t indent = std::min(snippet.find_first_not_of(" \t"), snippet.size());
  std::string out;
  for (size_t at = 0; at < snippet.size();) {
    size_t end = std::min(snippet.find('\n', at), snippet.size() - 1) + 1;
    size_t skipped = 0;
    while (skipped < indent && at + skipped < end && (snippet[at + skipped] == ' ' || snippet[at + skipped] == '\t')) ++skipped;
    out.append(snippet, at + skipped, end - at - skipped);
    at = end;
  }
  return out;
}

// Right, or right as far as it goes: more lines could complete it.
bool isAcceptable(const std::string& snippet) {
  std::optional<SyntaxError> error = findSyntaxError(snippet);
  if (!error) return true;
  return error->message.ends_with("was never closed") || error->message.starts_with("unterminated triple-quoted") ||
         (error->message.starts_with("expected an indented block") && error->range.begin >= snippet.size()) ||
         error->message == "unexpected EOF while parsing";
}

// difflib.SequenceMatcher: twice the matching characters; the longest match first, then both sides of it.
size_t countMatching(std::string_view a, std::string_view b) {
  size_t best = 0, best_a = 0, best_b = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    for (size_t j = 0; j < b.size(); ++j) {
      size_t size = 0;
      while (i + size < a.size() && j + size < b.size() && a[i + size] == b[j + size]) ++size;
      if (size > best) best = size, best_a = i, best_b = j;
    }
  }
  if (best == 0) return 0;
  return best + countMatching(a.substr(0, best_a), b.substr(0, best_b)) +
         countMatching(a.substr(best_a + best), b.substr(best_b + best));
}

// The keywords that a word resembles, closest first.
std::vector<std::string_view> closeKeywords(std::string_view word) {
  std::vector<std::pair<double, std::string_view>> found;
  for (uint32_t i = 0; i < kTokenKindCount; ++i) {
    TokenKind kind = static_cast<TokenKind>(i);
    if (!isKeyword(kind)) continue;
    std::string_view keyword = tokenKindText(kind);
    double ratio = 2.0 * static_cast<double>(countMatching(keyword, word)) / static_cast<double>(keyword.size() + word.size());
    if (ratio >= kMinRatio) found.emplace_back(ratio, keyword);
  }
  std::sort(found.begin(), found.end(), std::greater<>());
  std::vector<std::string_view> keywords;
  for (size_t i = 0; i < std::min(found.size(), kMaxMatches); ++i) keywords.push_back(found[i].second);
  return keywords;
}

}  // namespace

std::optional<KeywordSuggestion> suggestKeyword(std::string_view text, const SyntaxError& error) {
  bool is_generic = error.message == "invalid syntax" || error.message.find("Perhaps you forgot a comma") != std::string::npos;
  if (!is_generic) return std::nullopt;
  TokenList list = tokenize(text);
  Snippet snippet = snippetOf(text, list, error);
  if (snippet.text.size() > kMaxSnippet) return std::nullopt;
  uint32_t error_start = linePlaceOf(text, error.range.begin).start;
  int words_left = kMaxWords;
  for (const Token& token : list.tokens) {
    bool is_on_line = token.begin >= error_start && token.end <= snippet.begin + snippet.text.size();
    if (token.kind != TokenKind::kName || !is_on_line) continue;
    if (--words_left < 0) break;
    std::string_view word = text.substr(token.begin, token.end - token.begin);
    if (word.size() > 20) continue;
    for (std::string_view keyword : closeKeywords(word)) {
      std::string changed = snippet.text;
      changed.replace(token.begin - snippet.begin, word.size(), keyword);
      if (isAcceptable(dedented(changed) + "\n")) return KeywordSuggestion{token.range(), keyword};
    }
  }
  return std::nullopt;
}

}  // namespace krait::syntax
