// Rewriting expectations: only the comments and sections that the answer speaks to; texts written by hand stay as long
// as they still match.
#include <algorithm>

#include "tests/fixture_runner/runner.h"

namespace krait::tests {

static bool isSectionStart(std::string_view line) {
  for (std::string_view name : {"stdout", "stderr", "raises", "exit", "fixed", "dump"}) {
    if (line.starts_with("# " + std::string(name) + ":")) return true;
  }
  return false;
}

static std::string commentFor(const Module& module, const Finding& finding) {
  if (finding.severity == Severity::kRevealed) return "# revealed: " + finding.text;
  if (finding.severity == Severity::kNote) return "# note: " + finding.text;
  std::string comment = finding.severity == Severity::kError ? "# error[" : "# warning[";
  comment += finding.code + "]";
  for (const Expectation& old : module.expectations) {
    bool is_same = old.line == finding.line && old.code == finding.code && old.text &&
                   finding.text.find(*old.text) != std::string::npos;
    if (is_same) return comment + ": " + *old.text;
  }
  return comment;
}

static std::string updatedLine(const Module& module, std::string_view line, uint32_t number, const Answer& answer) {
  size_t at = findExpectationComments(line);
  std::string code(line.substr(0, at));
  bool is_whole_comment = at != std::string_view::npos && code.find_first_not_of(" \t") == std::string::npos;
  if (at != std::string_view::npos && !is_whole_comment) {
    while (code.ends_with(" ") || code.ends_with("\t")) code.pop_back();
  }
  std::string comments;
  for (const Finding& finding : answer.findings) {
    bool is_here = finding.line == number && (finding.file == module.path || finding.file == "./" + module.path);
    if (is_here) comments += "  " + commentFor(module, finding);
  }
  if (comments.empty()) return code;
  return code.empty() || is_whole_comment ? code + comments.substr(2) : code + comments;
}

static std::string sectionText(const Section& section) {
  bool is_one_line = std::count(section.text.begin(), section.text.end(), '\n') == 1 && section.text.size() > 1 &&
                     section.text[0] != ' ' && section.text[section.text.size() - 2] != ' ' && section.name != "fixed";
  if (is_one_line && section.text != "|\n") return "# " + section.name + ": " + section.text;
  std::string out = "# " + section.name + ":\n";
  std::string_view rest = section.text;
  while (!rest.empty()) {
    size_t end = std::min(rest.find('\n'), rest.size());
    out += end == 0 ? "# |\n" : "# | " + std::string(rest.substr(0, end)) + "\n";
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return out;
}

std::string updatedText(const Fixture& fixture, std::string_view text, const Answer& answer) {
  std::string out;
  size_t module = 0;
  uint32_t number = 0;
  while (!text.empty()) {
    size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    ++number;
    if (isSectionStart(line)) break;
    if (module + 1 < fixture.modules.size() && number + 1 == fixture.modules[module + 1].first_line) {
      ++module;
      out += std::string(line) + "\n";
      continue;
    }
    const Module& current = fixture.modules[module];
    out += updatedLine(current, line, number - current.first_line + 1, answer) + "\n";
  }
  for (const Section& section : answer.sections) out += sectionText(section);
  return out;
}

}  // namespace krait::tests
