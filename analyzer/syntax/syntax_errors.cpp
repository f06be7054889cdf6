#include "analyzer/syntax/syntax_errors.h"

#include "analyzer/syntax/grammar/recognizer.h"

namespace krait::syntax {

// A lexical error further on goes before an error of the grammar; an unclosed bracket does when it stands on an
// earlier line (_PyPegen_tokenize_full_source_to_check_for_errors).
static SyntaxError preferTokenizerError(const Recognizer& r, SyntaxError error) {
  if (!r.list.error || r.list.error->is_in_format_string || r.fill >= r.list.tokens.size()) return error;
  if (!r.list.error->is_deferred) return r.list.error->error;
  if (r.list.open_brackets.empty()) return error;
  uint32_t bracket = r.list.open_brackets.back();
  LinePlace place = linePlaceOf(r.text, bracket);
  if (linePlaceOf(r.text, r.token(r.fill - 1).begin).line <= place.line) return error;
  SyntaxError unclosed;
  unclosed.message = std::string("'") + r.text[bracket] + "' was never closed";
  unclosed.line = unclosed.end_line = place.line;
  unclosed.column = characterColumn(r.text, place.start, bracket - place.start + 1);
  unclosed.range = {bracket, bracket + 1};
  return unclosed;
}

static SyntaxError raisedError(Recognizer& r) {
  SyntaxError error = std::move(*r.error);
  bool is_final = r.error_is_from_tokenizer || error.error_class == SyntaxErrorClass::kMemoryError;
  return is_final ? error : preferTokenizerError(r, std::move(error));
}

// No rule for wrong programs had a message (_Pypegen_set_syntax_error).
static SyntaxError genericError(const Recognizer& r, uint32_t last_token) {
  TokenKind kind = r.token(last_token).kind;
  if (kind == TokenKind::kIndent || kind == TokenKind::kDedent) {
    SyntaxError error =
        errorAtToken(r, r.fill - 1, kind == TokenKind::kIndent ? "unexpected indent" : "unexpected unindent");
    error.error_class = SyntaxErrorClass::kIndentationError;
    return error;
  }
  return preferTokenizerError(r, errorAtTokens(r, last_token, last_token, "invalid syntax"));
}

std::optional<SyntaxError> findSyntaxError(std::string_view text) { return findSyntaxError(text, tokenize(text)); }

std::optional<SyntaxError> findSyntaxError(std::string_view text, const TokenList& list) {
  Recognizer recognizer{.grammar = pythonGrammar(), .text = text, .list = list};
  RunResult result = run(recognizer, false);
  if (result == RunResult::kAccepted) return std::nullopt;
  if (result == RunResult::kError) return raisedError(recognizer);
  uint32_t last_token = recognizer.fill - 1;
  if (run(recognizer, true) == RunResult::kError) return raisedError(recognizer);
  return genericError(recognizer, last_token);
}

}  // namespace krait::syntax
