// The parser of broken texts: a recursive descent over the tokens that says what is wrong in a linter's words, several errors
// in a file, and goes on behind each. It makes no tree: of an expression it keeps what later errors ask about.
// How it recovers: a list (of statements, arguments, elements, …) that meets a token which is none of its elements ends when
// the token belongs to a list around it, and else drops the token. A bracket that a list around it ends is taken as closed at
// the end of the line before.
// What always holds: every step consumes a token or ends a list; at most kMaxProblemDepth expressions and blocks nest.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/syntax/recovery/recovery_lexer.h"

namespace krait::syntax::recovery {

enum class Form : uint8_t {
  kOther, kName, kAttribute, kSubscript, kCall, kStarred, kTuple, kList, kGenerator, kNamed, kLambda, kReal, kImaginary, kString, kFormat, kYield, kBoolean, kComparison, kConditional,
};

struct Expr {
  Form form = Form::kOther;
  TextRange range;
  bool is_parenthesized = false;      // in a group's parentheses; of a tuple: its own
  bool is_missing = false;            // a name that is not there
  char unary = 0;                     // the sign in front
  std::vector<Expr> parts;            // of tuples, lists and starred expressions
  bool isBare(Form wanted) const { return form == wanted && !is_parenthesized; }
};

// What an expression may be where it stands.
struct Allowed {
  bool starred = false;
  bool star_takes_condition = true;   // `*a if b else c` is `*(a if b else c)`
  bool yield = false;
  bool in_operator = true;
  bool before_for = false;  // a comprehension may follow
};
inline constexpr Allowed kPlain{};
inline constexpr Allowed kStarredCondition{.starred = true, .star_takes_condition = true};
inline constexpr Allowed kStarredOperand{.starred = true, .star_takes_condition = false};
inline constexpr Allowed kYieldOrStarred{.starred = true, .star_takes_condition = false, .yield = true};
inline constexpr Allowed kTarget{.starred = true, .star_takes_condition = true, .in_operator = false};

// The lists that can be open around a token; what ends each and what it says stands in lists.cpp.
enum class List : uint8_t {
  kModule, kBlock, kElif, kExcept, kAssignmentTargets, kTypeParams, kImportNames, kImportFromNames, kImportFromNamesInParens, kSlices,
  kListElements, kSetElements, kDictElements, kTupleElements, kTupleElementsInParens, kMappingPattern, kSequencePattern, kSequencePatternInParens,
  kSequencePatternInBrackets, kClassPattern, kArguments, kDeleteTargets, kIdentifiers, kParameters, kLambdaParameters, kWithItems,
  kWithItemsInParens, kWithItemsOfExpression, kFormatElements, kTemplateElements, kFormatSpec,
};

enum class Precedence : uint8_t { kNone, kOr, kAnd, kNot, kComparison, kBitOr, kBitXor, kBitAnd, kShift, kSum, kProduct, kSign, kPower, kAwait };

struct Pattern {
  enum class Kind : uint8_t { kOther, kStar, kValue, kCapture } kind = Kind::kOther;
  Expr value;
  TextRange range;
};

class RecoveringParser {
 public:
  // For Python 3.`minor`.
  RecoveringParser(std::string_view text, uint32_t minor);
  RecoveringParser(const RecoveringParser&) = delete;
  RecoveringParser& operator=(const RecoveringParser&) = delete;
  void parse();
  // What is wrong, the tokenizer's and the parser's words in the order of their places.
  std::vector<Problem> takeProblems();
  // The tokens as they were read in the end, comments and line ends included; ends in kEndMarker.
  std::vector<Token> takeTokens() { return std::move(tokens_); }
  bool gaveUp() const { return gave_up_; }

 private:
  struct State;
  State save() const;
  void restore(State&& state);

  // Tokens. The current one is never a comment or a line end inside a statement.
  TokenKind kind() const { return lexer_.token().kind; }
  TextRange range() const { return lexer_.token().range(); }
  uint32_t begin() const { return range().begin; }
  bool is(TokenKind wanted) const { return kind() == wanted; }
  std::string_view text(TextRange range) const { return text_.substr(range.begin, range.size()); }
  bool isWord(std::string_view word) const { return is(TokenKind::kName) && text(range()) == word; }
  bool isAnyOf(std::initializer_list<TokenKind> kinds) const;
  bool atLineEnd() const { return is(TokenKind::kNewline) || is(TokenKind::kEndMarker); }
  bool atSequenceEnd() const;
  bool atExpression() const { return beginsExpression(kind()); }
  bool atSimpleStatement() const;
  bool atCompoundStatement() const;
  bool atStatement() const { return atSimpleStatement() || atCompoundStatement(); }
  bool atPattern() const;
  static bool beginsExpression(TokenKind kind);
  Token peek(uint32_t ahead = 1) const;
  void skipTrivia();
  void bump();
  bool take(TokenKind wanted);
  bool expect(TokenKind wanted);
  std::string describe(const Token& token) const;
  TextRange missing() const { return {last_end_, last_end_}; }
  TextRange from(uint32_t start) const { return start < last_end_ ? TextRange{start, last_end_} : missing(); }
  void say(TextRange range, std::string message);
  // What versions before 3.`added` do not have.
  void need(uint32_t added, TextRange range, std::string_view what);
  void needUnpacking(uint32_t added, const Expr& list, std::string_view what);
  // What is found only in a text that the grammar accepts: said where nothing else is.
  void sayLater(TextRange range, std::string message) { later_.push_back({range, std::move(message)}); }
  void sayHere(std::string message) { say(range(), std::move(message)); }

