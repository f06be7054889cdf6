#include "analyzer/format/format.h"

#include <algorithm>

#include "analyzer/format/directives.h"
#include "analyzer/format/equivalence.h"
#include "analyzer/format/line_builder.h"
#include "analyzer/format/splitter.h"
#include "analyzer/syntax/parser.h"
#include "analyzer/syntax/syntax_errors.h"

namespace krait::format {

// The text with "\n" line ends, from its first character that is no blank, ending in a line end.
static std::string withPlainLineEnds(std::string_view text) {
  size_t first = text.find_first_not_of(" \t\r\n\f\v");
  if (first == std::string_view::npos) return "";
  // Blanks before the first statement are its indentation only when they stand on its line; there they are wrong.
  text.remove_prefix(first);
  std::string out;
  out.reserve(text.size() + 1);
  for (size_t i = 0; i < text.size(); ++i) {
    bool is_pair = text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n';
    if (!is_pair) out += text[i] == '\r' ? '\n' : text[i];
  }
  if (!out.ends_with('\n')) out += '\n';
  return out;
}

static std::string withLineEnds(std::string text, std::string_view original) {
  size_t line_end = original.find_first_of("\r\n");
  if (line_end == std::string_view::npos || original.substr(line_end, 2) != "\r\n") return text;
  std::string out;
  out.reserve(text.size() + text.size() / 32);
  for (char c : text) {
    if (c == '\n') out += '\r';
    out += c;
  }
  return out;
}

// The stages up to the splitter. No lines: nested too deeply.
namespace {
struct Prepared {
  ConcreteTree tree;
  FormatContext context;
  std::vector<Line> lines = {};
  std::vector<EmptyLines> empty_lines = {};

