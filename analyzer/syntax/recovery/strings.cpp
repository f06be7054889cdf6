// Strings of a broken text: their parts, escapes that no character has, replacement fields.
#include "analyzer/syntax/recovery/parser_state.h"

#include "analyzer/syntax/string_literal.h"

namespace krait::syntax::recovery {

using enum TokenKind;

Expr RecoveringParser::strings() {
  uint32_t start = begin();
  size_t count = 0, bytes = 0, formats = 0, templates = 0;
  while (!gave_up_ && isAnyOf({kString, kFStringStart, kTStringStart})) {
    ++count;
    if (is(kString)) {
      bytes += parseStringPrefix(text(range())).is_bytes;
      plainString();
    } else {
      ++(is(kTStringStart) ? templates : formats);
      interpolated();
    }
  }
  Expr whole{.form = formats + templates > 0 ? Form::kFormat : Form::kString, .range = from(start)};
  if (bytes > 0 && bytes < count) say(whole.range, "Bytes literal cannot be mixed with non-bytes literals");
  else if (templates > 0 && templates < count) say(whole.range, "Cannot mix t-string literals with string or bytes literals");
  return whole;
}

void RecoveringParser::plainString() {
  TextRange place = range();
  StringPrefix prefix = parseStringPrefix(text(place));
  bool is_unclosed = lexer_.isUnclosed();
  bump();
  if (is_unclosed) return;
  uint32_t around = prefix.quote_size;
  checkText({place.begin + prefix.prefix_size + around, place.end - around}, prefix.is_raw, prefix.is_bytes);
}

// Says the first thing in a string's text that stands for no character.
void RecoveringParser::checkText(TextRange content, bool is_raw, bool is_bytes) {
  std::string_view value = text(content);
  if (is_bytes) {
    for (uint32_t i = 0; i < value.size(); ++i) {
      if (static_cast<unsigned char>(value[i]) < 128) continue;
      uint32_t size = 1;
      while (i + size < value.size() && (static_cast<unsigned char>(value[i + size]) & 0xc0) == 0x80) ++size;
      say({content.begin + i, content.begin + i + size}, "bytes can only contain ASCII literal characters");
      return;
    }
  }
  if (is_raw) return;
  auto isHex = [](char c) { return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f'); };
  for (uint32_t i = 0; i + 1 < value.size(); ++i) {
    if (value[i] != '\\') continue;
    char c = value[++i];
    uint32_t wanted = c == 'x' ? 2 : is_bytes ? 0 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
    for (uint32_t digit = 1; digit <= wanted; ++digit) {
      if (i + digit < value.size() && isHex(value[i + digit])) continue;
      uint32_t at = content.begin + i + digit;
      say({at, at < content.end ? at + 1 : at}, "Got unexpected unicode");
      return;
    }
    if (wanted > 0) {
      std::string decoded;
      bool is_fine = true;
      StringPrefix plain;
      decodeStringContent(value.substr(i - 1, wanted + 2), plain, false, &decoded, &is_fine);
      uint32_t behind = content.begin + i + wanted + 1;
      if (!is_fine) return say({behind, behind}, "Got unexpected unicode");
    }
    if (c != 'N' || is_bytes) continue;
    if (i + 1 >= value.size() || value[i + 1] != '{') return say({content.begin + i + 1, content.begin + i + 1}, "Missing `{` in Unicode escape sequence");
    size_t close = value.find('}', i);
    if (close == std::string_view::npos) return say({content.end, content.end}, "Missing `}` in Unicode escape sequence");
    std::string decoded;
    bool is_fine = true;
    StringPrefix plain;
    decodeStringContent(value.substr(i - 1, close - i + 2), plain, false, &decoded, &is_fine);
    uint32_t name = content.begin + i + 2;
    if (!is_fine) return say({name, content.begin + static_cast<uint32_t>(close)}, "Got unexpected unicode");
  }
}

void RecoveringParser::interpolated() {
  bool is_template = is(kTStringStart);
  bool is_raw = text(range()).find_first_of("rR") != std::string_view::npos;
  uint32_t start = begin();
  bump();
  interpolatedElements(is_template ? List::kTemplateElements : List::kFormatElements, is_raw);
  expect(is_template ? kTStringEnd : kFStringEnd);
  if (is_template) need(14, from(start), "Cannot use t-strings");
}

void RecoveringParser::interpolatedElements(List list, bool is_raw) {
  bool is_template = list == List::kTemplateElements;
  parseList(list, [&] {
    if (is(kLeftBrace)) return replacementField(is_raw, is_template);
    TextRange place = range();
    bump();
    checkText(place, is_raw, false);
  });
}

void RecoveringParser::replacementField(bool is_raw, bool is_template) {
  Depth depth(*this);
  std::string kind = is_template ? "t-string: " : "f-string: ";
  bump();
  lexer_.endInterpolatedHere();
  Expr value = expressionList(kYieldOrStarred);
  lexer_.endInterpolatedHere();
  if (value.isBare(Form::kLambda)) say(value.range, kind + "lambda expressions are not allowed without parentheses");
  take(kEqual);
  if (is(kExclamation)) {
    uint32_t after = range().end;
    bump();
    TextRange flag = range();
    if (is(kName)) {
      std::string_view word = text(flag);
      bool is_known = word == "s" || word == "r" || word == "a", has_blank = flag.begin != after;
      bump();
      if (has_blank) say({after, flag.begin}, kind + "conversion type must come right after the exclamation mark");
      if (!is_known) say(flag, kind + "invalid conversion character");
    } else {
      say(flag, kind + "invalid conversion character");
      bump();
    }
  }
  lexer_.endInterpolatedHere();
  if (take(kColon)) {
    uint32_t outer = lists_;
    parseList(List::kFormatSpec, [&] {
      if (is(kLeftBrace)) return replacementField(is_raw, is_template);
      TextRange place = range();
      bump();
      checkText(place, is_raw, false);
    });
    lists_ = outer;
  }
  if (!take(kRightBrace)) sayHere(kind + "expecting `}`");
}

}  // namespace krait::syntax::recovery
