// SARIF 2.1.0 (OASIS): one run, one result a finding, columns in UTF-16 code units.
#include <set>

#include "analyzer/base/json_text.h"
#include "analyzer/diagnostics/render.h"

namespace krait {

static uint32_t utf16Column(const SourceFile& file, uint32_t line, uint32_t column) {
  return countUnits(file.lines.lineText(line - 1).substr(0, column), ColumnUnit::kUtf16) + 1;
}

static void appendResult(std::string& out, const ReportLine& line, const SourceFile& file) {
  out += "{\"ruleId\": " + jsonString(codeInfo(line.diagnostic->code).text);
  out += ", \"level\": \"" + std::string(severityName(line.severity)) + "\", \"message\": {\"text\": ";
  appendJsonString(out, line.message);
  out += "}, \"locations\": [{\"physicalLocation\": {\"artifactLocation\": {\"uri\": " + jsonString(file.path);
  // In a notebook lines are counted within the cell, which is the logical place.
  const CellStart* cell = file.cellOf(line.line);
  uint32_t above = cell != nullptr ? cell->line : 0;
  out += "}, \"region\": {\"startLine\": " + std::to_string(line.line - above);
  out += ", \"startColumn\": " + std::to_string(utf16Column(file, line.line, line.column));
  out += ", \"endLine\": " + std::to_string(line.end_line - above);
  out += ", \"endColumn\": " + std::to_string(utf16Column(file, line.end_line, line.end_column)) + "}}";
  if (cell != nullptr) out += ", \"logicalLocations\": [{\"name\": \"cell " + std::to_string(cell->number) + "\"}]";
  out += "}]}";
}

static void appendRules(std::string& out, const Report& report) {
  std::set<Code> codes;
  for (const ReportLine& line : report.lines()) codes.insert(line.diagnostic->code);
  bool is_first = true;
  for (Code code : codes) {
    const CodeInfo& info = codeInfo(code);
    if (!is_first) out += ", ";
    is_first = false;
    out += "{\"id\": " + jsonString(info.text) + ", \"fullDescription\": {\"text\": " + jsonString(info.help) + "}}";
  }
}

std::string renderSarif(const Report& report, const RenderOptions& options) {
  std::string out =
      "{\"$schema\": \"https://json.schemastore.org/sarif-2.1.0.json\", \"version\": \"2.1.0\", \"runs\": [";
  out +=
      "{\"columnKind\": \"utf16CodeUnits\", \"tool\": {\"driver\": {\"name\": \"krait\", \"version\": \"" KRAIT_VERSION
      "\", \"rules\": [";
  appendRules(out, report);
  out += "]}}, \"results\": [";
  bool is_first = true;
  for (const ReportLine& line : report.lines()) {
    if (line.note != nullptr) continue;
    out += is_first ? "\n" : ",\n";
    is_first = false;
    appendResult(out, line, report.files()[line.file]);
  }
  return out + "\n]}]}\n";
}

}  // namespace krait
