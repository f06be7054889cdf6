// SIM905, FLY002: strings that are split or joined although their parts are known. ref: flake8-simplify SIM905, flynt
#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "analyzer/lint/expressions.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/string_text.h"
#include "analyzer/syntax/string_literal.h"

namespace krait::lint {

// The bytes of the white space that the text begins or, `at_end`, ends with; 0 for none. ref: str.isspace
static size_t blankSize(std::string_view text, bool at_end) {
  for (std::string_view blank : {" ", "\t", "\n", "\v", "\f", "\r", "\x1C", "\x1D", "\x1E", "\x1F", "\u0085", "\u00A0", "\u1680", "\u2000",
                                 "\u2001", "\u2002", "\u2003", "\u2004", "\u2005", "\u2006", "\u2007", "\u2008", "\u2009", "\u200A",
                                 "\u2028", "\u2029", "\u202F", "\u205F", "\u3000"}) {
    if (at_end ? text.ends_with(blank) : text.starts_with(blank)) return blank.size();
  }
  return 0;
}

// str.split and str.rsplit without a separator. ref: library reference, str.split
static std::vector<std::string> splitBlanks(std::string_view text, int64_t most, bool is_right) {
  std::vector<std::string> out;
  while (true) {
    while (size_t size = blankSize(text, is_right)) is_right ? text.remove_suffix(size) : text.remove_prefix(size);
    if (text.empty()) break;
    if (most >= 0 && static_cast<int64_t>(out.size()) == most) {
      out.emplace_back(text);
      break;
    }
    size_t size = 0;
    while (size < text.size() && blankSize(is_right ? text.substr(0, text.size() - size) : text.substr(size), is_right) == 0) ++size;
    out.emplace_back(is_right ? text.substr(text.size() - size) : text.substr(0, size));
    is_right ? text.remove_suffix(size) : text.remove_prefix(size);
  }
  if (is_right) std::reverse(out.begin(), out.end());
  return out;
}

static std::vector<std::string> splitAt(std::string_view text, std::string_view separator, int64_t most, bool is_right) {
  std::vector<std::string> out;
  while (most < 0 || static_cast<int64_t>(out.size()) < most) {
    size_t at = is_right ? text.rfind(separator) : text.find(separator);
    if (at == std::string_view::npos) break;
    out.emplace_back(is_right ? text.substr(at + separator.size()) : text.substr(0, at));
    text = is_right ? text.substr(0, at) : text.substr(at + separator.size());
  }
  out.emplace_back(text);
  if (is_right) std::reverse(out.begin(), out.end());
  return out;
}

// With an empty separator the characters, and an empty string on either side.
static std::vector<std::string> splitCharacters(std::string_view text, int64_t most, bool is_right) {
  std::vector<std::string> out = {""};
  for (size_t i = 0; i < text.size();) {
    size_t end = i + 1;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) ++end;
    out.emplace_back(text.substr(i, end - i));
    i = end;
  }
  out.emplace_back("");
  // What is over the limit stays together.
  while (most >= 0 && static_cast<int64_t>(out.size()) > most + 1) {
    size_t at = is_right ? 0 : out.size() - 2;
    out[at] += out[at + 1];
    out.erase(out.begin() + static_cast<ptrdiff_t>(at) + 1);
  }
  return out;
}

void checkStaticSplit(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto call = ast.as<syntax::Call>(node);
  auto method = ast.tryAs<syntax::Attribute>(call.func());
  if (!method || call.args().size() > 2) return;
  std::string_view name = syntax::nameText(ast, method->attr());
  auto text = syntax::stringValue(ast, method->value());
  if (!text || (name != "split" && name != "rsplit")) return;
  NodeId separator = argumentOf(ast, node, "sep", 0), limit = argumentOf(ast, node, "maxsplit", 1);
  std::optional<std::string_view> by;
  if (separator.valid() && !isNone(ast, separator)) {
    by = syntax::stringValue(ast, separator);
    if (!by) return;
  }
  int64_t most = -1;
  if (limit.valid()) {
    auto number = intValue(ast, limit);
    if (!number) return;
    most = *number;
  }
  bool is_right = name == "rsplit";
  std::vector<std::string> parts = !by ? splitBlanks(*text, most, is_right)
                                   : by->empty() ? splitCharacters(*text, most, is_right)
                                                 : splitAt(*text, *by, most, is_right);
  std::string_view source = ast.text(method->value());
  syntax::StringPrefix prefix = syntax::parseStringPrefix(source);
  char quote = source[prefix.prefix_size];
  std::string list = "[";
  for (const std::string& part : parts) {
    std::string_view letters = source.substr(0, prefix.prefix_size);
    if (list.size() > 1) list += ", ";
    list += quotedText(part, letters, quote);
  }
  list += "]";
  context.sink.begin("SIM905"_rule, ast.range(node), {name})
      .fix("Replace with list literal", {{ast.range(node), list}}, hasComment(ast, ast.range(node)) ? FixSafety::kUnsafe : FixSafety::kSafe);
}

