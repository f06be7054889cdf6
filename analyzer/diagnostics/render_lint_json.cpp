// The linter's JSON: an array of objects, or one object a line; places in lines and characters from 1, each with its fix.
// ref: ruff's output formats `json` and `json-lines`
#include <algorithm>
#include <set>

#include "analyzer/base/json_text.h"
#include "analyzer/diagnostics/lint_finding.h"
#include "analyzer/diagnostics/render.h"

namespace krait {

static std::string placeOf(const SourceFile& file, uint32_t offset) {
  return "{\"column\":" + std::to_string(characterColumn(file, offset)) + ",\"row\":" + std::to_string(shownRow(file, offset)) + "}";
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

static std::string textOrNull(const std::string& text) { return text.empty() ? "null" : jsonString(text); }

static void appendFix(std::string& out, const Fix& fix, const SourceFile& file) {
  out += "{\"applicability\":\"" + std::string(applicabilityName(fix.safety)) + "\",\"edits\":[";
  for (size_t i = 0; i < fix.edits.size(); ++i) {
    const FixEdit& edit = fix.edits[i];
    out += std::string(i == 0 ? "" : ",") + "{\"content\":" + jsonString(edit.replacement) +
           ",\"end_location\":" + placeOf(file, edit.range.end) + ",\"location\":" + placeOf(file, edit.range.begin) + "}";
  }
  out += "],\"message\":" + textOrNull(fix.title) + "}";
}

static void appendFinding(std::string& out, const ReportLine& line, const SourceFile& file, const RenderOptions& options) {
  const Diagnostic& diagnostic = *line.diagnostic;
  const CellStart* cell = file.cellOf(line.line);
  out += "{\"cell\":" + (cell != nullptr ? std::to_string(cell->number) : "null") + ",\"code\":" + jsonString(codeInfo(diagnostic.code).text) +
         ",\"end_location\":" + placeOf(file, std::max(diagnostic.range.begin, diagnostic.range.end)) +
         ",\"filename\":" + jsonString(fullPathOf(file, options)) + ",\"fix\":";
  if (diagnostic.fix && !diagnostic.fix->edits.empty()) {
    appendFix(out, *diagnostic.fix, file);
  } else {
    out += "null";
  }
  out += ",\"location\":" + placeOf(file, diagnostic.range.begin) + ",\"message\":" + jsonString(line.message) +
         ",\"noqa_row\":" + std::to_string(shownRow(file, diagnostic.range.begin)) + ",\"url\":" + textOrNull(addressOfRule(line)) + "}";
}

std::string renderLintJson(const Report& report, const RenderOptions& options) {
  std::string out = "[";
  for (const ReportLine& line : report.lines()) {
    if (line.isNote()) continue;
    if (out.size() > 1) out += ",";
    appendFinding(out, line, report.files()[line.file], options);
  }
  return indentedJson(out + "]") + "\n";
}

std::string renderJsonLines(const Report& report, const RenderOptions& options) {
  std::string out;
  for (const ReportLine& line : report.lines()) {
    if (line.isNote()) continue;
    appendFinding(out, line, report.files()[line.file], options);
    out += '\n';
  }
  return out;
}

static std::string regionOf(const SourceFile& file, TextRange range) {
  uint32_t end = std::max(range.begin, range.end);
  return "{\"endColumn\":" + std::to_string(characterColumn(file, end)) + ",\"endLine\":" + std::to_string(shownRow(file, end)) +
         ",\"startColumn\":" + std::to_string(characterColumn(file, range.begin)) + ",\"startLine\":" + std::to_string(shownRow(file, range.begin)) + "}";
}

static void appendSarifFix(std::string& out, const Fix& fix, const SourceFile& file, const std::string& uri) {
  out += "\"fixes\":[{\"artifactChanges\":[{\"artifactLocation\":{\"uri\":" + uri + "},\"replacements\":[";
  for (size_t i = 0; i < fix.edits.size(); ++i) {
    out += std::string(i == 0 ? "" : ",") + "{\"deletedRegion\":" + regionOf(file, fix.edits[i].range) + ",\"insertedContent\":{\"text\":" + jsonString(fix.edits[i].replacement) + "}}";
  }
  out += "]}],\"description\":{\"text\":" + jsonString(fix.title) + "}}],";
}

static void appendSarifRule(std::string& out, const ReportLine& line) {
  const CodeInfo& info = codeInfo(line.diagnostic->code);
  std::string id = jsonString(info.text), text = jsonString(info.help), address = addressOfRule(line);
  out += "{\"fullDescription\":{\"text\":" + text + "},\"help\":{\"text\":" + text + "}," + (address.empty() ? "" : "\"helpUri\":" + jsonString(address) + ",") + "\"id\":" + id +
         ",\"properties\":{\"id\":" + id + ",\"name\":" + jsonString(nameOfRule(line)) + ",\"problem.severity\":\"error\"},\"shortDescription\":{\"text\":" + text + "}}";
}

// SARIF 2.1.0 (OASIS), with fixes and columns in characters.
std::string renderLintSarif(const Report& report, const RenderOptions& options) {
  std::string results, rules;
  std::set<Code> codes;
  for (const ReportLine& line : report.lines()) {
    if (line.isNote()) continue;
    const SourceFile& file = report.files()[line.file];
    const Diagnostic& diagnostic = *line.diagnostic;
    const CellStart* cell = file.cellOf(line.line);
    std::string uri = jsonString("file://" + fullPathOf(file, options));
    results += results.empty() ? "{" : ",{";
    if (diagnostic.fix && !diagnostic.fix->edits.empty()) appendSarifFix(results, *diagnostic.fix, file, uri);
    results += "\"level\":\"" + std::string(severityName(line.severity)) + "\",\"locations\":[{" +
               (cell != nullptr ? "\"logicalLocations\":[{\"name\":\"cell " + std::to_string(cell->number) + "\"}]," : "") + "\"physicalLocation\":{\"artifactLocation\":{\"uri\":" + uri +
               "},\"region\":" + regionOf(file, diagnostic.range) + "}}],\"message\":{\"text\":" + jsonString(line.message) + "},\"ruleId\":" + jsonString(codeInfo(diagnostic.code).text) + "}";
    if (!codes.insert(diagnostic.code).second) continue;
    if (!rules.empty()) rules += ",";
    appendSarifRule(rules, line);
  }
  return indentedJson("{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\",\"runs\":[{\"columnKind\":\"unicodeCodePoints\",\"results\":[" + results +
                      "],\"tool\":{\"driver\":{\"name\":\"krait\",\"rules\":[" + rules + "],\"version\":\"" KRAIT_VERSION "\"}}}],\"version\":\"2.1.0\"}") +
         "\n";
}

}  // namespace krait
