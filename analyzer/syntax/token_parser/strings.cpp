// String literals that stand one behind the other, with the fields of format strings (PEP 701, PEP 750).
#include "analyzer/syntax/joined_string.h"
#include "analyzer/syntax/token_parser/token_parser.h"

namespace krait::syntax::lowering {

using enum TokenKind;

NodeId TokenParser::strings() {
  uint32_t at = begin();
  bool is_bytes = false, is_formatted = false, is_template = false;
  TextRange first = token().range();
  StringPrefix first_prefix = parseStringPrefix(context_.textOf(first));
  bool is_plain = is(kString) && kind(1) != kString && kind(1) != kFStringStart && kind(1) != kTStringStart;
  if (is_plain) {
    advance();
    return lowerPlainString(context_, first, first_prefix);
  }
  Joined joined(context_);
  while (is(kString) || is(kFStringStart) || is(kTStringStart)) {
    TextRange literal = token().range();
    TokenKind opening = kind();
    StringPrefix prefix = parseStringPrefix(context_.textOf(literal));
    is_bytes |= prefix.is_bytes;
    is_template |= prefix.is_template;
    is_formatted |= opening != kString;
    advance();
    if (opening == kString) {
      addText(context_, joined, contentOf(literal, prefix), literal, prefix, false);
    } else {
      TokenKind closing = opening == kFStringStart ? kFStringEnd : kTStringEnd;
      formatParts(literal.end, closing, prefix, true, joined);
      advance();
    }
  }
  return finishJoined(context_, joined, from(at), is_bytes, is_formatted, is_template);
}

// Text from `begin` on with fields in it, up to the token of `end_kind`, which stays.
void TokenParser::formatParts(uint32_t begin, TokenKind end_kind, const StringPrefix& prefix, bool folds_braces, Joined& joined) {
  uint32_t text_begin = begin;
  while (!is(end_kind) && !is(kEndMarker)) {
    if (!is(kLeftBrace)) {
      advance();
      continue;
    }
    TextRange text{text_begin, this->begin()};
    addText(context_, joined, text, text, prefix, folds_braces);
    NodeId value = field(prefix, joined);
    joined.values.add(value);
    text_begin = end();
  }
  TextRange text{text_begin, this->begin()};
  addText(context_, joined, text, text, prefix, folds_braces);
}

NodeId TokenParser::spec(const StringPrefix& prefix) {
  uint32_t at = begin();
  advance();
  Joined parts(context_);
  formatParts(at + 1, kRightBrace, prefix, false, parts);
  flush(context_, parts);
  uint32_t stored = parts.values.store();
  return addExpr(context_, NodeKind::kJoinedStr, {at, begin()}, {stored});
}

NodeId TokenParser::field(const StringPrefix& prefix, Joined& joined) {
  DepthScope depth(context_);
  if (depth.tooDeep()) return tooDeep();
  uint32_t open = begin();
  advance();
  NodeId value = yieldOrStarExpressions();
  TextRange source{open + 1, begin()};
  uint32_t conversion = 0xffffffffu;
  bool has_equals = is(kEqual);
  if (has_equals) {
    advance();
    StringPrefix verbatim;
    verbatim.is_raw = true;
    TextRange shown{open + 1, begin()};
    addText(context_, joined, shown, shown, verbatim, false);
  }
  if (take(kExclamation)) {
    conversion = static_cast<unsigned char>(context_.text[begin()]);
    advance();
  } else if (has_equals && !is(kColon)) {
    conversion = 'r';
  }
  flush(context_, joined);
  NodeId format_spec = is(kColon) ? spec(prefix) : NodeId::none();
  take(kRightBrace);
  return addField(context_, from(open), value, source, conversion, format_spec, prefix.is_template);
}

}  // namespace krait::syntax::lowering
