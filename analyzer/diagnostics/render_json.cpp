// mypy's JSON lines: one object a finding; the notes of a finding are its hint.
#include "analyzer/base/json_text.h"
#include "analyzer/diagnostics/render.h"

namespace krait {

static void appendObject(std::string& out, const ReportLine& line, const SourceFile& file, const std::string& hint) {
  std::string_view code = codeInfo(line.diagnostic->code).text;
  bool has_code = !code.empty() && (line.note == nullptr || !line.isNote());
  out += "{\"file\": ";
  appendJsonString(out, file.path);
  const CellStart* cell = file.cellOf(line.line);
  if (cell != nullptr) out += ", \"cell\": " + std::to_string(cell->number);
  out +=
      ", \"line\": " + std::to_string(line.line - (cell != nullptr ? cell->line : 0)) + ", \"column\": " + std::to_string(line.column) + ", \"message\": ";
  appendJsonString(out, line.message);
  out += ", \"hint\": " + (hint.empty() ? "null" : jsonString(hint));
  out += ", \"code\": " + (has_code ? jsonString(code) : "null");
  out += ", \"severity\": \"" + std::string(severityName(line.severity)) + "\"}\n";
}

std::string renderJson(const Report& report, const RenderOptions& options) {
  std::string out;
  const std::vector<ReportLine>& lines = report.lines();
  for (size_t i = 0; i < lines.size(); ++i) {
    const ReportLine& line = lines[i];
    std::string hint;
    size_t next = i + 1;
    for (; next < lines.size() && !line.isNote() && lines[next].isNote() && lines[next].file == line.file &&
           lines[next].line == line.line;
         ++next) {
      hint += (hint.empty() ? "" : "\n") + std::string(lines[next].message);
    }
    appendObject(out, line, report.files()[line.file], hint);
    i = next - 1;
  }
  return out;
}

}  // namespace krait
