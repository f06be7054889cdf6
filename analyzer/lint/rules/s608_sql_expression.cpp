// S608: SQL put together from strings. ref: bandit B608
#include <algorithm>
#include <string>

#include "analyzer/lint/expressions.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/string_text.h"
#include "analyzer/syntax/string_literal.h"

namespace krait::lint {

static bool isSpace(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
static bool isBlank(char c) { return c == ' ' || c == '\t'; }
static bool isWordPart(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || (c & 0x80);
}

// The end of the last place where `word` stands between white space (or before it, with `is_last`), or npos.
static size_t lastSpaced(std::string_view text, std::string_view word) {
  for (size_t at = text.rfind(word); at != std::string_view::npos && at > 0; at = text.rfind(word, at - 1)) {
    if (isSpace(text[at - 1]) && at + word.size() < text.size() && isBlank(text[at + word.size()])) return at;
  }
  return std::string_view::npos;
}

// Does `first … second` stand in the text, both followed by white space, with something between?
static bool hasPair(std::string_view text, std::string_view first, std::string_view second) {
  size_t last = lastSpaced(text, second);
  if (last == std::string_view::npos) return false;
  for (size_t at = text.find(first); at != std::string_view::npos && at < last; at = text.find(first, at + 1)) {
    size_t end = at + first.size();
    bool begins = at == 0 || !isWordPart(text[at - 1]);
    if (begins && isSpace(text[end]) && end + 1 < last) return true;
  }
  return false;
}

static bool hasDelete(std::string_view text) {
  for (size_t at = text.find("delete"); at != std::string_view::npos; at = text.find("delete", at + 1)) {
    if (at > 0 && isWordPart(text[at - 1])) continue;
    size_t from = at + 6;
    while (from < text.size() && isSpace(text[from])) ++from;
    bool is_spaced = from > at + 6 && text.substr(from).starts_with("from");
    if (is_spaced && from + 4 < text.size() && isBlank(text[from + 4])) return true;
  }
  return false;
}

static bool isSql(std::string_view source) {
  std::string text;
  text.reserve(source.size());
  for (char c : source) text += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return hasPair(text, "select", "from") || hasDelete(text) || hasPair(text, "insert", "values") ||
         hasPair(text, "replace", "values") || hasPair(text, "update", "set");
}

// The literals of an implicitly joined string without the quotes between them.
static std::string contentOf(std::string_view source) {
  std::string out;
  for (size_t at = 0; at < source.size();) {
    syntax::StringPrefix prefix = syntax::parseStringPrefix(source.substr(at));
    size_t begin = at + prefix.prefix_size + prefix.quote_size;
    if (begin > source.size() || prefix.prefix_size > 2) break;
    std::string_view quote = source.substr(at + prefix.prefix_size, prefix.quote_size);
    if (quote.empty() || (quote[0] != '"' && quote[0] != '\'')) break;
    size_t end = begin;
    while (end < source.size() && source.substr(end, quote.size()) != quote) end += source[end] == '\\' ? 2 : 1;
    out += source.substr(begin, end > source.size() ? std::string_view::npos : end - begin);
    at = end + quote.size();
    while (at < source.size() && source[at] != '"' && source[at] != '\'' && !isWordPart(source[at]) &&
           !(source[at] >= 'A' && source[at] <= 'Z')) {
      at = source[at] == '#' ? std::min(source.find('\n', at), source.size()) : at + 1;
    }
  }
  return out;
}

// The text of a literal on one line: what ends a line stands there as its escape, so that no words meet across it.
static std::string onOneLine(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == '\n' && out.ends_with('\\')) {
      out.pop_back();  // the line goes on
      continue;
    }
    out += c == '\n' ? "\\n" : c == '\r' ? "\\r" : c == '\t' ? "\\t" : std::string(1, c);
  }
  return out;
}

// The operands of a sum with their literals on one line.
static std::string sumText(const Ast& ast, NodeId expr) {
  if (auto sum = ast.tryAs<syntax::BinOp>(expr)) return sumText(ast, sum->left()) + " + " + sumText(ast, sum->right());
  bool is_text = isStr(ast, expr) || ast.is(expr, NodeKind::kJoinedStr);
  return is_text ? onOneLine(ast.text(expr)) : std::string(ast.text(expr));
}

static void checkText(LintContext& context, NodeId node, std::string_view text) {
  if (isSql(text)) context.sink.begin("S608"_rule, context.ast.range(node));
}

namespace {
enum class Strings : uint8_t { kUnknown, kYes, kNo };
}  // namespace

// Is a sum certainly one of strings?
static Strings stringsOf(const Ast& ast, NodeId expr) {
  if (auto sum = ast.tryAs<syntax::BinOp>(expr)) {
    Strings left = stringsOf(ast, sum->left()), right = stringsOf(ast, sum->right());
    if (left == Strings::kNo || right == Strings::kNo) return Strings::kNo;
    return left == Strings::kYes || right == Strings::kYes ? Strings::kYes : Strings::kUnknown;
  }
  switch (ast.kind(expr)) {
    case NodeKind::kJoinedStr: return Strings::kYes;
    case NodeKind::kConstant: return isStr(ast, expr) ? Strings::kYes : Strings::kNo;
    case NodeKind::kList:
    case NodeKind::kTuple:
    case NodeKind::kSet:
    case NodeKind::kDict:
    case NodeKind::kListComp:
    case NodeKind::kSetComp:
    case NodeKind::kDictComp:
    case NodeKind::kGeneratorExp:
    case NodeKind::kLambda: return Strings::kNo;
    default: return Strings::kUnknown;
  }
}

void checkSqlSums(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto op = ast.as<syntax::BinOp>(node);
  if (op.op() == syntax::BinaryOp::kMod) {
    if (isStr(ast, op.left())) checkText(context, node, onOneLine(contentOf(ast.text(op.left()))));
    return;
  }
  if (op.op() != syntax::BinaryOp::kAdd || ast.is(ast.parent(node), NodeKind::kBinOp)) return;
  if (stringsOf(ast, node) == Strings::kYes) checkText(context, node, sumText(ast, node));
}

void checkSqlFormat(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto method = ast.tryAs<syntax::Attribute>(ast.as<syntax::Call>(node).func());
  if (!method || syntax::nameText(ast, method->attr()) != "format" || !isStr(ast, method->value())) return;
  checkText(context, node, onOneLine(contentOf(ast.text(method->value()))));
}

void checkSqlFString(LintContext& context, NodeId node) {
  NodeList parts = context.ast.as<syntax::JoinedStr>(node).values();
  bool has_field = std::any_of(parts.begin(), parts.end(), [&](NodeId part) { return context.ast.is(part, NodeKind::kFormattedValue); });
  if (has_field) checkText(context, node, joinedSource(context, node));
}

}  // namespace krait::lint
