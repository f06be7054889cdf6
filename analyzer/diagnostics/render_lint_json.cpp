// ruff's JSON: an array of objects, or one object a line; places in lines and characters from 1, each with its fix.
#include "analyzer/base/json_text.h"
#include "analyzer/diagnostics/render.h"

namespace krait {

// In a notebook rows are counted within the cell.
static std::string rowOf(const SourceFile& file, uint32_t line) {
  const CellStart* cell = file.cellOf(line);
  return std::to_string(line - (cell != nullptr ? cell->line : 0));
}

static std::string placeOf(const SourceFile& file, uint32_t offset) {
  LineColumn place = file.lines.locate(offset, ColumnUnit::kUtf32);
  return "{\"row\":" + rowOf(file, place.line + 1) + ",\"column\":" + std::to_string(place.column + 1) + "}";
}

static std::string_view applicabilityName(FixSafety safety) {
  switch (safety) {
    case FixSafety::kSafe:
      return "safe";
    case FixSafety::kUnsafe:
      return "unsafe";
    case FixSafety::kDisplayOnly:
      return "display";
  }
  return "display";
}

static void appendFix(std::string& out, const Fix& fix, const SourceFile& file) {
  out += "{\"applicability\":\"" + std::string(applicabilityName(fix.safety)) + "\",\"edits\":[";
  for (size_t i = 0; i < fix.edits.size(); ++i) {
    const FixEdit& edit = fix.edits[i];
    out += std::string(i == 0 ? "" : ",") + "{\"content\":" + jsonString(edit.replacement) +
           ",\"end_location\":" + placeOf(file, edit.range.end) + ",\"location\":" + placeOf(file, edit.range.begin) + "}";
  }
  out += "],\"message\":" + (fix.title.empty() ? "null" : jsonString(fix.title)) + "}";
}

static void appendFinding(std::string& out, const ReportLine& line, const SourceFile& file) {
  const Diagnostic& diagnostic = *line.diagnostic;
  const CellStart* cell = file.cellOf(line.line);
  out += "{\"cell\":" + (cell != nullptr ? std::to_string(cell->number) : "null") + ",\"code\":" + jsonString(codeInfo(diagnostic.code).text) +
         ",\"end_location\":" + placeOf(file, std::max(diagnostic.range.begin, diagnostic.range.end)) +
         ",\"filename\":" + jsonString(file.path) + ",\"fix\":";
  if (diagnostic.fix && !diagnostic.fix->edits.empty()) {
    appendFix(out, *diagnostic.fix, file);
  } else {
    out += "null";
  }
  out += ",\"location\":" + placeOf(file, diagnostic.range.begin) + ",\"message\":" + jsonString(line.message) +
         ",\"noqa_row\":" + rowOf(file, line.line) + ",\"url\":null}";
}

std::string renderLintJson(const Report& report, const RenderOptions&) {
  std::string out = "[";
  bool is_first = true;
  for (const ReportLine& line : report.lines()) {
    if (line.isNote()) continue;
    out += is_first ? "\n  " : ",\n  ";
    is_first = false;
    appendFinding(out, line, report.files()[line.file]);
  }
  return out + (is_first ? "]\n" : "\n]\n");
}

std::string renderJsonLines(const Report& report, const RenderOptions&) {
  std::string out;
  for (const ReportLine& line : report.lines()) {
    if (line.isNote()) continue;
    appendFinding(out, line, report.files()[line.file]);
    out += '\n';
  }
  return out;
}

}  // namespace krait
