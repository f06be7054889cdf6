#include "runtime/embed/source_excerpt.h"

#include <optional>
#include <set>
#include <vector>

#include "analyzer/base/text.h"
#include "analyzer/syntax/parser.h"

namespace krait::embed {

namespace {
// A byte in one of the shown lines.
struct Spot {
  size_t line = 0;
  size_t column = 0;
  bool operator<=(const Spot& o) const { return line < o.line || (line == o.line && column <= o.column); }
  bool operator<(const Spot& o) const { return line < o.line || (line == o.line && column < o.column); }
};
struct Anchors {
  Spot left_end, right_start;  // `^` stands between
};
struct Excerpt {
  std::vector<std::string> lines;  // dedented
  size_t start = 0, end = 0;       // of the part, in the first and in the last line
};
}  // namespace

static constexpr size_t kMaxParsedBytes = 20000;

static size_t indentOf(std::string_view line) {
  size_t indent = line.find_first_not_of(" \t\f");
  return indent == std::string_view::npos ? line.size() : indent;
}

static Excerpt excerptOf(const LineIndex& index, const object::SourcePosition& place) {
  Excerpt e;
  size_t dedent = std::string::npos;
  for (uint32_t line = place.line; line <= place.end_line && line <= index.lineCount(); ++line) {
    std::string_view text = index.lineText(line - 1);
    if (indentOf(text) < text.size()) dedent = std::min(dedent, indentOf(text));
    e.lines.emplace_back(text);
  }
  for (std::string& line : e.lines) line = indentOf(line) == line.size() ? "" : line.substr(std::min(dedent, line.size()));
  auto shifted = [&](size_t column, const std::string& line) { return std::min(column > dedent ? column - dedent : 0, line.size()); };
  e.start = shifted(place.column, e.lines.front());
  e.end = shifted(place.end_column, e.lines.back());
  return e;
}

static std::string segmentOf(const Excerpt& e) {
  std::string segment;
  for (size_t i = 0; i < e.lines.size(); ++i) {
    size_t begin = i == 0 ? e.start : 0, end = i + 1 == e.lines.size() ? e.end : e.lines[i].size();
    if (i > 0) segment += '\n';
    if (begin < end) segment += e.lines[i].substr(begin, end - begin);
  }
  return segment;
}

// Skips what may stand between an operand and its operator: blanks, line ends, closing parentheses, comments.
static size_t skipFiller(std::string_view text, size_t at, std::string_view filler) {
  while (at < text.size()) {
    if (text[at] == '#') {
      while (at < text.size() && text[at] != '\n') ++at;
    } else if (filler.find(text[at]) == std::string_view::npos) {
      break;
    } else {
      ++at;
    }
  }
  return at;
}

// ref: _extract_caret_anchors_from_line_segment.
static std::optional<Anchors> anchorsOf(const std::string& segment) {
  if (segment.size() > kMaxParsedBytes) return std::nullopt;
  std::string text = "(\n" + segment + "\n)";
  Interner names;
  syntax::ParsedModule module = syntax::parseModule(text, names);
  if (module.error) return std::nullopt;
  const syntax::Ast& ast = module.ast;
  syntax::NodeList body = syntax::bodyOf(ast, ast.root());
  if (body.size() != 1 || !ast.is(body[0], syntax::NodeKind::kExprStmt)) return std::nullopt;
  syntax::NodeId value = ast.as<syntax::ExprStmt>(body[0]).value();
  size_t left = 0, right = 0;
  if (auto binary = ast.tryAs<syntax::BinOp>(value)) {
    left = skipFiller(text, ast.range(binary->left()).end, " \t\n\\)");
    right = left + std::string_view(syntax::spelling(binary->op())).size();
  } else if (auto subscript = ast.tryAs<syntax::Subscript>(value)) {
    left = skipFiller(text, ast.range(subscript->value()).end, " \t\n\\)");
    right = ast.range(value).end;
  } else if (auto call = ast.tryAs<syntax::Call>(value)) {
    left = skipFiller(text, ast.range(call->func()).end, " \t\n\\)");
    right = ast.range(value).end;
  } else {
    return std::nullopt;
  }
  // Line 0 of the text is the parenthesis.
  LineIndex lines(text);
  auto spot = [&](size_t offset) {
    LineColumn at = lines.locate(static_cast<uint32_t>(offset));
    return Spot{at.line - 1, at.column};
  };
  return Anchors{spot(left), spot(right)};
}

// `return f(…)` and `x = f(…)` with the whole call need no marks. ref: _should_show_carets.
static bool isWholeCall(const Excerpt& e) {
  std::string text;
  for (const std::string& line : e.lines) text += line + "\n";
  if (text.size() > kMaxParsedBytes) return false;
  Interner names;
  syntax::ParsedModule module = syntax::parseModule(text, names);
  if (module.error) return false;
  const syntax::Ast& ast = module.ast;
  syntax::NodeList body = syntax::bodyOf(ast, ast.root());
  if (body.empty()) return true;
  syntax::NodeId value;
  if (auto statement = ast.tryAs<syntax::Return>(body[0])) {
    value = statement->value();
    if (!ast.is(value, syntax::NodeKind::kCall)) return false;
    if (!ast.is(ast.as<syntax::Call>(value).func(), syntax::NodeKind::kName)) return false;
  } else if (auto assign = ast.tryAs<syntax::Assign>(body[0])) {
    value = assign->value();
  }
  if (!ast.is(value, syntax::NodeKind::kCall)) return false;
  TextRange range = ast.range(value);
  return range.begin == e.start && range.end == text.size() - 1 - (e.lines.back().size() - e.end);
}

static bool hasMarks(const Excerpt& e, bool has_anchors) {
  if (e.lines.size() == 1 && e.start >= e.end) return false;
  if (isWholeCall(e)) return false;
  if (has_anchors) return true;
  bool before = indentOf(e.lines.front()) < e.start;
  bool after = e.lines.back().find_first_not_of(" \t\f\r", e.end) != std::string::npos;
  return before || after;
}

static std::string marksBelow(const Excerpt& e, size_t line, const std::optional<Anchors>& anchors) {
  const std::string& text = e.lines[line];
  size_t count = line + 1 == e.lines.size() ? e.end : text.size();
  size_t indent = indentOf(text);
  std::string out;
  for (size_t column = 0; column < count; ++column) {
    if ((text[column] & 0xc0) == 0x80) continue;  // one mark for each character
    Spot here{line, column};
    if (column < indent || (line == 0 && column < e.start)) out += ' ';
    else if (!anchors || (anchors->left_end <= here && here < anchors->right_start)) out += '^';
    else out += '~';
  }
  return out;
}

std::string sourceExcerpt(std::string_view text, const object::SourcePosition& place) {
  LineIndex index(text);
  if (place.line == 0 || place.line > index.lineCount()) return std::string();
  std::string_view first = index.lineText(place.line - 1);
  size_t indent = indentOf(first);
  if (indent == first.size()) return std::string();
  if (place.column == 0xffff || place.end_column == 0xffff || place.end_line < place.line) {
    return "    " + std::string(first.substr(indent)) + "\n";
  }
  Excerpt e = excerptOf(index, place);
  std::optional<Anchors> anchors = anchorsOf(segmentOf(e));
  if (anchors) {
    if (anchors->left_end.line == 0) anchors->left_end.column += e.start;
    if (anchors->right_start.line == 0) anchors->right_start.column += e.start;
  }
  bool marks = hasMarks(e, anchors.has_value());
  // The first line, the last, and those around the anchors.
  std::set<size_t> significant = {0, e.lines.size() - 1};
  auto around = [&](size_t line) {
    for (size_t i = line == 0 ? 0 : line - 1; i <= line + 1 && i < e.lines.size(); ++i) significant.insert(i);
  };
  if (anchors) {
    around(anchors->left_end.line);
    around(anchors->right_start.line);
  }
  std::string out;
  auto show = [&](size_t line) {
    out += "    " + e.lines[line] + "\n";
    if (marks) out += "    " + marksBelow(e, line, anchors) + "\n";
  };
  size_t previous = 0;
  for (size_t line : significant) {
    if (line > previous + 2) out += "    ...<" + std::to_string(line - previous - 1) + " lines>...\n";
    else if (line == previous + 2) show(line - 1);
    show(line);
    previous = line;
  }
  return out;
}

}  // namespace krait::embed
