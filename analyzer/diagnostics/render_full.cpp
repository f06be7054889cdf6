// Frames for people: message, place, the source with the range underlined, notes, and the fix's title.
//
//   error[name-defined]: Name "x" is not defined
//    --> app.py:3:7
//     |
//   3 | print(x)
//     |       ^
#include <algorithm>

#include "analyzer/diagnostics/lint_finding.h"
#include "analyzer/diagnostics/render.h"

namespace krait {

static void appendFrame(std::string& out, const ReportLine& line, const SourceFile& file, const std::string& gutter) {
  std::string number = std::to_string(line.line);
  uint32_t column = countUnits(file.lines.lineText(line.line - 1).substr(0, line.column), ColumnUnit::kUtf32);
  out += gutter + "--> " + file.placeOf(line.line) + ":" + std::to_string(column + 1) + "\n";
  std::string excerpt = sourceExcerpt(line, file, 4000);
  size_t middle = excerpt.find('\n');
  std::string source = excerpt.substr(4, middle - 4);
  std::string marker = excerpt.substr(middle + 5, excerpt.size() - middle - 6);
  std::replace(marker.begin(), marker.end(), '~', '^');
  out += gutter + " |\n" + std::string(gutter.size() - number.size(), ' ') + number + " | " + source + "\n";
  out += gutter + " | " + marker + "\n";
}

std::string renderFull(const Report& report, const RenderOptions& options) {
  std::string out;
  for (const ReportLine& line : report.lines()) {
    const SourceFile& file = report.files()[line.file];
    std::string gutter(std::to_string(line.line).size(), ' ');
    if (line.note != nullptr && !line.note->range) {
      out += gutter + " = note: " + std::string(line.message) + "\n";
      continue;
    }
    std::string_view code = shownCode(line);
    if (!out.empty()) out += "\n";
    out += std::string(severityName(line.severity));
    if (!code.empty()) out += "[" + std::string(code) + "]";
    out += ": " + std::string(line.message) + "\n";
    appendFrame(out, line, file, gutter);
    const Fix* fix = line.note == nullptr && line.diagnostic->fix ? &*line.diagnostic->fix : nullptr;
    if (fix != nullptr && !fix->title.empty()) out += gutter + " = help: " + fix->title + "\n";
  }
  return out;
}

// The column from 1, in characters.
static std::string columnOf(const ReportLine& line, const SourceFile& file) {
  return std::to_string(countUnits(file.lines.lineText(line.line - 1).substr(0, line.column), ColumnUnit::kUtf32) + 1);
}

// One line a finding: `path:line:column: CODE message`, with `[*]` where a safe fix exists.
std::string renderConcise(const Report& report, const RenderOptions& options) {
  std::string out;
  for (const ReportLine& line : report.lines()) {
    if (line.isNote()) continue;
    const SourceFile& file = report.files()[line.file];
    out += file.placeOf(line.line) + ":" + columnOf(line, file) + ": " + bodyOf(line, options);
  }
  return out;
}

// Each file's findings below its name, their places in columns. ref: ruff's output format of this name
std::string renderGrouped(const Report& report, const RenderOptions& options) {
  std::string out;
  const std::vector<ReportLine>& lines = report.lines();
  for (size_t begin = 0; begin < lines.size();) {
    const SourceFile& file = report.files()[lines[begin].file];
    size_t end = begin, widest_row = 0, widest_column = 0;
    auto rowOf = [&](const ReportLine& line) { return file.placeOf(line.line).substr(file.path.size() + 1); };
    for (; end < lines.size() && lines[end].file == lines[begin].file; ++end) {
      widest_row = std::max(widest_row, rowOf(lines[end]).size());
      widest_column = std::max(widest_column, columnOf(lines[end], file).size());
    }
    out += file.path + ":\n";
    for (; begin < end; ++begin) {
      if (lines[begin].isNote()) continue;
      std::string row = rowOf(lines[begin]), column = columnOf(lines[begin], file);
      out += "  " + std::string(widest_row - row.size(), ' ') + row + ":" + column + std::string(widest_column - column.size(), ' ') + " " + bodyOf(lines[begin], options);
    }
    out += "\n";
  }
  return out;
}

}  // namespace krait
