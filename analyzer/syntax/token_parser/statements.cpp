// The module, lines of simple statements, assignments, imports; names.
#include "analyzer/syntax/token_parser/token_parser.h"

namespace krait::syntax::lowering {

using enum TokenKind;

TokenParser::TokenParser(LowerContext& context) : tokens_(tokenize(context.text, Trivia::kKeep).tokens), context_(context) {
  std::erase_if(tokens_, [&](const Token& token) {
    if (token.kind == kComment) comments_.push_back({token.begin, token.end});
    return token.kind == kComment || token.kind == kNl;
  });
}

LoweredModule TokenParser::parse() {
  context_.builder.reserve(context_.text.size());
  ListScope body(context_);
  while (!is(kEndMarker) && !is(kError)) statements(body);
  NodeId root = context_.builder.add(NodeKind::kModule, {0, static_cast<uint32_t>(context_.text.size())}, {body.store()});
  for (const Comment& comment : comments_) context_.builder.addComment(comment);
  return {context_.builder.finish(root), true, context_.has_errors};
}

NodeId TokenParser::parseAlone() {
  NodeId value = starExpressions();
  bool is_whole = is(kNewline) && kind(1) == kEndMarker && !context_.has_errors;
  context_.has_errors = false;
  return is_whole ? value : NodeId::none();
}

bool TokenParser::isWord(std::string_view word, size_t ahead) const {
  return kind(ahead) == kName && context_.textOf(tokens_[std::min(at_ + ahead, tokens_.size() - 1)].range()) == word;
}

bool TokenParser::take(TokenKind wanted) {
  bool found = is(wanted);
  if (found) advance();
  return found;
}

NodeId TokenParser::name() {
  TextRange range = token().range();
  advance();
  return addExpr(context_, NodeKind::kName, range, {internName(context_, range).value});
}

NodeId TokenParser::identifier() {
  TextRange range = token().range();
  advance();
  return context_.builder.add(NodeKind::kIdentifier, range, {internName(context_, range).value});
}

// Names joined by dots, as one Identifier without the blanks between them.
NodeId TokenParser::dottedIdentifier() {
  uint32_t at = begin();
  std::string joined(context_.names.text(internName(context_, token().range())));
  advance();
  while (take(kDot)) {
    joined += '.';
    joined += context_.names.text(internName(context_, token().range()));
    advance();
  }
  return add(NodeKind::kIdentifier, at, {context_.names.intern(joined).value});
}

void TokenParser::statements(ListScope& out) {
  while (!is(kDedent) && !is(kEndMarker) && !is(kError)) statement(out);
  take(kDedent);
}

void TokenParser::statement(ListScope& out) {
  DepthScope depth(context_);
  NodeId whole = depth.tooDeep() ? NodeId::none() : compound();
  if (whole.valid()) out.add(whole);
  else simpleStatements(out);
}

void TokenParser::simpleStatements(ListScope& out) {
  if (take(kNewline)) return;
  do {
    NodeId made = simpleStatement();
    out.add(made);
  } while (take(kSemicolon) && !is(kNewline) && !is(kEndMarker));
  take(kNewline);
}

NodeId TokenParser::simpleStatement() {
  uint32_t at = begin();
  auto word = [&](NodeKind kind) {
    advance();
    return add(kind, at, {});
  };
  switch (kind()) {
    case kKwPass: return word(NodeKind::kPass);
    case kKwBreak: return word(NodeKind::kBreak);
    case kKwContinue: return word(NodeKind::kContinue);
    case kKwReturn: {
      advance();
      NodeId value = endsList() ? NodeId::none() : starExpressions();
      return add(NodeKind::kReturn, at, {value.value});
    }
    case kKwImport: return importStatement();
    case kKwFrom: return importFrom();
    case kKwRaise: return raiseStatement();
    case kKwAssert: return assertStatement();
    case kKwDel: return deleteStatement();
    case kKwGlobal: return scopeDeclaration(NodeKind::kGlobal);
    case kKwNonlocal: return scopeDeclaration(NodeKind::kNonlocal);
    default: return isWord("type") && kind(1) == kName ? typeAlias() : expressionStatement();
  }
}

static bool augmentedOp(TokenKind kind, BinaryOp* op) {
  switch (kind) {
    case kPlusEqual: *op = BinaryOp::kAdd; return true;
    case kMinusEqual: *op = BinaryOp::kSub; return true;
    case kStarEqual: *op = BinaryOp::kMult; return true;
    case kAtEqual: *op = BinaryOp::kMatMult; return true;
    case kSlashEqual: *op = BinaryOp::kDiv; return true;
    case kPercentEqual: *op = BinaryOp::kMod; return true;
    case kDoubleStarEqual: *op = BinaryOp::kPow; return true;
    case kLeftShiftEqual: *op = BinaryOp::kLShift; return true;
    case kRightShiftEqual: *op = BinaryOp::kRShift; return true;
    case kPipeEqual: *op = BinaryOp::kBitOr; return true;
    case kCaretEqual: *op = BinaryOp::kBitXor; return true;
    case kAmpersandEqual: *op = BinaryOp::kBitAnd; return true;
    case kDoubleSlashEqual: *op = BinaryOp::kFloorDiv; return true;
    default: return false;
  }
}

NodeId TokenParser::expressionStatement() {
  uint32_t at = begin();
  NodeId value = yieldOrStarExpressions();
  BinaryOp op;
  if (is(kColon)) return annotatedAssignment(at, value);
  if (augmentedOp(kind(), &op)) {
    setContext(context_, value, ExprContext::kStore);
    advance();
    NodeId operand = yieldOrStarExpressions();
    return add(NodeKind::kAugAssign, at, {value.value, operand.value}, static_cast<uint8_t>(op));
  }
  if (!is(kEqual)) return add(NodeKind::kExprStmt, at, {value.value});
  ListScope assigned(context_);
  while (take(kEqual)) {
    setContext(context_, value, ExprContext::kStore);
    assigned.add(value);
    value = yieldOrStarExpressions();
  }
  return add(NodeKind::kAssign, at, {assigned.store(), value.value});
}

NodeId TokenParser::annotatedAssignment(uint32_t at, NodeId target) {
  advance();
  setContext(context_, target, ExprContext::kStore);
  bool is_simple = context_.builder.ast().is(target, NodeKind::kName) && !parenthesized(target);
  NodeId type = expression();
  NodeId value = take(kEqual) ? yieldOrStarExpressions() : NodeId::none();
  return add(NodeKind::kAnnAssign, at, {target.value, type.value, value.value}, is_simple);
}

NodeId TokenParser::typeAlias() {
  uint32_t at = begin();
  advance();
  NodeId alias = name();
  setContext(context_, alias, ExprContext::kStore);
  uint32_t type_params = typeParameters();
  take(kEqual);
  NodeId value = expression();
  return add(NodeKind::kTypeAlias, at, {alias.value, type_params, value.value});
}

NodeId TokenParser::alias(bool is_dotted) {
  uint32_t at = begin();
  NodeId name = is_dotted ? dottedIdentifier() : identifier();
  NodeId asname = take(kKwAs) ? identifier() : NodeId::none();
  return add(NodeKind::kAlias, at, {name.value, asname.value});
}

NodeId TokenParser::importStatement() {
  uint32_t at = begin();
  advance();
  ListScope names(context_);
  commaList(names, [&] { return alias(true); });
  return add(NodeKind::kImport, at, {names.store()});
}

NodeId TokenParser::importFrom() {
  uint32_t at = begin(), level = 0;
  advance();
  for (; is(kDot) || is(kEllipsis); advance()) level += is(kDot) ? 1 : 3;
  NodeId module = is(kKwImport) ? NodeId::none() : dottedIdentifier();
  take(kKwImport);
  ListScope names(context_);
  if (is(kStar)) {
    uint32_t star_at = begin();
    advance();
    NodeId star = add(NodeKind::kIdentifier, star_at, {context_.names.intern("*").value});
    NodeId whole = add(NodeKind::kAlias, star_at, {star.value, NodeId::kNone});
    names.add(whole);
  } else {
    bool is_parenthesized = take(kLeftParen);
    do {
      if (is(kRightParen)) break;
      NodeId name = alias(false);
      names.add(name);
    } while (take(kComma));
    if (is_parenthesized) take(kRightParen);
  }
  return add(NodeKind::kImportFrom, at, {module.value, names.store(), level});
}

NodeId TokenParser::scopeDeclaration(NodeKind kind) {
  uint32_t at = begin();
  advance();
  ListScope names(context_);
  commaList(names, [&] { return identifier(); });
  return add(kind, at, {names.store()});
}

NodeId TokenParser::raiseStatement() {
  uint32_t at = begin();
  advance();
  NodeId exc = endsList() ? NodeId::none() : expression();
  NodeId cause = take(kKwFrom) ? expression() : NodeId::none();
  return add(NodeKind::kRaise, at, {exc.value, cause.value});
}

NodeId TokenParser::assertStatement() {
  uint32_t at = begin();
  advance();
  NodeId test = expression();
  NodeId message = take(kComma) ? expression() : NodeId::none();
  return add(NodeKind::kAssert, at, {test.value, message.value});
}

NodeId TokenParser::deleteStatement() {
  uint32_t at = begin();
  advance();
  ListScope deleted(context_);
  do {
    if (endsList()) break;
    NodeId target = bitwiseOr();
    setContext(context_, target, ExprContext::kDel);
    deleted.add(target);
  } while (take(kComma));
  return add(NodeKind::kDelete, at, {deleted.store()});
}

}  // namespace krait::syntax::lowering
