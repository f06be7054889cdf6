// The second reader: an Ast from the tokens of a text that Python accepts, without a tree of tree-sitter.
//
// tree-sitter's grammar lacks forms that Python has (defaults of type parameters, `*await x`, subscripts in annotations that
// go on) and its error recovery then drops whole statements. The exact check (syntax_errors.h) knows that such a text is
// right, so this recursive descent over its tokens (language reference 10, "Full Grammar specification") never has to explain
// an error: it only builds. What it gives equals the lowered tree in every node and place; a test compares the two over the
// library. One file a part: expressions, displays, strings, statements, compound, definitions, patterns.
#pragma once

#include <algorithm>
#include <vector>

#include "analyzer/syntax/joined_string.h"
#include "analyzer/syntax/tokens/tokenizer.h"

namespace krait::syntax::lowering {

class TokenParser {
 public:
  // Reads `context.text` into its builder.
  explicit TokenParser(LowerContext& context);
  // The whole text. `has_errors` in the result: something is nested deeper than the Ast may be.
  LoweredModule parse();
  // The expressions that the text is, if it is no more than that and no `yield`; else none.
  NodeId parseAlone();

 private:
  // Tokens.
  TokenKind kind(size_t ahead = 0) const { return tokens_[std::min(at_ + ahead, tokens_.size() - 1)].kind; }
  bool is(TokenKind wanted) const { return kind() == wanted; }
  bool isWord(std::string_view word, size_t ahead = 0) const;
  const Token& token() const { return tokens_[at_]; }
  void advance() { at_ += at_ + 1 < tokens_.size() ? 1 : 0; }
  bool take(TokenKind wanted);
  uint32_t begin() const { return tokens_[at_].begin; }
  // Where the last token that was taken ends.
  uint32_t end() const { return at_ > 0 ? tokens_[at_ - 1].end : 0; }
  TextRange from(uint32_t begin) const { return {begin, end()}; }

  NodeId add(NodeKind kind, uint32_t begin, std::initializer_list<uint32_t> fields, uint8_t detail = 0) { return context_.builder.add(kind, from(begin), fields, detail); }
  // Adds what `part` reads, one or more of them with commas between.
  template <class Part>
  void commaList(ListScope& out, Part part) {
    do {
      NodeId made = part();
      out.add(made);
    } while (take(TokenKind::kComma));
  }
  NodeId tooDeep();
  NodeId name();        // a Name
  NodeId identifier();  // an Identifier
  NodeId dottedIdentifier();
  bool parenthesized(NodeId id) const { return context_.builder.ast().hasFlag(id, kParenthesized); }

  // Expressions, by the names of the grammar's rules.
  NodeId starExpressions();
  NodeId yieldOrStarExpressions();
  NodeId yieldExpression();
  NodeId starExpression();
  NodeId namedExpression();
  NodeId starNamedExpression();
  NodeId expression();
  NodeId lambda();
  NodeId disjunction();
  NodeId boolean(bool is_or);
  NodeId inversion();
  NodeId comparison();
  NodeId binary(int level);
  NodeId bitwiseOr() { return binary(0); }
  NodeId factor();
  NodeId power();
  NodeId awaitPrimary();
  NodeId primary();
  NodeId starred(bool is_argument);
  // A list of targets up to `in`, `)` and the like, with the context.
  NodeId targets(ExprContext expr_context);
  bool endsList() const;

  // Displays, calls, subscripts.
  NodeId atom();
  NodeId singleton(ConstantKind constant);
  NodeId group();
  NodeId list();
  NodeId braces();
  NodeId display(NodeKind kind, uint32_t begin, NodeId first, TokenKind closing);
  NodeId comprehension(NodeKind kind, uint32_t begin, NodeId key, NodeId elt, TokenKind closing);
  NodeId comprehensionClause();
  bool beginsComprehension() const { return is(TokenKind::kKwFor) || (is(TokenKind::kKwAsync) && kind(1) == TokenKind::kKwFor); }
  NodeId slice();
  NodeId slices();
  uint32_t arguments();
  NodeId argument(uint32_t open);
  bool takeElements(ListScope& out, TokenKind closing);

  // Strings.
  NodeId strings();
  NodeId field(const StringPrefix& prefix, Joined& joined);
  NodeId spec(const StringPrefix& prefix);
  void formatParts(uint32_t begin, TokenKind end_kind, const StringPrefix& prefix, bool folds_braces, Joined& joined);

  // Statements.
  void statements(ListScope& out);
  void statement(ListScope& out);
  void simpleStatements(ListScope& out);
  NodeId simpleStatement();
  NodeId expressionStatement();
  NodeId annotatedAssignment(uint32_t begin, NodeId target);
  NodeId typeAlias();
  NodeId importStatement();
  NodeId importFrom();
  NodeId alias(bool is_dotted);
  NodeId scopeDeclaration(NodeKind kind);
  NodeId raiseStatement();
  NodeId assertStatement();
  NodeId deleteStatement();

  // Compound statements; none: it is a simple one.
  NodeId compound();
  uint32_t block();
  uint32_t elseBlock(TokenKind keyword);
  NodeId close(NodeKind kind, uint32_t begin, std::initializer_list<uint32_t> blocks, std::initializer_list<uint32_t> fields, uint8_t detail = 0);
  NodeId ifStatement();
  NodeId whileStatement();
  NodeId forStatement(uint32_t begin, bool is_async);
  NodeId withStatement(uint32_t begin, bool is_async);
  NodeId withItem();
  NodeId targetOfItem();
  bool hasItemsInParentheses(bool* is_alone) const;
  NodeId tryStatement();
  NodeId handler(bool* is_star);
  NodeId decorated();
  NodeId function(uint32_t begin, uint32_t decorators, bool is_async);
  NodeId classDefinition(uint32_t decorators);
  NodeId parameters(TokenKind closing);
  NodeId parameter(bool has_annotations, ParameterKind parameter_kind);
  NodeId annotation();
  uint32_t typeParameters();
  NodeId typeParameter();

  // Patterns.
  bool beginsMatch() const;
  NodeId matchStatement();
  NodeId matchCase();
  NodeId patterns();
  NodeId pattern();
  NodeId closedPattern();
  NodeId sequencePattern(TokenKind closing);
  NodeId mappingPattern();
  NodeId classPattern(uint32_t begin, NodeId cls);
  NodeId starPattern();
  NodeId signedNumber();
  NodeId dottedName();

  std::vector<Token> tokens_;
  size_t at_ = 0;
  LowerContext& context_;
  std::vector<Comment> comments_;
};

}  // namespace krait::syntax::lowering