  Prepared(const std::string& text, const FormatOptions& options)
      : tree(parseConcrete(text)), context{tree, options} {}
  Prepared(const Prepared&) = delete;
  Prepared& operator=(const Prepared&) = delete;
};
}  // namespace

static bool prepare(Prepared& prepared) {
  if (!prepared.tree.root.valid()) return false;
  findFeatures(prepared.context);
  applyDirectives(prepared.tree);
  prepared.lines = buildLines(prepared.context);
  prepared.empty_lines = countEmptyLines(prepared.context, prepared.lines);
  return true;
}

static void appendNewlines(std::string& out, int32_t count) {
  if (count > 0) out.append(static_cast<size_t>(count), '\n');
}

// One pass over a text that withPlainLineEnds gave. Nothing: nested too deeply.
static std::optional<std::string> formatOnce(const std::string& text, const FormatOptions& options) {
  Prepared prepared(text, options);
  if (!prepare(prepared)) return std::nullopt;
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  SplitContext split{prepared.context, prepared.tree, "", {}};
  for (size_t i = 0; i < prepared.lines.size(); ++i) {
    appendNewlines(out, prepared.empty_lines[i].before);
    split.text.clear();
    split.lines.clear();
    writeLine(split, prepared.lines[i]);
    out += split.text;
    appendNewlines(out, prepared.empty_lines[i].after);
  }
  return out;
}

// The whole physical lines that a logical line stands on.
static TextRange physicalLines(const ConcreteTree& tree, const Line& line) {
  TextRange span{UINT32_MAX, 0};
  auto add = [&](ElementId leaf) {
    TextRange range = tree[leaf].range;
    if (range.size() == 0) return;
    span.begin = std::min(span.begin, range.begin);
    span.end = std::max(span.end, range.end);
  };
  for (ElementId leaf : line.leaves) add(leaf);
  for (const AttachedComment& attached : line.comments) add(attached.comment);
  std::string_view source = tree.source();
  size_t line_end = span.begin == 0 ? std::string_view::npos : source.rfind('\n', span.begin - 1);
  span.begin = line_end == std::string_view::npos ? 0 : static_cast<uint32_t>(line_end) + 1;
  size_t end = source.find('\n', span.end);
  // Lines joined to the last one.
  while (end != std::string_view::npos && end > span.end && source[end - 1] == '\\') end = source.find('\n', end + 1);
  span.end = static_cast<uint32_t>(std::min(end, source.size() - 1)) + 1;
  return span;
}

static bool touches(const ConcreteTree& tree, TextRange span, const std::vector<LineRange>& ranges, LineRange& counted,
                    uint32_t& counted_to) {
  std::string_view source = tree.source();
  auto newlines = [&](uint32_t begin, uint32_t end) {
    return static_cast<uint32_t>(std::count(source.begin() + begin, source.begin() + end, '\n'));
  };
  counted.first = counted.last + newlines(counted_to, span.begin);
  counted.last = counted.first + newlines(span.begin, span.end);
  counted_to = span.end;
  return std::any_of(ranges.begin(), ranges.end(), [&](const LineRange& range) {
    return range.first < counted.last && counted.first <= range.last;
  });
}

// The line's text with the indentation that its source has.
static std::string indented(SplitContext& split, Line& line, const std::string& indentation) {
  split.text.clear();
  split.lines.clear();
  size_t cut = line.depth * 4;
  writeLine(split, line);
  std::string out;
  size_t begin = 0;
  for (const WrittenLine& written : split.lines) {
    out += indentation;
    out.append(split.text, begin + cut, written.end - begin - cut);
    begin = written.end;
  }
  return out;
}

// As formatOnce, but lines outside the ranges (counted in `text`) stay as they are.
static std::optional<std::string> formatTouched(const std::string& text, const std::vector<LineRange>& ranges,
                                                const FormatOptions& options) {
  Prepared prepared(text, options);
  if (!prepare(prepared)) return std::nullopt;
  const ConcreteTree& tree = prepared.tree;
  SplitContext split{prepared.context, prepared.tree, "", {}};
  std::string out;
  uint32_t copied_to = 0, counted_to = 0;
  LineRange counted{1, 1};
  bool is_last_touched = false;
  for (size_t i = 0; i < prepared.lines.size();) {
    // Statements on one line go together.
    TextRange span = physicalLines(tree, prepared.lines[i]);
    size_t end = i + 1;
    for (; end < prepared.lines.size(); ++end) {
      TextRange next = physicalLines(tree, prepared.lines[end]);
      if (next.begin >= span.end) break;
      span.end = std::max(span.end, next.end);
    }
    is_last_touched = touches(tree, span, ranges, counted, counted_to);
    uint32_t first_depth = prepared.lines[i].depth;
    size_t text_begin = text.find_first_not_of(" \t\f", span.begin);
    for (; i < end && is_last_touched; ++i) {
      std::string indentation = text.substr(span.begin, text_begin - span.begin);
      indentation.append(4 * (prepared.lines[i].depth - std::min(first_depth, prepared.lines[i].depth)), ' ');
      appendNewlines(out, prepared.empty_lines[i].before);
      out += indented(split, prepared.lines[i], indentation);
    }
    if (!is_last_touched) out.append(text, copied_to, span.end - copied_to);
    copied_to = span.end;
    i = end;
  }
  if (!is_last_touched) out.append(text, copied_to);
  return out;
}

// Visible ASCII characters of all comments. (Two comments may come to stand behind each other, as one.)
static size_t commentSize(const syntax::Ast& ast) {
  size_t size = 0;
  for (const syntax::Comment& comment : ast.comments()) {
    for (char c : ast.text({comment.begin, comment.end})) size += c > ' ' && c < 0x7f;
  }
  return size;
}

// Why the result must not take the text's place; empty when it may.
static std::string findFault(const std::string& text, const std::string& result) {
  Interner names;
  syntax::ParsedModule before = syntax::parseModule(text, names, syntax::SyntaxCheck::kWhenSuspicious);
  syntax::ParsedModule after = syntax::parseModule(result, names);
  if (after.error) return "the formatted text would not be Python: " + after.error->message;
  if (commentSize(before.ast) != commentSize(after.ast)) return "the formatted text would lose a comment";
  return areEquivalent(before.ast, after.ast) ? "" : "the formatted text would not mean the same";
}

static constexpr const char* kTooDeep = "nested too deeply to be formatted";

FormatOutcome formatText(std::string_view text, const FormatOptions& options) {
  FormatOutcome outcome;
  outcome.error = syntax::findSyntaxError(text);
  if (outcome.error) return outcome;
  std::string source = withPlainLineEnds(text);
  if (source.empty()) {
    outcome.text = text.find_first_of("\r\n") == std::string_view::npos ? "" : withLineEnds("\n", text);
    outcome.is_changed = outcome.text != text;
    return outcome;
  }
  std::optional<std::string> result = formatOnce(source, options);
  // Commas that the first pass put in hold lines apart in the second.
  if (result && *result != source) {
    std::string first = std::move(*result);
    result = formatOnce(first, options);
    if (result && *result != first) {
      std::optional<std::string> third = formatOnce(*result, options);
      if (third && *third != *result) outcome.failure = "formatting the result again would change it";
    }
  }
  if (!result) outcome.failure = kTooDeep;
  if (outcome.failure.empty() && *result != source) outcome.failure = findFault(source, *result);
  if (!outcome.failure.empty()) return outcome;
  outcome.text = withLineEnds(std::move(*result), text);
  outcome.is_changed = outcome.text != text;
  return outcome;
}

FormatOutcome formatLines(std::string_view text, const std::vector<LineRange>& ranges, const FormatOptions& options) {
  FormatOutcome outcome;
  outcome.error = syntax::findSyntaxError(text);
  if (outcome.error) return outcome;
  size_t first = std::min(text.find_first_not_of(" \t\r\n\f\v"), text.size());
  std::string source = withPlainLineEnds(text);
  // Empty lines at the text's begin stay.
  std::string_view lead = text.substr(0, first);
  size_t last_end = lead.find_last_of("\r\n");
  lead = lead.substr(0, last_end == std::string_view::npos ? 0 : last_end + 1);
  uint32_t skipped = static_cast<uint32_t>(std::count(lead.begin(), lead.end(), '\n'));
  std::vector<LineRange> shifted;
  for (const LineRange& range : ranges) {
    if (range.last > skipped) shifted.push_back({range.first - std::min(skipped, range.first), range.last - skipped});
  }
  std::optional<std::string> result = source.empty() ? source : formatTouched(source, shifted, options);
  if (!result) outcome.failure = kTooDeep;
  if (outcome.failure.empty() && *result != source) outcome.failure = findFault(source, *result);
  if (!outcome.failure.empty()) return outcome;
  outcome.text = *result == source ? std::string(text) : std::string(lead) + withLineEnds(std::move(*result), text);
  outcome.is_changed = outcome.text != text;
  return outcome;
}

}  // namespace krait::format
