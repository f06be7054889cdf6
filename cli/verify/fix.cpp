#include "cli/verify/fix.h"

#include <algorithm>

#include "cli/verify/judge.h"
#include "cli/verify/watches.h"

namespace krait::cli {

struct LineChange {
  uint32_t line;   // 0-based, first
  uint32_t count;  // lines that go
  std::string text;
};

// Blanks, and the marks of a quote around the block; not a session's prompt.
static std::string indentOf(std::string_view line) {
  size_t at = 0;
  while (at < line.size() && (line[at] == ' ' || line[at] == '\t' || (line[at] == '>' && !line.substr(at).starts_with(">>>")))) ++at;
  return std::string(line.substr(0, at));
}

// What a session prints, with the indentation of its prompt.
static void fixExample(const SourceFile& file, const VerifiedBlock& verified, const Claim& claim, std::vector<LineChange>& changes) {
  auto expected = static_cast<uint32_t>(claim.text.empty() ? 0 : std::count(claim.text.begin(), claim.text.end(), '\n') + 1);
  auto code = static_cast<uint32_t>(std::count(claim.code.begin(), claim.code.end(), '\n'));
  uint32_t first = lineOfClaim(verified, claim) - 1 + (expected == 0 ? code : 0);
  // IPython's numbers are not written.
  if (expected > 0 && file.lines.lineText(first).find("Out[") != std::string_view::npos) return;
  std::string indent = indentOf(file.lines.lineText(first - 1));
  std::string text;
  std::string_view rest = claim.executions.back().printed;
  while (!rest.empty()) {
    size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, end);
    text += indent + (line.empty() ? "<BLANKLINE>" : std::string(line)) + "\n";
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  changes.push_back({first, expected, std::move(text)});
}

static void fixComment(const SourceFile& file, const VerifiedBlock& verified, const Claim& claim, std::vector<LineChange>& changes) {
  std::string actual = actualText(claim);
  bool is_one_line = claim.text.find('\n') == std::string::npos && actual.find('\n') == std::string::npos && !actual.empty();
  // What was counted or measured is no text to write down.
  bool is_measured = !watchedText(claim).empty();
  if (!is_one_line || is_measured || claim.form == ClaimForm::kRaises || claim.line == 0) return;
  uint32_t line = lineOfClaim(verified, claim) - 1;
  std::string text(file.lines.lineText(line));
  size_t comment = text.rfind('#'), at = text.rfind(claim.text);
  if (comment == std::string::npos || at == std::string::npos || at < comment) return;
  bool is_quoted = claim.text.size() > 1 && (claim.text[0] == '\'' || claim.text[0] == '"') && claim.text.back() == claim.text[0] && actual[0] != claim.text[0];
  if (is_quoted) actual = claim.text[0] + actual + claim.text[0];
  text.replace(at, claim.text.size(), actual);
  changes.push_back({line, 1, text + "\n"});
}

std::string withClaimsFixed(const SourceFile& file, const VerifiedDocument& document, size_t& fixed) {
  std::vector<LineChange> changes;
  for (const VerifiedBlock& verified : document.blocks) {
    for (const Claim& claim : verified.claims) {
      // An example that fails has no value to write down.
      if (claim.verdict != Verdict::kWrong || !unexpectedError(claim).empty()) continue;
      if (claim.form == ClaimForm::kSession) fixExample(file, verified, claim, changes);
      if (claim.form != ClaimForm::kSession) fixComment(file, verified, claim, changes);
    }
  }
  std::stable_sort(changes.begin(), changes.end(), [](const LineChange& a, const LineChange& b) { return a.line < b.line; });
  std::string out;
  uint32_t at = 0;
  auto offsetOf = [&](uint32_t line) { return line < file.lines.lineCount() ? file.lines.lineStart(line) : static_cast<uint32_t>(file.text.size()); };
  for (const LineChange& change : changes) {
    if (change.line < at) continue;
    out += file.text.substr(offsetOf(at), offsetOf(change.line) - offsetOf(at));
    out += change.text;
    at = change.line + change.count;
    // The line keeps its own line end.
    bool is_crlf = change.count == 1 && offsetOf(at) >= 2 && file.text.compare(offsetOf(at) - 2, 2, "\r\n") == 0;
    if (is_crlf) out.insert(out.size() - 1, "\r");
    if (change.count == 1 && offsetOf(at) == file.text.size() && !file.text.ends_with("\n")) out.pop_back();
    ++fixed;
  }
  return out + file.text.substr(offsetOf(at));
}

}  // namespace krait::cli
