#include "analyzer/format/format.h"

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

// One pass over a text that withPlainLineEnds gave. Nothing: nested too deeply.
static std::optional<std::string> formatOnce(const std::string& text, const FormatOptions& options) {
  ConcreteTree tree = parseConcrete(text);
  if (!tree.root.valid()) return std::nullopt;
  FormatContext context{tree, options};
  findFeatures(context);
  applyDirectives(tree);
  std::vector<Line> lines = buildLines(context);
  std::vector<EmptyLines> empty_lines = countEmptyLines(context, lines);
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  SplitContext split{context, tree, "", {}};
  for (size_t i = 0; i < lines.size(); ++i) {
    if (empty_lines[i].before > 0) out.append(static_cast<size_t>(empty_lines[i].before), '\n');
    split.text.clear();
    split.lines.clear();
    writeLine(split, lines[i]);
    out += split.text;
    if (empty_lines[i].after > 0) out.append(static_cast<size_t>(empty_lines[i].after), '\n');
  }
  return out;
}

// Why the result must not take the text's place; empty when it may.
static std::string findFault(const std::string& text, const std::string& result) {
  Interner names;
  syntax::ParsedModule before = syntax::parseModule(text, names, syntax::SyntaxCheck::kWhenSuspicious);
  syntax::ParsedModule after = syntax::parseModule(result, names);
  if (after.error) return "the formatted text would not be Python: " + after.error->message;
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

}  // namespace krait::format
