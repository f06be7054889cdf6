// ruff's forms for other tools' eyes: pylint's lines, Azure's commands, reviewdog's JSON.
#include "analyzer/base/json_text.h"
#include "analyzer/diagnostics/render.h"

namespace krait {

static uint32_t characterColumnOf(const ReportLine& line, const SourceFile& file) {
  return countUnits(file.lines.lineText(line.line - 1).substr(0, line.column), ColumnUnit::kUtf32) + 1;
}

std::string renderPylint(const Report& report, const RenderOptions&) {
  std::string out;
  for (const ReportLine& line : report.lines()) {
    if (line.isNote()) continue;
    out += report.files()[line.file].path + ":" + std::to_string(line.line) + ": [" +
           std::string(codeInfo(line.diagnostic->code).text) + "] " + std::string(line.message) + "\n";
  }
  return out;
}

std::string renderAzure(const Report& report, const RenderOptions&) {
  std::string out;
  for (const ReportLine& line : report.lines()) {
    if (line.isNote()) continue;
    const SourceFile& file = report.files()[line.file];
    out += "##vso[task.logissue type=error;sourcepath=" + file.path + ";linenumber=" + std::to_string(line.line) +
           ";columnnumber=" + std::to_string(characterColumnOf(line, file)) + ";code=" +
           std::string(codeInfo(line.diagnostic->code).text) + ";]" + std::string(line.message) + "\n";
  }
  return out;
}

static std::string rangeOf(const SourceFile& file, TextRange range) {
  auto place = [&](uint32_t offset) {
    LineColumn at = file.lines.locate(offset, ColumnUnit::kUtf32);
    return "{\"column\":" + std::to_string(at.column + 1) + ",\"line\":" + std::to_string(at.line + 1) + "}";
  };
  return "{\"end\":" + place(std::max(range.begin, range.end)) + ",\"start\":" + place(range.begin) + "}";
}

std::string renderRdjson(const Report& report, const RenderOptions&) {
  std::string out = "{\"diagnostics\":[";
  bool is_first = true;
  for (const ReportLine& line : report.lines()) {
    if (line.isNote()) continue;
    const SourceFile& file = report.files()[line.file];
    const Diagnostic& diagnostic = *line.diagnostic;
    out += std::string(is_first ? "\n  " : ",\n  ") + "{\"code\":{\"value\":" + jsonString(codeInfo(diagnostic.code).text) +
           "},\"location\":{\"path\":" + jsonString(file.path) + ",\"range\":" + rangeOf(file, diagnostic.range) +
           "},\"message\":" + jsonString(line.message);
    is_first = false;
    if (diagnostic.fix && !diagnostic.fix->edits.empty()) {
      out += ",\"suggestions\":[";
      for (size_t i = 0; i < diagnostic.fix->edits.size(); ++i) {
        const FixEdit& edit = diagnostic.fix->edits[i];
        out += std::string(i == 0 ? "" : ",") + "{\"range\":" + rangeOf(file, edit.range) + ",\"text\":" + jsonString(edit.replacement) + "}";
      }
      out += "]";
    }
    out += "}";
  }
  return out + (is_first ? "" : "\n") + "],\"severity\":\"WARNING\",\"source\":{\"name\":\"krait\"}}\n";
}

}  // namespace krait
