#include "runtime/compile/input_mode.h"

#include <algorithm>

#include "analyzer/syntax/tokens/tokenizer.h"

namespace krait::compile {

using codegen::CompileMode;
using syntax::NodeKind;
using syntax::SyntaxError;
using syntax::Token;
using syntax::TokenKind;

SyntaxError errorAt(std::string_view text, TextRange range, std::string message) {
  SyntaxError error;
  error.message = std::move(message);
  error.range = range;
  syntax::LinePlace begin = syntax::linePlaceOf(text, range.begin), end = syntax::linePlaceOf(text, range.end);
  error.line = begin.line;
  error.column = syntax::characterColumn(text, begin.start, range.begin - begin.start + 1);
  error.end_line = end.line;
  error.end_column = syntax::characterColumn(text, end.start, range.end - end.start + 1);
  return error;
}

namespace {
constexpr const char* kInvalid = "invalid syntax";

// A text without any statement: the end of the input stands on its last line.
SyntaxError emptyError(std::string_view text) {
  size_t last = text.rfind('\n');
  std::string_view rest = last == std::string_view::npos ? text : text.substr(last + 1);
  SyntaxError error;
  error.line = error.end_line = static_cast<int32_t>(std::count(text.begin(), text.end(), '\n') + (rest.empty() ? 0 : 1));
  error.message = kInvalid;
  if (!rest.empty() && rest.find_first_not_of(" \t\f") == std::string_view::npos) {
    error.error_class = syntax::SyntaxErrorClass::kIndentationError;
    error.message = "unexpected indent";
    error.column = static_cast<int32_t>(rest.size());
    error.end_column = -1;
  }
  return error;
}
bool isStatementsEnd(TokenKind kind) {
  return kind == TokenKind::kNewline || kind == TokenKind::kIndent || kind == TokenKind::kDedent || kind == TokenKind::kEndMarker;
}
SyntaxError invalidAt(std::string_view text, const Token& token) { return errorAt(text, token.range(), kInvalid); }

struct Input {
  const syntax::Ast& ast;
  std::string_view text;
  std::vector<Token> tokens;
  syntax::NodeList body;

