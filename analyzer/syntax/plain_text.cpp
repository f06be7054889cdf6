#include "analyzer/syntax/plain_text.h"

#include <algorithm>

#include "analyzer/syntax/tokens/tokenizer.h"

namespace krait::syntax {

static constexpr uint32_t kNoLine = 0xffffffffu;

static void blank(std::string* text, uint32_t begin, uint32_t end) {
  for (uint32_t i = begin; i < end; ++i) (*text)[i] = ' ';
}

// Whether the bracket at token `i` opens type parameters: `class C[`, `def f[`, or `type X[` at a statement's start.
static bool opensTypeParameters(std::string_view text, const std::vector<Token>& tokens, size_t i) {
  if (tokens[i].kind != TokenKind::kLeftBracket || i < 2 || tokens[i - 1].kind != TokenKind::kName) return false;
  TokenKind before = tokens[i - 2].kind;
  if (before == TokenKind::kKwClass || before == TokenKind::kKwDef) return true;
  if (before != TokenKind::kName || text.substr(tokens[i - 2].begin, tokens[i - 2].range().size()) != "type") return false;
  if (i == 2) return true;
  TokenKind start = tokens[i - 3].kind;
  return start == TokenKind::kNewline || start == TokenKind::kIndent || start == TokenKind::kDedent ||
         start == TokenKind::kSemicolon || start == TokenKind::kColon;
}

// Blanks the defaults between the bracket at `open` and its closing one; returns the closing one's index.
static size_t takeDefaults(const std::vector<Token>& tokens, size_t open, PlainText* out) {
  uint8_t inside = tokens[open].depth;
  uint32_t parameter_begin = open + 1 < tokens.size() ? tokens[open + 1].begin : 0;
  size_t equals = 0;
  for (size_t i = open + 1; i < tokens.size(); ++i) {
    const Token& token = tokens[i];
    bool closes = token.depth < inside;
    if (equals != 0 && (closes || (token.depth == inside && token.kind == TokenKind::kComma))) {
      out->blanked.defaults.push_back({parameter_begin, {tokens[equals + 1].begin, tokens[i - 1].end}});
      blank(&out->text, tokens[equals].begin, tokens[i - 1].end);
      equals = 0;
    }
    if (closes) return i;
    if (token.depth != inside) continue;
    if (token.kind == TokenKind::kComma && i + 1 < tokens.size()) parameter_begin = tokens[i + 1].begin;
    if (token.kind == TokenKind::kEqual && equals == 0 && i + 1 < tokens.size()) equals = i;
  }
  return tokens.size() - 1;
}

// May an operand follow the token, so that a star after it is no multiplication?
static bool expectsOperand(TokenKind kind) {
  switch (kind) {
    case TokenKind::kNewline: case TokenKind::kIndent: case TokenKind::kDedent: case TokenKind::kSemicolon:
    case TokenKind::kEqual: case TokenKind::kComma: case TokenKind::kColon: case TokenKind::kKwReturn:
    case TokenKind::kKwYield: case TokenKind::kKwIn: case TokenKind::kKwFor: case TokenKind::kLeftParen:
    case TokenKind::kLeftBracket: case TokenKind::kLeftBrace: return true;
    default: return false;
  }
}

// The bracket at `open` ends there.
static size_t bracketEnd(const std::vector<Token>& tokens, size_t open) {
  size_t close = open + 1;
  while (close + 1 < tokens.size() && tokens[close].depth >= tokens[open].depth) ++close;
  return close;
}

// The last token of what is awaited: a name, bracket or literal with the attributes, calls and items behind it.
static size_t awaitedEnd(const std::vector<Token>& tokens, size_t atom) {
  size_t end = atom;
  while (end + 2 < tokens.size()) {
    TokenKind next = tokens[end + 1].kind;
    if (next == TokenKind::kDot) end += 2;
    else if (next == TokenKind::kLeftParen || next == TokenKind::kLeftBracket) end = bracketEnd(tokens, end + 1);
    else break;
  }
  return end;
}

static bool isStringStart(TokenKind kind) { return kind == TokenKind::kString || kind == TokenKind::kFStringStart || kind == TokenKind::kTStringStart; }

// The last token of strings that stand one behind the other; what is in a format string's braces lies deeper or is its own.
static size_t stringsEnd(const std::vector<Token>& tokens, size_t first) {
  size_t end = first, open = 0;
  for (size_t i = first; i < tokens.size(); ++i) {
    TokenKind kind = tokens[i].kind;
    if (open == 0 && !isStringStart(kind)) break;
    open += kind == TokenKind::kFStringStart || kind == TokenKind::kTStringStart ? 1 : 0;
    open -= kind == TokenKind::kFStringEnd || kind == TokenKind::kTStringEnd ? 1 : 0;
    end = i;
  }
  return end;
}

// The last token of the operand of a star that begins at token `open`, where the grammar cannot read it; `open - 1`: it can.
static size_t operandEnd(const std::vector<Token>& tokens, size_t open) {
  if (open >= tokens.size()) return open - 1;
  switch (tokens[open].kind) {
    case TokenKind::kLeftParen: case TokenKind::kLeftBracket: case TokenKind::kLeftBrace: return bracketEnd(tokens, open);
    case TokenKind::kString: case TokenKind::kFStringStart: case TokenKind::kTStringStart: return stringsEnd(tokens, open);
    case TokenKind::kNumber: case TokenKind::kKwTrue: case TokenKind::kKwFalse: case TokenKind::kKwNone: case TokenKind::kEllipsis: return open;
    case TokenKind::kMinus: case TokenKind::kPlus: case TokenKind::kTilde: {
      size_t end = operandEnd(tokens, open + 1);
      return end == open ? open - 1 : end;
    }
    case TokenKind::kKwAwait: {
      size_t end = operandEnd(tokens, open + 1);
      return awaitedEnd(tokens, std::max(end, open + 1));
    }
    default: return open - 1;
  }
}

// Such an operand of a unary star at token `i` becomes a name.
static void takeOperand(const std::vector<Token>& tokens, size_t i, PlainText* out) {
  size_t open = i + 1, close = operandEnd(tokens, open);
  if (close < open || (i > 0 && !expectsOperand(tokens[i - 1].kind))) return;
  TextRange range{tokens[open].begin, tokens[close].end};
  out->blanked.operands.push_back(range);
  for (uint32_t at = range.begin; at < range.end; ++at) out->text[at] = 'x';
}

// tree-sitter takes `a[b]` in an annotation for a type of its own, which only a few tokens may follow: is there one that
// Python lets go on (`a[b][c]`, `a[b](c)`, `a[b] if c else d`) between the tokens `begin` and `end`?
static bool goesOnBehindSubscript(const std::vector<Token>& tokens, size_t begin, size_t end) {
  for (size_t i = begin; i + 1 < end; ++i) {
    if (tokens[i].kind != TokenKind::kRightBracket) continue;
    switch (tokens[i + 1].kind) {
      case TokenKind::kComma: case TokenKind::kColon: case TokenKind::kEqual: case TokenKind::kPipe:
      case TokenKind::kRightBracket: case TokenKind::kRightParen: break;
      default: return true;
    }
  }
  return false;
}

// The annotation between the tokens `begin` and `end` becomes a name, if the grammar cannot read it.
static void takeAnnotation(const std::vector<Token>& tokens, size_t begin, size_t end, PlainText* out) {
  if (begin < end && (tokens[begin].kind == TokenKind::kStar || tokens[begin].kind == TokenKind::kDoubleStar)) ++begin;
  if (begin >= end || !goesOnBehindSubscript(tokens, begin, end)) return;
  TextRange range{tokens[begin].begin, tokens[end - 1].end};
  out->blanked.operands.push_back(range);
  for (uint32_t at = range.begin; at < range.end; ++at) out->text[at] = 'x';
}

// The first token from `i` on, at `depth` or less deep, of one of the kinds; the last token if there is none.
static size_t skipTo(const std::vector<Token>& tokens, size_t i, uint8_t depth, std::initializer_list<TokenKind> kinds) {
  for (; i + 1 < tokens.size(); ++i) {
    if (tokens[i].depth < depth) return i;
    if (tokens[i].depth == depth && std::find(kinds.begin(), kinds.end(), tokens[i].kind) != kinds.end()) return i;
  }
  return i;
}

// The annotations of the parameters (or the bounds of type parameters) in the bracket at `open`; gives the closing one.
static size_t takeParameters(const std::vector<Token>& tokens, size_t open, PlainText* out) {
  uint8_t inside = tokens[open].depth;
  for (size_t i = open + 1;;) {
    i = skipTo(tokens, i, inside, {TokenKind::kColon, TokenKind::kEqual});
    if (i + 1 >= tokens.size() || tokens[i].depth < inside) return i;
    size_t end = skipTo(tokens, i + 1, inside, {TokenKind::kComma, TokenKind::kEqual});
    if (tokens[i].kind == TokenKind::kColon) takeAnnotation(tokens, i + 1, end, out);
    if (tokens[end].depth < inside) return end;
    i = tokens[end].kind == TokenKind::kEqual ? skipTo(tokens, end + 1, inside, {TokenKind::kComma}) : end + 1;
  }
}

static bool beginsStatement(const std::vector<Token>& tokens, size_t i) {
  if (i == 0) return true;
  TokenKind before = tokens[i - 1].kind;
  return before == TokenKind::kNewline || before == TokenKind::kIndent || before == TokenKind::kDedent || before == TokenKind::kSemicolon ||
         (before == TokenKind::kColon && tokens[i - 1].depth == 0);
}

// Annotations of parameters, results and variables, bounds of type parameters, and what type aliases stand for.
static void takeAnnotations(std::string_view text, const std::vector<Token>& tokens, PlainText* out) {
  constexpr TokenKind kLineEnd = TokenKind::kNewline;
  for (size_t i = 0; i + 1 < tokens.size(); ++i) {
    bool is_function = i >= 2 && tokens[i - 2].kind == TokenKind::kKwDef;
    if (opensTypeParameters(text, tokens, i)) {
      i = takeParameters(tokens, i, out);
      if (i + 1 >= tokens.size()) break;
      if (tokens[i + 1].kind == TokenKind::kEqual) takeAnnotation(tokens, i + 2, skipTo(tokens, i + 2, 0, {kLineEnd, TokenKind::kSemicolon}), out);
      else if (is_function && tokens[i + 1].kind == TokenKind::kLeftParen) i = takeParameters(tokens, i + 1, out);
    } else if (is_function && tokens[i].kind == TokenKind::kLeftParen) {
      i = takeParameters(tokens, i, out);
    }
    if (tokens[i].kind == TokenKind::kArrow) takeAnnotation(tokens, i + 1, skipTo(tokens, i + 1, tokens[i].depth, {TokenKind::kColon}), out);
    bool is_target = tokens[i].kind == TokenKind::kName || tokens[i].kind == TokenKind::kLeftParen;
    if (!is_target || !beginsStatement(tokens, i)) continue;
    bool is_alias = tokens[i].kind == TokenKind::kName && text.substr(tokens[i].begin, tokens[i].range().size()) == "type" &&
                    tokens[i + 1].kind == TokenKind::kName && i + 2 < tokens.size() && tokens[i + 2].kind == TokenKind::kEqual;
    size_t colon = is_alias ? i + 2 : skipTo(tokens, i, 0, {TokenKind::kColon, TokenKind::kEqual, kLineEnd, TokenKind::kSemicolon});
    bool has_type = is_alias || tokens[colon].kind == TokenKind::kColon;
    size_t end = skipTo(tokens, colon + 1, 0, {TokenKind::kEqual, kLineEnd, TokenKind::kSemicolon, TokenKind::kColon});
    if (has_type && tokens[end].kind != TokenKind::kColon) takeAnnotation(tokens, colon + 1, end, out);  // not `case x: y: int`
  }
}

// The grammar has no `from __future__ import *`; a name in the star's place reads the star from the real text.
static bool isFutureStar(std::string_view text, const std::vector<Token>& tokens, size_t i) {
  return i >= 3 && tokens[i - 1].kind == TokenKind::kKwImport && tokens[i - 3].kind == TokenKind::kKwFrom &&
         text.substr(tokens[i - 2].begin, tokens[i - 2].range().size()) == "__future__";
}

bool joinsIndents(std::string_view text) {
  for (size_t at = text.find('\\'); at != std::string_view::npos; at = text.find('\\', at + 1)) {
    bool ends_line = at + 1 < text.size() && (text[at + 1] == '\n' || text[at + 1] == '\r');
    if (!ends_line) continue;
    size_t before = text.find_last_not_of(" \t\f", at == 0 ? 0 : at - 1);
    if (at == 0 || before == std::string_view::npos || text[before] == '\n' || text[before] == '\r') return true;
  }
  return false;
}

// White space with a line joining backslash in it, before a statement: the first backslash that something stands before
// decides how deep the statement is (tokenizer.cpp, readIndent). It becomes a blank line and that indentation.
static void unjoinIndent(std::string* text, uint32_t begin, uint32_t end) {
  std::string_view space = std::string_view(*text).substr(begin, end - begin);
  size_t line = 0, length = 0;
  for (size_t at = space.find('\\'); length == 0; at = space.find('\\', line)) {
    length = std::min(at, space.size()) - line;
    if (at == std::string_view::npos || length > 0) break;
    line = space.find_first_not_of("\r\n", at + 1);
    if (line == std::string_view::npos) line = space.size();
  }
  std::string indent(space.substr(line, length));
  if (indent.size() + 1 > space.size()) return;
  blank(text, begin, end);
  (*text)[end - indent.size() - 1] = '\n';
  text->replace(end - indent.size(), indent.size(), indent);
}

static void unjoinIndents(const std::vector<Token>& tokens, std::string* text) {
  uint32_t line_begin = 0;
  for (const Token& token : tokens) {
    bool ends_line = token.kind == TokenKind::kNewline || token.kind == TokenKind::kNl;
    bool is_empty = token.begin == token.end;
    if (!ends_line && is_empty) continue;
    bool is_first = line_begin != kNoLine && !ends_line;
    if (is_first && token.depth == 0 && token.begin > line_begin && text->find('\\', line_begin) < token.begin) unjoinIndent(text, line_begin, token.begin);
    line_begin = ends_line ? token.end : kNoLine;
  }
}

PlainText plainText(std::string_view text) {
  PlainText out{std::string(text), {}};
  std::vector<Token> tokens = tokenize(text, Trivia::kKeep).tokens;
  if (joinsIndents(text)) unjoinIndents(tokens, &out.text);
  for (const Token& token : tokens) {
    if (token.kind == TokenKind::kComment) out.blanked.comments.push_back({token.begin, token.end});
  }
  std::erase_if(tokens, [](const Token& token) { return token.kind == TokenKind::kComment || token.kind == TokenKind::kNl; });
  for (size_t i = 0; i < tokens.size(); ++i) {
    bool is_text = tokens[i].kind == TokenKind::kFStringMiddle || tokens[i].kind == TokenKind::kTStringMiddle;
    if (i > 0 && tokens[i - 1].depth > 0 && tokens[i].begin > tokens[i - 1].end && !is_text) {
      blank(&out.text, tokens[i - 1].end, tokens[i].begin);
    }
  }
  takeAnnotations(text, tokens, &out);
  out.has_names_for_types = !out.blanked.operands.empty();
  std::vector<TextRange> types = out.blanked.operands;
  for (size_t i = 0, next = 0; i < tokens.size(); ++i) {
    while (next < types.size() && types[next].end <= tokens[i].begin) ++next;
    if (next < types.size() && types[next].begin <= tokens[i].begin) continue;
    if (opensTypeParameters(text, tokens, i)) {
      i = takeDefaults(tokens, i, &out);
    } else if (tokens[i].kind == TokenKind::kStar && i + 1 < tokens.size()) {
      if (isFutureStar(text, tokens, i)) out.text[tokens[i].begin] = 'x';
      else takeOperand(tokens, i, &out);
    }
  }
  std::sort(out.blanked.operands.begin(), out.blanked.operands.end(), [](TextRange a, TextRange b) { return a.begin < b.begin; });
  return out;
}

}  // namespace krait::syntax
