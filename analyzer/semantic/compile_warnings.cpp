#include "analyzer/semantic/compile_warnings.h"

#include <algorithm>
#include <set>

#include "analyzer/syntax/string_literal.h"
#include "analyzer/syntax/tokens/syntax_error.h"
#include "analyzer/syntax/tokens/tokenizer.h"

namespace krait::semantic {

using namespace syntax;

namespace {

struct WarningReader {
  const Ast& ast;
  std::vector<CompileWarning> lexical = {}, structural = {}, generated = {};

  void add(std::vector<CompileWarning>& to, TextRange range, std::string message, std::string error_message = "") {
    to.push_back({.message = std::move(message), .error_message = std::move(error_message), .range = range, .line = linePlaceOf(ast.text(), range.begin).line});
  }
};

}  // namespace

// --- escapes
static bool isOctal(char c) { return c >= '0' && c <= '7'; }

// The first bad escape of a literal's content; only that one is told.
static void readEscapes(WarningReader& reader, uint32_t begin, uint32_t end, bool is_bytes, bool is_format) {
  std::string_view text = reader.ast.text();
  // A format string's text ends before the brace that its last backslash stands before.
  for (uint32_t i = begin; i + (is_format ? 0 : 1) < end && i + 1 < text.size(); ++i) {
    if (text[i] != '\\') continue;
    bool is_large = i + 3 < end && text[i + 1] >= '4' && text[i + 1] <= '7' && isOctal(text[i + 2]) && isOctal(text[i + 3]);
    bool is_brace = is_format && (text[i + 1] == '{' || text[i + 1] == '}');
    if (beginsEscape(text[i + 1], is_bytes) && !is_large && !is_brace) {
      ++i;
      continue;
    }
    uint32_t size = is_large ? 4 : 2;
    while (i + size < end && (static_cast<unsigned char>(text[i + size]) & 0xC0) == 0x80) ++size;
    std::string shown = "\"" + std::string(text.substr(i, size)) + "\" is an invalid " + (is_large ? "octal " : "") + "escape sequence. ";
    std::string advice = "Did you mean \"\\" + std::string(text.substr(i, size)) + "\"? A raw string is also an option.";
    reader.add(reader.lexical, {i, i + size}, shown + "Such sequences will not work in the future. " + advice, shown + advice);
    return;
  }
}

static void readStrings(WarningReader& reader) {
  std::string_view text = reader.ast.text();
  if (text.find('\\') == std::string_view::npos) return;
  std::vector<Token> tokens = tokenize(text).tokens;
  std::vector<bool> is_raw;  // of the format strings that are open
  for (const Token& token : tokens) {
    std::string_view literal = text.substr(token.begin, token.end - token.begin);
    if (token.kind == TokenKind::kFStringStart) is_raw.push_back(parseStringPrefix(literal).is_raw);
    if (token.kind == TokenKind::kFStringEnd && !is_raw.empty()) is_raw.pop_back();
    if (literal.find('\\') == std::string_view::npos) continue;
    if (token.kind == TokenKind::kFStringMiddle && !is_raw.empty() && !is_raw.back()) readEscapes(reader, token.begin, token.end, false, true);
    if (token.kind != TokenKind::kString) continue;
    StringPrefix prefix = parseStringPrefix(literal);
    uint32_t head = prefix.prefix_size + prefix.quote_size;
    if (!prefix.is_raw) readEscapes(reader, token.begin + head, token.end - prefix.quote_size, prefix.is_bytes, false);
  }
}

// `1if x`: the number's last character and the keyword touch.
static void readNumber(WarningReader& reader, NodeId id, ConstantKind kind) {
  if (kind != ConstantKind::kInt && kind != ConstantKind::kFloat && kind != ConstantKind::kComplex) return;
  std::string_view text = reader.ast.text();
  TextRange range = reader.ast.range(id);
  char next = range.end < text.size() ? text[range.end] : ' ';
  bool is_letter = (next | 32) >= 'a' && (next | 32) <= 'z';
  if (!is_letter) return;
  char mark = text[range.begin] == '0' && range.begin + 1 < range.end ? static_cast<char>(text[range.begin + 1] | 32) : ' ';
  const char* name = kind == ConstantKind::kComplex ? "imaginary" : mark == 'x' ? "hexadecimal" : mark == 'o' ? "octal" : mark == 'b' ? "binary" : "decimal";
  reader.add(reader.lexical, {range.end - 1, range.end - 1}, "invalid " + std::string(name) + " literal");
}

// --- finally
static void readFinally(WarningReader& reader, NodeList statements, bool is_in_loop, std::set<uint32_t>& seen);

static void readFinallyStatement(WarningReader& reader, NodeId id, bool is_in_loop, std::set<uint32_t>& seen) {
  const Ast& ast = reader.ast;
  const char* what = nullptr;
  switch (ast.kind(id)) {
    case NodeKind::kReturn: what = "return"; break;
    case NodeKind::kBreak: what = is_in_loop ? nullptr : "break"; break;
    case NodeKind::kContinue: what = is_in_loop ? nullptr : "continue"; break;
    case NodeKind::kFor:
      readFinally(reader, ast.as<For>(id).body(), true, seen);
      return readFinally(reader, ast.as<For>(id).orelse(), is_in_loop, seen);
    case NodeKind::kWhile:
      readFinally(reader, ast.as<While>(id).body(), true, seen);
      return readFinally(reader, ast.as<While>(id).orelse(), is_in_loop, seen);
    case NodeKind::kIf:
      readFinally(reader, ast.as<If>(id).body(), is_in_loop, seen);
      return readFinally(reader, ast.as<If>(id).orelse(), is_in_loop, seen);
    case NodeKind::kWith: return readFinally(reader, ast.as<With>(id).body(), is_in_loop, seen);
    case NodeKind::kMatch:
      for (NodeId match_case : ast.as<Match>(id).cases()) readFinally(reader, ast.as<MatchCase>(match_case).body(), is_in_loop, seen);
      return;
    case NodeKind::kTry: {
      auto statement = ast.as<Try>(id);
      readFinally(reader, statement.body(), is_in_loop, seen);
      for (NodeId handler : statement.handlers()) readFinally(reader, ast.as<ExceptHandler>(handler).body(), is_in_loop, seen);
      readFinally(reader, statement.orelse(), is_in_loop, seen);
      return readFinally(reader, statement.finalbody(), is_in_loop, seen);
    }
    default: return;
  }
  if (what != nullptr && seen.insert(id.value).second) reader.add(reader.structural, ast.range(id), "'" + std::string(what) + "' in a 'finally' block");
}

static void readFinally(WarningReader& reader, NodeList statements, bool is_in_loop, std::set<uint32_t>& seen) {
  for (NodeId id : statements) readFinallyStatement(reader, id, is_in_loop, seen);
}

// --- what code generation looks at
static const char* constantType(ConstantKind kind) {
  switch (kind) {
    case ConstantKind::kNone: return "NoneType";
    case ConstantKind::kTrue:
    case ConstantKind::kFalse: return "bool";
    case ConstantKind::kEllipsis: return "ellipsis";
    case ConstantKind::kInt: return "int";
    case ConstantKind::kFloat: return "float";
    case ConstantKind::kComplex: return "complex";
    case ConstantKind::kStr: return "str";
    case ConstantKind::kBytes: return "bytes";
  }
  return "";
}

// The class of a display's or constant's value; null: not known. ref: infer_type.
static const char* typeOfDisplay(const Ast& ast, NodeId id) {
  switch (ast.kind(id)) {
    case NodeKind::kTuple: return "tuple";
    case NodeKind::kList:
    case NodeKind::kListComp: return "list";
    case NodeKind::kDict:
    case NodeKind::kDictComp: return "dict";
    case NodeKind::kSet:
    case NodeKind::kSetComp: return "set";
    case NodeKind::kGeneratorExp: return "generator";
    case NodeKind::kLambda: return "function";
    case NodeKind::kTemplateStr: return "string.templatelib.Template";
    case NodeKind::kJoinedStr: return "str";
    case NodeKind::kConstant: return constantType(ast.as<Constant>(id).constantKind());
    default: return nullptr;
  }
}

// A tuple of constants is one itself.
static bool isConstant(const Ast& ast, NodeId id) {
  if (ast.is(id, NodeKind::kConstant)) return true;
  auto tuple = ast.tryAs<Tuple>(id);
  if (!tuple) return false;
  NodeList items = tuple->elts();
  return std::all_of(items.begin(), items.end(), [&](NodeId item) { return isConstant(ast, item); });
}

// One that `is` may not be asked about.
static bool isLiteral(const Ast& ast, NodeId id) {
  if (!isConstant(ast, id)) return false;
  auto constant = ast.tryAs<Constant>(id);
  if (!constant) return true;
  ConstantKind kind = constant->constantKind();
  return kind != ConstantKind::kNone && kind != ConstantKind::kTrue && kind != ConstantKind::kFalse && kind != ConstantKind::kEllipsis;
}

static void readCompare(WarningReader& reader, NodeId id) {
  auto compare = reader.ast.as<Compare>(id);
  NodeId left = compare.left();
  NodeList comparators = compare.comparators();
  for (size_t i = 0; i < comparators.size(); ++i) {
    auto op = static_cast<CompareOperator>(compare.ops()[i].value);
    bool is_identity = op == CompareOperator::kIs || op == CompareOperator::kIsNot;
    bool is_left = isLiteral(reader.ast, left);
    if (is_identity && (is_left || isLiteral(reader.ast, comparators[i]))) {
      std::string type = typeOfDisplay(reader.ast, is_left ? left : comparators[i]);
      bool is_plain = op == CompareOperator::kIs;
      reader.add(reader.generated, reader.ast.range(id), std::string(is_plain ? "\"is\"" : "\"is not\"") + " with '" + type + "' literal. Did you mean \"" + (is_plain ? "==" : "!=") + "\"?");
      return;
    }
    left = comparators[i];
  }
}

static constexpr const char* kComma = "; perhaps you missed a comma?";

static void readCall(WarningReader& reader, NodeId id) {
  NodeId callee = reader.ast.as<Call>(id).func();
  const char* type = reader.ast.is(callee, NodeKind::kLambda) ? nullptr : typeOfDisplay(reader.ast, callee);
  if (type != nullptr) reader.add(reader.generated, reader.ast.range(callee), "'" + std::string(type) + "' object is not callable" + kComma);
}

static bool isSubscriptable(const Ast& ast, NodeId id) {
  switch (ast.kind(id)) {
    case NodeKind::kSet:
    case NodeKind::kSetComp:
    case NodeKind::kGeneratorExp:
    case NodeKind::kTemplateStr:
    case NodeKind::kLambda: return false;
    case NodeKind::kConstant: {
      ConstantKind kind = ast.as<Constant>(id).constantKind();
      return kind == ConstantKind::kStr || kind == ConstantKind::kBytes;
    }
    default: return true;
  }
}

static void readSubscript(WarningReader& reader, NodeId id) {
  auto subscript = reader.ast.as<Subscript>(id);
  if (subscript.context() != ExprContext::kLoad) return;
  NodeId value = subscript.value();
  const char* type = typeOfDisplay(reader.ast, value);
  if (type == nullptr) return;
  if (!isSubscriptable(reader.ast, value)) {
    reader.add(reader.generated, reader.ast.range(value), "'" + std::string(type) + "' object is not subscriptable" + kComma);
    return;
  }
  const char* index = typeOfDisplay(reader.ast, subscript.slice());
  NodeKind kind = reader.ast.kind(value);
  bool is_sequence = kind != NodeKind::kDict && kind != NodeKind::kDictComp;
  bool is_fine = index == nullptr || std::string_view(index) == "int" || std::string_view(index) == "bool";
  if (is_fine || !is_sequence) return;
  reader.add(reader.generated, reader.ast.range(value), std::string(type) + " indices must be integers or slices, not " + index + kComma);
}

static void readAssert(WarningReader& reader, NodeId id) {
  auto tuple = reader.ast.tryAs<Tuple>(reader.ast.as<Assert>(id).test());
  if (tuple && !tuple->elts().empty()) reader.add(reader.generated, reader.ast.range(id), "assertion is always true, perhaps remove parentheses?");
}

static void inOrder(std::vector<CompileWarning>& warnings, std::vector<CompileWarning>& out) {
  std::stable_sort(warnings.begin(), warnings.end(), [](const CompileWarning& a, const CompileWarning& b) {
    return a.range.begin != b.range.begin ? a.range.begin < b.range.begin : a.range.end > b.range.end;
  });
  for (CompileWarning& warning : warnings) out.push_back(std::move(warning));
}

std::vector<CompileWarning> findParseWarnings(const Ast& ast) {
  WarningReader reader{.ast = ast};
  readStrings(reader);
  for (uint32_t i = 0; i < ast.nodeCount(); ++i) {
    if (auto constant = ast.tryAs<Constant>(NodeId(i))) readNumber(reader, NodeId(i), constant->constantKind());
  }
  std::vector<CompileWarning> out;
  inOrder(reader.lexical, out);
  return out;
}

std::vector<CompileWarning> findCompileWarnings(const Ast& ast) {
  WarningReader reader{.ast = ast};
  std::set<uint32_t> seen;
  for (uint32_t i = 0; i < ast.nodeCount(); ++i) {
    NodeId id(i);
    switch (ast.kind(id)) {
      case NodeKind::kTry: readFinally(reader, ast.as<Try>(id).finalbody(), false, seen); break;
      case NodeKind::kCompare: readCompare(reader, id); break;
      case NodeKind::kCall: readCall(reader, id); break;
      case NodeKind::kSubscript: readSubscript(reader, id); break;
      case NodeKind::kAssert: readAssert(reader, id); break;
      default: break;
    }
  }
  std::vector<CompileWarning> out;
  inOrder(reader.structural, out);
  inOrder(reader.generated, out);
  return out;
}

}  // namespace krait::semantic