// Can the element stand in a replacement field as it is: a name, attribute chain, number, or a call of one without
// arguments?
static bool isSimpleField(const Ast& ast, NodeId element) {
  if (auto call = ast.tryAs<syntax::Call>(element)) return call->args().empty() && !dottedText(ast, call->func()).empty();
  auto constant = ast.tryAs<syntax::Constant>(element);
  if (constant) return constant->constantKind() == syntax::ConstantKind::kInt || constant->constantKind() == syntax::ConstantKind::kFloat || constant->constantKind() == syntax::ConstantKind::kComplex || isBool(ast, element);
  return !dottedText(ast, element).empty();
}

static void appendLiteral(std::string& out, std::string_view text, bool doubles_braces) {
  for (char c : text) {
    out += c;
    if (doubles_braces && (c == '{' || c == '}')) out += c;
  }
}

// The quote that the file's first string on one line has.
static char preferredQuote(const Ast& ast) {
  uint32_t first = UINT32_MAX;
  char quote = '"';
  for (uint32_t i = 0; i < ast.nodeCount(); ++i) {
    NodeId node(i);
    auto constant = ast.tryAs<syntax::Constant>(node);
    bool is_text = constant && (constant->constantKind() == syntax::ConstantKind::kStr || constant->constantKind() == syntax::ConstantKind::kBytes);
    if (ast.is(ast.parent(node), NodeKind::kJoinedStr) || (!is_text && !ast.is(node, NodeKind::kJoinedStr))) continue;
    uint32_t begin = ast.range(node).begin;
    if (begin >= first) continue;
    syntax::StringPrefix prefix = syntax::parseStringPrefix(ast.text(node));
    if (prefix.quote_size == 3 && is_text) continue;
    first = begin;
    quote = ast.text(node)[prefix.prefix_size];
  }
  return quote;
}

// The value as a literal with the prefix and the quotes of another one; a raw one where it can be.
static std::string likeLiteral(std::string_view source, const std::string& value) {
  size_t size = syntax::parseStringPrefix(source).prefix_size;
  std::string prefix(source.substr(0, size));
  char quote = source[size];
  bool is_raw = prefix.find_first_of("rR") != std::string::npos;
  if (!is_raw) return quotedText(value, prefix, quote);
  bool is_long = value.find_first_of("\n\r") != std::string::npos;
  std::string quotes(is_long ? 3 : 1, quote);
  // In a raw literal a quote needs a backslash before it, which is a part of the value.
  size_t slashes = 0;
  for (size_t i = 0; i <= value.size(); ++i) {
    bool is_quote = i < value.size() && (is_long ? value.substr(i, 3) == quotes : value[i] == quote);
    bool is_broken = i == value.size() ? slashes % 2 == 1 : is_quote && slashes % 2 == 0;
    if (is_broken) return quotedText(value, "", quote);
    slashes = i < value.size() && value[i] == '\\' ? slashes + 1 : 0;
  }
  return prefix + quotes + value + quotes;
}

void checkStaticJoin(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto call = ast.as<syntax::Call>(node);
  auto method = call.args().size() == 1 ? ast.tryAs<syntax::Attribute>(call.func()) : std::nullopt;
  if (!method || syntax::nameText(ast, method->attr()) != "join") return;
  auto joiner = syntax::stringValue(ast, method->value());
  NodeId list = call.args()[0];
  if (!joiner || (!ast.is(list, NodeKind::kList) && !ast.is(list, NodeKind::kTuple))) return;
  NodeList elements = ast.list(list, 0);
  if (elements.empty()) return;
  bool are_strings = true;
  for (NodeId element : elements) {
    bool is_string = isStr(ast, element);
    if (!is_string && !isSimpleField(ast, element)) return;
    are_strings = are_strings && is_string;
  }
  std::string value;
  for (size_t i = 0; i < elements.size(); ++i) {
    if (i > 0) appendLiteral(value, *joiner, !are_strings);
    if (auto text = syntax::stringValue(ast, elements[i])) {
      appendLiteral(value, *text, !are_strings);
    } else {
      value += "{" + std::string(ast.text(elements[i])) + "}";
    }
  }
  std::string text = are_strings ? likeLiteral(ast.text(elements[0]), value) : quotedText(value, "f", preferredQuote(ast));
  bool is_short = countUnits(text, ColumnUnit::kUtf32) <= 50 && text.find('\n') == std::string::npos;
  std::string shown = is_short ? "`" + text + "`" : "f-string";
  context.sink.begin("FLY002"_rule, ast.range(node), {shown}).fix(is_short ? "Replace with " + shown : "Replace with f-string", {{ast.range(node), text}}, FixSafety::kUnsafe);
}

}  // namespace krait::lint
