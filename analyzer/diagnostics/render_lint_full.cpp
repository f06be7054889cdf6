// The linter's frames for people: message, place, the source around it with the range marked, the fix and what it changes.
//
//   F401 [*] `os` imported but unused
//    --> app.py:1:8
//     |
//   1 | import os
//     |        ^^
//     |
//   help: Remove unused import: `os`
//     |
//     - import os
//     |
//
// ref: ruff's output format `full`
#include <algorithm>
#include <span>

#include "analyzer/base/text_diff.h"
#include "analyzer/diagnostics/lint_finding.h"
#include "analyzer/diagnostics/render.h"

namespace krait {

// Lines shown before and after what is marked, and around what a fix changes.
static constexpr uint32_t kFrameContext = 2;
static constexpr size_t kFixContext = 3;
// Lines before and after a fix in which equal lines are looked for: what is shown, and room for runs of equal lines.
static constexpr size_t kSearchedLines = 16;
static constexpr size_t kTabWidth = 4;

static bool isBlankLine(std::string_view text) { return text.find_first_not_of(" \t\f\r") == std::string_view::npos; }

// The text with blanks for tabs; `column` (a byte offset) becomes the column where it is shown.
static std::string shownText(std::string_view text, uint32_t* column = nullptr) {
  std::string out;
  size_t width = 0;
  uint32_t shown = 0;
  for (size_t at = 0; at < text.size(); ++at) {
    if (column != nullptr && at == *column) shown = static_cast<uint32_t>(width);
    if (text[at] == '\t') {
      size_t blanks = kTabWidth - width % kTabWidth;
      out.append(blanks, ' ');
      width += blanks;
    } else {
      out += text[at];
      width += (static_cast<unsigned char>(text[at]) & 0xC0) != 0x80;
    }
  }
  if (column != nullptr) *column = *column >= text.size() ? static_cast<uint32_t>(width) + (*column - static_cast<uint32_t>(text.size())) : shown;
  return out;
}

namespace {
// The lines of a frame, from 0, and where in the first and the last of them the marks are.
struct Frame {
  uint32_t first, last;    // what is marked
  uint32_t begin, end;     // what is shown
  uint32_t column, end_column;
  std::string gutter;
};
}  // namespace

static Frame frameOf(const ReportLine& line, const SourceFile& file) {
  const TextRange& range = line.diagnostic->range;
  LineColumn from = file.lines.locate(range.begin), to = file.lines.locate(std::max(range.begin, range.end));
  // A range that ends where a line begins ends with the line before.
  if (to.line > from.line && to.column == 0) to = {to.line - 1, static_cast<uint32_t>(file.lines.lineText(to.line - 1).size())};
  Frame frame{.first = from.line, .last = to.line, .begin = from.line, .end = to.line + 1, .column = from.column, .end_column = to.column, .gutter = {}};
  const CellStart* cell = file.cellOf(from.line + 1);
  auto isShown = [&](uint32_t at) { return at < file.lines.lineCount() && file.cellOf(at + 1) == cell; };
  for (uint32_t i = 0; i < kFrameContext && frame.begin > 0 && isShown(frame.begin - 1); ++i) --frame.begin;
  for (uint32_t i = 0; i < kFrameContext && isShown(frame.end); ++i) ++frame.end;
  while (frame.begin < frame.first && isBlankLine(file.lines.lineText(frame.begin))) ++frame.begin;
  while (frame.end > frame.last + 1 && isBlankLine(file.lines.lineText(frame.end - 1))) --frame.end;
  frame.gutter = std::string(std::to_string(frame.end - (cell != nullptr ? cell->line : 0)).size(), ' ');
  return frame;
}

// Marks of one line below it; those of several lines run down at the left.
static void appendFrame(std::string& out, const ReportLine& line, const SourceFile& file) {
  Frame frame = frameOf(line, file);
  uint32_t character = countUnits(file.lines.lineText(frame.first).substr(0, frame.column), ColumnUnit::kUtf32);
  out += frame.gutter + "--> " + file.placeOf(frame.first + 1) + ":" + std::to_string(character + 1) + "\n" + frame.gutter + " |\n";
  const CellStart* cell = file.cellOf(frame.first + 1);
  bool has_rail = frame.last > frame.first;
  for (uint32_t at = frame.begin; at < frame.end; ++at) {
    uint32_t column = at == frame.first ? frame.column : 0, end_column = at == frame.last ? frame.end_column : 0;
    std::string_view text = file.lines.lineText(at);
    bool starts_line = isBlankLine(text.substr(0, std::min<size_t>(column, text.size())));
    std::string shown = shownText(text, &column);
    shownText(text, &end_column);
    std::string number = std::to_string(at + 1 - (cell != nullptr ? cell->line : 0));
    std::string_view rail = !has_rail ? "" : at < frame.first || at > frame.last ? "  " : at > frame.first ? "| " : starts_line ? "/ " : "  ";
    std::string row = number + std::string(frame.gutter.size() - std::min(frame.gutter.size(), number.size()), ' ') + " | " + std::string(rail) + shown;
    out += row.substr(0, row.find_last_not_of(' ') + 1) + "\n";
    if (at == frame.first && !has_rail) {
      out += frame.gutter + " | " + std::string(column, ' ') + std::string(std::max(1u, end_column - std::min(column, end_column)), '^') + "\n";
    } else if (at == frame.first && !starts_line) {
      out += frame.gutter + " |  " + std::string(column + 1, '_') + "^\n";
    }
    if (at == frame.last && has_rail) out += frame.gutter + " | |" + std::string(std::max(1u, end_column), '_') + "^\n";
  }
  out += frame.gutter + " |\n";
}

static std::string textAfter(std::string_view text, std::span<const FixEdit> edits, TextRange part) {
  std::string out;
  uint32_t done = part.begin;
  for (const FixEdit& edit : edits) {
    if (edit.range.begin < done) continue;
    out += text.substr(done, edit.range.begin - done);
    out += edit.replacement;
    done = edit.range.end;
  }
  out += text.substr(done, part.end - done);
  return out;
}

// The lines that edits (in their order) touch, and those around them.
static TextRange changedPart(std::string_view text, std::span<const FixEdit> edits) {
  size_t begin = edits.front().range.begin, end = 0;
  for (const FixEdit& edit : edits) end = std::max<size_t>(end, edit.range.end);
  for (size_t i = 0; i <= kSearchedLines && begin > 0; ++i) {
    size_t line_end = text.rfind('\n', begin - 1);
    begin = line_end == std::string_view::npos ? 0 : line_end;
  }
  if (begin > 0) ++begin;
  for (size_t i = 0; i <= kSearchedLines && end < text.size(); ++i) end = std::min(text.find('\n', end), text.size() - 1) + 1;
  return {static_cast<uint32_t>(begin), static_cast<uint32_t>(end)};
}

// What the fix changes: lines that go with a minus, those that come with their new number and a plus.
static void appendChange(std::string& out, const Fix& fix, const SourceFile& file) {
  if (fix.edits.empty()) return;
  std::vector<FixEdit> edits = fix.edits;
  std::stable_sort(edits.begin(), edits.end(), [](const FixEdit& a, const FixEdit& b) { return a.range.begin < b.range.begin; });
  std::string_view text = file.text;
  TextRange part = changedPart(text, edits);
  size_t lines_before = static_cast<size_t>(std::count(text.begin(), text.begin() + part.begin, '\n'));
  std::string after = textAfter(text, edits, part);
  std::vector<std::string_view> old_lines = linesWithEnds(text.substr(part.begin, part.end - part.begin)), new_lines = linesWithEnds(after);
  std::vector<LineChange> changes = lineChanges(old_lines, new_lines);
  if (changes.empty()) return;
  size_t last_shown = std::min(new_lines.size(), changes.back().new_end + kFixContext);
  size_t width = std::to_string(std::max<size_t>(lines_before + last_shown, 1)).size();
  std::string gutter(width, ' ');
  auto append = [&](std::string number, char sign, std::string_view text) {
    if (text.ends_with('\n')) text.remove_suffix(1);
    if (text.ends_with('\r')) text.remove_suffix(1);
    std::string row = number + std::string(width - std::min(width, number.size()), ' ') + " " + sign + " " + shownText(text);
    out += row.substr(0, row.find_last_not_of(' ') + 1) + "\n";
  };
  out += gutter + " |\n";
  size_t shown = changes[0].new_begin - std::min(changes[0].new_begin, kFixContext);
  for (size_t i = 0; i < changes.size(); ++i) {
    const LineChange& change = changes[i];
    for (; shown < change.new_begin; ++shown) append(std::to_string(lines_before + shown + 1), '|', new_lines[shown]);
    for (size_t at = change.old_begin; at < change.old_end; ++at) append("", '-', old_lines[at]);
    for (; shown < change.new_end; ++shown) append(std::to_string(lines_before + shown + 1), '+', new_lines[shown]);
    bool is_last = i + 1 == changes.size();
    size_t end = std::min(new_lines.size(), change.new_end + kFixContext);
    if (!is_last && changes[i + 1].new_begin <= end + kFixContext) continue;
    for (; shown < end; ++shown) append(std::to_string(lines_before + shown + 1), '|', new_lines[shown]);
    if (is_last) break;
    out += std::string(80, '-') + "\n";
    shown = changes[i + 1].new_begin - kFixContext;
  }
  out += gutter + " |\n";
}

std::string renderLintFull(const Report& report, const RenderOptions& options) {
  std::string out;
  for (const ReportLine& line : report.lines()) {
    if (line.isNote()) continue;
    const SourceFile& file = report.files()[line.file];
    if (!out.empty()) out += "\n";
    out += bodyOf(line, options);
    appendFrame(out, line, file);
    const Fix* fix = line.diagnostic->fix ? &*line.diagnostic->fix : nullptr;
    if (fix == nullptr) continue;
    if (!fix->title.empty()) out += "help: " + fix->title + "\n";
    if (!isOffered(*fix, options)) continue;
    appendChange(out, *fix, file);
    if (fix->safety == FixSafety::kUnsafe) out += "note: This is an unsafe fix and may change runtime behavior\n";
  }
  return out;
}

}  // namespace krait
