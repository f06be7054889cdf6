#include "analyzer/format/format.h"

#include <algorithm>

#include "analyzer/format/directives.h"
#include "analyzer/format/equivalence.h"
#include "analyzer/format/line_builder.h"
#include "analyzer/format/meaning.h"
#include "analyzer/format/splitter.h"
#include "analyzer/syntax/parser.h"
#include "analyzer/syntax/syntax_errors.h"
#include "analyzer/syntax/tokens/tokenizer.h"

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

static std::string withLineEnds(std::string text, std::string_view original, LineEnding wanted) {
  size_t line_end = original.find_first_of("\r\n");
  bool begins_with_pair = line_end != std::string_view::npos && original.substr(line_end, 2) == "\r\n";
  if (wanted == LineEnding::kLf || (wanted == LineEnding::kFirst && !begins_with_pair)) return text;
  std::string out;
  out.reserve(text.size() + text.size() / 32);
  for (char c : text) {
    if (c == '\n') out += '\r';
    out += c;
  }
  return out;
}

namespace {
// A text to format, and what the stages up to the splitter make of it.
struct Prepared {
  ConcreteTree tree;
  FormatContext context;
  Meaning meaning = {};
  std::vector<Line> lines = {};
  std::vector<EmptyLines> empty_lines = {};

  Prepared(const std::string& text, const syntax::TokenList& tokens, const FormatOptions& options)
      : tree(parseConcrete(text, tokens)), context{tree, options} {
    tree.indents = options.indents;
  }
  Prepared(const Prepared&) = delete;
  Prepared& operator=(const Prepared&) = delete;
};
// A pass over a text.
struct Pass {
  bool is_fine = false;  // otherwise the text is nested too deeply
  Meaning meaning = {};  // of the text
  std::string result = {};
};
}  // namespace

static bool prepare(Prepared& prepared) {
  if (!prepared.tree.root.valid()) return false;
  prepared.meaning = meaningOf(prepared.tree);
  findFeatures(prepared.context);
  applyDirectives(prepared.tree);
  prepared.lines = buildLines(prepared.context);
  prepared.empty_lines = countEmptyLines(prepared.context, prepared.lines);
  return true;
}

static void appendNewlines(std::string& out, int32_t count) {
  if (count > 0) out.append(static_cast<size_t>(count), '\n');
}

// Formats a text that withPlainLineEnds or an earlier pass gave, and that the grammar accepts.
static Pass formatOnce(const std::string& text, const syntax::TokenList& tokens, const FormatOptions& options) {
  Prepared prepared(text, tokens, options);
  Pass pass{.is_fine = prepare(prepared)};
  if (!pass.is_fine) return pass;
  pass.meaning = prepared.meaning;
  std::string& out = pass.result;
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
  return pass;
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
  size_t cut = split.tree.indents.size(line.depth);
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
static Pass formatTouched(const std::string& text, const std::vector<LineRange>& ranges,
                          const FormatOptions& options) {
  Prepared prepared(text, syntax::tokenize(text), options);
  Pass pass{.is_fine = prepare(prepared)};
  if (!pass.is_fine) return pass;
  pass.meaning = prepared.meaning;
  const ConcreteTree& tree = prepared.tree;
  SplitContext split{prepared.context, prepared.tree, "", {}};
  std::string& out = pass.result;
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
      options.indents.append(indentation, prepared.lines[i].depth - std::min(first_depth, prepared.lines[i].depth));
      appendNewlines(out, prepared.empty_lines[i].before);
      out += indented(split, prepared.lines[i], indentation);
    }
    if (!is_last_touched) out.append(text, copied_to, span.end - copied_to);
    copied_to = span.end;
    i = end;
  }
  if (!is_last_touched) out.append(text, copied_to);
  return pass;
}

static constexpr const char* kTooDeep = "nested too deeply to be formatted";

#ifdef KRAIT_VERIFY
// An Ast holds error nodes where nesting is beyond its depth.
static bool hasErrorNodes(const syntax::Ast& ast) {
  for (uint32_t i = 0; i < ast.nodeCount(); ++i) {
    syntax::NodeKind kind = ast.kind(syntax::NodeId(i));
    if (kind == syntax::NodeKind::kErrorStmt || kind == syntax::NodeKind::kErrorExpr) return true;
  }
  return false;
}

static bool haveEqualAsts(const std::string& text, const std::string& result) {
  Interner names;
  syntax::ParsedModule before = syntax::parseModule(text, names, syntax::SyntaxCheck::kWhenSuspicious);
  syntax::ParsedModule after = syntax::parseModule(result, names, syntax::SyntaxCheck::kWhenSuspicious);
  return hasErrorNodes(before.ast) || areEquivalent(before.ast, after.ast);
}
#endif

