// Compound statements but definitions and match.
#include "analyzer/syntax/token_parser/token_parser.h"

namespace krait::syntax::lowering {

using enum TokenKind;

NodeId TokenParser::compound() {
  uint32_t at = begin();
  switch (kind()) {
    case kKwIf: return ifStatement();
    case kKwWhile: return whileStatement();
    case kKwFor: return forStatement(at, false);
    case kKwWith: return withStatement(at, false);
    case kKwTry: return tryStatement();
    case kKwDef: return function(at, AstBuilder::kEmptyList, false);
    case kKwClass: return classDefinition(AstBuilder::kEmptyList);
    case kAt: return decorated();
    case kKwAsync:
      advance();
      if (is(kKwFor)) return forStatement(at, true);
      return is(kKwWith) ? withStatement(at, true) : function(at, AstBuilder::kEmptyList, true);
    default: return beginsMatch() ? matchStatement() : NodeId::none();
  }
}

// From the colon on: a block of lines, or the rest of this one.
uint32_t TokenParser::block() {
  take(kColon);
  ListScope body(context_);
  if (!take(kNewline)) {
    simpleStatements(body);
  } else {
    take(kIndent);
    statements(body);
  }
  return body.store();
}

uint32_t TokenParser::elseBlock(TokenKind keyword) { return take(keyword) ? block() : AstBuilder::kEmptyList; }

// Adds a statement that ends where the last of its blocks ends.
NodeId TokenParser::close(NodeKind kind, uint32_t begin, std::initializer_list<uint32_t> blocks, std::initializer_list<uint32_t> fields, uint8_t detail) {
  return context_.builder.add(kind, compoundRange(context_, from(begin), blocks), fields, detail);
}

NodeId TokenParser::ifStatement() {
  struct Branch {
    uint32_t begin;
    NodeId test;
    uint32_t body;
  };
  std::vector<Branch> branches;
  do {
    uint32_t at = begin();
    advance();
    NodeId test = namedExpression();
    branches.push_back({at, test, block()});
  } while (is(kKwElif));
  uint32_t orelse = elseBlock(kKwElse);
  for (size_t i = branches.size(); i-- > 1;) {
    const Branch& branch = branches[i];
    NodeId nested = close(NodeKind::kIf, branch.begin, {branch.body, orelse}, {branch.test.value, branch.body, orelse}, true);
    orelse = context_.builder.list({nested});
  }
  return close(NodeKind::kIf, branches[0].begin, {branches[0].body, orelse}, {branches[0].test.value, branches[0].body, orelse});
}

NodeId TokenParser::whileStatement() {
  uint32_t at = begin();
  advance();
  NodeId test = namedExpression();
  uint32_t body = block();
  uint32_t orelse = elseBlock(kKwElse);
  return close(NodeKind::kWhile, at, {body, orelse}, {test.value, body, orelse});
}

NodeId TokenParser::forStatement(uint32_t at, bool is_async) {
  advance();
  NodeId target = targets(ExprContext::kStore);
  take(kKwIn);
  NodeId iter = starExpressions();
  uint32_t body = block();
  uint32_t orelse = elseBlock(kKwElse);
  return close(NodeKind::kFor, at, {body, orelse}, {target.value, iter.value, body, orelse}, is_async);
}

// `with (a as b, c):` and not `with (a, b).c:`, `with (yield a):`, `with (*a, b):`. `is_alone`: one item, with `as` or a comma.
bool TokenParser::hasItemsInParentheses(bool* is_alone) const {
  uint8_t inside = token().depth;
  size_t commas = 0, last = at_ + 1, aliases = 0, lambdas = 0;  // lambdas: whose parameters go on
  if (kind(1) == kRightParen || kind(1) == kKwYield) return false;
  for (; tokens_[last].kind != kEndMarker && tokens_[last].depth >= inside; ++last) {
    if (tokens_[last].depth != inside) continue;
    TokenKind found = tokens_[last].kind, before = tokens_[last - 1].kind;
    lambdas += found == kKwLambda;
    lambdas -= lambdas > 0 && found == kColon;
    if (lambdas > 0) continue;
    bool opens_value = last == at_ + 1 || (before == kComma && tokens_[last - 1].depth == inside);
    if (found == kColonEqual || found == kKwFor || (found == kStar && opens_value)) return false;
    commas += found == kComma && tokens_[last + 1].depth >= inside;
    aliases += found == kKwAs;
  }
  bool trailing = tokens_[last - 1].kind == kComma;
  *is_alone = commas == 0;
  return tokens_[last + 1].kind == kColon && (commas > 0 || aliases > 0 || trailing);
}

NodeId TokenParser::withItem() {
  uint32_t at = begin();
  NodeId value = expression();
  NodeId target = take(kKwAs) ? targetOfItem() : NodeId::none();
  return add(NodeKind::kWithItem, at, {value.value, target.value});
}

NodeId TokenParser::targetOfItem() {
  NodeId target = is(kStar) ? starred(false) : bitwiseOr();
  setContext(context_, target, ExprContext::kStore);
  return target;
}

NodeId TokenParser::withStatement(uint32_t at, bool is_async) {
  advance();
  ListScope items(context_);
  bool is_alone = false;
  uint32_t open = begin();
  bool is_parenthesized = is(kLeftParen) && hasItemsInParentheses(&is_alone);
  if (is_parenthesized) advance();
  do {
    if (is(kRightParen)) break;
    NodeId item = withItem();
    items.add(item);
  } while (take(kComma));
  if (is_parenthesized) take(kRightParen);
  // The parentheses around one item are the item's own.
  if (is_alone) context_.builder.setRange(items.items()[0], from(open));
  uint32_t stored = items.store();
  uint32_t body = block();
  return close(NodeKind::kWith, at, {body}, {stored, body}, is_async);
}

NodeId TokenParser::handler(bool* is_star) {
  uint32_t at = begin();
  advance();
  *is_star |= take(kStar);
  NodeId type, name;
  if (!is(kColon)) {
    uint32_t types_at = begin();
    type = expression();
    if (is(kComma)) {
      ListScope types(context_);
      types.add(type);
      while (take(kComma) && !is(kColon)) types.add(expression());
      type = add(NodeKind::kTuple, types_at, {types.store()});
    }
  }
  if (take(kKwAs)) name = identifier();
  uint32_t body = block();
  return close(NodeKind::kExceptHandler, at, {body}, {type.value, name.value, body});
}

NodeId TokenParser::tryStatement() {
  uint32_t at = begin();
  advance();
  bool is_star = false;
  uint32_t body = block();
  ListScope handlers(context_);
  while (is(kKwExcept)) {
    NodeId made = handler(&is_star);
    handlers.add(made);
  }
  uint32_t orelse = elseBlock(kKwElse);
  uint32_t finalbody = elseBlock(kKwFinally);
  uint32_t stored = handlers.store();
  return close(NodeKind::kTry, at, {body, stored, orelse, finalbody}, {body, stored, orelse, finalbody}, is_star);
}

}  // namespace krait::syntax::lowering
