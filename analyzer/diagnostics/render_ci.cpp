// The forms of build services: GitHub workflow commands, GitLab code quality, JUnit XML.
#include <cstdio>

#include "analyzer/base/interner.h"
#include "analyzer/base/json_text.h"
#include "analyzer/base/markup_text.h"
#include "analyzer/diagnostics/render.h"

namespace krait {

// Workflow command data: '%', CR and LF are percent-encoded, in properties ':' and ',' too.
static std::string commandText(std::string_view text, bool is_property) {
  std::string out;
  for (char c : text) {
    if (c == '%') {
      out += "%25";
    } else if (c == '\r') {
      out += "%0D";
    } else if (c == '\n') {
      out += "%0A";
    } else if (is_property && c == ':') {
      out += "%3A";
    } else if (is_property && c == ',') {
      out += "%2C";
    } else {
      out += c;
    }
  }
  return out;
}

// The line (from 1) as the file shows it: in a notebook, within its cell.
static std::string shownLine(const SourceFile& file, uint32_t line) {
  const CellStart* cell = file.cellOf(line);
  return std::to_string(line - (cell != nullptr ? cell->line : 0));
}

std::string renderGithub(const Report& report, const RenderOptions& options) {
  std::string out;
  for (const ReportLine& line : report.lines()) {
    const SourceFile& file = report.files()[line.file];
    std::string_view kind = line.isNote() ? "notice" : severityName(line.severity);
    out += "::" + std::string(kind) + " title=krait";
    if (std::string_view code = shownCode(line); !code.empty()) out += " (" + std::string(code) + ")";
    out += ",file=" + commandText(file.path, true) + ",line=" + shownLine(file, line.line) +
           ",col=" + std::to_string(line.column + 1) + ",endLine=" + shownLine(file, line.end_line) +
           ",endColumn=" + std::to_string(line.end_column + 1) + "::" + commandText(file.placeOf(line.line), false) + ":" + std::to_string(line.column + 1) + ": " + commandText(line.message, false) +
           "\n";
  }
  return out;
}

std::string renderGitlab(const Report& report, const RenderOptions& options) {
  std::string out = "[";
  for (const ReportLine& line : report.lines()) {
    if (line.isNote()) continue;
    const SourceFile& file = report.files()[line.file];
    std::string_view code = shownCode(line);
    std::string identity = file.path + "\n" + std::string(code) + "\n" + std::string(line.message) + "\n" +
                           std::string(file.lines.lineText(line.line - 1));
    char fingerprint[20];
    std::snprintf(fingerprint, sizeof fingerprint, "%016llx", static_cast<unsigned long long>(hashBytes(identity)));
    out += out.size() == 1 ? "\n" : ",\n";
    out += "{\"check_name\": " + jsonString(code) + ", \"description\": " + jsonString(line.message) +
           ", \"severity\": \"" + (line.severity == Severity::kError ? "major" : "minor") + "\", \"fingerprint\": \"" +
           fingerprint + "\", \"location\": {\"path\": " + jsonString(file.path) +
           ", \"positions\": {\"begin\": {\"line\": " + shownLine(file, line.line) +
           ", \"column\": " + std::to_string(line.column + 1) +
           "}, \"end\": {\"line\": " + shownLine(file, line.end_line) +
           ", \"column\": " + std::to_string(line.end_column + 1) + "}}}}";
  }
  return out + "\n]\n";
}

// One test case for each file with findings; a run without findings is one passing case.
std::string renderJunit(const Report& report, const RenderOptions& options) {
  std::string cases;
  uint32_t failures = 0;
  uint32_t tests = 0;
  const std::vector<ReportLine>& lines = report.lines();
  for (size_t i = 0; i < lines.size();) {
    const SourceFile& file = report.files()[lines[i].file];
    std::string text;
    uint32_t errors = 0;
    size_t end = i;
    for (; end < lines.size() && lines[end].file == lines[i].file; ++end) {
      errors += !lines[end].isNote();
      std::string_view code = shownCode(lines[end]);
      text += file.placeOf(lines[end].line) + ": " +
              std::string(severityName(lines[end].severity)) + ": " + std::string(lines[end].message) +
              (code.empty() ? "" : "  [" + std::string(code) + "]") + "\n";
    }
    cases += "  <testcase classname=\"krait\" name=\"" + markupText(file.path) + "\" file=\"" + markupText(file.path) +
             "\" line=\"" + shownLine(file, lines[i].line) + "\">\n";
    if (errors > 0) {
      cases += "    <failure message=\"" + std::to_string(errors) + (errors == 1 ? " finding" : " findings") + "\">" +
               markupText(text) + "</failure>\n";
      ++failures;
    }
    cases += "  </testcase>\n";
    ++tests;
    i = end;
  }
  if (cases.empty()) {
    cases = "  <testcase classname=\"krait\" name=\"krait\">\n  </testcase>\n";
    tests = 1;
  }
  return "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<testsuites>\n<testsuite name=\"krait\" tests=\"" +
         std::to_string(tests) + "\" failures=\"" + std::to_string(failures) + "\" errors=\"0\" skipped=\"0\">\n" +
         cases + "</testsuite>\n</testsuites>\n";
}

}  // namespace krait