// Why the result must not take the text's place; empty when it may.
static std::string findFault(const std::string& text, const Meaning& meaning, const std::string& result,
                             const Meaning& result_meaning) {
  if (meaning.comment_size != result_meaning.comment_size) return "the formatted text would lose a comment";
  if (meaning != result_meaning) return "the formatted text would not mean the same";
#ifdef KRAIT_VERIFY
  if (!haveEqualAsts(text, result)) return "the formatted text would not have the same Ast";
#else
  (void)text;
  (void)result;
#endif
  return "";
}

// A pass over the result of another.
static Pass formatAgain(const std::string& result, const FormatOptions& options, std::string& failure) {
  syntax::TokenList tokens = syntax::tokenize(result);
  if (std::optional<syntax::SyntaxError> error = syntax::findSyntaxError(result, tokens)) {
    failure = "the formatted text would not be Python: " + error->message;
    return {};
  }
  Pass pass = formatOnce(result, tokens, options);
  if (!pass.is_fine) failure = kTooDeep;
  return pass;
}

// Passes over a text until nothing changes: two, or three where the commas of the first hold lines apart in the second.
static void formatSource(const std::string& source, Pass first, const FormatOptions& options, FormatOutcome& outcome) {
  if (first.result == source) {
    outcome.text = std::move(first.result);
    return;
  }
  Pass last = formatAgain(first.result, options, outcome.failure);
  outcome.text = std::move(first.result);
  if (outcome.failure.empty() && last.result != outcome.text) {
    outcome.text = std::move(last.result);
    last = formatAgain(outcome.text, options, outcome.failure);
    if (outcome.failure.empty() && last.result != outcome.text) {
      outcome.failure = "formatting the result again would change it";
    }
  }
  if (outcome.failure.empty()) outcome.failure = findFault(source, first.meaning, outcome.text, last.meaning);
}

// Gives the outcome its text, or takes it away when there is a failure.
static void finish(FormatOutcome& outcome, std::string_view original, std::string_view lead, LineEnding line_ending) {
  if (!outcome.failure.empty()) {
    outcome.text.clear();
    return;
  }
  outcome.text = std::string(lead) + withLineEnds(std::move(outcome.text), original, line_ending);
  outcome.is_changed = outcome.text != original;
}

FormatOutcome formatText(std::string_view text, const FormatOptions& options) {
  FormatOutcome outcome;
  std::string source = withPlainLineEnds(text);
  if (source.empty()) {
    outcome.error = syntax::findSyntaxError(text);
    bool has_lines = text.find_first_of("\r\n") != std::string_view::npos;
    outcome.text = has_lines ? withLineEnds("\n", text, options.line_ending) : "";
    outcome.is_changed = outcome.text != text;
    return outcome;
  }
  syntax::TokenList tokens = syntax::tokenize(source);
  outcome.error = source == text ? syntax::findSyntaxError(source, tokens) : syntax::findSyntaxError(text);
  if (outcome.error) return outcome;
  Pass first = formatOnce(source, tokens, options);
  if (first.is_fine) {
    formatSource(source, std::move(first), options, outcome);
  } else {
    outcome.failure = kTooDeep;
  }
  finish(outcome, text, "", options.line_ending);
  return outcome;
}

FormatOutcome formatLines(std::string_view text, const std::vector<LineRange>& ranges, const FormatOptions& options) {
  FormatOutcome outcome;
  outcome.error = syntax::findSyntaxError(text);
  if (outcome.error) return outcome;
  size_t text_begin = std::min(text.find_first_not_of(" \t\r\n\f\v"), text.size());
  std::string source = withPlainLineEnds(text);
  // Empty lines at the text's begin stay.
  std::string_view lead = text.substr(0, text_begin);
  size_t last_end = lead.find_last_of("\r\n");
  lead = lead.substr(0, last_end == std::string_view::npos ? 0 : last_end + 1);
  uint32_t skipped = static_cast<uint32_t>(std::count(lead.begin(), lead.end(), '\n'));
  std::vector<LineRange> shifted;
  for (const LineRange& range : ranges) {
    if (range.last > skipped) shifted.push_back({range.first - std::min(skipped, range.first), range.last - skipped});
  }
  Pass first = formatTouched(source, shifted, options);
  if (!first.is_fine) {
    outcome.failure = kTooDeep;
  } else if (first.result != source) {
    Pass second = formatAgain(first.result, options, outcome.failure);
    if (outcome.failure.empty()) outcome.failure = findFault(source, first.meaning, first.result, second.meaning);
  }
  outcome.text = std::move(first.result);
  finish(outcome, text, lead, options.line_ending);
  if (outcome.failure.empty() && outcome.text.size() == text.size() + 1 && outcome.text.starts_with(text)) {
    outcome.text = text;  // only the last line end is new
    outcome.is_changed = false;
  }
  return outcome;
}

}  // namespace krait::format
