// Tokens, going back, and putting the errors together.
#include "analyzer/syntax/recovery/recovering_parser.h"

#include <algorithm>
#include <cstddef>

#include "analyzer/syntax/recovery/parser_state.h"

namespace krait::syntax::recovery {

using enum TokenKind;

RecoveringParser::RecoveringParser(std::string_view text, uint32_t minor) : text_(text), minor_(minor), lexer_(text, lexical_) {
  lexer_.advance();
  skipTrivia();
}

RecoveringParser::State RecoveringParser::save() const { return {lexer_, last_end_, lists_, tokens_.size(), problems_.size(), lexical_.size(), later_.size(), versions_.size()}; }

void RecoveringParser::restore(State&& state) {
  lexer_ = std::move(state.lexer);
  last_end_ = state.last_end;
  lists_ = state.lists;
  tokens_.resize(state.tokens);
  problems_.resize(state.problems);
  lexical_.resize(state.lexical);
  later_.resize(state.later);
  versions_.resize(state.versions);
}

void RecoveringParser::parse() {
  parseList(List::kModule, [&] { statement(); });
  tokens_.push_back(lexer_.token());
  // As the tokenizer has them: where the line's first token begins.
  for (Token& token : tokens_) {
    if (token.kind == kIndent) token.begin = token.end;
  }
}

std::vector<Problem> RecoveringParser::takeProblems() {
  if (problems_.empty() && lexical_.empty()) {
    later_.insert(later_.end(), versions_.begin(), versions_.end());
    return std::move(later_);
  }
  std::vector<Problem> out;
  size_t at = 0;
  const std::vector<Problem>& lexical = lexical_;
  for (Problem& problem : problems_) {
    while (at < lexical.size() && lexical[at].range.begin < problem.range.begin) out.push_back(lexical[at++]);
    // What is no token is not said to be no expression besides.
    if (at < lexical.size() && lexical[at].range.begin == problem.range.begin) out.push_back(lexical[at++]);
    else out.push_back(std::move(problem));
  }
  out.insert(out.end(), lexical.begin() + static_cast<ptrdiff_t>(at), lexical.end());
  out.insert(out.end(), versions_.begin(), versions_.end());
  return out;
}

bool RecoveringParser::isAnyOf(std::initializer_list<TokenKind> kinds) const { return std::find(kinds.begin(), kinds.end(), kind()) != kinds.end(); }

void RecoveringParser::skipTrivia() {
  while (is(kComment) || is(kNl)) {
    tokens_.push_back(lexer_.token());
    lexer_.advance();
  }
}

void RecoveringParser::bump() {
  if (is(kEndMarker)) return;
  tokens_.push_back(lexer_.token());
  if (!isAnyOf({kNewline, kIndent, kDedent})) last_end_ = range().end;
  lexer_.advance();
  skipTrivia();
}

bool RecoveringParser::take(TokenKind wanted) {
  bool found = is(wanted);
  if (found) bump();
  return found;
}

bool RecoveringParser::expect(TokenKind wanted) {
  if (take(wanted)) return true;
  Token expected = lexer_.token();
  expected.kind = wanted;
  std::string what = wanted == kNewline ? "newline" : wanted == kDedent ? "dedent" : wanted == kFStringEnd ? "FStringEnd" : wanted == kTStringEnd ? "TStringEnd"
                                                                                   : "`" + std::string(tokenKindText(wanted)) + "`";
  sayHere("Expected " + what + ", found " + describe(lexer_.token()));
  return false;
}

Token RecoveringParser::peek(uint32_t ahead) const {
  RecoveryLexer ahead_lexer = lexer_.silent();
  while (ahead > 0) {
    ahead_lexer.advance();
    TokenKind found = ahead_lexer.token().kind;
    if (found != kComment && found != kNl) --ahead;
  }
  return ahead_lexer.token();
}

// How messages call a token.
std::string RecoveringParser::describe(const Token& token) const {
  std::string_view written = text_.substr(token.begin, token.end - token.begin);
  switch (token.kind) {
    case kEndMarker: return "end of file";
    case kName: return written == "match" || written == "case" || written == "type" ? "`" + std::string(written) + "`" : "identifier";
    case kNumber: {
      bool is_radix = written.size() > 1 && (written[1] | 0x20) >= 'a' && (written[1] | 0x20) != 'e' && (written[1] | 0x20) != 'j';
      if (is_radix) return "int";
      if ((written.back() | 0x20) == 'j') return "complex";
      return written.find_first_of(".eE") == std::string_view::npos ? "int" : "float";
    }
    case kString: return "string";
    case kFStringStart: return "FStringStart";
    case kFStringMiddle: return "FStringMiddle";
    case kFStringEnd: return "FStringEnd";
    case kTStringStart: return "TStringStart";
    case kTStringMiddle: return "TStringMiddle";
    case kTStringEnd: return "TStringEnd";
    case kNewline: return "newline";
    case kIndent: return "indent";
    case kDedent: return "dedent";
    case kComment: return "comment";
    case kNl: return "newline";
    case kError: return "Unknown";
    default: return "`" + std::string(tokenKindText(token.kind)) + "`";
  }
}

// One error for a place: the first.
void RecoveringParser::say(TextRange range, std::string message) {
  if (!problems_.empty() && problems_.back().range.begin == range.begin) return;
  problems_.push_back({range, std::move(message)});
}

void RecoveringParser::need(uint32_t added, TextRange range, std::string_view what) {
  if (minor_ >= added) return;
  versions_.push_back({range, std::string(what) + " on Python 3." + std::to_string(minor_) + " (syntax was added in Python 3." + std::to_string(added) + ")"});
}

// Starred elements of a tuple without parentheses.
void RecoveringParser::needUnpacking(uint32_t added, const Expr& list, std::string_view what) {
  if (list.isBare(Form::kStarred)) need(added, list.range, what);
  if (!list.isBare(Form::kTuple)) return;
  for (const Expr& part : list.parts) {
    if (part.isBare(Form::kStarred)) need(added, part.range, what);
  }
}

// A list around has gone on or ended inside an open bracket: what follows the last line end is a new line.
void RecoveringParser::endBrokenBracket() {
  size_t first = tokens_.size();
  for (size_t i = tokens_.size(); i > 0 && (tokens_[i - 1].kind == kNl || tokens_[i - 1].kind == kComment); --i) {
    if (tokens_[i - 1].kind == kNl) first = i - 1;
  }
  uint32_t line_end = first < tokens_.size() ? tokens_[first].begin : RecoveryLexer::kNone;
  if (!lexer_.endLineAt(line_end)) return;
  tokens_.resize(first);
  lexer_.advance();
  skipTrivia();
}

}  // namespace krait::syntax::recovery
