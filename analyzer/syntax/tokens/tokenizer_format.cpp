// The literal text of f-strings and t-strings (PEP 701, PEP 750): start, middle and end tokens. The replacement fields
// between them are ordinary tokens; their brackets decide when the text goes on.
#include "analyzer/syntax/tokens/tokenizer_context.h"

namespace krait::syntax {

using enum TokenKind;

static TokenKind middleKind(const StringMode& mode) { return mode.prefix == 'f' ? kFStringMiddle : kTStringMiddle; }

bool lexFormatStringStart(TokenizerContext& context, uint32_t start, char prefix) {
  StringMode mode;
  mode.start = start;
  mode.prefix = prefix;
  mode.quote = context.text[context.at];
  for (uint32_t at = start; at < context.at; ++at) mode.is_raw |= context.text[at] == 'r' || context.text[at] == 'R';
  uint32_t at = context.at + 1;
  unsigned char quote = static_cast<unsigned char>(mode.quote);
  if (context.byteAt(at) == quote && context.byteAt(at + 1) == quote) {
    mode.quote_size = 3;
    at += 2;
  }
  if (context.strings.size() + 1 >= kMaxStringNesting) {
    return failAt(context, at, "too many nested f-strings or t-strings");
  }
  context.strings.push_back(mode);
  context.push(prefix == 'f' ? kFStringStart : kTStringStart, start, at);
  context.at = at;
  return true;
}

static bool failNesting(TokenizerContext& context, uint32_t cursor) {
  return failAt(context, cursor,
                std::string(1, context.strings.back().prefix) + "-string: expressions nested too deeply");
}

// Switches to the replacement field whose '{' stands at `at`.
static bool enterField(TokenizerContext& context, uint32_t at) {
  StringMode& mode = context.strings.back();
  context.at = at;
  if (++mode.field_depth >= kMaxFieldNesting) return failNesting(context, at);
  mode.in_text = false;
  return true;
}

static bool failUnterminatedFormat(TokenizerContext& context, uint32_t at) {
  const StringMode& mode = context.strings.back();
  int32_t last_line = linePlaceOf(context.text, at).line;
  std::string what = mode.quote_size == 3 ? "unterminated triple-quoted " : "unterminated ";
  return failAt(context, mode.start + 1,
                what + mode.prefix + "-string literal (detected at line " + std::to_string(last_line) + ")");
}

static bool endsHere(const TokenizerContext& context, const StringMode& mode, uint32_t at) {
  for (uint32_t i = 0; i < mode.quote_size; ++i) {
    if (context.byteAt(at + i) != static_cast<unsigned char>(mode.quote)) return false;
  }
  return true;
}

// A '{' inside of text at `at`: the text ends here, or goes on with one brace when it is doubled.
static bool lexOpenBrace(TokenizerContext& context, uint32_t begin, uint32_t at, bool in_spec) {
  StringMode& mode = context.strings.back();
  if (context.byteAt(at + 1) == '{' && !in_spec) {
    context.push(middleKind(mode), begin, at + 1);
    context.at = at + 2;
    return true;
  }
  if (mode.field_depth + 1 >= kMaxFieldNesting) {
    ++mode.field_depth;
    return failNesting(context, at);
  }
  if (!enterField(context, at)) return false;
  mode.in_format_spec = false;
  context.push(middleKind(mode), begin, at);
  return true;
}

static bool lexCloseBrace(TokenizerContext& context, uint32_t begin, uint32_t at, bool in_spec) {
  StringMode& mode = context.strings.back();
  if (context.byteAt(at + 1) == '}' && !in_spec && mode.bracket_depth == 0) {
    context.push(middleKind(mode), begin, at + 1);
    context.at = at + 2;
    return true;
  }
  mode.in_text = false;
  mode.in_format_spec = false;
  context.push(middleKind(mode), begin, at);
  context.at = at;
  return true;
}

// Passes the backslash at `at` and what it escapes. True in `named`: a \N{…} begins.
static uint32_t passEscape(const TokenizerContext& context, const StringMode& mode, uint32_t at, bool& named) {
  uint32_t next = at + 1;
  unsigned char c = context.byteAt(next);
  if (c == '\r' && context.byteAt(next + 1) == '\n') return next + 2;
  if (c == '{' || c == '}') return next;
  if (!mode.is_raw && c == 'N' && context.byteAt(next + 1) == '{') {
    named = true;
    return next + 2;
  }
  return next + 1;
}

bool lexFormatStringText(TokenizerContext& context) {
  StringMode& mode = context.strings.back();
  uint32_t begin = context.at;
  if (context.byteAt(begin) == '{' && context.byteAt(begin + 1) != '{') return enterField(context, begin);
  if (endsHere(context, mode, begin)) {
    context.at = begin + mode.quote_size;
    context.push(mode.prefix == 'f' ? kFStringEnd : kTStringEnd, begin, context.at);
    context.strings.pop_back();
    return true;
  }
  bool named_escape = false;
  for (uint32_t at = begin;;) {
    bool in_spec = mode.in_format_spec && mode.field_depth >= 0;
    if (at >= context.size) {
      if (context.has_null) return failAtEnd(context);
      if (in_spec && mode.quote_size == 1) at = context.size;  // falls to the line end that the text lacks
    }
    bool at_end = at >= context.size;
    unsigned char c = context.byteAt(at);
    if (at_end || (mode.quote_size == 1 && isLineEnd(c))) {
      if (in_spec && mode.quote_size == 1) {
        std::string prefix(1, mode.prefix);
        return failAt(context, at + 1,
                      prefix + "-string: newlines are not allowed in format specifiers for single quoted " + prefix +
                          "-strings");
      }
      return failUnterminatedFormat(context, at_end ? context.size : at);
    }
    if (c == static_cast<unsigned char>(mode.quote) && endsHere(context, mode, at)) {
      context.push(middleKind(mode), begin, at);
      context.at = at;
      return true;
    }
    if (c == '{') return lexOpenBrace(context, begin, at, in_spec);
    if (c == '}') {
      if (!named_escape) return lexCloseBrace(context, begin, at, in_spec);
      context.push(middleKind(mode), begin, at + 1);
      context.at = at + 1;
      return true;
    }
    at = c == '\\' ? passEscape(context, mode, at, named_escape) : at + 1;
  }
}

}  // namespace krait::syntax