  // Lists (lists.cpp).
  enum class End : uint8_t { kNo, kRegular, kRecovery };
  bool isElement(List list) const;
  End endOf(List list) const;
  std::string problemOf(List list) const;
  bool endsListAround() const;
  void endBrokenBracket();
  void parseList(List list, const std::function<void()>& element);
  // Whether the list ends in a comma.
  bool parseCommaList(List list, const std::function<void()>& element);

  // Expressions (expressions.cpp, atoms.cpp, strings.cpp).
  Expr expressionList(Allowed allowed);
  Expr namedExpression(Allowed allowed);
  Expr expression(Allowed allowed = kPlain);
  Expr conditional(Expr body, uint32_t start);
  Expr binary(Precedence left, Allowed allowed);
  Expr binaryRest(Expr left, Precedence precedence, Allowed allowed, uint32_t start);
  Expr operand(Precedence left, Allowed allowed);
  Expr starred(Allowed allowed);
  Expr bitwiseOnly(Allowed allowed = kPlain);
  Expr yieldExpression();
  Expr lambda();
  Expr postfix(Expr left, uint32_t start, Allowed allowed);
  Expr subscript(uint32_t start);
  Expr slice();
  Expr atom();
  Expr name();
  Expr noName();
  Expr firstElement(Allowed allowed);
  bool beginsComprehension() const;
  TextRange identifier(bool* is_missing = nullptr);
  Expr parenthesized();
  Expr listDisplay();
  Expr braces();
  void dictElements();
  void dictValue();
  Expr tupleRest(Expr first, uint32_t start, bool in_parens, const std::function<Expr()>& element);
  void generators();
  Expr strings();
  void plainString();
  void interpolated();
  void interpolatedElements(List list, bool is_raw);
  void replacementField(bool is_raw, bool is_template);
  void checkText(TextRange content, bool is_raw, bool is_bytes);
  void arguments(bool is_of_class);
  struct Arguments;
  void argument(Arguments& seen);

  // What may be assigned and deleted (targets.cpp).
  void checkAssignmentTarget(const Expr& target);
  void checkDeleteTarget(const Expr& target);
  void checkAnnotatedTarget(const Expr& target);

  // Statements (statements.cpp, compound.cpp, definitions.cpp, patterns.cpp).
  void statement();
  void simpleStatement();
  void simpleStatements();
  void expressionStatement();
  void typeAlias();
  void importStatement();
  void importFrom();
  std::string_view alias(bool is_from);
  void dottedName();
  void nameList(std::string_view word);
  void raiseStatement();
  Expr raised();
  void assertStatement();
  void deleteStatement();
  void compound();
  void body(std::string_view clause);
  void block();
  void clause(std::string_view name);
  void ifStatement();
  void whileStatement();
  void forStatement();
  void tryStatement();
  bool handler();
  void withStatement();
  Expr withItem(bool is_speculative, bool* has_target);
  bool withItemsInParens();
  void asyncStatement();
  void decorated();
  void function();
  void classDefinition();
  struct Parameters;
  void parameters(List list, TokenKind closing);
  void parameter(Parameters& seen, bool is_lambda);
  void typeParameters();
  void typeParameter();
  bool matchStatement();
  void matchRest();
  void matchBody();
  void patterns();
  Pattern pattern(bool may_be_star);
  Pattern closedPattern(bool may_be_star);
  Pattern literalPattern();
  Pattern sequencePattern(uint32_t start, List list, TokenKind closing);
  Pattern bracketedPattern();
  Pattern mappingPattern();
  Pattern classPattern(const Pattern& cls, uint32_t start);
  Pattern complexPattern(const Pattern& real, uint32_t start);

  struct Depth;
  std::string_view text_;
  uint32_t minor_;
  uint32_t last_end_ = 0;
  uint32_t lists_ = 0;  // a bit for each kind of list that is open
  uint32_t depth_ = 0;
  bool gave_up_ = false;
  std::vector<Token> tokens_;
  std::vector<Problem> problems_, lexical_, later_, versions_;
  RecoveryLexer lexer_;  // notes into lexical_
};

}  // namespace krait::syntax::recovery