  const Token& tokenFrom(uint32_t offset) const {
    return *std::find_if(tokens.begin(), tokens.end() - 1, [&](const Token& t) { return t.begin >= offset && !isStatementsEnd(t.kind); });
  }
};

// The operator behind an assignment's target.
const Token& operatorAfter(const Input& input, syntax::NodeId target) {
  uint32_t end = input.ast.range(target).end;
  return *std::find_if(input.tokens.begin(), input.tokens.end() - 1,
                       [&](const Token& t) { return t.begin >= end && t.depth == 0 && t.kind != TokenKind::kRightParen; });
}
std::optional<SyntaxError> findEvalError(const Input& input) {
  const syntax::Ast& ast = input.ast;
  syntax::NodeId first = input.body[0];
  if (auto assign = ast.tryAs<syntax::Assign>(first)) return invalidAt(input.text, operatorAfter(input, assign->targets()[0]));
  if (auto assign = ast.tryAs<syntax::AugAssign>(first)) return invalidAt(input.text, operatorAfter(input, assign->target()));
  if (auto assign = ast.tryAs<syntax::AnnAssign>(first)) return invalidAt(input.text, operatorAfter(input, assign->target()));
  const Token& begin = input.tokenFrom(0);
  if (!ast.is(first, NodeKind::kExprStmt) || begin.kind == TokenKind::kKwYield) return invalidAt(input.text, begin);
  // `*a, b` is an expression only where a statement stands, or in brackets.
  syntax::NodeId value = ast.child(first, 0);
  auto isOpenStar = [&](syntax::NodeId item) { return ast.is(item, NodeKind::kStarred) && input.tokenFrom(ast.range(item).begin).depth == 0; };
  if (isOpenStar(value)) return invalidAt(input.text, begin);
  if (auto tuple = ast.tryAs<syntax::Tuple>(value)) {
    for (syntax::NodeId item : tuple->elts()) {
      if (isOpenStar(item)) return invalidAt(input.text, input.tokenFrom(ast.range(item).begin));
    }
  }
  for (const Token& t : input.tokens) {
    if (t.kind == TokenKind::kSemicolon && t.depth == 0) return invalidAt(input.text, t);
    if (t.kind == TokenKind::kNewline) break;
  }
  if (input.body.size() > 1) return invalidAt(input.text, input.tokenFrom(ast.range(input.body[1]).begin));
  return std::nullopt;
}

bool isCompound(const syntax::Ast& ast, syntax::NodeId statement) {
  switch (ast.kind(statement)) {
    case NodeKind::kFunctionDef: case NodeKind::kClassDef: case NodeKind::kFor: case NodeKind::kWhile: case NodeKind::kIf: case NodeKind::kWith:
    case NodeKind::kMatch: case NodeKind::kTry:
      return true;
    default: return false;
  }
}
// The end of the first logical line, whose statements are simple, when something stands behind it.
std::optional<SyntaxError> findRest(std::string_view text, const std::vector<Token>& tokens) {
  auto newline = std::find_if(tokens.begin(), tokens.end(), [](const Token& t) { return t.kind == TokenKind::kNewline; });
  if (newline == tokens.end() || newline == tokens.begin()) return std::nullopt;
  uint32_t line_end = syntax::lineEndOf(text, newline[-1].end);
  for (size_t at = line_end; at < text.size(); ++at) {
    if (text[at] == '#') at = syntax::lineEndOf(text, static_cast<uint32_t>(at));
    if (at >= text.size() || std::string_view(" \t\f\r\n").find(text[at]) != std::string_view::npos) continue;
    size_t comment = text.substr(newline[-1].end, line_end - newline[-1].end).find('#');
    uint32_t begin = comment == std::string_view::npos ? line_end : newline[-1].end + static_cast<uint32_t>(comment);
    SyntaxError error = errorAt(text, {begin, begin}, "multiple statements found while compiling a single statement");
    error.end_column = error.column + static_cast<int32_t>(line_end - begin) + 1;
    return error;
  }
  return std::nullopt;
}
// A compound statement that is written in one line ends with an empty one: without, the end of the input stands in its last line.
// ref: statement_newline.
std::optional<SyntaxError> findOpenLine(const Input& input) {
  auto last = std::find_if(input.tokens.rbegin(), input.tokens.rend(), [](const Token& t) { return t.kind != TokenKind::kEndMarker; });
  if (last == input.tokens.rend() || last->kind == TokenKind::kDedent || input.text.substr(last->begin).find('\n') != std::string_view::npos) return std::nullopt;
  uint32_t end = static_cast<uint32_t>(input.text.size());
  SyntaxError error = errorAt(input.text, {end, end}, kInvalid);
  error.column = error.end_column = 0;
  return error;
}
}  // namespace

std::optional<SyntaxError> findModeError(const syntax::ParsedModule& module, std::string_view text, CompileMode mode) {
  if (mode == CompileMode::kExec) return module.error;
  syntax::TokenList tokens = syntax::tokenize(text);
  bool is_empty = std::all_of(tokens.tokens.begin(), tokens.tokens.end(), [](const Token& t) { return isStatementsEnd(t.kind); });
  if (is_empty && !tokens.error && !module.error) return emptyError(text);
  if (tokens.tokens.empty()) return module.error;
  if (module.error) {
    // An interactive statement is read to the end of its line only.
    std::optional<SyntaxError> rest = mode == CompileMode::kSingle ? findRest(text, tokens.tokens) : std::nullopt;
    if (!rest || rest->range.begin >= module.error->range.begin) return module.error;
    std::string_view line = text.substr(0, rest->range.begin);
    Interner names;
    syntax::ParsedModule first = syntax::parseModule(line, names);
    syntax::NodeList body = syntax::bodyOf(first.ast, first.ast.root());
    return !first.error && !body.empty() && !isCompound(first.ast, body[0]) ? rest : module.error;
  }
  Input input{module.ast, text, std::move(tokens.tokens), syntax::bodyOf(module.ast, module.ast.root())};
  if (input.body.empty()) return std::nullopt;
  if (mode == CompileMode::kEval) return findEvalError(input);
  if (!isCompound(input.ast, input.body[0])) return findRest(text, input.tokens);
  if (input.body.size() > 1) return invalidAt(text, input.tokenFrom(input.ast.range(input.body[1]).begin));
  return findOpenLine(input);
}

// Whether so many digits and underscores stand together anywhere.
static bool hasDigits(std::string_view text, size_t count) {
  auto isDigit = [&](size_t i) { return (text[i] >= '0' && text[i] <= '9') || text[i] == '_'; };
  for (size_t at = count - 1; at < text.size(); at += count) {  // each run of this length covers one of these places
    if (!isDigit(at)) continue;
    size_t begin = at, end = at;
    while (begin > 0 && isDigit(begin - 1)) --begin;
    while (end < text.size() && isDigit(end)) ++end;
    if (end - begin >= count) return true;
  }
  return false;
}

std::optional<SyntaxError> findLongNumber(const syntax::Ast& ast, std::string_view text, int64_t limit) {
  if (limit <= 0 || !hasDigits(text, static_cast<size_t>(limit) + 1)) return std::nullopt;
  TextRange first{UINT32_MAX, 0};
  int64_t digits = 0;
  for (uint32_t i = 0; i < ast.nodeCount(); ++i) {
    TextRange range = ast.range(syntax::NodeId(i));
    if (ast.kind(syntax::NodeId(i)) != NodeKind::kConstant || range.begin >= first.begin) continue;
    std::string_view number = ast.text(range);
    if (number.find_first_not_of("0123456789_") != std::string_view::npos) continue;
    int64_t count = static_cast<int64_t>(number.size()) - std::count(number.begin(), number.end(), '_');
    if (count <= limit) continue;
    first = range;
    digits = count;
  }
  if (digits == 0) return std::nullopt;
  SyntaxError error = errorAt(text, first, "Exceeds the limit (" + std::to_string(limit) + " digits) for integer string conversion: value has " + std::to_string(digits) +
      " digits; use sys.set_int_max_str_digits() to increase the limit - Consider hexadecimal for huge integer literals to avoid decimal conversion limits.");
  error.column = error.end_column = 0;  // the parser tells the line alone
  return error;
}

}  // namespace krait::compile
