#include <algorithm>

#include "tests/fixture_runner/runner.h"

namespace krait::tests {

static const char* wordOf(Severity severity) {
  switch (severity) {
    case Severity::kError:
      return "error";
    case Severity::kWarning:
      return "warning";
    case Severity::kNote:
      return "note";
    case Severity::kRevealed:
      return "revealed";
  }
  return "";
}

static std::string shown(Severity severity, const std::string& code, const std::string& text) {
  std::string out = wordOf(severity);
  if (!code.empty()) out += "[" + code + "]";
  return text.empty() ? out : out + ": " + text;
}

static bool isMet(const Expectation& expectation, const Finding& finding) {
  if (expectation.line != finding.line || expectation.severity != finding.severity) return false;
  bool has_code = expectation.severity == Severity::kError || expectation.severity == Severity::kWarning;
  if (has_code && expectation.code != finding.code) return false;
  if (expectation.severity == Severity::kRevealed) return expectation.text == finding.text;
  if (expectation.text && finding.text.find(*expectation.text) == std::string::npos) return false;
  if (!expectation.columns) return true;
  bool ends_on_line = finding.end_line == finding.line;
  return expectation.columns->first == finding.column &&
         (!ends_on_line || expectation.columns->second == finding.end_column);
}

static void compareModule(const Fixture& fixture, const Module& module, const Answer& answer,
                          std::vector<std::string>& out) {
  std::vector<const Finding*> unexpected;
  for (const Finding& finding : answer.findings) {
    if (finding.file == module.path || finding.file == "./" + module.path) unexpected.push_back(&finding);
  }
  auto place = [&](uint32_t line) { return fixture.path + ":" + std::to_string(module.first_line + line - 1) + ": "; };
  for (const Expectation& expectation : module.expectations) {
    auto met = std::find_if(unexpected.begin(), unexpected.end(),
                            [&](const Finding* finding) { return isMet(expectation, *finding); });
    if (met != unexpected.end()) {
      unexpected.erase(met);
      continue;
    }
    std::string columns = expectation.columns ? " at columns " + std::to_string(expectation.columns->first + 1) + "-" +
                                                    std::to_string(expectation.columns->second)
                                              : "";
    out.push_back(place(expectation.line) +
                  "missing: " + shown(expectation.severity, expectation.code, expectation.text.value_or("")) + columns);
  }
  for (const Finding* finding : unexpected) {
    out.push_back(place(finding->line) + "not expected: " + shown(finding->severity, finding->code, finding->text) +
                  " at columns " + std::to_string(finding->column + 1) + "-" + std::to_string(finding->end_column));
  }
}

static std::vector<std::string_view> linesOf(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

static void compareSection(const Fixture& fixture, const Section& expected, std::string_view got,
                           std::vector<std::string>& out) {
  if (expected.text == got) return;
  std::vector<std::string_view> want = linesOf(expected.text), have = linesOf(got);
  std::string place = fixture.path + ":" + std::to_string(expected.line) + ": " + expected.name;
  for (size_t i = 0; i < std::max(want.size(), have.size()); ++i) {
    std::string_view a = i < want.size() ? want[i] : "(nothing)", b = i < have.size() ? have[i] : "(nothing)";
    if (a == b) continue;
    out.push_back(place + ", line " + std::to_string(i + 1) + ": expected: " + std::string(a));
    out.push_back(place + ", line " + std::to_string(i + 1) + ":      got: " + std::string(b));
    return;
  }
}

std::vector<std::string> compareAnswer(const Fixture& fixture, const Answer& answer) {
  std::vector<std::string> out;
  if (!answer.broken.empty()) return {fixture.path + ": " + answer.broken};
  for (const Module& module : fixture.modules) compareModule(fixture, module, answer, out);
  for (const Section& expected : fixture.sections) {
    std::string_view got;
    for (const Section& section : answer.sections) {
      if (section.name == expected.name) got = section.text;
    }
    compareSection(fixture, expected, got, out);
  }
  for (const Section& got : answer.sections) {
    if (fixture.section(got.name) == nullptr) {
      out.push_back(fixture.path + ": not expected: " + got.name + ": " + got.text.substr(0, 400));
    }
  }
  return out;
}

}  // namespace krait::tests
