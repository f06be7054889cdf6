// The match statement and its patterns (language reference 8.6, PEP 634).
#include "analyzer/syntax/token_parser/token_parser.h"

namespace krait::syntax::lowering {

using enum TokenKind;

// `match` is a name, too: the statement's line ends with a colon, and an indented `case` follows. No simple statement does.
bool TokenParser::beginsMatch() const {
  if (!isWord("match")) return false;
  size_t last = at_ + 1;
  while (last + 1 < tokens_.size() && tokens_[last].kind != kNewline) ++last;
  bool opens_block = last > at_ + 2 && tokens_[last - 1].kind == kColon && last + 2 < tokens_.size() && tokens_[last + 1].kind == kIndent;
  return opens_block && isWord("case", last + 2 - at_);
}

NodeId TokenParser::matchStatement() {
  uint32_t at = begin();
  advance();
  uint32_t subject_at = begin();
  NodeId subject = starNamedExpression();
  if (is(kComma)) {
    ListScope elements(context_);
    elements.add(subject);
    while (take(kComma) && !is(kColon)) elements.add(starNamedExpression());
    subject = add(NodeKind::kTuple, subject_at, {elements.store()});
  }
  take(kColon);
  take(kNewline);
  take(kIndent);
  ListScope cases(context_);
  while (isWord("case")) {
    NodeId made = matchCase();
    cases.add(made);
  }
  take(kDedent);
  uint32_t stored = cases.store();
  return close(NodeKind::kMatch, at, {stored}, {subject.value, stored});
}

NodeId TokenParser::matchCase() {
  uint32_t at = begin();
  advance();
  NodeId pattern = patterns();
  NodeId guard = take(kKwIf) ? namedExpression() : NodeId::none();
  uint32_t body = block();
  return close(NodeKind::kMatchCase, at, {body}, {pattern.value, guard.value, body});
}

NodeId TokenParser::patterns() {
  uint32_t at = begin();
  NodeId first = is(kStar) ? starPattern() : pattern();
  if (!is(kComma)) return first;
  ListScope parts(context_);
  parts.add(first);
  while (take(kComma) && !is(kColon) && !is(kKwIf)) parts.add(is(kStar) ? starPattern() : pattern());
  return add(NodeKind::kMatchSequence, at, {parts.store()});
}

NodeId TokenParser::pattern() {
  uint32_t at = begin();
  NodeId out = closedPattern();
  if (is(kPipe)) {
    ListScope parts(context_);
    parts.add(out);
    while (take(kPipe)) parts.add(closedPattern());
    out = add(NodeKind::kMatchOr, at, {parts.store()});
  }
  if (!take(kKwAs)) return out;
  NodeId name = identifier();
  return add(NodeKind::kMatchAs, at, {out.value, name.value});
}

NodeId TokenParser::closedPattern() {
  DepthScope depth(context_);
  if (depth.tooDeep()) return tooDeep();
  uint32_t at = begin();
  auto singleton = [&](ConstantKind constant) {
    advance();
    return add(NodeKind::kMatchSingleton, at, {}, static_cast<uint8_t>(constant));
  };
  switch (kind()) {
    case kKwTrue: return singleton(ConstantKind::kTrue);
    case kKwFalse: return singleton(ConstantKind::kFalse);
    case kKwNone: return singleton(ConstantKind::kNone);
    case kLeftParen: return sequencePattern(kRightParen);
    case kLeftBracket: return sequencePattern(kRightBracket);
    case kLeftBrace: return mappingPattern();
    case kMinus: case kNumber: {
      NodeId value = signedNumber();
      return add(NodeKind::kMatchValue, at, {value.value});
    }
    case kString: case kFStringStart: case kTStringStart: {
      NodeId value = strings();
      return add(NodeKind::kMatchValue, at, {value.value});
    }
    default: break;
  }
  if (isWord("_") && kind(1) != kDot && kind(1) != kLeftParen) {
    advance();
    return add(NodeKind::kMatchAs, at, {NodeId::kNone, NodeId::kNone});
  }
  if (kind(1) != kDot && kind(1) != kLeftParen) {
    NodeId name = identifier();
    return add(NodeKind::kMatchAs, at, {NodeId::kNone, name.value});
  }
  NodeId value = dottedName();
  return is(kLeftParen) ? classPattern(at, value) : add(NodeKind::kMatchValue, at, {value.value});
}

NodeId TokenParser::dottedName() {
  uint32_t at = begin();
  NodeId out = name();
  while (take(kDot)) {
    NodeId attr = identifier();
    out = add(NodeKind::kAttribute, at, {out.value, attr.value});
  }
  return out;
}

// `[-] number`, and with an imaginary one added or subtracted.
NodeId TokenParser::signedNumber() {
  uint32_t at = begin();
  bool is_negative = take(kMinus);
  NodeId out = atom();
  if (is_negative) out = add(NodeKind::kUnaryOp, at, {out.value}, static_cast<uint8_t>(UnaryOperator::kUSub));
  if (!is(kPlus) && !is(kMinus)) return out;
  BinaryOp op = is(kPlus) ? BinaryOp::kAdd : BinaryOp::kSub;
  advance();
  NodeId imaginary = atom();
  return add(NodeKind::kBinOp, at, {out.value, imaginary.value}, static_cast<uint8_t>(op));
}

NodeId TokenParser::starPattern() {
  uint32_t at = begin();
  advance();
  bool is_wildcard = isWord("_");
  if (is_wildcard) advance();
  NodeId name = is_wildcard ? NodeId::none() : identifier();
  return add(NodeKind::kMatchStar, at, {name.value});
}

NodeId TokenParser::sequencePattern(TokenKind closing) {
  uint32_t at = begin();
  advance();
  ListScope parts(context_);
  bool has_comma = false;
  while (!is(closing) && !is(kEndMarker)) {
    parts.add(is(kStar) ? starPattern() : pattern());
    has_comma |= take(kComma);
  }
  take(closing);
  if (closing == kRightParen && parts.size() == 1 && !has_comma) {
    NodeId only = parts.items()[0];
    context_.builder.setFlag(only, kParenthesized);
    return only;
  }
  return add(NodeKind::kMatchSequence, at, {parts.store()});
}

NodeId TokenParser::mappingPattern() {
  uint32_t at = begin();
  advance();
  ListScope keys(context_);
  std::vector<NodeId> values;
  NodeId rest;
  while (!is(kRightBrace) && !is(kEndMarker)) {
    if (take(kDoubleStar)) {
      rest = identifier();
    } else {
      NodeId key = is(kMinus) || is(kNumber) ? signedNumber() : is(kName) ? dottedName() : atom();
      keys.add(key);
      take(kColon);
      values.push_back(pattern());
    }
    take(kComma);
  }
  take(kRightBrace);
  uint32_t stored = keys.store();
  return add(NodeKind::kMatchMapping, at, {stored, context_.builder.list(values), rest.value});
}

NodeId TokenParser::classPattern(uint32_t at, NodeId cls) {
  advance();
  ListScope parts(context_);
  std::vector<NodeId> attrs, attr_patterns;
  while (!is(kRightParen) && !is(kEndMarker)) {
    if (is(kName) && kind(1) == kEqual) {
      attrs.push_back(identifier());
      advance();
      attr_patterns.push_back(pattern());
    } else {
      parts.add(pattern());
    }
    take(kComma);
  }
  take(kRightParen);
  uint32_t stored = parts.store();
  uint32_t stored_attrs = context_.builder.list(attrs);
  uint32_t stored_patterns = context_.builder.list(attr_patterns);
  return add(NodeKind::kMatchClass, at, {cls.value, stored, stored_attrs, stored_patterns});
}

}  // namespace krait::syntax::lowering
