// The linter's findings for other tools' eyes: pylint's lines, commands of Azure and GitHub, code quality of GitLab, JUnit's XML,
// reviewdog's JSON. ref: ruff's output formats of these names
#include <algorithm>
#include <cstdio>
#include <set>

#include "analyzer/base/interner.h"
#include "analyzer/base/json_text.h"
#include "analyzer/base/markup_text.h"
#include "analyzer/diagnostics/lint_finding.h"
#include "analyzer/diagnostics/render.h"

namespace krait {

static std::string codeOf(const ReportLine& line) { return std::string(codeInfo(line.diagnostic->code).text); }

static std::string rowOf(const ReportLine& line, const SourceFile& file) { return std::to_string(shownRow(file, line.diagnostic->range.begin)); }

static std::string columnOf(const ReportLine& line, const SourceFile& file) { return std::to_string(characterColumn(file, line.diagnostic->range.begin)); }

static uint32_t endOf(const ReportLine& line) { return std::max(line.diagnostic->range.begin, line.diagnostic->range.end); }

std::string renderPylint(const Report& report, const RenderOptions&) {
  std::string out;
  for (const ReportLine& line : report.lines()) {
    if (line.isNote()) continue;
    const SourceFile& file = report.files()[line.file];
    out += file.path + ":" + rowOf(line, file) + ": [" + codeOf(line) + "] " + std::string(line.message) + "\n";
  }
  return out;
}

std::string renderAzure(const Report& report, const RenderOptions& options) {
  std::string out;
  for (const ReportLine& line : report.lines()) {
    if (line.isNote()) continue;
    const SourceFile& file = report.files()[line.file];
    out += "##vso[task.logissue type=error;sourcepath=" + fullPathOf(file, options) + ";linenumber=" + rowOf(line, file) + ";columnnumber=" + columnOf(line, file) + ";code=" + codeOf(line) + ";]" +
           std::string(line.message) + "\n";
  }
  return out;
}

// Workflow command data: '%', CR and LF are percent-encoded, in properties ':' and ',' too.
static std::string commandText(std::string_view text, bool is_property) {
  std::string out;
  for (char c : text) {
    bool is_special = c == '%' || c == '\r' || c == '\n' || (is_property && (c == ':' || c == ','));
    char code[4];
    std::snprintf(code, sizeof code, "%%%02X", static_cast<unsigned>(static_cast<unsigned char>(c)));
    out += is_special ? std::string(code) : std::string(1, c);
  }
  return out;
}

std::string renderLintGithub(const Report& report, const RenderOptions& options) {
  std::string out;
  for (const ReportLine& line : report.lines()) {
    if (line.isNote()) continue;
    const SourceFile& file = report.files()[line.file];
    std::string code = codeOf(line), row = rowOf(line, file), column = columnOf(line, file);
    out += "::error title=krait (" + commandText(code, true) + "),file=" + commandText(fullPathOf(file, options), true) + ",line=" + row + ",col=" + column +
           ",endLine=" + std::to_string(shownRow(file, endOf(line))) + ",endColumn=" + std::to_string(characterColumn(file, endOf(line))) +
           "::" + commandText(file.placeOf(line.line), false) + ":" + column + ": " + code + (code == "invalid-syntax" ? ": " : " ") + commandText(line.message, false) + "\n";
  }
  return out;
}

// The same finding keeps its fingerprint while lines move; of equal ones each has its own.
std::string renderLintGitlab(const Report& report, const RenderOptions&) {
  std::string out = "[";
  std::set<uint64_t> fingerprints;
  auto placeOf = [](const SourceFile& file, uint32_t offset) {
    return "{\"column\":" + std::to_string(characterColumn(file, offset)) + ",\"line\":" + std::to_string(shownRow(file, offset)) + "}";
  };
  for (const ReportLine& line : report.lines()) {
    if (line.isNote()) continue;
    const SourceFile& file = report.files()[line.file];
    std::string code = codeOf(line);
    uint64_t hash = hashBytes(file.path + "\n" + code + "\n" + std::string(line.message));
    while (!fingerprints.insert(hash).second) hash = hashBytes(std::to_string(hash));
    char fingerprint[20];
    std::snprintf(fingerprint, sizeof fingerprint, "%llx", static_cast<unsigned long long>(hash));
    if (out.size() > 1) out += ",";
    out += "{\"check_name\":" + jsonString(code) + ",\"description\":" + jsonString(code + ": " + std::string(line.message)) + ",\"severity\":\"major\",\"fingerprint\":\"" + fingerprint +
           "\",\"location\":{\"path\":" + jsonString(file.path) + ",\"positions\":{\"begin\":" + placeOf(file, line.diagnostic->range.begin) + ",\"end\":" + placeOf(file, endOf(line)) + "}}}";
  }
  return indentedJson(out + "]") + "\n";
}

// A suite for each file with findings, a case for each finding; a run without any is one case that passed.
std::string renderLintJunit(const Report& report, const RenderOptions& options) {
  const std::vector<ReportLine>& lines = report.lines();
  std::string suites;
  size_t total = 0;
  for (size_t i = 0; i < lines.size();) {
    const SourceFile& file = report.files()[lines[i].file];
    std::string path = fullPathOf(file, options), cases;
    size_t dot = path.rfind('.'), slash = path.rfind('/'), count = 0;
    bool has_suffix = dot != std::string::npos && (slash == std::string::npos || dot > slash + 1);
    std::string class_name = path.substr(0, has_suffix ? dot : path.size());
    for (FileId id = lines[i].file; i < lines.size() && lines[i].file == id; ++i) {
      if (lines[i].isNote()) continue;
      std::string message = markupText(lines[i].message), row = rowOf(lines[i], file), column = columnOf(lines[i], file);
      cases += "        <testcase name=\"org.krait." + markupText(codeOf(lines[i])) + "\" classname=\"" + markupText(class_name) + "\" line=\"" + row + "\" column=\"" + column +
               "\">\n            <failure message=\"" + message + "\">line " + row + ", col " + column + ", " + message + "</failure>\n        </testcase>\n";
      ++count;
    }
    std::string number = std::to_string(count);
    suites += "    <testsuite name=\"" + markupText(path) + "\" tests=\"" + number + "\" disabled=\"0\" errors=\"0\" failures=\"" + number + "\" package=\"org.krait\">\n" + cases + "    </testsuite>\n";
    total += count;
  }
  if (suites.empty()) {
    suites = "    <testsuite name=\"krait\" tests=\"1\" disabled=\"0\" errors=\"0\" failures=\"0\" package=\"org.krait\">\n"
             "        <testcase name=\"No errors found\">\n        </testcase>\n    </testsuite>\n";
  }
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"krait\" tests=\"" + std::to_string(std::max<size_t>(total, 1)) + "\" failures=\"" + std::to_string(total) +
         "\" errors=\"0\">\n" + suites + "</testsuites>\n";
}

static std::string rangeOf(const SourceFile& file, TextRange range) {
  auto placeOf = [&](uint32_t offset) {
    return "{\"column\":" + std::to_string(characterColumn(file, offset)) + ",\"line\":" + std::to_string(shownRow(file, offset)) + "}";
  };
  return "{\"end\":" + placeOf(std::max(range.begin, range.end)) + ",\"start\":" + placeOf(range.begin) + "}";
}

std::string renderRdjson(const Report& report, const RenderOptions& options) {
  std::string out;
  for (const ReportLine& line : report.lines()) {
    if (line.isNote()) continue;
    const SourceFile& file = report.files()[line.file];
    const Diagnostic& diagnostic = *line.diagnostic;
    std::string address = addressOfRule(line);
    out += std::string(out.empty() ? "" : ",") + "{\"code\":{" + (address.empty() ? "" : "\"url\":" + jsonString(address) + ",") + "\"value\":" + jsonString(codeOf(line)) +
           "},\"location\":{\"path\":" + jsonString(fullPathOf(file, options)) + ",\"range\":" + rangeOf(file, diagnostic.range) + "},\"message\":" + jsonString(line.message);
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
  return indentedJson("{\"diagnostics\":[" + out + "],\"severity\":\"WARNING\",\"source\":{\"name\":\"krait\"}}") + "\n";
}

}  // namespace krait
