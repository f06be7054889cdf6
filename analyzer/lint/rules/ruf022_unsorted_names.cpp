// RUF022, RUF023, RUF068: `__all__` and `__slots__` in order and without doubles.
#include <algorithm>
#include <set>

#include "analyzer/lint/assignments.h"
#include "analyzer/lint/docstring_sections.h"
#include "analyzer/lint/docstrings.h"
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/natural_order.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/shared_tokens.h"
#include "analyzer/lint/statement_edits.h"

namespace krait::lint {

// Constants, then classes, then the rest, as isort groups the names of an import.
static int groupOf(std::string_view name) {
  bool has_lower = std::any_of(name.begin(), name.end(), [](char c) { return c >= 'a' && c <= 'z'; });
  bool has_upper = std::any_of(name.begin(), name.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  if (has_upper && !has_lower && name.size() > 1) return 0;
  return !name.empty() && name[0] >= 'A' && name[0] <= 'Z' ? 1 : 2;
}

static bool comesBefore(std::string_view a, std::string_view b, bool is_grouped) {
  if (is_grouped && groupOf(a) != groupOf(b)) return groupOf(a) < groupOf(b);
  return compareNatural(a, b) < 0;
}

namespace {
struct Names {
  NodeId display;
  std::vector<NodeId> nodes;
  std::vector<std::string_view> values;
};
}  // namespace

static std::optional<Names> readNames(const Ast& ast, NodeId display) {
  Names out{.display = display, .nodes = {}, .values = {}};
  NodeKind kind = ast.kind(display);
  if (kind == NodeKind::kDict) {
    auto dict = ast.as<syntax::Dict>(display);
    for (NodeId key : dict.keys()) {
      std::optional<std::string_view> text = key.valid() ? syntax::stringValue(ast, key) : std::nullopt;
      if (!text) return std::nullopt;
      out.nodes.push_back(key);
      out.values.push_back(*text);
    }
    return out;
  }
  if (kind != NodeKind::kList && kind != NodeKind::kTuple && kind != NodeKind::kSet) return std::nullopt;
  for (NodeId elt : ast.list(display, 0)) {
    std::optional<std::string_view> text = syntax::stringValue(ast, elt);
    if (!text) return std::nullopt;
    out.nodes.push_back(elt);
    out.values.push_back(*text);
  }
  return out;
}

static bool isSorted(const Names& names, bool is_grouped) {
  for (size_t i = 1; i < names.values.size(); ++i) {
    if (comesBefore(names.values[i], names.values[i - 1], is_grouped)) return false;
  }
  return true;
}

namespace {
// An element of a display over several lines with what is said about it.
struct NameLine {
  size_t index;
  TextRange text;
  TextRange above;   // the lines of comments before it, or empty
  TextRange behind;  // from the comma to the end of the comment in its line, or empty
};
}  // namespace

// The elements with their comments; none where something else stands between them. `ends_in_comma`: the last one does.
static std::optional<std::vector<NameLine>> readLines(const LintContext& context, const Names& names, bool& ends_in_comma) {
  std::vector<NameLine> lines;
  TextRange range = context.ast.range(names.display), above{0, 0};
  bool has_item = false;
  uint32_t comment_begin = 0;
  size_t first = 0;  // of the line
  const std::vector<Token>& tokens = context.tokens.all();
  for (size_t i = context.tokens.firstAt(range.begin) + 1; i < tokens.size() && tokens[i].end < range.end; ++i) {
    const Token& token = tokens[i];
    switch (token.kind) {
      case TokenKind::kNl:
        has_item = false;
        comment_begin = 0;
        break;
      case TokenKind::kComment:
        if (has_item) lines[first].behind = {comment_begin, token.end};
        else if (context.file.lines.lineOf(token.begin) != context.file.lines.lineOf(range.begin)) above = {above.end == 0 ? token.begin : above.begin, token.end};
        break;
      case TokenKind::kComma:
        comment_begin = token.end;
        ends_in_comma = true;
        break;
      case TokenKind::kString:
        if (!has_item) first = lines.size();
        lines.push_back({lines.size(), token.range(), has_item ? TextRange{0, 0} : above, {0, 0}});
        if (!has_item) above = {0, 0};
        has_item = true;
        comment_begin = token.end;
        ends_in_comma = false;
        break;
      default: return std::nullopt;
    }
  }
  if (lines.size() != names.nodes.size()) return std::nullopt;
  return lines;
}

// What follows the last element, with the closing bracket where the rest of the display lets one expect it.
static std::string endText(const LintContext& context, TextRange range, uint32_t last_end, std::string_view outer, std::string_view inner, const std::string& line_end) {
  const LineIndex& lines = context.file.lines;
  auto lineEndOf = [&](uint32_t at) {
    uint32_t line = lines.lineOf(at);
    return lines.lineStart(line) + static_cast<uint32_t>(lines.lineText(line).size());
  };
  uint32_t begin = lineEndOf(last_end) == lineEndOf(range.end) ? last_end : lineEndOf(last_end);
  std::string_view text = context.ast.text({begin, range.end});
  if (text.size() == 1 || (text.size() == 2 && text[0] == ',')) return "," + line_end + std::string(outer) + text.back();
  if (text[0] != '\n' && text[0] != '\r') return std::string(text);
  std::string_view rest = text.substr(text.find_first_not_of("\r\n"));
  if (rest.find_first_not_of(" \t") <= inner.size()) return std::string(text);
  std::string_view trimmed = text.substr(text.find_first_not_of(" \t\r\n\f"));
  bool is_bracket = trimmed[0] == ']' || trimmed[0] == ')' || trimmed[0] == '}';
  return line_end + std::string(is_bracket ? outer : inner) + std::string(trimmed);
}

static std::optional<std::string> sortedLines(const LintContext& context, const Names& names, const std::vector<size_t>& order) {
  TextRange range = context.ast.range(names.display);
  bool ends_in_comma = false;
  auto lines = readLines(context, names, ends_in_comma);
  if (!lines) return std::nullopt;
  auto text = [&](TextRange part) { return std::string(context.ast.text(part)); };
  std::string line_end(lineEndText(context)), outer(indentAt(context, range.begin)), inner = outer + std::string(indentStep(context));
  const NameLine& head = lines->front();
  const NameLine& tail = lines->back();
  uint32_t begin = head.above.end > 0 ? head.above.begin : head.text.begin;
  if (lineBegin(context, begin) != lineBegin(context, range.begin)) begin = lineBegin(context, begin);
  std::string out = text({range.begin, begin});
  if (!out.ends_with('\n') && !out.ends_with('\r')) out = out.substr(0, out.find_last_not_of(" \t") + 1) + line_end;
  std::string end = endText(context, range, tail.behind.end > 0 ? tail.behind.end : tail.text.end, outer, inner, line_end);
  size_t shown = end.find_first_not_of(" \t\r\n");
  bool needs_comma = ends_in_comma && (shown == std::string::npos || end[shown] != ',');
  for (size_t i = 0; i < order.size(); ++i) {
    const NameLine& line = (*lines)[order[i]];
    bool is_last = i + 1 == order.size();
    for (std::string_view comment : linesOf(context.ast.text(line.above))) {
      if (!isBlank(comment)) out += inner + std::string(trimmedText(comment)) + line_end;
    }
    out += inner + text(line.text) + (!is_last || needs_comma ? "," : "") + text(line.behind) + (is_last ? "" : line_end);
  }
  return out + end;
}

static std::string sortedInLine(const LintContext& context, const Names& names, const std::vector<size_t>& order) {
  const Ast& ast = context.ast;
  std::string_view whole = ast.text(names.display);
  auto dict = ast.tryAs<syntax::Dict>(names.display);
  bool has_brackets = whole[0] == '[' || whole[0] == '(' || whole[0] == '{';
  std::string text(has_brackets ? whole.substr(0, 1) : "");
  for (size_t i = 0; i < order.size(); ++i) {
    text += (i > 0 ? ", " : "") + std::string(ast.text(names.nodes[order[i]]));
    if (dict) text += ": " + std::string(ast.text(dict->values()[order[i]]));
  }
  if (!has_brackets) return text;
  if (trimmedText(whole.substr(0, whole.size() - 1)).ends_with(',') && !dict) text += ",";
  return text + whole.back();
}

// One line stays one line; of several, each element gets its own, with the comments above it and behind it.
static std::optional<FixEdit> sortedEdit(const LintContext& context, const Names& names, bool is_grouped) {
  const Ast& ast = context.ast;
  TextRange range = ast.range(names.display);
  bool is_dict = ast.is(names.display, NodeKind::kDict), is_multiline = isMultiline(context, range);
  if (is_dict && is_multiline) return std::nullopt;
  for (NodeId node : names.nodes) {
    if (context.tokens.all()[context.tokens.firstAt(ast.range(node).begin)].end != ast.range(node).end) return std::nullopt;
  }
  std::vector<size_t> order(names.values.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return comesBefore(names.values[a], names.values[b], is_grouped); });
  if (!is_multiline) return FixEdit{range, sortedInLine(context, names, order)};
  std::optional<std::string> text = sortedLines(context, names, order);
  return text ? std::optional(FixEdit{range, *text}) : std::nullopt;
}

static void fixOrder(LintContext& context, DiagnosticBuilder finding, const Names& names, bool is_grouped, std::string title) {
  std::optional<FixEdit> edit = sortedEdit(context, names, is_grouped);
  if (!edit) return;
  bool has_comment = hasComment(context, context.ast.range(names.display));
  finding.fix(std::move(title), {*edit}, has_comment ? FixSafety::kUnsafe : FixSafety::kSafe);
}

static void checkDoubles(LintContext& context, const Names& names) {
  std::set<std::string_view> seen;
  for (size_t i = 0; i < names.values.size(); ++i) {
    if (!seen.insert(names.values[i]).second) {
      TextRange gap{context.ast.range(names.nodes[i - 1]).end, context.ast.range(names.nodes[i]).end};
      auto finding = context.sink.begin("RUF068"_rule, context.ast.range(names.nodes[i]), {names.values[i]});
      if (!hasComment(context, gap)) finding.fix("Remove duplicate entries from `__all__`", {{gap, ""}});
    }
  }
}

static void checkAll(LintContext& context, NodeId value) {
  std::optional<Names> names = readNames(context.ast, value);
  if (!names || context.ast.is(value, NodeKind::kDict) || context.ast.is(value, NodeKind::kSet)) return;
  checkDoubles(context, *names);
  if (names->values.size() < 2 || isSorted(*names, true)) return;
  auto finding = context.sink.begin("RUF022"_rule, context.ast.range(value));
  fixOrder(context, finding, *names, true, "Apply an isort-style sorting to `__all__`");
}

static void checkSlots(LintContext& context, NodeId statement, NodeId value) {
  const Ast& ast = context.ast;
  NodeId around = ast.parent(statement);
  while (around.valid() && !ast.is(around, NodeKind::kFunctionDef) && !ast.is(around, NodeKind::kClassDef)) around = ast.parent(around);
  auto cls = ast.tryAs<syntax::ClassDef>(around);
  std::optional<Names> names = cls ? readNames(ast, value) : std::nullopt;
  if (!names || names->values.size() < 2 || isSorted(*names, false)) return;
  std::string shown = std::string(syntax::nameText(ast, cls->name())) + ".__slots__";
  auto finding = context.sink.begin("RUF023"_rule, ast.range(value), {shown});
  fixOrder(context, finding, *names, false, "Apply a natural sort to `" + shown + "`");
}

void checkUnsortedNames(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto [target, value] = soleAssignment(ast, node);
  if (auto added = ast.tryAs<syntax::AugAssign>(node)) {
    if (added->op() != syntax::BinaryOp::kAdd) return;
    target = added->target();
    value = added->value();
  } else if (auto statement = ast.tryAs<syntax::ExprStmt>(node)) {
    auto call = ast.tryAs<syntax::Call>(statement->value());
    auto method = call ? ast.tryAs<syntax::Attribute>(call->func()) : std::nullopt;
    if (!method || syntax::nameText(ast, method->attr()) != "extend" || call->args().size() != 1) return;
    target = method->value();
    value = call->args()[0];
  }
  if (!value.valid() || !ast.is(target, NodeKind::kName)) return;
  std::string_view name = syntax::nameText(ast, target);
  if (name == "__slots__") return checkSlots(context, node, value);
  bool is_module_level = context.model.enclosingScope(node) == SemanticModel::kModuleScope;
  if (name == "__all__" && is_module_level) checkAll(context, value);
}

}  // namespace krait::lint
