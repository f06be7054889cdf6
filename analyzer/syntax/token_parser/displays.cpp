// Atoms: names, constants, displays, comprehensions; arguments and slices.
#include "analyzer/syntax/token_parser/token_parser.h"

namespace krait::syntax::lowering {

using enum TokenKind;

NodeId TokenParser::singleton(ConstantKind constant) {
  uint32_t at = begin();
  advance();
  return add(NodeKind::kConstant, at, {0}, static_cast<uint8_t>(constant));
}

NodeId TokenParser::atom() {
  switch (kind()) {
    case kName: return name();
    case kKwTrue: return singleton(ConstantKind::kTrue);
    case kKwFalse: return singleton(ConstantKind::kFalse);
    case kKwNone: return singleton(ConstantKind::kNone);
    case kEllipsis: return singleton(ConstantKind::kEllipsis);
    case kNumber: {
      TextRange range = token().range();
      advance();
      return lowerNumber(context_, range);
    }
    case kString: case kFStringStart: case kTStringStart: return strings();
    case kLeftParen: return group();
    case kLeftBracket: return list();
    case kLeftBrace: return braces();
    default: return tooDeep();  // not in a text that is accepted
  }
}

void TokenParser::flagTrailingComma(NodeId id) { context_.builder.setFlag(id, kHasTrailingComma); }

// Elements up to the closing bracket, which is taken. True: a comma stands before it.
bool TokenParser::takeElements(ListScope& out, TokenKind closing) {
  bool trailing = false;
  while (!is(closing) && !is(kEndMarker)) {
    trailing = take(kComma) && is(closing);
    if (trailing) break;
    out.add(starNamedExpression());
  }
  take(closing);
  return trailing;
}

NodeId TokenParser::group() {
  DepthScope depth(context_);
  if (depth.tooDeep()) return tooDeep();
  uint32_t at = begin();
  advance();
  if (take(kRightParen)) return add(NodeKind::kTuple, at, {AstBuilder::kEmptyList});
  NodeId first = is(kKwYield) ? yieldExpression() : starNamedExpression();
  if (beginsComprehension()) return comprehension(NodeKind::kGeneratorExp, at, NodeId::none(), first, kRightParen);
  if (take(kRightParen)) {
    context_.builder.setFlag(first, kParenthesized);
    return first;
  }
  ListScope elements(context_);
  elements.add(first);
  bool trailing = takeElements(elements, kRightParen);
  NodeId out = add(NodeKind::kTuple, at, {elements.store()});
  if (trailing) flagTrailingComma(out);
  return out;
}

NodeId TokenParser::list() {
  DepthScope depth(context_);
  if (depth.tooDeep()) return tooDeep();
  uint32_t at = begin();
  advance();
  ListScope elements(context_);
  if (!is(kRightBracket)) {
    NodeId first = starNamedExpression();
    if (beginsComprehension()) return comprehension(NodeKind::kListComp, at, NodeId::none(), first, kRightBracket);
    elements.add(first);
  }
  bool trailing = takeElements(elements, kRightBracket);
  NodeId out = add(NodeKind::kList, at, {elements.store()});
  if (trailing) flagTrailingComma(out);
  return out;
}

// A set, a dictionary, or a comprehension of either.
NodeId TokenParser::braces() {
  DepthScope depth(context_);
  if (depth.tooDeep()) return tooDeep();
  uint32_t at = begin();
  advance();
  ListScope keys(context_);
  std::vector<NodeId> values;
  bool trailing = false;
  while (!is(kRightBrace) && !is(kEndMarker)) {
    if (take(kDoubleStar)) {
      keys.add(NodeId::none());
      values.push_back(bitwiseOr());
    } else {
      NodeId first = starNamedExpression();
      if (!take(kColon)) {
        if (beginsComprehension()) return comprehension(NodeKind::kSetComp, at, NodeId::none(), first, kRightBrace);
        keys.add(first);
        bool set_trailing = takeElements(keys, kRightBrace);
        NodeId out = add(NodeKind::kSet, at, {keys.store()});
        if (set_trailing) flagTrailingComma(out);
        return out;
      }
      NodeId value = expression();
      if (beginsComprehension()) return comprehension(NodeKind::kDictComp, at, first, value, kRightBrace);
      keys.add(first);
      values.push_back(value);
    }
    trailing = take(kComma);
  }
  take(kRightBrace);
  uint32_t stored = keys.store();
  NodeId out = add(NodeKind::kDict, at, {stored, context_.builder.list(values)});
  if (trailing) flagTrailingComma(out);
  return out;
}

NodeId TokenParser::comprehension(NodeKind kind, uint32_t begin, NodeId key, NodeId elt, TokenKind closing) {
  ListScope clauses(context_);
  while (beginsComprehension()) clauses.add(comprehensionClause());
  take(closing);
  uint32_t stored = clauses.store();
  if (kind == NodeKind::kDictComp) return add(kind, begin, {key.value, elt.value, stored});
  return add(kind, begin, {elt.value, stored});
}

NodeId TokenParser::comprehensionClause() {
  uint32_t at = begin();
  bool is_async = take(kKwAsync);
  take(kKwFor);
  NodeId target = targets(ExprContext::kStore);
  take(kKwIn);
  NodeId iter = disjunction();
  ListScope ifs(context_);
  while (take(kKwIf)) ifs.add(disjunction());
  return add(NodeKind::kComprehension, at, {target.value, iter.value, ifs.store()}, is_async);
}

NodeId TokenParser::slice() {
  uint32_t at = begin();
  if (is(kStar)) return starred(true);
  NodeId parts[3];
  if (!is(kColon)) {
    NodeId value = namedExpression();
    if (!is(kColon)) return value;
    parts[0] = value;
  }
  for (int i = 1; i < 3 && take(kColon); ++i) {
    if (!is(kColon) && !is(kComma) && !is(kRightBracket)) parts[i] = expression();
  }
  return add(NodeKind::kSlice, at, {parts[0].value, parts[1].value, parts[2].value});
}

NodeId TokenParser::slices() {
  DepthScope depth(context_);
  if (depth.tooDeep()) return tooDeep();
  uint32_t at = begin();
  NodeId first = slice();
  const Ast& ast = context_.builder.ast();
  if (!is(kComma) && !ast.is(first, NodeKind::kStarred)) {
    if (ast.is(first, NodeKind::kTuple)) context_.builder.setFlag(first, kParenthesized);  // x[(a, b)] is told from x[a, b]
    return first;
  }
  ListScope items(context_);
  items.add(first);
  while (take(kComma) && !is(kRightBracket)) items.add(slice());
  return add(NodeKind::kTuple, at, {items.store()});
}

NodeId TokenParser::argument(uint32_t open) {
  uint32_t at = begin();
  if (is(kStar)) return starred(true);
  if (take(kDoubleStar)) {
    NodeId value = expression();
    return add(NodeKind::kKeyword, at, {NodeId::kNone, value.value});
  }
  if (is(kName) && kind(1) == kEqual) {
    NodeId name = identifier();
    advance();
    NodeId value = expression();
    return add(NodeKind::kKeyword, at, {name.value, value.value});
  }
  NodeId value = namedExpression();
  return beginsComprehension() ? comprehension(NodeKind::kGeneratorExp, open, NodeId::none(), value, kRightParen) : value;
}

// With the parentheses; those of a lone generator are its own.
uint32_t TokenParser::arguments() {
  DepthScope depth(context_);
  uint32_t open = begin();
  advance();
  ListScope args(context_);
  while (!depth.tooDeep() && !is(kRightParen) && !is(kEndMarker)) {
    NodeId value = argument(open);
    args.add(value);
    if (context_.builder.ast().is(value, NodeKind::kGeneratorExp) && context_.builder.ast().range(value).begin == open) return args.store();
    take(kComma);
  }
  if (depth.tooDeep()) args.add(tooDeep());
  take(kRightParen);
  return args.store();
}

}  // namespace krait::syntax::lowering
