#include "cli/stubgen/stub_text.h"

#include "analyzer/base/text_scan.h"

namespace krait::cli {

using namespace krait::syntax;

// Longer defaults say `...`.
static constexpr size_t kLongestDefault = 100;

static bool isNameChar(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || (c & 0x80) != 0; }

// Line ends, with the blanks around them, become one blank; comments vanish. Strings stay.
static std::string onOneLine(std::string_view text) {
  std::string out;
  char quote = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (quote != 0) {
      out += c;
      if (c == '\\' && i + 1 < text.size()) out += text[++i];
      else if (c == quote) quote = 0;
      continue;
    }
    if (c == '#') {
      while (i + 1 < text.size() && text[i + 1] != '\n') ++i;
      continue;
    }
    if (c == '\\' && i + 1 < text.size() && text[i + 1] == '\n') continue;
    if (c == '\n' || c == ' ' || c == '\t' || c == '\r' || c == '\f') {
      bool is_inside = !out.empty() && out.back() != ' ' && out.back() != '[' && out.back() != '(';
      if (is_inside) out += ' ';
      continue;
    }
    if (c == '\'' || c == '"') quote = c;
    if ((c == ']' || c == ')' || c == ',') && !out.empty() && out.back() == ' ') out.pop_back();
    // A comma that only the line end made sensible.
    if ((c == ']' || c == ')') && out.size() > 1 && out.back() == ',' && text.find('\n') != std::string_view::npos && out[out.size() - 2] != '(') out.pop_back();
    out += c;
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

std::string sourceText(const Ast& ast, NodeId expression) {
  std::string text = onOneLine(ast.text(expression));
  // A docstring-like string over several lines cannot stand on one.
  return text.find('\n') == std::string::npos ? text : "...";
}

// Strings inside these are values, not types.
static bool holdsValues(const Ast& ast, NodeId subscripted) {
  std::string_view name = nameText(ast, subscripted);
  if (auto attribute = ast.tryAs<Attribute>(subscripted)) name = nameText(ast, attribute->attr());
  return name == "Literal" || name == "Annotated";
}

static std::string typeText(const Ast& ast, NodeId node);

static std::string textsOf(const Ast& ast, NodeList nodes) {
  std::string out;
  for (NodeId node : nodes) out += (out.empty() ? "" : ", ") + typeText(ast, node);
  return out;
}

static std::string sliceText(const Ast& ast, NodeId slice) {
  auto tuple = ast.tryAs<Tuple>(slice);
  if (!tuple || ast.hasFlag(slice, kParenthesized)) return typeText(ast, slice);
  return tuple->elts().size() == 1 ? typeText(ast, tuple->elts()[0]) + "," : textsOf(ast, tuple->elts());
}

static std::string typeText(const Ast& ast, NodeId node) {
  if (std::optional<std::string_view> value = stringValue(ast, node)) return value->find('\n') == std::string_view::npos ? std::string(*value) : "Incomplete";
  if (auto subscript = ast.tryAs<Subscript>(node)) {
    if (holdsValues(ast, subscript->value())) return sourceText(ast, node);
    return typeText(ast, subscript->value()) + "[" + sliceText(ast, subscript->slice()) + "]";
  }
  if (auto both = ast.tryAs<BinOp>(node); both && both->op() == BinaryOp::kBitOr) return typeText(ast, both->left()) + " | " + typeText(ast, both->right());
  if (auto list = ast.tryAs<List>(node)) return "[" + textsOf(ast, list->elts()) + "]";
  if (auto tuple = ast.tryAs<Tuple>(node)) return "(" + textsOf(ast, tuple->elts()) + (tuple->elts().size() == 1 ? ",)" : ")");
  return sourceText(ast, node);
}

std::string annotationText(const Ast& ast, NodeId annotation) { return typeText(ast, annotation); }

// Constants, and tuples and lists of them.
static bool isSimple(const Ast& ast, NodeId node, int depth) {
  if (depth == 0) return false;
  if (auto constant = ast.tryAs<Constant>(node)) return constant->constantKind() != ConstantKind::kComplex;
  if (auto unary = ast.tryAs<UnaryOp>(node)) return ast.is(unary->operand(), NodeKind::kConstant);
  NodeList items;
  if (auto tuple = ast.tryAs<Tuple>(node)) items = tuple->elts();
  else if (auto list = ast.tryAs<List>(node)) items = list->elts();
  else if (auto dict = ast.tryAs<Dict>(node)) return dict->values().empty();
  else return false;
  for (NodeId item : items) {
    if (!isSimple(ast, item, depth - 1)) return false;
  }
  return true;
}

std::string defaultText(const Ast& ast, NodeId value) {
  if (!isSimple(ast, value, 3)) return "...";
  std::string text = sourceText(ast, value);
  bool is_bare_tuple = ast.is(value, NodeKind::kTuple) && !text.starts_with('(');
  return text.size() > kLongestDefault ? "..." : is_bare_tuple ? "(" + text + ")" : text;
}

void collectNames(std::string_view text, std::set<std::string>& names) {
  TextScan scan;
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (!scan.take(text, i) || !isNameChar(c)) continue;
    size_t end = i;
    while (end < text.size() && isNameChar(text[end])) ++end;
    bool follows_dot = i > 0 && text[i - 1] == '.' && (i < 2 || text[i - 2] != '.');
    bool is_prefix = end < text.size() && (text[end] == '\'' || text[end] == '"');
    bool is_number = c >= '0' && c <= '9';
    if (!follows_dot && !is_prefix && !is_number) names.emplace(text.substr(i, end - i));
    i = end - 1;
  }
}

bool isPrivateName(std::string_view name) { return name.starts_with('_') && !(name.size() > 4 && name.starts_with("__") && name.ends_with("__")); }

}  // namespace krait::cli
