#include "analyzer/lint/newer_syntax.h"

#include "analyzer/lint/nodes.h"
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/shared_tokens.h"
#include "analyzer/syntax/string_literal.h"

namespace krait::lint {

namespace {
struct NewerSyntax {
  LintContext& context;
  const Ast& ast = context.ast;
  uint32_t minor = context.options.target_minor;

  bool lacks(uint32_t added) const { return minor < added; }
  void say(TextRange range, std::string_view message) { context.sink.begin(Rule::kLintSyntaxError, range, {message}); }
  void sayAdded(TextRange range, std::string_view what, uint32_t added) {
    say(range, std::string(what) + " on Python 3." + std::to_string(minor) + " (syntax was added in Python 3." + std::to_string(added) + ")");
  }
  // Reports it when the version lacks it.
  void need(uint32_t added, TextRange range, std::string_view what) {
    if (lacks(added)) sayAdded(range, what, added);
  }
  bool isBare(NodeId expr) const { return parenthesizedRange(context, expr).begin == ast.range(expr).begin && ast.text(expr)[0] != '('; }
  // The first token of the kind at `offset` or later.
  TextRange tokenFrom(uint32_t offset, TokenKind kind) {
    const std::vector<Token>& tokens = context.tokens.all();
    size_t at = context.tokens.firstAt(offset);
    while (at + 1 < tokens.size() && tokens[at].kind != kind) ++at;
    return tokens[at].range();
  }
};
}  // namespace

static void checkNamed(NewerSyntax& check, NodeId node) {
  const Ast& ast = check.ast;
  TextRange range = ast.range(node);
  check.need(8, range, "Cannot use named assignment expression (`:=`)");
  if (!check.lacks(9) || !check.isBare(node)) return;
  NodeId around = ast.parent(node);
  auto subscript = ast.tryAs<syntax::Subscript>(ast.is(around, NodeKind::kTuple) && check.isBare(around) ? ast.parent(around) : around);
  if (subscript && subscript->value() != node) {
    check.sayAdded(range, "Cannot use unparenthesized assignment expression in a sequence index", 9);
  } else if (ast.is(around, NodeKind::kSet)) {
    check.sayAdded(range, "Cannot use unparenthesized assignment expression as an element in a set literal", 9);
  } else if (ast.is(around, NodeKind::kSetComp) && ast.child(around, 0) == node) {
    check.sayAdded(range, "Cannot use unparenthesized assignment expression as an element in a set comprehension", 9);
  }
}

// Starred elements of a tuple without parentheses.
static void checkUnpacking(NewerSyntax& check, NodeId value, uint32_t added, std::string_view what) {
  if (!value.valid() || !check.lacks(added)) return;
  auto tuple = check.ast.tryAs<syntax::Tuple>(value);
  if (!tuple || !check.isBare(value)) return;
  for (NodeId element : tuple->elts()) {
    if (check.ast.is(element, NodeKind::kStarred)) check.sayAdded(check.ast.range(element), what, added);
  }
}

static void checkIndex(NewerSyntax& check, NodeId node) {
  checkUnpacking(check, check.ast.as<syntax::Subscript>(node).slice(), 11, "Cannot use star expression in index");
}

static std::string_view decoratorPart(const Ast& ast, NodeId node) {
  switch (ast.kind(node)) {
    case NodeKind::kAwait: return "`await` expression";
    case NodeKind::kBinOp: return "binary-operation expression";
    case NodeKind::kBoolOp: return "boolean expression";
    case NodeKind::kCompare: return "comparison expression";
    case NodeKind::kConstant: break;
    case NodeKind::kDict: return "a dict literal";
    case NodeKind::kDictComp: return "a dict comprehension";
    case NodeKind::kGeneratorExp: return "generator expression";
    case NodeKind::kIfExp: return "conditional expression";
    case NodeKind::kJoinedStr: return "f-string";
    case NodeKind::kLambda: return "lambda expression";
    case NodeKind::kList: return "a list literal";
    case NodeKind::kListComp: return "a list comprehension";
    case NodeKind::kNamedExpr: return "assignment expression";
    case NodeKind::kSet: return "a set literal";
    case NodeKind::kSetComp: return "a set comprehension";
    case NodeKind::kStarred: return "starred expression";
    case NodeKind::kSubscript: return "subscript expression";
    case NodeKind::kTemplateStr: return "t-string";
    case NodeKind::kTuple: return "a tuple literal";
    case NodeKind::kUnaryOp: return "unary-operation expression";
    case NodeKind::kYield: return "`yield` expression";
    case NodeKind::kYieldFrom: return "`yield from` expression";
    default: return {};
  }
  switch (ast.as<syntax::Constant>(node).constantKind()) {
    case syntax::ConstantKind::kInt: return "an int literal";
    case syntax::ConstantKind::kFloat: return "a float literal";
    case syntax::ConstantKind::kComplex: return "a complex literal";
    case syntax::ConstantKind::kStr: return "a string literal";
    case syntax::ConstantKind::kBytes: return "a bytes literal";
    case syntax::ConstantKind::kEllipsis: return "an ellipsis literal";
    case syntax::ConstantKind::kNone: return "a `None` literal";
    default: return "a boolean literal";
  }
}

// Before 3.9 a decorator was a dotted name, or a call of one. ref: PEP 614
static void checkDecorators(NewerSyntax& check, NodeList decorators) {
  if (!check.lacks(9)) return;
  const Ast& ast = check.ast;
  for (NodeId node : decorators) {
    if (auto call = ast.tryAs<syntax::Call>(node)) node = call->func();
    while (auto attribute = ast.tryAs<syntax::Attribute>(node)) node = attribute->value();
    if (ast.is(node, NodeKind::kCall)) {
      check.say(ast.range(node), "Cannot use a call expression in a decorator on Python 3." + std::to_string(check.minor) +
                                     " unless it is the top-level expression or it occurs in the argument list of a top-level call expression "
                                     "(relaxed decorator syntax was added in Python 3.9)");
    } else if (std::string_view part = decoratorPart(ast, node); !part.empty()) {
      check.sayAdded(ast.range(node), "Cannot use " + std::string(part) + " outside function call arguments in a decorator", 9);
    }
  }
}

static void checkTypeParams(NewerSyntax& check, NodeId name, NodeList params) {
  if (params.empty()) return;
  TextRange open = check.tokenFrom(check.ast.range(name).end, TokenKind::kLeftBracket);
  TextRange close = check.tokenFrom(check.ast.range(params.back()).end, TokenKind::kRightBracket);
  check.need(12, {open.begin, close.end}, "Cannot use type parameter lists");
}

static void checkTypeVar(NewerSyntax& check, NodeId node) {
  auto param = check.ast.as<syntax::TypeVar>(node);
  if (!param.defaultValue().valid()) return;
  uint32_t before = check.ast.range(param.bound().valid() ? param.bound() : param.name()).end;
  TextRange equal = check.tokenFrom(before, TokenKind::kEqual);
  check.need(13, {equal.begin, check.ast.range(node).end}, "Cannot set default type for a type parameter");
}

static void checkParameters(NewerSyntax& check, NodeId node) {
  const Ast& ast = check.ast;
  NodeId last;
  for (NodeId id : ast.as<syntax::Parameters>(node).params()) {
    auto param = ast.as<syntax::Parameter>(id);
    if (param.parameterKind() == syntax::ParameterKind::kPositionalOnly) last = id;
    bool is_star = param.annotation().valid() && ast.is(param.annotation(), NodeKind::kStarred);
    if (is_star) check.need(11, ast.range(param.annotation()), "Cannot use star annotation");
  }
  if (last.valid()) check.need(8, check.tokenFrom(ast.range(last).end, TokenKind::kSlash), "Cannot use positional-only parameter separator");
}

static void checkTry(NewerSyntax& check, NodeId node) {
  const Ast& ast = check.ast;
  auto attempt = ast.as<syntax::Try>(node);
  for (NodeId id : attempt.handlers()) {
    auto handler = ast.as<syntax::ExceptHandler>(id);
    if (attempt.isStar()) check.need(11, check.tokenFrom(ast.range(id).begin, TokenKind::kStar), "Cannot use `except*`");
    bool is_bare_tuple = handler.type().valid() && ast.is(handler.type(), NodeKind::kTuple) && check.isBare(handler.type());
    if (is_bare_tuple) check.need(14, ast.range(handler.type()), "Multiple exception types must be parenthesized");
  }
}

static void checkWith(NewerSyntax& check, NodeId node) {
  const Ast& ast = check.ast;
  auto with = ast.as<syntax::With>(node);
  if (with.items().empty()) return;
  TextRange word = check.tokenFrom(ast.range(node).begin, TokenKind::kKwWith);
  const Token& open = check.context.tokens.nextCode(word.end);
  NodeId first = ast.as<syntax::WithItem>(with.items()[0]).contextExpr();
  if (with.items().size() == 1) {
    auto only = ast.as<syntax::WithItem>(with.items()[0]);
    NodeId target = only.optionalVars();
    const Token& behind = check.context.tokens.nextCode(parenthesizedRange(check.context, target.valid() ? target : only.contextExpr()).end);
    if (behind.kind != TokenKind::kComma) return;
  }
  bool is_around_all = open.kind == TokenKind::kLeftParen && open.begin < parenthesizedRange(check.context, first).begin;
  if (is_around_all) check.need(9, open.range(), "Cannot use parentheses within a `with` statement");
}

// Is there an asynchronous comprehension inside of one that is not?
static void checkAsyncComprehension(NewerSyntax& check, NodeId node) {
  const Ast& ast = check.ast;
  auto generators = [&](NodeId id) { return ast.list(id, ast.is(id, NodeKind::kDictComp) ? 2 : 1); };
  auto isAsync = [&](NodeId id) {
    for (NodeId each : generators(id)) {
      if (ast.as<syntax::Comprehension>(each).isAsync()) return true;
    }
    return false;
  };
  if (!check.lacks(11) || ast.is(node, NodeKind::kGeneratorExp) || !isAsync(node)) return;
  NodeId child = node;
  for (NodeId at = ast.parent(node); at.valid() && !syntax::isStatement(ast, at); child = at, at = ast.parent(at)) {
    // The scope around a comprehension evaluates its first iterable.
    auto generator = ast.tryAs<syntax::Comprehension>(at);
    if (generator && generator->iter() == child && generators(ast.parent(at))[0] == at) {
      at = ast.parent(at);
      continue;
    }
    bool is_sync = ast.is(at, NodeKind::kListComp) || ast.is(at, NodeKind::kSetComp) || ast.is(at, NodeKind::kDictComp);
    if (!is_sync || isAsync(at)) continue;
    for (NodeId each : generators(node)) {
      if (!ast.as<syntax::Comprehension>(each).isAsync()) continue;
      check.say(ast.range(each), "cannot use an asynchronous comprehension inside of a synchronous comprehension on Python 3." +
                                     std::to_string(check.minor) + " (syntax was added in 3.11)");
    }
    return;
  }
}

// One field of an f-string in the quotes of the prefix: before 3.12 neither those quotes nor backslashes stood in it. ref: PEP 701
static void checkField(NewerSyntax& check, NodeId node, const syntax::StringPrefix& prefix, std::string_view quotes) {
  const Ast& ast = check.ast;
  auto field = ast.as<syntax::FormattedValue>(node);
  TextRange range = ast.range(node);
  uint32_t end = field.formatSpec().valid() ? ast.range(field.formatSpec()).begin : range.end;
  std::string_view text = ast.text({range.begin, end});
  for (size_t at = text.find('\\'); at != std::string_view::npos; at = text.find('\\', at + 1)) {
    uint32_t begin = range.begin + static_cast<uint32_t>(at);
    check.need(12, {begin, begin + 1}, "Cannot use an escape sequence (backslash) in f-strings");
  }
  if (size_t at = text.find(quotes); at != std::string_view::npos) {
    uint32_t begin = range.begin + static_cast<uint32_t>(at);
    check.need(12, {begin, begin + prefix.quote_size}, "Cannot reuse outer quote character in f-strings");
  }
  bool has_comment = false;
  for (const syntax::Comment& comment : ast.comments()) {
    if (comment.begin < range.begin || comment.begin >= end) continue;
    has_comment = true;
    check.need(12, {comment.begin, comment.end}, "Cannot use comments in f-strings");
  }
  if (!has_comment && !prefix.is_triple && text.find('\n') != std::string_view::npos) {
    check.need(12, {range.begin, range.begin + 1}, "Cannot use line breaks in non-triple-quoted f-string replacement fields");
  }
  if (!field.formatSpec().valid()) return;
  for (NodeId value : ast.as<syntax::JoinedStr>(field.formatSpec()).values()) {
    if (ast.is(value, NodeKind::kFormattedValue)) checkField(check, value, prefix, quotes);
  }
}

// The start of the literal that the field stands in, among literals side by side.
static uint32_t literalBegin(NewerSyntax& check, uint32_t whole, uint32_t field) {
  uint32_t found = whole, depth = 0;
  const std::vector<Token>& tokens = check.context.tokens.all();
  for (size_t i = check.context.tokens.firstAt(whole); i < tokens.size() && tokens[i].begin < field; ++i) {
    if (tokens[i].kind == TokenKind::kFStringEnd) --depth;
    if (tokens[i].kind == TokenKind::kFStringStart && depth++ == 0) found = tokens[i].begin;
  }
  return found;
}

static void checkFormatString(NewerSyntax& check, NodeId node) {
  const Ast& ast = check.ast;
  bool is_spec = ast.is(ast.parent(node), NodeKind::kFormattedValue) && ast.as<syntax::FormattedValue>(ast.parent(node)).value() != node;
  if (!check.lacks(12) || is_spec) return;
  for (NodeId value : ast.as<syntax::JoinedStr>(node).values()) {
    if (!ast.is(value, NodeKind::kFormattedValue)) continue;
    uint32_t begin = literalBegin(check, ast.range(node).begin, ast.range(value).begin);
    syntax::StringPrefix prefix = syntax::parseStringPrefix(ast.text().substr(begin));
    checkField(check, value, prefix, ast.text().substr(begin + prefix.prefix_size, prefix.quote_size));
  }
}

static TextRange wordAt(const Ast& ast, NodeId node, uint32_t size) { return {ast.range(node).begin, ast.range(node).begin + size}; }

// A parser sees that `match` begins a statement; where an operator or bracket follows, linters do not say that it is newer.
static void checkMatch(NewerSyntax& check, NodeId node) {
  TextRange word = wordAt(check.ast, node, 5);
  switch (check.context.tokens.nextCode(word.end).kind) {
    case TokenKind::kLeftParen: case TokenKind::kLeftBracket: case TokenKind::kStar: case TokenKind::kMinus: case TokenKind::kPlus: return;
    default: check.need(10, word, "Cannot use `match` statement");
  }
}

// Each literal of those side by side.
static void checkTemplate(NewerSyntax& check, NodeId node) {
  TextRange whole = check.ast.range(node);
  uint32_t depth = 0, begin = whole.begin;
  const std::vector<Token>& tokens = check.context.tokens.all();
  for (size_t i = check.context.tokens.firstAt(whole.begin); i < tokens.size() && tokens[i].end <= whole.end; ++i) {
    if (tokens[i].kind == TokenKind::kTStringStart && depth++ == 0) begin = tokens[i].begin;
    if (tokens[i].kind == TokenKind::kTStringEnd && --depth == 0) check.need(14, {begin, tokens[i].end}, "Cannot use t-strings");
  }
}

static void checkNode(NewerSyntax& check, NodeId node) {
  const Ast& ast = check.ast;
  switch (ast.kind(node)) {
    case NodeKind::kNamedExpr: return checkNamed(check, node);
    case NodeKind::kSubscript: return checkIndex(check, node);
    case NodeKind::kReturn:
      return checkUnpacking(check, ast.as<syntax::Return>(node).value(), 8, "Cannot use iterable unpacking in return statements");
    case NodeKind::kYield:
      return checkUnpacking(check, ast.as<syntax::Yield>(node).value(), 8, "Cannot use iterable unpacking in yield expressions");
    case NodeKind::kFor:
      return checkUnpacking(check, ast.as<syntax::For>(node).iter(), 9, "Cannot use iterable unpacking in `for` statements");
    case NodeKind::kFunctionDef: {
      auto function = ast.as<syntax::FunctionDef>(node);
      checkDecorators(check, function.decorators());
      return checkTypeParams(check, function.name(), function.typeParams());
    }
    case NodeKind::kClassDef: {
      auto cls = ast.as<syntax::ClassDef>(node);
      checkDecorators(check, cls.decorators());
      return checkTypeParams(check, cls.name(), cls.typeParams());
    }
    case NodeKind::kTypeAlias: return check.need(12, wordAt(ast, node, 4), "Cannot use `type` alias statement");
    case NodeKind::kTypeVar: return checkTypeVar(check, node);
    case NodeKind::kParameters: return checkParameters(check, node);
    case NodeKind::kMatch: return checkMatch(check, node);
    case NodeKind::kTry: return checkTry(check, node);
    case NodeKind::kWith: return checkWith(check, node);
    case NodeKind::kListComp:
    case NodeKind::kSetComp:
    case NodeKind::kDictComp: return checkAsyncComprehension(check, node);
    case NodeKind::kJoinedStr: return checkFormatString(check, node);
    case NodeKind::kTemplateStr: return checkTemplate(check, node);
    default: return;
  }
}

void reportNewerSyntax(LintContext& context) {
  if (!context.options.has_target || context.options.target_minor >= 14) return;
  NewerSyntax check{context};
  for (uint32_t i = 0; i < context.ast.nodeCount(); ++i) checkNode(check, NodeId{i});
}

}  // namespace krait::lint
